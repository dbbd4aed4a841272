package desk_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/uplink"
)

// outcomes gives all outcomes of an input, the local one first.
func (w *world) outcomes(n int64) (out []desk.Outcome) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, o := range w.said {
		if o.N == n {
			out = append(out, o)
		}
	}
	return out
}

func TestTwoWords(t *testing.T) {
	story(t, func(w *world) {
		w.scan(maria)
		w.line.set(func() { w.line.slow = 300 * time.Millisecond })
		n := w.send(desk.Scan{Text: middle})
		w.settle()
		said := w.outcomes(n)
		if len(said) != 1 || said[0].Final || said[0].Word != desk.WordOut || said[0].Waiting != 1 {
			t.Fatalf("before the answer: %+v", said)
		}
		w.pass(time.Second)
		said = w.outcomes(n)
		if len(said) != 2 || !said[1].Final || said[1].Word != desk.WordOut || said[1].Differs || said[1].Mode != journal.Asked || said[1].Waiting != 0 {
			t.Fatalf("after the answer: %+v", said)
		}
		if lines := w.st().Visit.Lines; len(lines) != 1 || !lines[0].Final {
			t.Errorf("the lines: %+v", lines)
		}
	})
}

// The line may answer each scan late while the next are made.
func TestAsksArePipelined(t *testing.T) {
	story(t, func(w *world) {
		w.scan(maria)
		w.line.set(func() { w.line.slow = 200 * time.Millisecond })
		first := w.send(desk.Scan{Text: middle})
		w.send(desk.Scan{Text: kind})
		last := w.send(desk.Scan{Text: planet})
		w.settle()
		for n := first; n <= last; n++ {
			if said := w.outcomes(n); len(said) != 1 || said[0].Word != desk.WordOut {
				t.Fatalf("scan %d before the answers: %+v", n, said)
			}
		}
		w.pass(time.Second)
		for n := first; n <= last; n++ {
			if said := w.finals(n); len(said) != 1 || said[0].Word != desk.WordOut || said[0].Mode != journal.Asked {
				t.Errorf("scan %d: %+v", n, said)
			}
		}
	})
}

func TestWhatWaitsIsListed(t *testing.T) {
	story(t, func(w *world) {
		if o := w.do(desk.Conflicts{}); len(o.Unsent) != 0 {
			t.Errorf("with the line up: %+v", o.Unsent)
		}
		w.pull()
		w.scan(maria)
		w.scan(middle)
		w.do(desk.Go{To: desk.AtCheckIn})
		w.scan(kind)
		o := w.do(desk.Conflicts{})
		if len(o.Unsent) != 2 || o.Unsent[0].Word != desk.WordOut || o.Unsent[0].Text != "Middlemarch" || o.Unsent[1].Word != desk.WordIn || o.Unsent[1].N != 2 {
			t.Errorf("without it: %+v", o.Unsent)
		}
		w.do(desk.Undo{N: []int{1}})
		if o := w.do(desk.Conflicts{}); len(o.Unsent) != 3 || o.Unsent[2].Word != desk.WordUndone || o.Unsent[2].Text != "Kind of blue" {
			t.Errorf("after an undo: %+v", o.Unsent)
		}
		if st := w.st(); st.Answer.IsZero() || !st.Answer.Before(st.Since.Add(time.Second)) || st.Stuck != "" {
			t.Errorf("last answer %v, gone since %v, %q", st.Answer, st.Since, st.Stuck)
		}
		w.plug()
		w.pass(30 * time.Second)
		if o := w.do(desk.Conflicts{}); len(o.Unsent) != 0 {
			t.Errorf("after it is back: %+v", o.Unsent)
		}
	})
}

func TestDeadline(t *testing.T) {
	for _, row := range []struct {
		name    string
		break_  func(*wire)
		loans   bool // the hub has the loan before the line is back
		refused bool // the desk itself says no
	}{
		{"requests are lost", func(l *wire) { l.cut = true }, false, false},
		{"replies are lost", func(l *wire) { l.mute = true }, true, false},
		{"the line is slow", func(l *wire) { l.slow = 3 * time.Second }, false, false},
		{"replies are lost, and the desk says no", func(l *wire) { l.mute = true }, false, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			story(t, func(w *world) {
				code := middle
				w.scan(maria)
				if row.refused {
					code = noitem
				}
				w.line.set(func() { row.break_(w.line) })
				n := w.send(desk.Scan{Text: code})
				w.pass(1600 * time.Millisecond)
				got := w.finals(n)
				want := desk.WordOut
				if row.refused {
					want = desk.WordStop
				}
				if len(got) != 1 || got[0].Word != want || got[0].Mode != journal.Fact || got[0].Differs {
					t.Fatalf("after the deadline: %+v", got)
				}
				if l := w.loan("I1"); (l.ID != "") != row.loans {
					t.Errorf("at the hub: %+v", l)
				}
				if w.noticed(desk.LineGone) != 1 || w.st().Up {
					t.Errorf("%d notices that the line is gone", w.noticed(desk.LineGone))
				}
				// from now on facts, at once
				if o := w.scan(kind); o.Word != desk.WordOut || o.Mode != journal.Fact {
					t.Errorf("the next scan: %+v", o)
				}
				w.plug()
				w.pass(30 * time.Second)
				if st := w.st(); !st.Up || st.Waiting != 0 || st.Conflicts != 0 {
					t.Errorf("after the line is back: up %v, %d waiting, %d conflicts", st.Up, st.Waiting, st.Conflicts)
				}
				if l := w.loan("I1"); (l.ID != "") == row.refused || !l.Due.Equal(got[0].Due) {
					t.Errorf("at the hub: %+v, told due %s", l, got[0].Due)
				}
				if l := w.loan("I2"); l.Patron != "P1" {
					t.Errorf("the second at the hub: %+v", l)
				}
				if len(w.finals(n)) != 1 {
					t.Errorf("more than one final word")
				}
			})
		})
	}
}

// A deadline ends the wait of all that wait, in order.
func TestDeadlineEndsAll(t *testing.T) {
	story(t, func(w *world) {
		w.scan(maria)
		w.line.set(func() { w.line.cut = true })
		first := w.send(desk.Scan{Text: middle})
		w.pass(time.Second)
		last := w.send(desk.Scan{Text: kind})
		w.pass(600 * time.Millisecond)
		if a, b := w.finals(first), w.finals(last); len(a) != 1 || len(b) != 1 || a[0].Word != desk.WordOut || b[0].Word != desk.WordOut {
			t.Errorf("after the first deadline: %+v %+v", a, b)
		}
	})
}

// The central system knows better.
func TestDiffers(t *testing.T) {
	story(t, func(w *world) {
		w.scan(maria)
		w.line.set(func() { w.line.slow = 100 * time.Millisecond }) // the copy is older than the answer
		w.elsewhere(circ.CheckOut{Patron: "P4", Item: "I2"})
		n := w.send(desk.Scan{Text: kind})
		w.pass(time.Second)
		said := w.outcomes(n)
		if len(said) != 2 || said[0].Word != desk.WordOut || said[1].Word == desk.WordOut || !said[1].Differs || w.st().Question == nil {
			t.Errorf("said: %+v", said)
		}
	})
}

// The central system knows an item that the copy does not have yet.
func TestCentralKnowsMore(t *testing.T) {
	for _, row := range []struct {
		name  string
		known bool // the copy has it by the time of the answer
		title string
		text  string
	}{
		{"the copy does not have it yet", false, "", "99887, due Mon 14 Dec"},
		{"the copy has it by then", true, "Beloved", "Beloved, due Mon 14 Dec"},
	} {
		t.Run(row.name, func(t *testing.T) {
			story(t, func(w *world) {
				w.scan(maria)
				if row.known {
					w.line.set(func() { w.line.slow = 900 * time.Millisecond })
				}
				rows := []circ.Row{circ.Title{ID: "N", Title: "Beloved"}, circ.Item{ID: "NI", Barcode: "99887", Title: "N", Home: "main"}}
				must(t, w.store.hub.Update(w.t.Context(), func(tx journal.HubTx) error { return tx.Put(w.t.Context(), rows) }))
				n := w.send(desk.Scan{Text: "99887"})
				if row.known {
					w.pass(1200 * time.Millisecond)
				}
				w.settle()
				said := w.outcomes(n)
				if len(said) != 2 || said[0].Word != desk.WordStop || said[1].Word != desk.WordOut || !said[1].Differs {
					t.Fatalf("said %+v", said)
				}
				if o := said[1]; o.Title != row.title || o.Text != row.text || (o.Item != nil) != row.known {
					t.Errorf("got %q: %q, item %+v", o.Title, o.Text, o.Item)
				}
				if lines := w.st().Visit.Lines; len(lines) != 1 || lines[0].Word != desk.WordOut {
					t.Errorf("the list says %s", wordsOf(lines))
				}
				w.plug()
				w.do(desk.Slip{})
				if len(w.slips) != 1 || !strings.Contains(w.slips[0], "Beloved") {
					t.Errorf("the slip: %q", w.slips)
				}
			})
		})
	}
}

func TestDiffersWithAStop(t *testing.T) {
	story(t, func(w *world) {
		w.scan(tom)
		w.line.set(func() { w.line.slow = 100 * time.Millisecond })
		w.elsewhere(circ.CancelRequest{Request: "R1"})
		n := w.send(desk.Cancel{N: 1})
		w.pass(time.Second)
		o := w.finals(n)
		if len(o) != 1 || o[0].Word != desk.WordStop || !o[0].Differs || o[0].Text != "Perl: central: the request is over" {
			t.Errorf("said: %+v", o)
		}
	})
}

func TestLateRefusal(t *testing.T) {
	story(t, func(w *world) {
		w.scan(maria)
		w.pull()
		if o := w.scan(kind); o.Word != desk.WordOut || o.Mode != journal.Fact {
			t.Fatalf("without a line: %+v", o)
		}
		w.do(desk.Done{})
		w.elsewhere(circ.CheckOut{Patron: "P4", Item: "I2"}) // cannot be: it left here
		w.plug()
		w.pass(10 * time.Second)
		if st := w.st(); st.Conflicts != 1 || w.noticed(desk.LateRefusal) != 1 {
			t.Fatalf("%d conflicts, %d notices", st.Conflicts, w.noticed(desk.LateRefusal))
		}
		o := w.do(desk.Conflicts{})
		if len(o.Conflicts) != 1 || o.Conflicts[0].Name != "Kind of blue" || o.Conflicts[0].Person != "SILVA, Maria" || o.Conflicts[0].Operator != "kim" || len(o.Conflicts[0].Said) == 0 {
			t.Fatalf("listed: %+v", o.Conflicts)
		}
		id := o.Conflicts[0].ID
		if o := w.do(desk.Settle{Entry: id, Why: "called them"}); reasons(o.Reasons) != "right_missing" {
			t.Errorf("settled without the right: %+v", o)
		}
		w.do(desk.SignIn{Name: "boss", PIN: "1234"})
		if o := w.do(desk.Settle{Entry: id}); reasons(o.Reasons) != "reason_needed" {
			t.Errorf("settled without a reason: %+v", o)
		}
		if o := w.do(desk.Settle{Entry: id, Why: "called them"}); o.Word != desk.WordDone || w.st().Conflicts != 0 {
			t.Errorf("settled: %+v, %d open", o, w.st().Conflicts)
		}
		if o := w.do(desk.Settle{Entry: id, Why: "again"}); reasons(o.Reasons) != "no_such_conflict" {
			t.Errorf("settled twice: %+v", o)
		}
	})
}

// The desk was told nothing in time, and the central system says no later: that
// is a conflict, even if the patron is closed.
func TestRefusedAfterItStood(t *testing.T) {
	for _, row := range []struct {
		name   string
		breaks func(*wire)
		closes bool
	}{
		{"while the patron is open", func(l *wire) { l.cut = true }, false},
		{"when the patron is closed", func(l *wire) { l.cut = true }, true},
		{"and only the reply was lost", func(l *wire) { l.mute = true }, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			story(t, func(w *world) {
				w.scan(maria)
				w.line.set(func() { row.breaks(w.line) })
				w.elsewhere(circ.BlockPatron{Patron: "P1", Text: "card found in the bin"})
				n := w.send(desk.Scan{Text: middle})
				w.pass(2 * time.Second)
				o := w.finals(n)
				if len(o) != 1 || o[0].Word != desk.WordOut || o[0].Mode != journal.Fact {
					t.Fatalf("after the deadline: %+v", o)
				}
				if row.closes {
					w.do(desk.Done{})
				}
				w.plug()
				w.pass(10 * time.Second)
				if len(w.finals(n)) != 1 || w.st().Conflicts != 1 || w.loan("I1").Patron != "P1" {
					t.Errorf("%d final words, %d conflicts, at the hub %+v", len(w.finals(n)), w.st().Conflicts, w.loan("I1"))
				}
				told := w.told(desk.LateRefusal)
				if len(told) != 1 || told[0].Entry != o[0].Entry || !strings.Contains(told[0].Words, "card found in the bin") || !strings.Contains(told[0].Words, "Middlemarch") {
					t.Errorf("told %+v of entry %s", told, o[0].Entry)
				}
			})
		})
	}
}

// told gives the notices of a kind.
func (w *world) told(kind desk.NoticeKind) (out []desk.Notice) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range w.notices {
		if n.Kind == kind {
			out = append(out, n)
		}
	}
	return out
}

// The first answer of a day is no news; that the line goes and comes is.
func TestTheLineIsNews(t *testing.T) {
	story(t, func(w *world) {
		if w.noticed(desk.LineBack) != 0 || w.noticed(desk.LineGone) != 0 || !w.st().Up {
			t.Errorf("at the start: %+v", w.notices)
		}
		w.pull()
		if w.noticed(desk.LineGone) != 1 || w.st().Up {
			t.Errorf("pulled: %+v", w.notices)
		}
		w.plug()
		if w.noticed(desk.LineBack) != 1 || !w.st().Up {
			t.Errorf("plugged in: %+v", w.notices)
		}
		w.s.Hear(uplink.Stuck{Why: errCut})
		w.settle()
		if w.noticed(desk.ChainStuck) != 1 {
			t.Errorf("stuck: %+v", w.notices)
		}
		w.s.Hear(uplink.Filling{Came: 12})
		w.settle()
		if got := w.st().Filling; got != 12 {
			t.Errorf("%d rows of a fill are shown", got)
		}
		w.s.Hear(uplink.Fresh{})
		w.settle()
		if got := w.st().Filling; got != 0 {
			t.Errorf("afterwards %d", got)
		}
	})
}

// What was asked and never shown before a restart is withdrawn, and said so.
func TestRestart(t *testing.T) {
	story(t, func(w *world) {
		w.scan(maria)
		w.line.set(func() { w.line.mute = true })
		n := w.send(desk.Scan{Text: middle})
		w.settle()
		w.stop()
		if got := w.finals(n); len(got) != 0 {
			t.Fatalf("shown before the restart: %+v", got)
		}
		w.line.set(func() { w.line.mute = false })
		w.start()
		w.pass(5 * time.Second)
		if w.noticed(desk.NotShown) != 1 {
			t.Errorf("%d notices", w.noticed(desk.NotShown))
		}
		if l := w.loan("I1"); l.ID != "" {
			t.Errorf("at the hub: %+v %+v %+v", l, w.st(), w.up.Status())
		}
	})
}

func TestDiskFull(t *testing.T) {
	for _, row := range []struct {
		name string
		line bool
	}{
		{"with the line up", true},
		{"without a line", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			story(t, func(w *world) {
				if !row.line {
					w.pull()
				}
				w.scan(maria)
				w.store.journal.fill(syscall.ENOSPC)
				o := w.scan(middle)
				if o.Word != desk.WordStop || reasons(o.Reasons) != "not_written" || o.Entry != "" || w.noticed(desk.NotWritten) != 1 {
					t.Fatalf("on a full disk: %+v", o)
				}
				if o := w.scan(maria); o.Word != desk.WordPatron || len(o.Patron.Loans) != 0 {
					t.Errorf("looking up on a full disk: %+v", o)
				}
				w.store.journal.fill(nil)
				if o := w.scan(middle); o.Word != desk.WordOut {
					t.Errorf("when there is room: %+v", o)
				}
				w.do(desk.Go{To: desk.AtCheckIn})
				w.store.journal.fill(syscall.EFBIG)
				if o := w.scan(kind); reasons(o.Reasons) != "not_written" {
					t.Errorf("taken back on a full disk: %+v", o)
				}
				w.store.journal.fill(nil)
				if o := w.scan(kind); o.Word != desk.WordIn {
					t.Errorf("taken back when there is room: %+v", o)
				}
				w.plug()
				if l := w.loan("I1"); l.Patron != "P1" {
					t.Errorf("at the hub: %+v", l)
				}
			})
		})
	}
}

// The disk is full just when the deadline passes: nothing is told as done, and
// nothing is done.
func TestDiskFullAtTheDeadline(t *testing.T) {
	for _, row := range []struct {
		name   string
		breaks func(*wire)
		gone   int // how often the line was said to be gone
		after  func(w *world)
		next   circ.PatronID // who has the next item then
	}{
		{"then there is room, and a scan", func(l *wire) { l.mute = true }, 1, func(w *world) { w.scan(kind) }, "P1"},
		{"then there is room", func(l *wire) { l.mute = true }, 1, func(*world) {}, ""},
		{"and the line is not what is wrong", func(l *wire) { l.deaf = true }, 0, func(*world) {}, ""},
		{"then the program is started anew", func(l *wire) { l.mute = true }, 1, func(w *world) { w.stop(); w.start() }, ""},
		{"and the answer comes late", func(l *wire) { l.slow = 1600 * time.Millisecond }, 1, func(*world) {}, ""},
		{"and the answer finds no room", func(l *wire) { l.slow = 500 * time.Millisecond }, 0, func(*world) {}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			story(t, func(w *world) {
				w.scan(maria)
				w.line.set(func() { row.breaks(w.line) })
				n := w.send(desk.Scan{Text: middle})
				w.settle()
				w.store.journal.fill(syscall.ENOSPC)
				w.pass(2 * time.Second)
				got := w.finals(n)
				if len(got) != 1 || got[0].Word != desk.WordStop || reasons(got[0].Reasons) != "not_written" || w.noticed(desk.NotWritten) != 1 {
					t.Fatalf("said: %+v", got)
				}
				w.line.set(func() { w.line.slow = 0 })
				w.pass(3 * time.Second)
				if w.noticed(desk.LineGone) != row.gone {
					t.Errorf("the line was said to be gone %d times", w.noticed(desk.LineGone))
				}
				w.store.journal.fill(nil)
				row.after(w)
				w.plug()
				w.pass(2 * time.Minute)
				if l := w.loan("I1"); l.ID != "" {
					t.Errorf("told as not done, and at the hub: %+v", l)
				}
				if l := w.loan("I2"); l.Patron != row.next {
					t.Errorf("the next: %+v", l)
				}
				if st := w.st(); st.Waiting != 0 || st.Conflicts != 0 {
					t.Errorf("%d waiting, %d conflicts", st.Waiting, st.Conflicts)
				}
			})
		})
	}
}

func TestSync(t *testing.T) {
	story(t, func(w *world) {
		if o := w.do(desk.Sync{}); o.Word != desk.WordDone || o.Text != "all is delivered" {
			t.Errorf("with nothing to do: %+v", o)
		}
		w.pull()
		if o := w.do(desk.Sync{}); o.Word != desk.WordDone || reasons(o.Tell) != "no_line" {
			t.Errorf("with nothing to deliver and no line: %+v", o)
		}
		w.scan(maria)
		w.scan(middle)
		if o := w.do(desk.Sync{}); o.Word != desk.WordStop || reasons(o.Reasons) != "no_line" || o.Waiting != 1 {
			t.Errorf("without a line: %+v", o)
		}
		w.line.set(func() { w.line.cut = false })
		if o := w.do(desk.Sync{}); o.Word != desk.WordDone || o.Waiting != 0 {
			t.Errorf("with it: %+v", o)
		}
	})
}

// The answer is in the journal when the deadline passes, and only the session
// has not heard of it: it counts.
func TestAnswerAtTheDeadline(t *testing.T) {
	story(t, func(w *world) {
		w.scan(maria)
		w.line.set(func() { w.line.mute = true })
		n := w.send(desk.Scan{Text: middle})
		w.settle()
		es, err := w.desk.Unsent(w.t.Context(), 10)
		must(t, err)
		rs, err := w.hub.Deliver(w.t.Context(), es)
		must(t, err)
		_, err = w.desk.Settle(w.t.Context(), rs)
		must(t, err)
		w.pass(2 * time.Second)
		if o := w.finals(n); len(o) != 1 || o[0].Mode != journal.Asked {
			t.Errorf("said: %+v", o)
		}
		if st := w.st(); st.Waiting != 0 {
			t.Errorf("%d waiting", st.Waiting)
		}
	})
}
