package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"circdesk/cmd/internal/folder"
)

// newLibrary is a central server that runs, with its rules, and the folders of two desks.
func newLibrary(t *testing.T) *branch {
	b := &branch{t: t, dir: t.TempDir()}
	b.keys, b.pass = filepath.Join(b.dir, "keys"), filepath.Join(b.dir, "passphrase")
	if err := os.WriteFile(b.pass, []byte("of the tests\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	operators, err := os.ReadFile(filepath.Join(demoFolder(t), folder.Operators))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"server", "a", "b"} {
		where := folder.Folder(b.folder(name))
		if err := os.MkdirAll(b.folder(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := where.Replace(folder.Operators, operators); err != nil {
			t.Fatal(err)
		}
	}
	rules := "version = \"t\"\ncurrency = \"EUR\"\nzone = \"UTC\"\n[[library]]\nid = \"main\"\n[copy]\npatrons = \"circulation\"\n" +
		"[default]\nperiod = \"14 days\"\nrenewals = 2\nfine = \"0.10\"\ndouble_scan = \"0 seconds\"\n"
	if err := folder.Folder(b.folder("server")).Replace(folder.Rules, []byte(rules)); err != nil {
		t.Fatal(err)
	}
	_, mrc := ownFiles(t, 0, 12)
	csv := "barcode,family_name,given_name,birth,expires\n"
	for n := range 5 {
		csv += fmt.Sprintf("%s,Family%d,Given,1980-01-0%d,2099-12-31\n", cardOf(n), n, n+1)
	}
	for _, args := range [][]string{{"load", "titles", mrc}, {"load", "patrons", put(t, "patrons.csv", csv)}} {
		if _, errs, code := here(t, "", append(args, "--data", b.folder("server"))...); code != exitDone {
			t.Fatal(errs)
		}
	}
	b.url = free(t)
	b.serve()
	return b
}

// alone starts a desk at the central server, signed in.
func (b *branch) alone(name string, more ...string) *process {
	b.t.Helper()
	p := b.process(name, append([]string{"desk", "--json", "--temporary"}, more...)...)
	p.want(":operator ana 1234", "MODE")
	return p
}

// runs runs a command in a desk's folder: what it says, and its exit code.
func (b *branch) runs(name, in string, args ...string) (out string, code int) {
	b.t.Helper()
	cmd := command(append(args, "--data", b.folder(name), "--keys", b.keys, "--passphrase-file", b.pass)...)
	cmd.Env = append(cmd.Env, keyed+"=1")
	var o bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(in), &o, &o
	_ = cmd.Run()
	return o.String(), cmd.ProcessState.ExitCode()
}

// does is runs that must end with the code and say the texts.
func (b *branch) does(name string, want int, in string, args []string, says ...string) string {
	b.t.Helper()
	out, code := b.runs(name, in, args...)
	if code != want {
		b.t.Fatalf("%s: %v ends with %d, want %d: %s", name, args, code, want, out)
	}
	for _, s := range says {
		if !strings.Contains(out, s) {
			b.t.Errorf("%s: %v does not say %q: %s", name, args, s, out)
		}
	}
	return out
}

// clash is a conflict as it is listed.
type clash struct {
	N       int
	Entry   string
	Class   string
	Command string
	Actions []string
	Desk    string
	Item    string
}

func (b *branch) clashes(name string) (all []clash) {
	b.t.Helper()
	out, _ := b.runs(name, "", "conflicts", "list", "--json")
	for l := range strings.Lines(out) {
		var c clash
		if err := json.Unmarshal([]byte(l), &c); err != nil {
			b.t.Fatalf("%v: %s", err, out)
		}
		all = append(all, c)
	}
	return all
}

// TestAnOutageFromBeginningToEnd: the central server dies. Two desks go on with everything
// that is done at a desk, one of them is killed in the middle and comes back; then all
// comes home, and what clashed is settled from the other desk, one way each.
func TestAnOutageFromBeginningToEnd(t *testing.T) {
	t.Parallel()
	b := newLibrary(t)
	one := b.alone("a", "--central", "http://"+b.url, "--code", b.invite("a"))
	two := b.alone("b", "--central", "http://"+b.url, "--code", b.invite("b"))
	for _, p := range []*process{one, two} {
		until(p, ":sync", func(a answer) bool { return a.Word == "DONE" })
	}
	until(one, cardOf(0), func(a answer) bool { return a.Word == "PATRON" })
	one.want(itemCode(0), "OUT")
	one.want(":due "+time.Now().AddDate(0, 0, 2).Format(time.DateOnly)+" "+itemCode(0)+" for a course", "DONE") // so that a renewal gains something
	one.want(cardOf(1), "PATRON")
	one.want(":charge damaged 5.00 wet", "DONE")
	one.want(cardOf(2), "PATRON")
	one.want(":request "+itemCode(1), "DONE")
	one.want(":done", "DONE")
	one.want(":sync", "DONE")
	until(two, ":sync", func(a answer) bool { return a.Word == "DONE" })
	b.server.kill()

	// One desk, in the outage.
	fact := func(p *process, line, word string) answer {
		t.Helper()
		a := p.want(line, word)
		if a.Entry == "" || a.Waiting == 0 {
			t.Errorf("%s is no entry that waits: %s", line, a.raw)
		}
		return a
	}
	for _, p := range []*process{one, two} { // else the first of them is asked
		until(p, ":sync", func(a answer) bool { return a.has("no_line") })
	}
	until(one, cardOf(3), func(a answer) bool { return a.Word == "PATRON" })
	fact(one, itemCode(2), "OUT")
	if a := one.line("C99999"); a.Word != "STOP" || !strings.Contains(a.raw, "not in the copy from") {
		t.Errorf("a card that nobody knows: %s", a.raw)
	}
	one.want(cardOf(0), "PATRON")
	fact(one, ":renew all", "RENEWED")
	one.want(":born 1980-01-02", "STOP")
	if a := one.want(":born 1980-01-01", "DONE"); !strings.Contains(a.Text, "MATCH") {
		t.Errorf("the birth date: %s", a.raw)
	}
	fact(one, ":additem X00001 Unheard Of", "OUT")
	one.want(cardOf(1), "PATRON")
	if a := fact(one, ":pay 5", "PAID"); a.Receipt == "" {
		t.Errorf("a payment without a receipt: %s", a.raw)
	}
	fact(one, ":request "+itemCode(5), "DONE")
	one.want(":checkin", "MODE")
	if a := fact(one, itemCode(1), "HOLD"); a.Route.Person == "" {
		t.Errorf("a hold that is trapped for nobody: %s", a.raw)
	}
	fact(one, ":inhouse "+itemCode(6), "USED")
	one.want(":checkout", "MODE")
	if a := one.want(":register card=N00009 family=Famly0 given=Given birth=1980-01-01", "ASK"); !a.has("patron_similar") {
		t.Errorf("a newcomer who is known: %s", a.raw)
	}
	one.want(":no", "STOP")
	fact(one, ":register card=N00001 family=Berg given=Ina birth=1990-02-01", "PATRON")
	fact(one, itemCode(3), "OUT")
	if a := one.want(itemCode(1), "ASK"); !a.has("held_for_other") {
		t.Errorf("what is kept for another: %s", a.raw)
	}
	one.want(itemCode(4), "QUEUED")
	b.quiet("a")
	one.kill()

	// It comes back in the middle of it.
	one = b.alone("a")
	if a := one.want(":yes she has it in her hand", "OUT"); len(a.Then) != 1 || a.Then[0].Word != "OUT" || a.Then[0].Item.Barcode != itemCode(4) {
		t.Errorf("the question and what waited behind it: %s", a.raw)
	}
	if a := one.want(":patron", "PATRON"); a.Patron.Card != "N00001" || len(a.Patron.Loans) != 3 {
		t.Errorf("the visit: %s", a.raw)
	}
	one.want(":done", "DONE")
	one.end()

	// The other desk, in the same outage.
	until(two, cardOf(4), func(a answer) bool { return a.Word == "PATRON" })
	fact(two, ":request "+itemCode(3), "DONE")
	fact(two, itemCode(2), "OUT")
	two.want(cardOf(1), "PATRON")
	fact(two, ":pay 5", "PAID")
	fact(two, ":register card=N00002 family=Bergh given=Ina birth=1990-02-01", "PATRON")
	fact(two, itemCode(7), "OUT")
	fact(two, ":additem X00001 Another Title", "OUT")
	two.want(":done", "DONE")
	b.does("b", exitLeft, "", []string{"sync"}, "still wait")
	b.does("b", exitLeft, "", []string{"outage", "report"}, "no line from", "1 payment", "taken: 5.00 cash", "7 entries still wait")

	// Home.
	b.serve()
	two.want(":sync", "DONE")
	b.does("b", exitLeft, "", []string{"sync"}, "nothing is left")
	b.does("a", exitLeft, "", []string{"sync"}, "12 entries delivered", "7 conflicts to settle", "nothing is left\n")
	two.want(":sync", "DONE")

	// Settled at the other desk, which runs: it is asked.
	found := map[string]clash{}
	for _, c := range b.clashes("b") {
		found[c.Class+" "+c.Item] = c
	}
	settles := func(what, how, who string, want int, says ...string) {
		t.Helper()
		c, ok := found[what]
		if !ok {
			t.Fatalf("no %s among %v", what, found)
		}
		pin := map[string]string{"ana": "1234\n", "head": "9876\n"}[who]
		b.does("b", want, pin, []string{"conflicts", "settle", c.Entry, "--how", how, "--why", "looked at it", "--as", who}, says...)
	}
	settles("double_checkout B00002", "return", "ana", exitFailed, "needs a right")
	settles("double_checkout B00002", "merge", "head", exitFailed, "does not fit")
	settles("double_checkout B00002", "return", "head", exitDone, "settled")
	settles("double_checkout B00002", "return", "head", exitFailed, "the conflict was settled")
	if a := two.want(":item "+itemCode(2), "ITEM"); a.Item.Person != "" {
		t.Errorf("what was returned is with %s", a.Item.Person)
	}
	settles("patron_similar ", "merge", "head", exitDone, "settled")
	if a := two.want("N00001", "PATRON"); len(a.Patron.Loans) != 5 {
		t.Errorf("both records together: %s", a.raw)
	}
	two.want(":bill X00001 4.00 the cover", "DONE")
	settles("double_checkout X00001", "bill_nobody", "head", exitDone, "settled")
	if a := two.want(":patron", "PATRON"); strings.Contains(a.raw, `"owes"`) {
		t.Errorf("somebody is billed: %s", a.raw)
	}
	settles("hold_bypassed B00003", "renew", "head", exitFailed, "not be due later")
	settles("hold_bypassed B00003", "undo", "head", exitDone, "settled")
	if a := two.want(":item "+itemCode(3), "ITEM"); a.Item.Person != "" {
		t.Errorf("what was taken back is with %s", a.Item.Person)
	}
	settles("item_known X00001", "keep", "head", exitDone, "settled")
	settles("overpaid ", "keep", "head", exitDone, "settled")
	settles("unknown_item X00001", "keep", "head", exitDone, "settled")
	two.want(":sync", "DONE")
	two.end()
	for _, name := range []string{"b", "a"} { // what b holds is as it said last
		if out := b.does(name, exitDone, "", []string{"sync"}); !strings.HasSuffix(out, "nothing is left\n") {
			t.Errorf("the last word of %s: %s", name, out)
		}
	}
	var o outage
	if err := json.Unmarshal([]byte(b.does("a", exitDone, "", []string{"outage", "report", "--json"})), &o); err != nil {
		t.Fatal(err)
	}
	done := map[string]int{"check_out": 5, "renew": 1, "add_item": 1, "pay": 1, "request": 1, "check_in": 1, "use": 1, "register": 1}
	if o.From == "" || o.To == "" || !maps.Equal(o.Done, done) || o.Taken["cash"] != "5.00" || o.Waiting != 0 || o.Clashed != 6 || o.Open != 0 {
		t.Errorf("the outage: %+v", o)
	}
	b.does("a", exitDone, "", []string{"journal", "verify"})
	b.server.kill()
	want := map[string]string{
		itemCode(0): cardOf(0), itemCode(1): "N00002", itemCode(4): "N00002", itemCode(7): "N00002", "X00001": "N00002",
	}
	if got := openLoans(t, b.folder("server")); !maps.Equal(got, want) {
		t.Errorf("on loan are %v, not %v", got, want)
	}
}

// quiet waits until a desk has written down where it is: it does so a moment later.
func (b *branch) quiet(name string) {
	b.t.Helper()
	look := func() string {
		at, err := os.Stat(folder.Folder(b.folder(name)).File(folder.Journal))
		if err != nil {
			b.t.Fatal(err)
		}
		return fmt.Sprint(at.ModTime(), at.Size())
	}
	was, since := look(), time.Now()
	for time.Since(since) < 300*time.Millisecond {
		time.Sleep(20 * time.Millisecond)
		if now := look(); now != was {
			was, since = now, time.Now()
		}
	}
}
