package local_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

var errCut = errors.New("cut off")

// snapshot gives the hub's rows one by one; after so many it is cut off, when
// that is not zero.
func snapshot(w *world, cut int) func(context.Context, func([]circ.Row) error) (string, error) {
	return func(ctx context.Context, put func([]circ.Row) error) (string, error) {
		p, err := w.hub.Since(ctx, "", 1000, 0)
		ok(w.t, err)
		for i, r := range p.Rows {
			if cut > 0 && i == cut {
				return "", errCut
			}
			if err := put([]circ.Row{r}); err != nil {
				return "", err
			}
		}
		return p.Next, nil
	}
}

func TestFill(t *testing.T) {
	w := newWorld(t)
	all := len(rows())
	var told [][2]int
	fill := func(cut int) (bool, error) {
		told = nil
		return w.Fill(w.ctx, snapshot(w, cut), func(came, kept int) { told = append(told, [2]int{came, kept}) })
	}
	if filled, err := fill(3); filled || !errors.Is(err, errCut) {
		t.Fatalf("cut short: %v %v", filled, err)
	}
	if at, err := w.Cursor(w.ctx); err != nil || at != "" {
		t.Fatalf("cut short, and the copy has reached %q: %v", at, err)
	}
	if filled, err := fill(0); !filled || err != nil || w.known() != all {
		t.Fatalf("begun anew: %v, %d rows: %v", filled, w.known(), err)
	}
	if len(told) != all+1 || told[0] != [2]int{1, 0} || told[all] != [2]int{all, all} {
		t.Errorf("told %v", told)
	}
	if !w.Copied().IsZero() {
		t.Error("it counts as complete before the feed was read to its end")
	}
	w.pull()
	if w.Copied().IsZero() {
		t.Error("it does not count as complete")
	}
	if filled, err := fill(0); filled || err != nil || told != nil {
		t.Errorf("once more: %v, told %v: %v", filled, told, err)
	}
}

// What was lent before the copy was filled is seen throughout.
func TestFillUnderPendingEntries(t *testing.T) {
	w := newWorld(t)
	w.pull()
	w.fact(out("P", "I0"))
	w.deliver()
	w.fact(out("P", "I1"))
	ok(t, w.Afresh(w.ctx, must(w.Cursor(w.ctx))))
	_, err := w.Fill(w.ctx, snapshot(w, 0), func(int, int) {
		if w.holder("I0") != "P" || w.holder("I1") != "P" {
			t.Error("a loan is gone while the copy is filled")
		}
	})
	ok(t, err)
	w.pull()
	if w.holder("I0") != "P" || w.holder("I1") != "P" || w.Pending() != 1 {
		t.Errorf("%q, %q, %d pending", w.holder("I0"), w.holder("I1"), w.Pending())
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// page by page is how a copy is filled that cannot load.
type plain struct{ journal.Store[journal.CacheTx] }

func TestACopyThatCannotLoadIsFilledByTheFeed(t *testing.T) {
	w := newWorld(t)
	w.Desk.Cache = plain{w.cache}
	filled, err := w.Fill(w.ctx, snapshot(w, 0), func(int, int) { t.Error("something came") })
	if filled || err != nil {
		t.Errorf("got %v: %v", filled, err)
	}
}

// A server that was set back to before the desk's loan.
func TestMeet(t *testing.T) {
	met := func(t *testing.T, w *world, epoch string, has uint64) bool {
		t.Helper()
		p, err := w.Present(w.ctx)
		ok(t, err)
		other, err := w.Meet(w.ctx, epoch, []journal.Mark{{Desk: w.ID, Epoch: p.Last.Epoch, Seq: has}}, p.Had)
		ok(t, err)
		return other
	}
	begin := func(t *testing.T) *world {
		w := newWorld(t)
		w.pull()
		for _, i := range []circ.ItemID{"I0", "I1", "I2"} {
			w.fact(out("P", i))
			w.deliver()
		}
		w.pull()
		if met(t, w, "first", 3) || w.Pending() != 0 || w.Mark().Seq != 3 {
			t.Fatalf("the first store: %d pending, mark %d", w.Pending(), w.Mark().Seq)
		}
		return w
	}
	for _, row := range []struct {
		name    string
		epoch   string
		has     uint64
		other   bool
		pending int
	}{
		{"the same store", "first", 3, false, 0},
		{"a store that does not say which it is", "", 3, false, 0},
		{"another store that has all", "second", 3, true, 0},
		{"the same store, set back", "first", 1, true, 2},
		{"a store that says nothing, set back", "", 1, true, 2},
		{"another store, set back", "second", 1, true, 2},
		{"a new store that has nothing", "second", 0, true, 3},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := begin(t)
			if got := met(t, w, row.epoch, row.has); got != row.other || w.Pending() != row.pending {
				t.Fatalf("another %v, %d pending", got, w.Pending())
			}
			if at, err := w.Cursor(w.ctx); err != nil || (at == "") != row.other {
				t.Errorf("the feed goes on at %q: %v", at, err)
			}
			if w.Unsettled() != 0 {
				t.Errorf("%d waiting", w.Unsettled())
			}
			w.open() // and after a restart
			if w.Pending() != row.pending || w.holder("I2") != "P" {
				t.Errorf("after a restart: %d pending, %q", w.Pending(), w.holder("I2"))
			}
		})
	}
	t.Run("what the store lacks is seen until it has it again", func(t *testing.T) {
		w := begin(t)
		w.hub = w.newHub("new.db")
		met(t, w, "second", 0)
		w.pull() // rows as before the loans
		if w.holder("I0") != "P" || w.holder("I2") != "P" {
			t.Fatalf("shown to be with %q and %q", w.holder("I0"), w.holder("I2"))
		}
		es, err := w.After(w.ctx, journal.Mark{Desk: w.ID, Epoch: 1}, 10)
		ok(t, err)
		rs, err := w.hub.Deliver(w.ctx, es)
		ok(t, err)
		_, err = w.SettleAgain(w.ctx, rs)
		ok(t, err)
		w.pull()
		if w.Pending() != 0 || w.holder("I0") != "P" || w.atHub("I2") != "P" {
			t.Errorf("%d pending, %q and %q", w.Pending(), w.holder("I0"), w.atHub("I2"))
		}
	})
}

// A server that was set back judges questions anew, perhaps otherwise: what the
// clerk was told counts.
func TestJudgedAgain(t *testing.T) {
	for _, row := range []struct {
		name   string
		before func(w *world) // at the first server
		after  func(w *world) // at the one that was set back, before it is refilled
		item   circ.ItemID
		who    circ.PatronID
		met    int // conflicts
	}{
		{"the same verdict", func(w *world) {}, func(w *world) {}, "I0", "P", 0},
		{"lent, and refused the second time", func(w *world) {}, func(w *world) { w.elsewhere(out("Q", "I0")) }, "I0", "P", 1},
		{"refused, and lent the second time", func(w *world) { w.elsewhere(out("Q", "I0")) }, func(w *world) {}, "I0", "", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			w.pull()
			row.before(w)
			w.ask(out("P", row.item))
			w.deliver()
			w.hub = w.newHub("new.db")
			row.after(w)
			es, err := w.After(w.ctx, journal.Mark{Desk: w.ID, Epoch: 1}, 10)
			ok(t, err)
			rs, err := w.hub.Deliver(w.ctx, es)
			ok(t, err)
			for range 2 { // the second time it changes nothing
				_, err = w.SettleAgain(w.ctx, rs)
				ok(t, err)
			}
			w.deliver()
			if got := w.atHub(row.item); got != row.who {
				t.Errorf("at the hub it is with %q", got)
			}
			ok(t, w.Afresh(w.ctx, must(w.Cursor(w.ctx))))
			open, err := w.Conflicts(w.ctx, false)
			if err != nil || len(open) != row.met {
				t.Errorf("%d conflicts: %v", len(open), err)
			}
			w.pull()
			if got := w.holder(row.item); got != row.who {
				t.Errorf("at the desk it is with %q", got)
			}
		})
	}
}

// elsewhere does something at another desk.
func (w *world) elsewhere(c circ.Command) {
	w.t.Helper()
	e, err := journal.Entry{
		Act:   circ.Act{ID: "x1", Desk: "east-1", Library: "east", Operator: "jo", At: w.now, Zone: "UTC", Command: c},
		Epoch: 1, Seq: 1, Mode: journal.Asked,
	}.Finish()
	ok(w.t, err)
	rs, err := w.hub.Deliver(w.ctx, []journal.Entry{e})
	ok(w.t, err)
	if rs[0].Verdict != journal.Applied {
		w.t.Fatalf("elsewhere: %+v", rs[0])
	}
}

// moving is a cache that moves on after a look at it has begun.
type moving struct {
	journal.Store[journal.CacheTx]
	then func()
}

func (m *moving) View(ctx context.Context, fn func(journal.CacheTx) error) error {
	return m.Store.View(ctx, func(tx journal.CacheTx) error {
		if then := m.then; then != nil {
			m.then = nil
			then()
		}
		return fn(tx)
	})
}

// The copy moves on just while the layer is made anew: what was shown stays.
func TestTheCopyMovesOnUnderALook(t *testing.T) {
	w := newWorld(t)
	w.pull()
	cache := &moving{Store: w.cache}
	w.Desk.Cache = cache
	w.fact(out("P", "I0"))
	w.deliver()
	w.now = w.now.Add(24 * time.Hour)
	w.fact(circ.Renew{Item: "I0"}) // which the copy's new state does not have
	_, err := w.Withdrawn(w.ctx, w.ask(out("Q", "I2")))
	ok(t, err) // the layer must be made anew
	at := must(w.Cursor(w.ctx))
	p := must(w.hub.Since(w.ctx, at, 100, 0))
	cache.then = func() { ok(t, w.Take(w.ctx, at, p.Rows, p.Next, p.Complete)) }
	for range 2 {
		if n := w.renewals("I0"); n != 1 {
			t.Errorf("%d renewals are shown", n)
		}
	}
	if cache.then != nil || w.Pending() != 3 {
		t.Errorf("%d pending", w.Pending())
	}
}

// While the layer is made anew nobody waits for it, and nothing that was shown
// is missing; afterwards what others did is seen.
func TestLooksDoNotWaitForTheCopy(t *testing.T) {
	w := newWorld(t)
	w.pull()
	cache := &moving{Store: w.cache}
	w.Desk.Cache = cache
	w.fact(out("P", "I0"))
	w.fact(out("P", "I1"))
	w.deliver()
	w.now = w.now.Add(time.Second)
	w.elsewhere(circ.CheckIn{Item: "I0"})
	looked := false
	at := must(w.Cursor(w.ctx))
	p := must(w.hub.Since(w.ctx, at, 100, 0))
	cache.then = func() {
		looked = true
		if w.holder("I0") != "P" || w.holder("I1") != "P" {
			t.Errorf("meanwhile %q and %q", w.holder("I0"), w.holder("I1"))
		}
		w.fact(out("Q", "I2"))
	}
	ok(t, w.Take(w.ctx, at, p.Rows, p.Next, p.Complete))
	if !looked || w.holder("I0") != "" || w.holder("I1") != "P" || w.holder("I2") != "Q" {
		t.Errorf("looked %v, then %q, %q and %q", looked, w.holder("I0"), w.holder("I1"), w.holder("I2"))
	}
}

// renewals says how often the loan of an item was renewed, as the desk shows it.
func (w *world) renewals(id circ.ItemID) (n int) {
	w.t.Helper()
	ok(w.t, w.View(w.ctx, func(r journal.Reader) error {
		it := must(r.Read(w.ctx, []circ.Want{circ.ByKey(circ.KindItem, string(id))}))[0][0].(circ.Item)
		n = -1
		for _, row := range must(r.Read(w.ctx, []circ.Want{circ.ByKey(circ.KindLoan, string(it.Loan))}))[0] {
			n = len(row.(circ.Loan).Renewals)
		}
		return nil
	}))
	return n
}

// The feed is of another store, and nobody has said so before.
func TestAnotherFeed(t *testing.T) {
	w := newWorld(t)
	w.pull()
	w.fact(out("P", "I0"))
	w.deliver()
	w.pull()
	w.hub = w.newHub("new.db")
	at := must(w.Cursor(w.ctx))
	ok(t, w.Afresh(w.ctx, "elsewhere")) // where the copy is not
	if now := must(w.Cursor(w.ctx)); now != at {
		t.Fatalf("the feed goes on at %q", now)
	}
	ok(t, w.Afresh(w.ctx, at))
	w.pull() // the rows as before the loan
	if w.holder("I0") != "P" || w.Pending() != 1 {
		t.Errorf("shown to be with %q, %d pending", w.holder("I0"), w.Pending())
	}
}

func TestCopied(t *testing.T) {
	w := newWorld(t)
	if !w.Copied().IsZero() {
		t.Errorf("nothing was copied at %s", w.Copied())
	}
	w.pull()
	at := w.now
	w.now = w.now.Add(time.Hour)
	w.open() // without a line
	if !w.Copied().Equal(at) {
		t.Errorf("after a restart it says %s", w.Copied())
	}
}

func TestClock(t *testing.T) {
	for _, row := range []struct {
		name  string
		wrong time.Duration // how far the desk's clock is behind
		took  time.Duration
		left  time.Duration // afterwards
	}{
		{"right", 0, time.Second, 0},
		{"nearly right", 200 * time.Millisecond, 0, 200 * time.Millisecond},
		{"an hour behind", time.Hour, 0, 0},
		{"ten minutes ahead", -10 * time.Minute, 0, 0},
		{"off by less than the way there", time.Second, 4 * time.Second, time.Second},
		{"off by more than the way there", 9 * time.Second, 4 * time.Second, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			w.fact(circ.Register{Patron: circ.Patron{Card: "2009", Family: "Okafor"}})
			before := w.now
			central := w.now.Add(row.wrong)
			w.SetClock(central.Add(-row.took/2), row.took)
			w.SetClock(time.Time{}, 0)
			if left := central.Sub(w.Desk.Now()); left != row.left {
				t.Errorf("off by %s", left)
			}
			if a := w.Act("kim", nil); a.At.Before(before) {
				t.Errorf("an act at %s, after one at %s", a.At, before)
			}
		})
	}
}
