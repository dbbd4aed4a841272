package relay_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"circdesk/desk/central"
	"circdesk/desk/central/hub"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// each runs a story in a branch with a relay and two desks, whose central server is away.
func each(t *testing.T, tell func(t *testing.T, y *yard, r, a, b *box)) {
	t.Helper()
	eachIn(t, newYard(t), tell)
}

func eachIn(t *testing.T, y *yard, tell func(t *testing.T, y *yard, r, a, b *box)) {
	t.Helper()
	r := y.isRelay("relay")
	a, b := y.isDesk("a", r), y.isDesk("b", r)
	y.asks(r, a, b)
	y.ready(r, a, b)
	tell(t, y, r, a, b)
}

// away takes the central server away, and waits until all know.
func (y *yard) away(all ...*box) {
	y.t.Helper()
	y.pull()
	y.down(all...)
}

// atRelay waits until the relay has all that a desk has written.
func (y *yard) atRelay(all ...*box) {
	y.t.Helper()
	for _, b := range all {
		y.until("at the relay", is(func() bool {
			st := b.up.Status()
			return st.Relay.There && st.Relay.Held == st.Unsent
		}))
	}
}

// keeps copies a machine's files, and puts them back.
func (b *box) keeps() (putBack func()) {
	kept := map[string][]byte{}
	for _, name := range []string{"journal.db", "cache.db"} {
		data, err := os.ReadFile(filepath.Join(b.dir, name))
		fine(b.y.t, err)
		kept[name] = data
	}
	return func() {
		for name, data := range kept {
			fine(b.y.t, os.WriteFile(filepath.Join(b.dir, name), data, 0o600))
		}
	}
}

func TestARelayThatIsKilledGoesOn(t *testing.T) {
	each(t, func(t *testing.T, y *yard, r, a, b *box) {
		y.away(r, a, b)
		a.lend(0, 0)
		b.sees(0, "P0")
		b.lend(1, 1)
		y.atRelay(a, b)
		a.sees(1, "P1")
		r.kill()
		a.lend(2, 2)
		y.until("a notices", is(func() bool { return !a.up.Status().Relay.There }))
		if st := a.up.Status(); st.Unsent != 2 || st.Relay.Held != 1 {
			t.Errorf("a has %d unsent, %d of them at the relay", st.Unsent, st.Relay.Held)
		}
		a.sees(1, "P1") // it was told before
		r.begin(nil)
		b.sees(2, "P2")
		b.back(0)
		a.sees(0, "")
		y.plug()
		y.home(r, a, b)
	})
}

// What a desk and the relay deliver at the same time, once and again, is done once.
func TestWhatComesBothWaysIsDoneOnce(t *testing.T) {
	each(t, func(t *testing.T, y *yard, r, a, b *box) {
		y.away(r, a, b)
		for i := range 55 { // more than a batch
			a.lend(i%people, i)
		}
		b.sees(54, "P2")
		y.atRelay(a)
		y.plug()
		y.until("the line", is(func() bool { return r.up.Status().Up && a.up.Status().Up }))
		var work sync.WaitGroup
		for range 3 {
			work.Go(func() { _ = r.relay.HandOn(context.Background(), hub.Bearer{Client: r.client}) })
			work.Go(func() { _ = a.up.Sync(context.Background()) })
		}
		work.Wait()
		y.home(r, a, b)
		fine(t, y.store.View(t.Context(), func(tx journal.HubTx) error {
			if m, err := tx.Head(t.Context(), "a"); err != nil || m.Seq != 55 {
				t.Errorf("the central server has %d entries of a (%v)", m.Seq, err)
			}
			return nil
		}))
	})
}

// A desk whose network reaches only the relay is filled, asks, and hears its verdicts by
// it, while the central server answers the relay.
func TestADeskThatReachesOnlyTheRelay(t *testing.T) {
	y := newYard(t)
	r := y.isRelay("relay")
	a, b := y.enrols("a", "main", false), y.isDesk("b", r)
	a.central = "http://127.0.0.1:1"
	a.begin(r)
	y.asks(r, a, b)
	y.ready(r, a, b)
	a.lend(0, 0)
	y.until("the verdict", is(func() bool { return a.up.Status().Unsent == 0 }))
	y.away(r, a, b)
	a.lend(1, 1)
	b.sees(1, "P1")
	y.plug()
	y.home(r, a, b)
	if y.has(0) != "P0" || y.has(1) != "P1" {
		t.Error("its loans are not at the central server")
	}
}

// The relay dies while it hands on: the desk delivers the rest itself.
func TestADeskMovesFromTheRelayToTheServer(t *testing.T) {
	each(t, func(t *testing.T, y *yard, r, a, b *box) {
		y.away(r, a, b)
		for i := range 55 {
			a.lend(i%people, i)
		}
		y.atRelay(a)
		a.kill() // so that nobody but the relay delivers
		y.plug()
		y.until("the line", is(func() bool { return r.up.Status().Up }))
		y.until("half of it is there", is(func() bool { return y.has(20) == "P0" }))
		r.kill()
		y.until("it is known which desk came by a relay", func() (says string) {
			all, err := y.server.Roll(t.Context())
			fine(t, err)
			for _, d := range all {
				if via := d.Desk == "a"; d.Relay != (d.Desk == "relay") || (d.Via == "relay") != via || d.ViaAt.IsZero() == via {
					says += fmt.Sprintf("desk %s is listed as a relay: %v, and came by %q at %v", d.Desk, d.Relay, d.Via, d.ViaAt)
				}
			}
			return says
		})
		a.begin(r)
		y.home(a, b)
		r.begin(nil)
		y.home(r, a, b)
	})
}

// A relay whose folder is lost begins with nothing; the desks still have all, and hand it
// over again.
func TestARelayWhoseFolderIsLost(t *testing.T) {
	each(t, func(t *testing.T, y *yard, r, a, b *box) {
		y.away(r, a, b)
		a.lend(0, 0)
		b.sees(0, "P0")
		y.atRelay(a)
		r.kill()
		for _, name := range []string{"journal.db", "cache.db"} {
			fine(t, os.Remove(filepath.Join(r.dir, name)))
		}
		if st := a.up.Status(); st.Unsent != 1 {
			t.Errorf("a has %d unsent", st.Unsent)
		}
		y.plug()
		r.begin(nil)
		y.ready(r)
		y.asks(r)
		y.away(r, a, b)
		a.lend(1, 1)
		b.sees(1, "P1")
		y.plug()
		y.home(r, a, b)
	})
}

// A desk is put back to the morning, while the relay has its day: both come home, and what
// the desk does next is not taken for what it did before.
func TestADeskIsPutBackAndTheRelayHasMore(t *testing.T) {
	eachIn(t, newYard(t).describes(), func(t *testing.T, y *yard, r, a, b *box) {
		a.lend(0, 0)
		y.home(r, a, b)
		a.kill()
		putBack := a.keeps()
		a.begin(r)
		y.away(r, a, b)
		a.lend(1, 1)
		a.lend(2, 2)
		y.atRelay(a)
		b.sees(2, "P2")
		a.kill()
		putBack()
		a.begin(r)
		a.lend(3, 3) // under the number of what the relay has
		y.until("the relay refuses it", is(func() bool { return a.up.Status().Relay.Why != nil }))
		if a.up.Status().Unsent != 1 || b.shows(1) != "P1" {
			t.Error("what the relay has is gone")
		}
		y.plug()
		y.until("all is there", is(func() bool { return y.has(1) == "P1" && y.has(2) == "P2" && y.has(3) == "P3" }))
		y.home(r, a, b)
	})
}

func TestAServerThatIsPutBackIsRefilledByTheRelay(t *testing.T) {
	each(t, func(t *testing.T, y *yard, r, a, b *box) {
		y.home(r, a, b)
		y.pull()
		fine(t, y.store.Close())
		was, err := os.ReadFile(filepath.Join(y.dir, "hub.db"))
		fine(t, err)
		y.openStore()
		y.plug()
		a.lend(0, 0)
		y.home(r, a, b)
		y.atRelay(a)
		a.kill() // and is never seen again
		y.pull()
		fine(t, y.store.Close())
		fine(t, os.WriteFile(filepath.Join(y.dir, "hub.db"), was, 0o600))
		y.openStore()
		fine(t, y.server.Renew(t.Context(), "put back"))
		y.plug()
		y.until("the loan is there again", is(func() bool { return y.has(0) == "P0" }))
		y.home(r, b)
	})
}

// Who may not deliver at the central server is not let in at the relay either, as far as
// that knows; and one that is revoked later keeps what it has.
func TestWhoMayNotComeToTheRelay(t *testing.T) {
	each(t, func(t *testing.T, y *yard, r, a, b *box) {
		east := y.enrols("east", "east", false)
		east.begin(r)
		y.until("another library's desk is up", is(func() bool { return east.up.Status().Up }))
		fine(t, y.server.Revoke(t.Context(), "b"))
		y.asks(r)
		for name, d := range map[string]*box{"of another library": east, "revoked": b} {
			_, err := d.line.Meet(t.Context(), nil)
			unknown, barred := (*central.UnknownRelayError)(nil), (*central.StandingError)(nil)
			if !errors.As(err, &unknown) && !errors.As(err, &barred) {
				t.Errorf("a desk %s is let in: %v", name, err)
			}
		}
		y.away(r, a)
		b.lend(1, 1)
		a.lend(0, 0)
		y.atRelay(a)
		if a.shows(1) != "" {
			t.Error("the work of a desk that was revoked is shown")
		}
		if err := r.relay.HandOn(t.Context(), hub.Bearer{Client: r.client}); err == nil {
			t.Error("it hands on to nobody")
		}
		y.plug()
		y.home(r, a)
		if n := b.desk.Unsettled(); n != 1 {
			t.Errorf("the desk that was revoked has %d entries", n)
		}
	})
}

// A desk that was revoked when the relay had its entries keeps nobody else's back.
func TestARevokedDeskHoldsNobodyUp(t *testing.T) {
	each(t, func(t *testing.T, y *yard, r, a, b *box) {
		y.away(r, a, b)
		a.lend(0, 0)
		b.lend(1, 1)
		y.atRelay(a, b)
		a.kill()
		b.kill()
		fine(t, y.server.Revoke(t.Context(), "a"))
		y.plug()
		y.until("the other desk's loan is there", is(func() bool { return y.has(1) == "P1" }))
		y.until("the relay holds one entry", is(func() bool {
			n, desks := r.relay.Left()
			return n == 1 && desks == 1
		}))
		if y.has(0) != "" {
			t.Error("what a desk that was revoked has lent came by the relay")
		}
	})
}

// What the desks at the relay did not know meets it when the line is back.
func TestAConflictComesBackByTheRelay(t *testing.T) {
	each(t, func(t *testing.T, y *yard, r, a, b *box) {
		c := y.enrols("c", "other", false)
		c.begin(nil)
		y.until("c is up", is(func() bool { return c.up.Status().Up && !c.up.Status().Copy.IsZero() }))
		y.away(r, a, b)
		lent := a.lend(0, 0)
		b.sees(0, "P0")
		y.atRelay(a)
		a.kill()
		c.lend(1, 0) // elsewhere, later
		r.kill()
		y.plug()
		y.until("c delivers", is(func() bool { return y.has(0) == "P1" }))
		r.begin(nil)
		y.until("a's loan is recorded", is(func() bool {
			_, ok, err := receiptAt(y, lent)
			return ok && err == nil
		}))
		if y.has(0) != "P1" {
			t.Errorf("the book is with %q, and was lent last to P1", y.has(0))
		}
		a.begin(r)
		y.home(r, a, b)
		all, err := a.desk.Conflicts(t.Context(), false)
		if err != nil || len(all) == 0 {
			t.Errorf("a has no conflict (%v)", err)
		}
		if got, _, _ := receiptAt(y, lent); got.Verdict != journal.Applied || len(got.Objections) == 0 {
			t.Errorf("a's loan is %s over %v", got.Verdict, got.Objections)
		}
	})
}

func receiptAt(y *yard, id circ.EntryID) (r journal.Receipt, ok bool, err error) {
	err = y.store.View(context.Background(), func(tx journal.HubTx) (err error) {
		r, ok, err = tx.Receipt(context.Background(), id)
		return err
	})
	return r, ok, err
}
