package uplink_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/uplink"
)

// The line goes and comes back; the clock is the test's.
func TestTheLineGoesAndComes(t *testing.T) {
	for _, row := range []struct {
		name   string
		breaks func(*cable)
		within time.Duration
	}{
		{"it is cut: known at once", (*cable).pull, 0},
		{"it hangs: known within five seconds", func(c *cable) { c.set(func() { c.hangs = true }) }, 5 * time.Second},
	} {
		t.Run(row.name, func(t *testing.T) {
			inOffice(t, func(o *office) {
				t := o.t
				row.breaks(o.cable)
				o.pass(row.within)
				if got := o.heard(); got != "down " || o.up.Status().Up || o.up.Asking() {
					t.Fatalf("heard %q, asking %v", got, o.up.Asking())
				}
				o.lend("P0", "X0")
				o.pass(10 * time.Minute)
				o.cable.plug()
				o.pass(5 * time.Second)
				if got := o.heard(); got != "up " || !o.up.Asking() || o.atHub("X0") != "P0" {
					t.Errorf("heard %q, asking %v, %q at the hub", got, o.up.Asking(), o.atHub("X0"))
				}
			})
		})
	}
}

// A line that comes and goes each second, for ten minutes, hangs half of the time
// that it is gone, and answers deliveries that the desk no longer waits for: each
// scan is durable at once, and all are at the hub in the end, once.
func TestALineThatFlaps(t *testing.T) {
	inOffice(t, func(o *office) {
		t := o.t
		lent := map[circ.ItemID]bool{}
		for second := range 600 {
			if second%2 == 0 {
				o.cable.set(func() { o.cable.hangs = second%4 == 0 })
				if second%4 != 0 {
					o.cable.pull()
				}
			} else {
				o.cable.plug()
			}
			if second%7 == 0 {
				id := circ.ItemID(fmt.Sprint("X", second%4))
				before := time.Now()
				if lent[id] {
					time.Sleep(time.Second / 10)
					_, e, err := o.desk.Fact(o.ctx, o.desk.Act("ana", circ.CheckIn{Item: id}), nil)
					if err != nil || e == nil {
						t.Fatalf("second %d: not taken back: %v", second, err)
					}
					o.up.Wake()
				} else {
					o.lend("P0", id)
				}
				if took := time.Since(before); took > time.Second {
					t.Errorf("second %d: the scan waited for the line, %s", second, took)
				}
				lent[id] = !lent[id]
			}
			o.pass(time.Second)
		}
		o.cable.plug()
		o.pass(2 * time.Minute)
		if n := o.desk.Unsettled(); n != 0 || !o.up.Status().Up {
			t.Errorf("%d entries are left, %+v", n, o.up.Status())
		}
		head, err := o.desk.Head(o.ctx)
		fine(t, err)
		w, err := o.cable.hub.Hello(o.ctx, central.Hello{Desk: "a"})
		fine(t, err)
		open, err := o.desk.Conflicts(o.ctx, false)
		fine(t, err)
		if w.Mark != head || head.Seq != 86 || len(open) != 0 {
			t.Errorf("the desk is at %d, the hub at %d, %d conflicts", head.Seq, w.Mark.Seq, len(open))
		}
		for id, out := range lent {
			if got := o.atHub(id); (got != "") != out || o.atDesk(id) != got {
				t.Errorf("%s is lent: %v, and at the hub with %q", id, out, got)
			}
		}
	})
}

// A line that was gone is there when it has answered twice.
func TestOneAnswerIsNotEnough(t *testing.T) {
	inOffice(t, func(o *office) {
		t := o.t
		o.up.Missed()
		if got := o.heard(); got != "down " || o.up.Asking() {
			t.Fatalf("heard %q", got)
		}
		before := o.calls("hello")
		for o.calls("hello") < before+1 {
			o.pass(10 * time.Millisecond)
		}
		if o.up.Asking() || o.up.Status().Up {
			t.Error("one answer was enough")
		}
		for o.calls("hello") < before+2 {
			o.pass(10 * time.Millisecond)
		}
		if got := o.heard(); got != "up " || !o.up.Asking() {
			t.Errorf("after two it heard %q", got)
		}
	})
}

func TestProbe(t *testing.T) {
	inOffice(t, func(o *office) {
		t := o.t
		probe := func(name string, up bool, heard string) {
			t.Helper()
			at := time.Now()
			st := o.up.Probe(o.ctx)
			if got := o.heard(); st.Up != up || got != heard || !time.Now().Equal(at) {
				t.Errorf("%s: up %v, heard %q, after %s", name, st.Up, got, time.Since(at))
			}
		}
		probe("nothing has changed", true, "")
		o.cable.set(func() { o.cable.cut = closed() }) // and nothing that hangs on it is cut
		probe("it was pulled", false, "down ")
		probe("it was pulled before", false, "")
		o.lend("P0", "X0")
		o.cable.plug()
		probe("it was plugged in", true, "up ")
		probe("it was plugged in before", true, "")
		fine(t, o.up.Sync(o.ctx))
		if o.atHub("X0") != "P0" {
			t.Error("what waited was not delivered")
		}
	})
}

// Without an uplink that runs it works too: "circdesk sync" is such a one.
func TestProbeBeforeRun(t *testing.T) {
	for _, row := range []struct {
		name  string
		cut   bool
		heard string
	}{{"there", false, "up "}, {"gone", true, "down "}} {
		t.Run(row.name, func(t *testing.T) {
			beforeRun(t, func(o *office) {
				if row.cut {
					o.cable.pull()
				}
				if st := o.up.Probe(o.ctx); st.Up == row.cut || o.heard() != row.heard {
					o.t.Errorf("up %v", st.Up)
				}
			})
		})
	}
}

func closed() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

// A delivery that hangs when the line goes does not hold up what comes when it
// is back.
func TestWhatHungIsGivenUp(t *testing.T) {
	inOffice(t, func(o *office) {
		t := o.t
		o.cable.set(func() { o.cable.deaf = true })
		o.lend("P0", "X0")
		o.pass(2 * time.Second)
		if o.up.Asking() {
			t.Error("it asks behind a delivery that hangs")
		}
		o.up.Missed()
		o.cable.plug()
		o.pass(3 * time.Second) // less than a delivery may take
		if o.atHub("X0") != "P0" || !o.up.Asking() || o.desk.Unsettled() != 0 {
			t.Errorf("%q at the hub, asking %v, heard %q", o.atHub("X0"), o.up.Asking(), o.heard())
		}
	})
}

// What was begun while the line was there says nothing when it is back.
func TestALateFailureIsNoNews(t *testing.T) {
	inOffice(t, func(o *office) {
		t := o.t
		o.cable.set(func() { o.cable.hangs = true })
		done := make(chan uplink.Status)
		go func() { done <- o.up.Probe(o.ctx) }() // hangs for a second and a half
		o.pass(100 * time.Millisecond)
		o.up.Missed()
		o.cable.plug()
		o.up.Probe(o.ctx)
		if got := o.heard(); got != "down up " {
			t.Fatalf("heard %q", got)
		}
		<-done
		o.pass(10 * time.Second)
		if got := o.heard(); got != "" {
			t.Errorf("then it heard %q", got)
		}
	})
}

// A line that is too slow for questions is not too slow to deliver.
func TestASlowLineDelivers(t *testing.T) {
	inOffice(t, func(o *office) {
		t := o.t
		o.cable.set(func() { o.cable.dull = true })
		o.pass(5 * time.Second)
		o.lend("P0", "X0")
		o.pass(time.Minute)
		if o.up.Status().Up || o.up.Asking() || o.atHub("X0") != "P0" {
			t.Errorf("up %v, %q at the hub", o.up.Status().Up, o.atHub("X0"))
		}
	})
}

func TestSync(t *testing.T) {
	inOffice(t, func(o *office) {
		t := o.t
		o.cable.set(func() { o.cable.hangs = true })
		o.lend("P0", "X0")
		o.pass(10 * time.Second)
		at := time.Now()
		if err := o.up.Sync(o.ctx); err == nil || o.up.Status().Unsent != 1 || time.Since(at) > 2*time.Second {
			t.Fatalf("without a line: %d unsent after %s: %v", o.up.Status().Unsent, time.Since(at), err)
		}
		o.cable.plug()
		if err := o.up.Sync(o.ctx); err != nil || o.up.Status().Unsent != 0 || o.atHub("X0") != "P0" {
			t.Fatalf("with it: %d unsent: %v", o.up.Status().Unsent, err)
		}
		if err := o.up.Sync(o.ctx); err != nil {
			t.Errorf("with nothing to do: %v", err)
		}
		// beside the deliveries that go by themselves
		for _, p := range []circ.PatronID{"P1", "P2"} {
			o.lend(p, circ.ItemID("X"+string(p[1:])))
			if err := o.up.Sync(o.ctx); err != nil || o.up.Status().Unsent != 0 {
				t.Errorf("beside others: %d unsent: %v", o.up.Status().Unsent, err)
			}
		}
	})
}

// A hub that answers greetings and takes no entries is no line that comes and
// goes.
func TestEntriesAreRefused(t *testing.T) {
	for _, row := range []struct {
		name string
		says error
	}{
		{"with an error", errors.New("internal error")},
		{"since another entry has the number", &central.ForkError{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			inOffice(t, func(o *office) {
				t := o.t
				o.cable.set(func() { o.cable.sulks = row.says })
				o.lend("P0", "X0")
				o.pass(10 * time.Minute)
				got := o.heard()
				if !strings.HasSuffix(got, "stuck ") || strings.Count(got, "down") > 2 || o.up.Asking() || o.up.Status().Stuck == nil {
					t.Fatalf("heard %q, asking %v", got, o.up.Asking())
				}
				o.cable.set(func() { o.cable.sulks = nil })
				o.pass(2 * time.Minute)
				if got := o.heard(); got != "" || !o.up.Asking() || o.up.Status().Stuck != nil || o.atHub("X0") != "P0" {
					t.Errorf("when it takes them: heard %q, asking %v", got, o.up.Asking())
				}
			})
		})
	}
}

// A desk that cannot keep the receipts has a line all the same.
func TestTheDiskIsNotTheLine(t *testing.T) {
	inOffice(t, func(o *office) {
		t := o.t
		o.lendThen("P0", "X0", func() { o.books.journal.set(errors.New("no room")) })
		o.pass(time.Minute)
		for _, e := range o.since() {
			switch e.(type) {
			case uplink.Receipts, uplink.LineDown:
				t.Errorf("heard %+v", e)
			}
		}
		if !o.up.Status().Up || len(o.unsent()) != 1 {
			t.Fatalf("up %v, %d unsent", o.up.Status().Up, len(o.unsent()))
		}
		o.books.journal.set(nil)
		o.pass(time.Minute)
		if got := o.heard(); got != "" || len(o.unsent()) != 0 {
			t.Errorf("when there is room: heard %q, %d unsent", got, len(o.unsent()))
		}
	})
}

// unsent gives the entries without a receipt in the journal.
func (o *office) unsent() []journal.Entry {
	es, err := o.desk.Unsent(o.ctx, 100)
	fine(o.t, err)
	return es
}

// lendThen lends, and does something before that is delivered.
func (o *office) lendThen(p circ.PatronID, i circ.ItemID, then func()) {
	o.t.Helper()
	_, e, err := o.desk.Fact(o.ctx, o.desk.Act("ana", circ.CheckOut{Patron: p, Item: i}), nil)
	fine(o.t, err)
	if e == nil {
		o.t.Fatal("not lent")
	}
	then()
	o.up.Wake()
}

// fillings gives how far fills were told to be.
func (o *office) fillings() (out []uplink.Filling) {
	for _, e := range o.since() {
		if f, ok := e.(uplink.Filling); ok {
			out = append(out, f)
		}
	}
	return out
}

func TestTheFirstFill(t *testing.T) {
	all := len(officeRows())
	for _, row := range []struct {
		name string
		fn   func(t *testing.T, o *office)
	}{
		{"an empty copy is filled from a snapshot", func(t *testing.T, o *office) {
			fine(t, o.up.Sync(o.ctx))
			told := o.fillings()
			if len(told) != 2 || told[0] != (uplink.Filling{Came: all}) || told[1] != (uplink.Filling{Came: all, Kept: all}) {
				t.Errorf("told %+v", told)
			}
			if o.calls("snapshot") != 1 || o.up.Status().Copy.IsZero() {
				t.Errorf("%d snapshots, copy of %s", o.calls("snapshot"), o.up.Status().Copy)
			}
			o.lend("P0", "X0")
			fine(t, o.up.Sync(o.ctx))
			if o.calls("snapshot") != 1 {
				t.Errorf("%d snapshots", o.calls("snapshot"))
			}
		}},
		{"one that is cut off is begun anew", func(t *testing.T, o *office) {
			o.cable.short = 3
			if err := o.up.Sync(o.ctx); !errors.Is(err, errPulled) {
				t.Fatalf("cut off: %v", err)
			}
			o.cable.short = 0
			o.open() // even after a restart
			fine(t, o.up.Sync(o.ctx))
			if o.calls("snapshot") != 2 {
				t.Errorf("%d snapshots", o.calls("snapshot"))
			}
			o.lend("P0", "X0")
		}},
		{"a copy that cannot load is filled by the feed", func(t *testing.T, o *office) {
			o.books.cache = struct{ journal.Store[journal.CacheTx] }{o.books.cache}
			o.open()
			fine(t, o.up.Sync(o.ctx))
			o.lend("P0", "X0")
			if o.calls("snapshot") != 0 || len(o.fillings()) != 0 {
				t.Errorf("%d snapshots", o.calls("snapshot"))
			}
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			beforeRun(t, func(o *office) { row.fn(o.t, o) })
		})
	}
}

// A line that nobody has greeted on hears of it by the first delivery.
func TestTheHubSaysWhatItLacks(t *testing.T) {
	beforeRun(t, func(o *office) {
		fine(o.t, o.up.Sync(o.ctx))
		o.lend("P0", "X0")
		o.lend("P1", "X1")
		fine(o.t, o.up.Sync(o.ctx))
		o.cable.set(func() { o.cable.hub = o.newHub() })
		o.lend("P2", "X2")
		line := uplink.Line{Desk: o.desk, System: o.cable}
		var got []int
		for range 3 {
			d, err := line.Deliver(o.ctx)
			fine(o.t, err)
			got = append(got, len(d.Receipts))
		}
		if !slices.Equal(got, []int{2, 1, 0}) || o.atHub("X0") != "P0" || o.atHub("X2") != "P2" {
			o.t.Errorf("receipts %v, %q and %q at the hub", got, o.atHub("X0"), o.atHub("X2"))
		}
	})
}

func TestTheCopyIsKnownToBeFresh(t *testing.T) {
	inOffice(t, func(o *office) { // for a second
		t := o.t
		if age := time.Since(o.up.Status().Copy); age > time.Second {
			t.Errorf("the copy is %s old", age)
		}
		o.pass(time.Hour)
		if age := time.Since(o.up.Status().Copy); age > 10*time.Second {
			t.Errorf("after an hour without a change it is %s old", age)
		}
		o.cable.pull()
		o.pass(time.Hour)
		o.open() // after a restart without a line
		if age := time.Since(o.up.Status().Copy); age < time.Hour || age > 2*time.Hour {
			t.Errorf("after a restart it is %s old", age)
		}
	})
}

// A server that has given no page of the feed for long is asked again when the line comes.
func TestALineThatComesEndsTheWaitForTheFeed(t *testing.T) {
	inOffice(t, func(o *office) {
		o.cable.set(func() { o.cable.mute = errors.New("no space left on device") })
		o.pass(10 * time.Minute) // it waits a minute each time by now
		o.cable.set(func() { o.cable.mute = nil })
		o.cable.pull()
		o.pass(5 * time.Second)
		o.cable.plug()
		o.pass(5 * time.Second)
		if age := time.Since(o.up.Status().Copy); age > 5*time.Second {
			o.t.Errorf("the line is there, and the copy is %s old", age)
		}
	})
}

// What a desk with a wrong clock writes is of the hub's time.
func TestTheDesksClock(t *testing.T) {
	for _, wrong := range []time.Duration{0, 10 * time.Minute, -3 * time.Hour} {
		t.Run(wrong.String(), func(t *testing.T) {
			beforeRun(t, func(o *office) {
				o.wrong.Store(int64(wrong))
				o.open()
				fine(o.t, o.up.Sync(o.ctx))
				o.lend("P0", "X0")
				fine(o.t, o.up.Sync(o.ctx))
				open, err := o.desk.Conflicts(o.ctx, false)
				if err != nil || len(open) != 0 || !o.desk.Now().Equal(time.Now()) {
					o.t.Errorf("the desk says %s, the hub %s, %d conflicts: %v", o.desk.Now(), time.Now(), len(open), err)
				}
			})
		})
	}
}

// A clock that is far off, and is set right, by the line or by somebody: what was
// done meanwhile is in its order, what is done after is of the time that is, and
// what was of the future is told.
func TestAClockThatJumps(t *testing.T) {
	const year = 365 * 24 * time.Hour
	for _, row := range []struct {
		name    string
		wrong   time.Duration
		flagged bool
	}{
		{"a year ahead", year, true},
		{"a year behind", -year, false},
		{"an empty battery: 1970", -time.Since(time.Unix(0, 0)), false},
		{"summer time, as local time", time.Hour, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			inOffice(t, func(o *office) {
				t := o.t
				o.lend("P0", "X0")
				o.pass(time.Minute)
				o.cable.pull()
				o.pass(time.Minute)
				o.wrong.Add(int64(row.wrong))
				before := o.desk.Now()
				o.lend("P1", "X1") // without a line nobody can know
				o.lend("P1", "X2")
				o.cable.plug()
				o.pass(time.Minute)
				o.lend("P2", "X3")
				o.pass(time.Minute)
				if off := time.Until(o.desk.Now()); off.Abs() > time.Second {
					t.Errorf("the desk's clock is off by %s", off)
				}
				es, err := o.desk.After(o.ctx, journal.Mark{Desk: "a", Epoch: 1}, 100)
				fine(t, err)
				if len(es) != 4 || o.desk.Unsettled() != 0 {
					t.Fatalf("%d entries, %d wait", len(es), o.desk.Unsettled())
				}
				if at := es[3].Act.At; time.Since(at) > 2*time.Minute || at.After(time.Now()) {
					t.Errorf("after it was set right an entry is of %s, now is %s", at, time.Now())
				}
				for i, e := range es[:3] {
					if i > 0 && e.Act.At.Before(es[i-1].Act.At) {
						t.Errorf("entry %d is before the one before it", i)
					}
				}
				told := 0
				open, err := o.desk.Conflicts(o.ctx, false)
				fine(t, err)
				for _, c := range open {
					for _, r := range c.Met {
						if r.Reason == circ.ClockAhead {
							told++
						}
					}
				}
				if (told == 2) != row.flagged || told%2 != 0 {
					t.Errorf("%d entries are told to be of the future, the clock showed %s", told, before)
				}
				for i, p := range []circ.PatronID{"P0", "P1", "P1", "P2"} {
					if got := o.atHub(circ.ItemID(fmt.Sprint("X", i))); got != p {
						t.Errorf("item %d is with %q", i, got)
					}
				}
			})
		})
	}
}

// A hub that was set back or made anew is filled again by the desk that has gone
// further, and nothing that was shown goes from its screens meanwhile.
func TestTheHubIsSetBack(t *testing.T) {
	for _, row := range []struct {
		name   string
		epoch  string
		before func(o *office) // it is set back
		after  func(o *office)
		quick  bool // it is there again at once
	}{
		{"and says that it is another", "second", func(*office) {}, func(*office) {}, false},
		{"and does not say so", "first", func(*office) {}, func(*office) {}, false},
		{"and is there again at once", "second", func(*office) {}, func(*office) {}, true},
		{"and a fact waits too", "second", func(o *office) { o.lend("P2", "X2") }, func(*office) {}, false},
		{"and is slow to take entries", "second", func(*office) {}, func(o *office) {
			o.cable.set(func() { o.cable.deaf = true })
			o.pass(8 * time.Second)
			o.cable.set(func() { o.cable.deaf = false })
			o.pass(10 * time.Second)
		}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			inOffice(t, func(o *office) {
				t := o.t
				o.lend("P0", "X0")
				o.lend("P1", "X1")
				o.pass(time.Second)
				o.cable.pull()
				if !row.quick {
					o.pass(time.Second)
				}
				row.before(o)
				o.cable.set(func() { o.cable.hub, o.cable.epoch = o.newHub(), row.epoch })
				o.cable.plug()
				row.after(o)
				for range 50 {
					o.pass(100 * time.Millisecond)
					if o.atDesk("X0") != "P0" || o.atDesk("X1") != "P1" {
						t.Fatalf("the desk shows %q and %q", o.atDesk("X0"), o.atDesk("X1"))
					}
				}
				if o.atHub("X0") != "P0" || o.atHub("X1") != "P1" || o.desk.Pending() != 0 || o.desk.Unsettled() != 0 {
					t.Errorf("%q and %q at the hub, %d pending, heard %q", o.atHub("X0"), o.atHub("X1"), o.desk.Pending(), o.heard())
				}
				if n := o.calls("snapshot"); n != 2 {
					t.Errorf("%d snapshots", n)
				}
				o.lend("P3", "X3")
				o.pass(time.Second)
				if o.atHub("X3") != "P3" {
					t.Error("what comes later is not delivered")
				}
			})
		})
	}
}
