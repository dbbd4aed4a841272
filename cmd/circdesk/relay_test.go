package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

// branch is a library's programs: a central server, a relay and desks, each a process
// with a folder and keys of its own.
type branch struct {
	t         *testing.T
	dir, keys string
	pass      string
	url       string // of the central server
	at        string // of the relay
	server    *process
	relay     *process
	terminals string // where the relay answers those
}

// free gives an address that nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func newBranch(t *testing.T) *branch {
	b := &branch{t: t, dir: t.TempDir()}
	b.keys, b.pass = filepath.Join(b.dir, "keys"), filepath.Join(b.dir, "passphrase")
	if err := os.WriteFile(b.pass, []byte("of the tests\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	operators, err := os.ReadFile(filepath.Join(demoFolder(t), folder.Operators))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"server", "relay", "a", "b"} {
		if err := os.MkdirAll(b.folder(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(b.folder(name), folder.Operators), operators, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	csv, mrc := ownFiles(t, 4, 8)
	for _, args := range [][]string{{"load", "titles", mrc}, {"load", "patrons", csv}} {
		if _, errs, code := here(t, "", append(args, "--data", b.folder("server"))...); code != exitDone {
			t.Fatal(errs)
		}
	}
	terminals := "[[institution]]\nid = \"M\"\nlibrary = \"main\"\n[[terminal]]\nlogin = \"a\"\npassword = \"" + cheapHash("secret") + "\"\n"
	if err := os.WriteFile(filepath.Join(b.folder("relay"), folder.Terminals), []byte(terminals), 0o600); err != nil {
		t.Fatal(err)
	}
	b.url, b.at = free(t), free(t)
	b.serve()
	b.relays("--central", "http://"+b.url, "--code", b.invite("relay", "--relay"))
	return b
}

func (b *branch) folder(name string) string { return filepath.Join(b.dir, name) }

// process starts the program on a folder.
func (b *branch) process(name string, args ...string) *process {
	b.t.Helper()
	cmd := command(append(args, "--data", b.folder(name), "--keys", b.keys, "--passphrase-file", b.pass)...)
	cmd.Env = append(cmd.Env, keyed+"=1")
	return started(b.t, cmd)
}

// says waits until a process has said something, and gives what follows in the line.
func says(p *process, what string) string {
	p.t.Helper()
	for until := time.Now().Add(longEnough); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if _, rest, ok := strings.Cut(p.said(), what); ok {
			if line, _, whole := strings.Cut(rest, "\n"); whole {
				return strings.TrimSpace(line)
			}
		}
	}
	p.t.Fatalf("it never said %q: %s", what, p.said())
	return ""
}

func (b *branch) serve() {
	b.server = b.process("server", "serve", "--listen", b.url)
	says(b.server, "listening on ")
}

func (b *branch) relays(more ...string) {
	b.relay = b.process("relay", append([]string{"serve", "--relay", "--listen", b.at, "--sip2", "127.0.0.1:0", "--temporary"}, more...)...)
	says(b.relay, "listening on ")
	b.terminals = says(b.relay, "SIP2 terminals are answered on ")
}

func (b *branch) invite(name string, more ...string) string {
	b.t.Helper()
	out, errs, code := here(b.t, "", append([]string{"desks", "invite", "--name", name, "--library", "main", "--data", b.folder("server")}, more...)...)
	if code != exitDone {
		b.t.Fatal(errs)
	}
	return strings.TrimSpace(out)
}

// desk starts a desk at the relay, signed in.
func (b *branch) desk(name string, more ...string) *process {
	b.t.Helper()
	p := b.process(name, append([]string{"desk", "--json", "--temporary", "--relay", "http://" + b.at}, more...)...)
	p.want(":operator ana 1234", "MODE")
	return p
}

// sync runs the command.
func (b *branch) sync(name string) (out string, code int) {
	b.t.Helper()
	cmd := command("sync", "--data", b.folder(name), "--keys", b.keys, "--passphrase-file", b.pass)
	cmd.Env = append(cmd.Env, keyed+"=1")
	var o bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &o
	_ = cmd.Run()
	return o.String(), cmd.ProcessState.ExitCode()
}

// until types a line until its answer is as it should be.
func until(p *process, line string, ok func(answer) bool) answer {
	p.t.Helper()
	var a answer
	for end := time.Now().Add(longEnough); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		if a = p.line(line); ok(a) {
			return a
		}
	}
	p.t.Fatalf("%q gives %s\n%s", line, a.raw, p.said())
	return a
}

// terminal speaks SIP2 with the relay.
func (b *branch) terminal(lines ...string) (last string) {
	b.t.Helper()
	c, err := net.Dial("tcp", b.terminals)
	if err != nil {
		b.t.Fatal(err)
	}
	defer c.Close()
	r := bufio.NewReader(c)
	for _, l := range append([]string{"9300CNa|COsecret|"}, lines...) {
		if _, err := c.Write([]byte(l + "\r")); err != nil {
			b.t.Fatal(err)
		}
		if last, err = r.ReadString('\r'); err != nil {
			b.t.Fatal(err)
		}
	}
	return last
}

// met waits until a desk has met the relay.
func (b *branch) met(name string) {
	b.t.Helper()
	for end := time.Now().Add(longEnough); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if log, err := os.ReadFile(filepath.Join(b.folder(name), folder.Log)); err == nil && bytes.Contains(log, []byte("the relay is there")) {
			return
		}
	}
	b.t.Fatalf("desk %s has not met the relay", name)
}

// with waits until a desk shows who has an item.
func with(p *process, n int, who string) {
	p.t.Helper()
	until(p, ":item "+itemCode(n), func(a answer) bool {
		return strings.Contains(a.Item.Person, strings.ToUpper(who)) && (who != "" || a.Item.Person == "")
	})
}

// TestABranchHasARelay: the central server is killed, two desks and a self-check work on
// and see each other's work by the relay, which is killed, too, and comes back; then the
// central server does, and everything is home once.
func TestABranchHasARelay(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	one := b.desk("a", "--central", "http://"+b.url, "--code", b.invite("a"))
	two := b.desk("b", "--central", "http://"+b.url, "--code", b.invite("b"))
	until(one, ":sync", func(a answer) bool { return a.Word == "DONE" })
	until(two, ":sync", func(a answer) bool { return a.Word == "DONE" })
	until(one, cardOf(0), func(a answer) bool { return a.Word == "PATRON" })
	one.want(itemCode(0), "OUT")
	one.want(":done", "DONE")
	with(two, 0, "Family0")
	for _, name := range []string{"a", "b"} {
		b.met(name)
	}

	b.server.kill()
	out := func(p *process, card, n int) {
		t.Helper()
		p.want(cardOf(card), "PATRON")
		p.want(itemCode(n), "OUT")
		p.want(":done", "DONE")
	}
	until(one, cardOf(1), func(a answer) bool { return a.Word == "PATRON" })
	one.want(itemCode(1), "OUT")
	one.want(":done", "DONE")
	with(two, 1, "Family1")
	two.want(":checkin", "MODE")
	two.want(itemCode(1), "IN")
	two.want(":checkout", "MODE")
	with(one, 1, "")
	if got := b.terminal(fmt.Sprintf("11NN%s%sAOM|AA%s|AB%s|AC|", "20261126    120000", "                  ", cardOf(2), itemCode(2))); !strings.HasPrefix(got, "121") {
		t.Errorf("the self-check is answered %q", got)
	}
	with(one, 2, "Family2")
	with(two, 2, "Family2")
	if got := b.terminal(fmt.Sprintf("11NN%s%sAOM|AA%s|AB%s|AC|", "20261126    120000", "                  ", cardOf(2), itemCode(5))); !strings.HasPrefix(got, "121") {
		t.Errorf("the self-check is answered %q", got)
	}
	with(one, 5, "Family2")
	if got := b.terminal(fmt.Sprintf("09N%s%sAP|AOM|AB%s|AC|", "20261126    120500", "20261126    120500", itemCode(5))); !strings.HasPrefix(got, "101") {
		t.Errorf("the return at the self-check is answered %q", got)
	}
	with(one, 5, "")

	says := func(name string, want int, what ...string) {
		t.Helper()
		for end := time.Now().Add(longEnough); ; time.Sleep(50 * time.Millisecond) {
			out, code := b.sync(name)
			missing := code != want
			for _, w := range what {
				missing = missing || !strings.Contains(out, w)
			}
			if !missing {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("sync of %s ends with %d: %s", name, code, out)
			}
		}
	}
	says("a", exitLeft, "at the relay relay: ", "not delivered yet", "still wait")
	says("relay", exitLeft, "of the branch are here and not delivered, of 3")
	b.relay.kill()
	two.kill() // nobody remembers what the relay has told
	kept, err := os.ReadFile(filepath.Join(b.folder("relay"), folder.Journal))
	if err != nil {
		t.Fatal(err)
	}
	out(one, 3, 3) // alone
	b.relays()
	two = b.desk("b")
	with(two, 1, "")
	with(two, 2, "Family2")
	with(two, 5, "")
	with(two, 3, "Family3") // and not alone any more
	until(two, cardOf(0), func(a answer) bool { return a.Word == "PATRON" })
	two.want(":done", "DONE")
	out(two, 0, 4)

	b.serve()
	says("a", exitDone, "nothing is left")
	says("b", exitDone, "nothing is left")
	says("relay", exitDone, "nothing is left")
	with(one, 4, "Family0")
	one.end()
	two.end()
	b.relay.kill()
	b.server.kill()
	late := filepath.Join(b.dir, "late.db") // the relay's journal of that time is brought, too
	if err := os.WriteFile(late, kept, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, errs, code := here(t, "", "journal", "rescue", late, "--data", b.folder("server")); code != exitDone || strings.Count(out, "0 taken now") != 3 {
		t.Errorf("the rescue of a relay's journal ends with %d: %s%s", code, out, errs)
	}
	if out, errs, code := here(t, "", "desks", "list", "--data", b.folder("server")); code != exitDone || strings.Count(out, "a relay") != 1 {
		t.Errorf("the list of desks ends with %d: %s%s", code, out, errs)
	}
	loans := openLoans(t, b.folder("server"))
	want := map[string]string{itemCode(0): cardOf(0), itemCode(2): cardOf(2), itemCode(3): cardOf(3), itemCode(4): cardOf(0)}
	if fmt.Sprint(loans) != fmt.Sprint(want) {
		t.Errorf("on loan are %v, not %v", loans, want)
	}
	r, err := bolt.Verify(t.Context(), filepath.Join(b.folder("server"), folder.Server))
	if at := slices.IndexFunc(r.Heads, func(m journal.Mark) bool { return m.Desk == "relay.sip2-a" }); at < 0 || r.Heads[at].Seq != 3 {
		t.Errorf("the self-check has done three things, and the central server has %v", r.Heads)
	}
	if err != nil || len(r.Problems) > 0 {
		t.Errorf("the central server's store: %v %v", err, r.Problems)
	}
}
