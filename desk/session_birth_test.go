package desk_test

import (
	"strings"
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
)

func TestABirthDateIsAMatchOrNone(t *testing.T) {
	story(t, func(w *world) {
		if o := w.do(desk.Born{Date: "1984-01-01"}); reasons(o.Reasons) != "no_patron" {
			t.Errorf("nobody is open: %+v", o)
		}
		if o := w.do(desk.Register{Patron: circ.Patron{Card: "2000000000099", Family: "Kos", Given: "Ida", Birth: "1990-04-23"}}); o.Word == desk.WordStop {
			t.Fatalf("%+v", o)
		}
		if o := w.do(desk.Born{Date: "1990-04-23"}); o.Word != desk.WordDone || !strings.HasPrefix(o.Text, "MATCH") {
			t.Errorf("the day: %+v", o)
		}
		for _, day := range []string{"23.4.1990", "", "2999-01-01", "1990-02-30"} {
			if o := w.do(desk.Born{Date: day}); reasons(o.Reasons) != "bad_date" {
				t.Errorf("%q: %+v", day, o)
			}
		}
		for range 3 {
			if o := w.do(desk.Born{Date: "1990-04-24"}); reasons(o.Reasons) != "born_otherwise" || !strings.Contains(o.Text, "NO MATCH") || strings.Contains(o.Text, "1990") {
				t.Errorf("another day: %+v", o)
			}
		}
		w.do(desk.Done{})
		w.do(desk.Scan{Text: "2000000000099"})
		if o := w.do(desk.Born{Date: "1990-04-23"}); reasons(o.Reasons) != "too_many_dates" {
			t.Errorf("a fourth, in the next visit: %+v", o)
		}
		w.pass(61 * time.Minute)
		w.do(desk.Scan{Text: "2000000000099"})
		if o := w.do(desk.Born{Date: "1990-04-23"}); o.Word != desk.WordDone {
			t.Errorf("an hour later: %+v", o)
		}
		w.do(desk.Scan{Text: "77"})
		if o := w.do(desk.Born{Date: "1990-04-23"}); o.Word == desk.WordDone {
			t.Errorf("somebody else: %+v", o)
		}
	})
}
