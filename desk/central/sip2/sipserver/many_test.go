package sipserver

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Eight terminals of one login lend, take back and renew the same few items, each message
// once more with the same number, and some of them after a new login: every chain is
// whole, no item is out twice, and what was said to be lent is what was lent.
func TestEightAtOnce(t *testing.T) {
	w := start(t, ticks{})
	var mu sync.Mutex
	said := map[string]int{}
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(n), 7))
			m := w.kiosk(t)
			for i := range 40 {
				item, card := 3001+r.IntN(6), 2001+r.IntN(2)
				at := fmt.Sprintf("20261126    12%02d%02d", n, i)
				say := fmt.Sprintf("11YN%s%sAOMAIN|AA%d|AB%d|AC|", at, noDate, card, item)
				switch r.IntN(3) {
				case 0:
					say = fmt.Sprintf("09N%s%sAPMAIN|AOMAIN|AB%d|AC|", at, at, item)
				case 1:
					say = fmt.Sprintf("29NN%s%sAOMAIN|AA%d|AB%d|", at, noDate, card, item)
				}
				line := sealed(say, i)
				got := m.ask(line)
				if again := m.ask(line); again != got {
					t.Errorf("> %s\n< %s\n< %s", line, got, again)
				}
				if i%16 == 15 {
					_ = m.Close()
					m = w.kiosk(t)
				}
				mu.Lock()
				said[got[:3]]++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	entries := w.entries(t, "kiosk")
	lent, open := 0, map[circ.ItemID]circ.LoanID{}
	var before journal.Hash
	for i, e := range entries {
		if e.Seq != uint64(i+1) || e.Prev != before {
			t.Fatalf("entry %d does not follow", i+1)
		}
		before = e.Hash()
		for _, told := range e.Told {
			switch told := told.(type) {
			case circ.CheckedOut:
				lent++
				if was, out := open[told.Item]; out {
					t.Errorf("entry %d lends %s, which is out by %s", e.Seq, told.Item, was)
				}
				open[told.Item] = told.Loan
			case circ.CheckedIn:
				delete(open, told.Item)
			}
		}
	}
	if said["121"] < lent || lent == 0 || said["101"] == 0 {
		t.Errorf("%d loans, %v", lent, said)
	}
	for i := 1; i <= 6; i++ {
		it := record[circ.Item](t, w, circ.KindItem, fmt.Sprintf("i%d", i))
		if it.Loan != open[it.ID] {
			t.Errorf("item %d: loan %q, by its entries %q", i, it.Loan, open[it.ID])
		}
	}
	if strings.Contains(w.log.String(), "level=ERROR") {
		t.Error(w.log)
	}
}
