package desk_test

import (
	"testing"
	"time"

	"circdesk/desk"
)

// dies ends the desk without a word, and starts it again; nobody is signed in.
func (w *world) dies() {
	w.t.Helper()
	w.stop()
	w.start()
}

// heardOf gives what was told of a kind of notice since the last start.
func (w *world) heardOf(k desk.NoticeKind) (all []desk.Notice) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range w.notices {
		if n.Kind == k {
			all = append(all, n)
		}
	}
	return all
}

func (w *world) writes() int {
	b := w.store.journal
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.n
}

func TestADeskThatWasKilledGoesOnWhereItWas(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.boss()
		w.scan(maria)
		w.scan(middle)
		w.scan(kind)
		w.dies()
		if w.st().Visit != nil {
			t.Fatal("a visit is open, and nobody is signed in")
		}
		w.boss()
		v := w.st().Visit
		if v == nil || v.Patron.ID != "P1" || len(v.Lines) != 2 || v.Lines[0].Title != "Middlemarch" || v.Lines[1].Word != desk.WordOut || v.Lines[1].Due.IsZero() {
			t.Fatalf("the visit: %d lines %+v", len(v.Lines), v.Lines)
		}
		if len(w.heardOf(desk.VisitResumed)) != 1 {
			t.Errorf("it is told: %+v", w.notices)
		}
		if o := w.scan(planet); o.Word != desk.WordOut {
			t.Errorf("it goes on: %+v", o)
		}
		if n := len(w.st().Visit.Lines); n != 3 {
			t.Errorf("%d lines", n)
		}
	})
}

func TestAQuestionThatWasOpenIsOpenAgain(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.boss()
		w.scan(tom)
		asked := w.scan(middle)
		w.scan(kind) // waits behind it
		w.dies()
		o := w.do(desk.SignIn{Name: "boss", PIN: "1234"})
		st := w.st()
		if st.Visit == nil || st.Visit.Patron.ID != "P2" || st.Queued != 1 || st.Question == nil {
			t.Fatalf("the state: %+v, %+v", st, o)
		}
		if q := st.Question; reasons(q.Ask) != reasons(asked.Ask) || q.Title != "Middlemarch" {
			t.Fatalf("the question: %+v", q)
		}
		if w.desk.Unsettled() != 0 && w.st().Up {
			t.Error("asking again has written something")
		}
		if o := w.do(desk.Yes{Why: "she pays tomorrow"}); o.Word != desk.WordOut || len(o.Then) != 1 || o.Then[0].Word != desk.WordOut {
			t.Errorf("the yes: %+v", o)
		}
	})
}

func TestTheModeComesBackToo(t *testing.T) {
	story(t, func(w *world) {
		w.do(desk.Go{To: desk.AtCheckIn})
		w.do(desk.Bookdrop{On: true, Date: monday.Add(-time.Hour)})
		w.dies()
		w.do(desk.SignIn{Name: "kim", PIN: "1234"})
		if st := w.st(); st.Place != desk.AtCheckIn || st.Bookdrop == nil || !st.Bookdrop.Date.Equal(monday.Add(-time.Hour)) {
			t.Errorf("%+v", st)
		}
	})
}

func TestWhatDoesNotGoOnIsTold(t *testing.T) {
	for _, row := range []struct {
		name string
		who  string
		wait time.Duration
	}{
		{"another operator signs in", "boss", 0},
		{"the visit is an hour old", "kim", time.Hour},
	} {
		t.Run(row.name, func(t *testing.T) {
			story(t, func(w *world) {
				w.scan(tom)
				w.scan(middle)
				w.stop()
				time.Sleep(row.wait)
				w.start()
				w.do(desk.SignIn{Name: row.who, PIN: "1234"})
				if st := w.st(); st.Visit != nil || st.Question != nil {
					t.Errorf("%+v", st)
				}
				if told := w.heardOf(desk.VisitEnded); len(told) != 1 {
					t.Errorf("told: %+v", w.notices)
				}
				w.do(desk.SignIn{Name: "kim", PIN: "1234"})
				if w.st().Visit != nil {
					t.Error("it comes back later")
				}
			})
		})
	}
}

func TestAClerkWhoLeavesHasNothingToComeBackTo(t *testing.T) {
	story(t, func(w *world) {
		w.scan(maria)
		w.s.Leave()
		w.dies()
		w.do(desk.SignIn{Name: "kim", PIN: "1234"})
		if w.st().Visit != nil || len(w.heardOf(desk.VisitEnded)) > 0 {
			t.Errorf("%+v", w.st())
		}
	})
}

func TestAScanThatOnlyLendsWritesNoNote(t *testing.T) {
	story(t, func(w *world) {
		t := w.t
		w.scan(maria)
		w.pull()
		n := w.writes()
		w.scan(middle)
		w.scan(kind)
		if got := w.writes() - n; got != 2 {
			t.Errorf("two loans without a line are %d writes", got)
		}
	})
}
