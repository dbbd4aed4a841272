package relay_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/uplink"
)

// losesCopy takes a desk's copy away while the desk does not run.
func (b *box) losesCopy() {
	fine(b.y.t, os.RemoveAll(filepath.Join(b.dir, "cache.db.parts")))
	fine(b.y.t, os.Remove(filepath.Join(b.dir, "cache.db")))
}

// copyRow reads a row of a desk's copy, without what is laid over it.
func (b *box) copyRow(k circ.Key) (row circ.Row) {
	b.y.t.Helper()
	fine(b.y.t, b.cache.View(context.Background(), func(tx journal.CacheTx) error {
		rows, err := tx.Read(context.Background(), []circ.Want{circ.ByKey(k.Kind, k.ID)})
		if err == nil && len(rows[0]) > 0 {
			row = rows[0][0]
		}
		return err
	}))
	return row
}

// A desk comes back without its copy while the central server is away: the relay fills it,
// the blocks first, and the desk says how old its facts are. It works on, and when the
// server is back it goes on from where the relay was.
func TestAnEmptyDeskIsFilledByTheRelay(t *testing.T) {
	eachIn(t, newYard(t).describes(), func(t *testing.T, y *yard, r, a, b *box) {
		a.does(circ.BlockPatron{Patron: "P3", Text: "see the office"})
		a.lend(0, 0)
		y.home(r, a, b)
		y.away(r, a, b)
		b.lend(1, 1) // not in the relay's copy: only told
		a.sees(1, "P1")
		y.atRelay(b)
		old := r.desk.Copied()
		a.kill()
		a.losesCopy()
		a.events = nil
		a.begin(r)
		y.until("the copy is filled", is(func() bool { return !a.up.Status().Copy.IsZero() }))
		if st := a.up.Status(); st.Up || !st.Copy.Equal(old) {
			t.Errorf("the line is up: %v; the copy is said to be of %v, the relay's is of %v", st.Up, st.Copy, old)
		}
		blocks, at := 0, -1
		a.mu.Lock()
		for i, e := range a.events {
			switch e := e.(type) {
			case uplink.Blocks:
				blocks, at = e.Rows, i
			case uplink.Fresh:
				if at < 0 || at > i {
					t.Error("the blocks did not come first")
				}
			}
		}
		a.mu.Unlock()
		if blocks < 2 { // the block, its patron and card
			t.Errorf("%d rows came first", blocks)
		}
		a.sees(0, "P0")
		a.sees(1, "P1")
		if d, e, err := a.desk.Fact(t.Context(), a.desk.Act("ana", circ.CheckOut{Patron: "P3", Item: "X5"}), nil); err != nil || e != nil {
			t.Errorf("a blocked patron is lent to: %+v %v", d, err)
		}
		a.back(0)
		b.sees(0, "")
		y.atRelay(a)
		y.plug()
		y.home(r, a, b)
		if y.has(0) != "" || y.has(1) != "P1" {
			t.Error("what was done then is not at the central server")
		}
	})
}

// The relay has the facts also after its start, and nothing of a desk's copy that is there
// is replaced by them.
func TestARelayGivesItsFactsAfterItsStart(t *testing.T) {
	each(t, func(t *testing.T, y *yard, r, a, b *box) {
		a.lend(0, 0)
		y.home(r, a, b)
		y.away(r, a, b)
		for range 2 { // the second time the segments wait already
			r.kill()
			r.begin(nil)
			b.kill()
			b.losesCopy()
			b.begin(r)
			y.until("the copy is filled", is(func() bool { return !b.up.Status().Copy.IsZero() }))
			b.sees(0, "P0")
		}
		if k := (circ.Key{Kind: circ.KindLoan, ID: "none"}); a.copyRow(k) != nil {
			t.Error("a row of nothing")
		}
		y.plug()
		y.home(r, a, b)
	})
}

// The server was put back while it was away: what the relay gave is of another store then,
// and the desk takes its copy anew.
func TestARelaysFactsOfAnotherStore(t *testing.T) {
	each(t, func(t *testing.T, y *yard, r, a, b *box) {
		y.pull()
		fine(t, y.store.Close())
		was, err := os.ReadFile(filepath.Join(y.dir, "hub.db"))
		fine(t, err)
		y.openStore()
		y.plug()
		a.lend(0, 0)
		y.home(r, a, b)
		y.away(r, a, b)
		b.kill()
		b.losesCopy()
		b.begin(r)
		y.until("the copy is filled", is(func() bool { return !b.up.Status().Copy.IsZero() }))
		b.sees(0, "P0")
		fine(t, y.store.Close())
		fine(t, os.WriteFile(filepath.Join(y.dir, "hub.db"), was, 0o600))
		y.openStore()
		fine(t, y.server.Renew(t.Context(), "put back"))
		y.plug()
		y.until("the loan is there again", is(func() bool { return y.has(0) == "P0" }))
		y.home(r, a, b)
	})
}

// A relay that has never reached the central server has nothing to give, and says so.
func TestARelayWithoutFacts(t *testing.T) {
	eachIn(t, newYard(t).describes(), func(t *testing.T, y *yard, r, a, b *box) {
		y.away(r, a, b)
		r.kill()
		r.losesCopy()
		r.begin(nil)
		if _, _, _, err := r.relay.Manifest(t.Context()); !errors.Is(err, local.ErrNoFacts) {
			t.Errorf("its manifest: %v", err)
		}
		y.until("the relay is there", is(func() bool { return b.up.Status().Relay.There }))
		if _, err := b.line.Manifest(t.Context(), func(int) {}); err == nil {
			t.Error("it gives a manifest")
		}
		b.kill()
		b.losesCopy()
		b.begin(r)
		y.down(b)
		time.Sleep(10 * again)
		if st := b.up.Status(); !st.Copy.IsZero() {
			t.Errorf("the desk has a copy of %v", st.Copy)
		}
		y.plug()
		y.home(r, a, b)
	})
}
