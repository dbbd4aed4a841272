package desk_test

import (
	"strings"
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
)

// force puts rules in force at the server, which say something more than those of the
// world, and waits until the desk has them.
func (w *world) force(version, more string) {
	t := w.t
	t.Helper()
	body := strings.Replace(worldRules, `version = "stories"`, "version = \""+version+"\"", 1) + more
	_, err := policy.Parse([]byte(body))
	must(t, err)
	must(t, w.store.hub.Update(t.Context(), func(tx journal.HubTx) error {
		return tx.Put(t.Context(), []circ.Row{circ.Rules{Version: version, Body: body}})
	}))
	w.pass(5 * time.Second)
	if got := w.desk.Policy().Version(); got != version {
		t.Fatalf("the desk has the rules %s, not %s", got, version)
	}
}

// TestAnAmnestyAndADeclaredOutageAreTakenBack: rules put in force at the server let off
// what comes back while they hold. Taken back, the forecast and what is charged follow;
// what was let off before stays so.
func TestAnAmnestyAndADeclaredOutageAreTakenBack(t *testing.T) {
	story(t, func(w *world) {
		w.do(desk.OpenPatron{ID: "P4"})
		for _, code := range []string{middle, kind, planet, alibi} {
			w.scan(code)
		}
		w.do(desk.Done{})
		w.days(17) // three days late, of which it was open on none but the first: 0.20 each
		const (
			amnesty = "\n[[amnesty]]\nname = \"bring it all back\"\nfrom = 2026-12-17\nto = 2026-12-18\nreturns = true\n"
			outage  = "\n[[amnesty]]\nname = \"no power\"\nfrom = 2026-12-15\nto = 2026-12-15\n"
		)
		for _, step := range []struct {
			version, more  string
			forecast, owes int64 // of all that is out before, and after
			back           string
			tell           string
		}{
			{"amnesty", amnesty, 0, 0, middle, "was_late fee_let_off"},
			{"taken back", "", 60, 20, kind, "was_late fee_charged"},
			{"outage", outage, 0, 20, planet, "was_late"},
			{"nothing was wrong", "", 20, 40, alibi, "was_late fee_charged"},
		} {
			w.force(step.version, step.more)
			w.do(desk.OpenPatron{ID: "P4"})
			if got := w.st().Visit.Patron.IfBack.Minor; got != step.forecast {
				t.Errorf("%s: if all came back now %d, want %d", step.version, got, step.forecast)
			}
			o := w.do(desk.CheckIn{Text: step.back})
			if reasons(o.Tell) != step.tell {
				t.Errorf("%s: told %s %q, want %s", step.version, reasons(o.Tell), o.Text, step.tell)
			}
			if step.version == "amnesty" && !strings.Contains(o.Text, "costs nothing for being late: bring it all back") {
				t.Errorf("said %q", o.Text)
			}
			w.do(desk.OpenPatron{ID: "P4"})
			if got := w.st().Visit.Patron.Owes.Minor; got != step.owes {
				t.Errorf("%s: owes %d, want %d", step.version, got, step.owes)
			}
		}
		p := w.st().Visit.Patron
		if len(p.Fees) != 2 || p.Fees[0].Title != "Kind of blue" || p.Fees[1].Title != "The deep blue alibi" {
			t.Fatalf("charged: %+v", p.Fees)
		}
		if story := toldLines(w.do(desk.FeeStory{N: 1})); !strings.Contains(story, "fee for each interval late: 0.20") || strings.Contains(story, "amnesty") {
			t.Errorf("what was charged when the amnesty was over:\n%s", story)
		}
	})
}

// TestAnAmnestyOfWhichTheDeskHadNotHeard: a desk without a line charges what comes back in
// an amnesty. It comes home as a difference that somebody is told of, and costs nothing.
func TestAnAmnestyOfWhichTheDeskHadNotHeard(t *testing.T) {
	story(t, func(w *world) {
		w.do(desk.OpenPatron{ID: "P4"})
		w.scan(middle)
		w.do(desk.Done{})
		w.days(17)
		w.pull()
		if o := w.do(desk.CheckIn{Text: middle}); reasons(o.Tell) != "was_late fee_charged" {
			t.Fatalf("without a line: told %s %q", reasons(o.Tell), o.Text)
		}
		body := strings.Replace(worldRules, `version = "stories"`, `version = "amnesty"`, 1) +
			"\n[[amnesty]]\nname = \"bring it all back\"\nfrom = 2026-12-17\nto = 2026-12-18\nreturns = true\n"
		must(t, w.store.hub.Update(t.Context(), func(tx journal.HubTx) error {
			return tx.Put(t.Context(), []circ.Row{circ.Rules{Version: "amnesty", Body: body}})
		}))
		w.plug()
		w.do(desk.OpenPatron{ID: "P4"})
		if p := w.st().Visit.Patron; p.Owes.Minor != 0 || len(p.Fees) != 0 {
			t.Errorf("owes %d: %+v", p.Owes.Minor, p.Fees)
		}
		c := w.conflict()
		if c.Class != circ.ClassMoney || len(c.Met) != 1 || c.Met[0].Text != "bring it all back" {
			t.Fatalf("conflict: %+v", c)
		}
	})
}

// TestAnOverdueBlockEndsWithTheLastOverdue: nobody has to lift it.
func TestAnOverdueBlockEndsWithTheLastOverdue(t *testing.T) {
	story(t, func(w *world) {
		w.do(desk.OpenPatron{ID: "P4"})
		w.scan(middle)
		w.scan(kind)
		w.do(desk.Done{})
		w.days(17)
		w.force("nothing overdue", "\n[[terms]]\nlibrary = \"main\"\noverdue = 0\n")
		lend := func(name, want, way string) {
			t.Helper()
			w.do(desk.OpenPatron{ID: "P4"})
			o := w.scan(planet)
			if reasons(o.Ask) != want || way != "" && !strings.Contains(o.Text, way) {
				t.Errorf("%s: %s %q, asked %s, want %s %q", name, o.Word, o.Text, reasons(o.Ask), want, way)
			}
			if o.Word == desk.WordAsk {
				w.do(desk.No{})
			}
			w.do(desk.Done{})
		}
		lend("two are overdue", "too_many_overdue", "")
		w.do(desk.CheckIn{Text: middle})
		lend("one of them is back", "too_many_overdue", "")
		w.do(desk.CheckIn{Text: kind})
		lend("the last is back", "", "")
		if l := w.loan("I5"); !l.Open() || l.Patron != "P4" {
			t.Errorf("lent: %+v", l)
		}
	})
}
