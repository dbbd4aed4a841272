package main

import (
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"circdesk/desk/circ"
)

// life is what is known of the library after some lives of the program: what the
// clerk was shown, and of what she saw no answer.
type life struct {
	rand   *rand.Rand
	has    map[string]string // barcode → card, as last shown
	unsure map[string]bool   // barcodes scanned without an answer
	lent   map[string]string // entry → barcode, of every OUT that was shown
	card   string            // of the open visit
	asked  bool              // a question is open
}

// TestWhatWasShownIsThereAfterAKill kills the program at any moment, some of
// them during its first start and the load, and starts it again.
func TestWhatWasShownIsThereAfterAKill(t *testing.T) {
	t.Parallel()
	kills := 12
	switch {
	case os.Getenv("CIRCDESK_LONG") != "":
		kills = 160
	case testing.Short():
		kills = 4
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	l := &life{rand: rand.New(rand.NewPCG(seed, 1)), has: map[string]string{}, unsure: map[string]bool{}, lent: map[string]string{}}
	const patrons, items = 8, 60
	csv, mrc := ownFiles(t, patrons, items)
	dir := demoFolder(t)
	args := []string{"demo", "--json", "--data", dir, "--patrons", csv, "--titles", mrc}
	whole := startTime(t, csv, mrc)
	for n := 0; n < kills || len(l.lent) == 0 && n < 10*kills; n++ { // a slow machine lends little in a life
		p := start(t, args...)
		if n < kills/4 { // anywhere in the start
			time.AfterFunc(time.Duration(l.rand.Int64N(int64(whole))), func() { _ = p.cmd.Process.Kill() })
		}
		l.live(t, p, patrons, items)
		p.kill()
		if _, err := os.Stat(filepath.Join(dir, "journal.db")); err == nil && n%5 == 0 {
			if out, errs, code := runs(t, "", "journal", "verify", "--data", dir); code != 0 {
				t.Fatalf("after kill %d verify ended with %d: %s%s", n, code, out, errs)
			}
		}
	}
	p := start(t, args...)
	p.line(":no") // to a question that was open when it was killed
	if a := p.want(":sync", "DONE"); a.Waiting != 0 {
		t.Errorf("after a sync there wait %d", a.Waiting)
	}
	for code, card := range l.has {
		if l.unsure[code] {
			continue
		}
		a := p.want(":item "+code, "ITEM")
		if on := a.Item.Person != ""; on != (card != "") {
			t.Errorf("item %s was shown with %q, and is: %s", code, card, a.raw)
		}
	}
	p.end()
	l.compare(t, dir)
}

// startTime is how long a first start takes here, until its first answer.
func startTime(t *testing.T, csv, mrc string) time.Duration {
	begun := time.Now()
	p := start(t, "demo", "--json", "--data", demoFolder(t), "--patrons", csv, "--titles", mrc)
	p.want(":help", "LIST")
	p.kill()
	return time.Since(begun)
}

// mostWork is how long a life goes on after its first answer.
const mostWork = 200 * time.Millisecond

// live works until the program is killed.
func (l *life) live(t *testing.T, p *process, patrons, items int) {
	place := "out"
	l.card, l.asked = "", false
	begin := []string{":no", ":checkout", cardOf(l.rand.IntN(patrons))} // it may go on where it stopped
	for first := true; ; first = false {
		var line, code string
		switch n := l.rand.IntN(20); {
		case len(begin) > 0:
			line, begin = begin[0], begin[1:]
		case n == 0:
			line = ":pull"
		case n == 1:
			line = ":plug"
		case n == 2:
			line, place = ":checkin", "in"
		case n == 3:
			line, place = ":checkout", "out"
		case n < 6 && place == "out":
			line = cardOf(l.rand.IntN(patrons))
		default:
			code = itemCode(l.rand.IntN(items))
			line = code
		}
		if l.asked {
			line, code = ":no", ""
		}
		before := l.unsure[code]
		if code != "" && (place == "in" || l.card != "") {
			l.unsure[code] = true
		}
		if _, err := io.WriteString(p.in, line+"\n"); err != nil {
			return
		}
		a, err := p.next()
		if err != nil {
			return
		}
		if first {
			time.AfterFunc(time.Duration(l.rand.Int64N(int64(mostWork))), func() { _ = p.cmd.Process.Kill() })
		}
		l.asked = a.Word == "ASK"
		if a.Word == "STOP" || a.Word == "ASK" || a.Word == "ITEM" { // nothing was done
			l.unsure[code] = before
			continue
		}
		l.saw(t, a, line, code, place)
	}
}

// saw notes what was shown.
func (l *life) saw(t *testing.T, a answer, line, code, place string) {
	sure := func(card string) {
		l.has[code] = card
		delete(l.unsure, code)
	}
	switch a.Word {
	case "PATRON":
		l.card = line
	case "OUT":
		sure(l.card)
		if a.Entry == "" {
			t.Errorf("a loan without an entry: %s", a.raw)
		}
		l.lent[a.Entry] = code
	case "RENEWED":
		sure(l.card)
	case "IN":
		sure("")
	case "AGAIN", "MODE", "DONE":
	default:
		t.Errorf("%q at %s gave %s", line, place, a.raw)
	}
}

// compare holds the server's loans against what was shown: each loan that was
// shown is there, once, and no other but those of which no answer came.
func (l *life) compare(t *testing.T, dir string) {
	t.Helper()
	open := openLoans(t, dir)
	for code, card := range l.has {
		if !l.unsure[code] && open[code] != card {
			t.Errorf("item %s: the server has it with %q, shown was %q", code, open[code], card)
		}
	}
	loans, items, _ := atServer(t, dir)
	of := map[string]int{}
	for _, loan := range loans {
		if loan.How != circ.Void {
			of[string(loan.ID)]++
		}
	}
	for entry, code := range l.lent {
		id := circ.NewID(circ.EntryID(entry), circ.KindLoan, 0)
		if of[id] != 1 {
			t.Errorf("item %s was shown as lent by entry %s, of which the server has %d loans", code, entry, of[id])
		}
	}
	if len(l.lent) == 0 {
		t.Error("nothing was lent")
	}
	t.Logf("%d loans shown, %d at the server, of %d items", len(l.lent), len(loans), len(items))
}
