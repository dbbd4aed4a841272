package sipserver

import (
	"strings"
	"testing"
	"time"

	"circdesk/desk/circ"
)

// An answer was lost with the connection: the terminal logs in again and asks once more,
// with another number and, since it makes the message anew, perhaps with another date.
func TestAfterALostAnswer(t *testing.T) {
	w := start(t)
	m := w.kiosk(t)
	first := m.safe(out1)
	_ = m.Close()
	for _, row := range []struct{ name, say string }{
		{"the same", out1},
		{"with a later date", strings.Replace(out1, stamp, "20261126    120017", 1)},
	} {
		w.pass(20 * time.Second)
		m = w.kiosk(t)
		m.seq = 5
		if got := m.safe(row.say); strip(got) != strip(first) {
			t.Errorf("%s: %q, was %q", row.name, got, first)
		}
	}
	if l := w.loanOf(t, "i1"); len(l.Renewals) > 0 || len(w.entries(t, "kiosk")) != 1 {
		t.Errorf("nobody asked for a renewal: %+v", l)
	}
	w.pass(5 * 24 * time.Hour)
	if got := m.safe(strings.Replace(out1, stamp, "20261201    120100", 1)); !strings.HasPrefix(got, "121YNY") || len(w.loanOf(t, "i1").Renewals) != 1 {
		t.Errorf("days later it is a renewal: %q", got)
	}
}

// strip leaves the date out.
func strip(s string) string { return s[:min(len(s), 6)] + s[min(len(s), 24):] }

// A terminal that does not renew (SC renewal policy N) never does.
func TestNoRenewalWhereNobodyRenews(t *testing.T) {
	w := start(t)
	m := w.kiosk(t)
	m.safe(strings.Replace(out1, "11YN", "11NN", 1))
	w.pass(5 * 24 * time.Hour)
	got := m.safe("11NN" + "20261201    120000" + noDate + "AOMAIN|AA2001|AB3001|AC|")
	if !strings.HasPrefix(got, "120N") || !strings.Contains(got, "on loan to this patron already") || len(w.loanOf(t, "i1").Renewals) != 0 {
		t.Error(got)
	}
}

// What came back, or is at another desk, in between: then the same text is another
// request.
func TestWhatIsOverIsAskedAnew(t *testing.T) {
	w := start(t)
	m := w.kiosk(t)
	for range 2 {
		w.pass(15 * time.Second)
		if got := m.ask(out1); !strings.HasPrefix(got, "121NNY") {
			t.Error(got)
		}
		w.pass(15 * time.Second)
		if got := m.ask(in1); !strings.HasPrefix(got, "101Y") {
			t.Error(got)
		}
	}
	if n := len(w.entries(t, "kiosk")); n != 4 {
		t.Errorf("%d entries", n)
	}
}

// A payment is booked once, whether its answer was lost, the server was started anew, or
// the terminal makes the message again.
func TestAPaymentIsBookedOnce(t *testing.T) {
	w := start(t)
	m := w.kiosk(t)
	m.ask("15+" + stamp + "AOMAIN|AA2004|AB3005|BOY|")
	const plain, numbered = "37" + stamp + "0101EURBV0.50|AOMAIN|AA2004|", "37" + stamp + "0101EURBV0.70|AOMAIN|AA2004|BK9|"
	for _, say := range []string{plain, numbered} {
		if got := m.ask(say); !strings.HasPrefix(got, "38Y") {
			t.Fatal(got)
		}
	}
	again := startOn(t, w.store, nil)
	again.at = w.now().Add(time.Minute)
	m = again.kiosk(t)
	for _, say := range []string{plain, numbered, strings.Replace(numbered, stamp, "20261126    120100", 1)} {
		if got := m.ask(say); !strings.HasPrefix(got, "38Y") || !strings.Contains(got, "AFthis payment is booked already|") {
			t.Errorf("%q", got)
		}
	}
	if got := m.ask("23001" + stamp + "AOMAIN|AA2004|AC|AD|"); !strings.Contains(got, "|BV0.30|") {
		t.Error(got)
	}
	again.pass(3 * keyTime)
	if got := m.ask("37" + "20261126    150000" + "0101EURBV0.30|AOMAIN|AA2004|BK10|"); !strings.HasPrefix(got, "38Y") {
		t.Error(got)
	}
}

// Money that a terminal has taken is booked: more than is owed becomes credit, and what
// was taken while the drawer is closed is of its next shift.
func TestMoneyThatWasTaken(t *testing.T) {
	w := start(t, func(s string) string { return strings.Replace(s, "fee_needs_yes = true", "drawer = \"till\"", 1) })
	m := w.kiosk(t)
	m.ask("15+" + stamp + "AOMAIN|AA2004|AB3005|")
	w.put(t, circ.Shift{ID: "main/till/1", Float: euros(0), Opened: circ.Stamp{At: noon.Add(-2 * time.Hour), Desk: "d1"}, Closed: circ.Stamp{At: noon.Add(-time.Hour), Desk: "d1"}})
	if got := m.ask("37" + stamp + "0100EURBV5.00|AOMAIN|AA2004|BK77|"); !strings.HasPrefix(got, "38Y") {
		t.Fatal(got)
	}
	if got := m.ask("23001" + stamp + "AOMAIN|AA2004|AC|AD|"); !strings.Contains(got, "|BV0.00|") {
		t.Error(got)
	}
	var booked int64
	for _, e := range w.entries(t, "kiosk")[1].Told {
		p, ok := e.(circ.Paid)
		if !ok {
			t.Fatalf("%T", e)
		}
		booked += p.Amount.Minor
		if p.Shift != "main/till/2" || p.Method != "cash" || p.Receipt == "" {
			t.Errorf("%+v", p)
		}
	}
	if booked != 500 {
		t.Errorf("%d cents", booked)
	}
}
