package desk_test

import (
	"testing"
	"time"

	"circdesk/desk"
)

func TestTheAgeOfTheFactsIsToldThenAsked(t *testing.T) {
	story(t, func(w *world) {
		t := w.t
		w.pull()
		w.days(41)
		w.scan(maria)
		if o := w.scan(middle); o.Word != desk.WordOut || reasons(o.Tell) != "old_facts" {
			t.Errorf("after 41 days: %+v", o)
		}
		w.days(10)
		w.boss()
		w.scan(maria)
		if o := w.scan(kind); o.Word != desk.WordAsk || reasons(o.Ask) != "old_facts" {
			t.Fatalf("after 51 days: %+v", o)
		}
		o := w.do(desk.Yes{Why: "the line is gone for long"})
		if o.Word != desk.WordOut {
			t.Fatalf("the yes: %+v", o)
		}
		w.plug()
		w.pass(2 * time.Minute)
		if w.desk.Unsettled() != 0 {
			t.Error("it waits")
		}
		all, err := w.desk.Conflicts(t.Context(), true)
		if err != nil || len(all) != 0 {
			t.Errorf("the server decides the same, and objects: %+v %v", all, err)
		}
		if l := w.loan("I2"); l.Patron != "P1" {
			t.Errorf("the loan: %+v", l)
		}
		// With the line the facts are of now.
		w.scan(maria)
		if o := w.scan(planet); o.Word != desk.WordOut || len(o.Tell) != 0 {
			t.Errorf("with the line: %+v", o)
		}
	})
}
