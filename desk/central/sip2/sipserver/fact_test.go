package sipserver

import (
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// receipt gives the receipt of the n-th entry of the kiosk, from 1.
func (w *world) receipt(t *testing.T, n int) (e journal.Entry, r journal.Receipt) {
	t.Helper()
	all := w.entries(t, "kiosk")
	if len(all) < n {
		t.Fatalf("%d entries", len(all))
	}
	e = all[n-1]
	err := w.store.View(t.Context(), func(tx journal.HubTx) (err error) {
		r, _, err = tx.Receipt(t.Context(), e.Act.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return e, r
}

func reasonsOf(r journal.Receipt) (all []circ.Reason) {
	for _, m := range r.Objections {
		all = append(all, m.Reason)
	}
	return all
}

// What was lent while the server was away is lent: whatever stands against it is an
// objection, and the dates are the terminal's.
func TestNoBlock(t *testing.T) {
	w := start(t)
	m := w.kiosk(t)
	const morning, due = "20261126    090000", "20261224    120000"
	nine := noon.Add(-3 * time.Hour)
	lent := "11YY" + morning + due + "AOMAIN|AA2003|AB3001|AC|"
	want := "121NNY" + stamp + "AOMAIN|AA2003|AB3001|AJBücher   1|AH" + due + "|CK001|AFdue Thu 24 Dec 12:00|AGBücher   1, due Thu 24 Dec 12:00|"
	if got := m.safe(lent); got != want {
		t.Fatalf("%q", got)
	}
	e, r := w.receipt(t, 1)
	if e.Mode != journal.Fact || !e.Act.At.Equal(nine) || !slices.Equal(reasonsOf(r), []circ.Reason{circ.PatronBlocked}) {
		t.Errorf("%+v %v", e.Act, reasonsOf(r))
	}
	err := w.store.View(t.Context(), func(tx journal.HubTx) error { // every desk has it as a conflict
		rows, err := tx.Read(t.Context(), []circ.Want{circ.ByKey(circ.KindConflict, string(e.Act.ID))})
		if err == nil && (len(rows[0]) != 1 || !rows[0][0].(circ.Conflict).Open()) {
			t.Errorf("as a conflict: %+v", rows[0])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if l := w.loanOf(t, "i1"); l.Patron != "cleo" || !l.Out.Equal(nine) || !l.Due.Equal(time.Date(2026, 12, 24, 11, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", l)
	}
	for range 2 { // a replay that is replayed, also much later
		if got := m.safe(lent); strip(got) != strip(want) || len(w.entries(t, "kiosk")) != 1 {
			t.Errorf("%q", got)
		}
		w.pass(26 * time.Hour)
	}
	// Taken back in the book drop at ten, told now.
	back := "09Y" + "20261126    110000" + "20261126    100000" + "APMAIN|AOMAIN|AB3001|AC|"
	if got := m.safe(back); !strings.HasPrefix(got, "101YNN") || !strings.Contains(got, "|AA2003|") {
		t.Errorf("%q", got)
	}
	if got := m.safe(back); !strings.HasPrefix(got, "101YNN") || len(w.entries(t, "kiosk")) != 2 {
		t.Errorf("again: %q", got)
	}
	e, _ = w.receipt(t, 2)
	in, _ := e.Told[0].(circ.CheckedIn)
	if !in.At.Equal(noon.Add(-2*time.Hour)) || !e.Act.At.Equal(noon.Add(-time.Hour)) {
		t.Errorf("%+v", e.Told)
	}
	if l := record[circ.Loan](t, w, circ.KindLoan, string(in.Loan)); !l.In.Equal(in.At) {
		t.Errorf("%+v", l)
	}
}

// An older fact meets newer ones: the book is with whoever had it last, and the older
// loan is written down as over.
func TestNoBlockComesLate(t *testing.T) {
	w := start(t)
	m := w.kiosk(t)
	m.safe(strings.Replace(out1, "AA2001", "AA2002", 1))
	got := m.safe("11NY" + "20261126    090000" + noDate + "AOMAIN|AA2001|AB3001|AC|")
	if !strings.HasPrefix(got, "121N") {
		t.Fatal(got)
	}
	if _, r := w.receipt(t, 2); !slices.Contains(reasonsOf(r), circ.NewerLoan) {
		t.Errorf("%v", reasonsOf(r))
	}
	if l := w.loanOf(t, "i1"); l.Patron != "ben" {
		t.Errorf("%+v", l)
	}
	// A return from before the loan does not end it.
	if got := m.safe("09Y" + "20261126    100000" + "20261126    100000" + "APMAIN|AOMAIN|AB3001|AC|"); !strings.HasPrefix(got, "101Y") {
		t.Errorf("%q", got)
	}
	if l := w.loanOf(t, "i1"); l.Patron != "ben" || !l.Open() {
		t.Errorf("%+v", l)
	}
}

// The dates of a terminal have seconds: a return and a loan within one are two sightings
// all the same, and when the loan is taken back the return stands.
func TestTwoFactsInOneSecond(t *testing.T) {
	w := start(t)
	m := w.kiosk(t)
	const morning = "20261126    090000"
	nine := noon.Add(-3 * time.Hour)
	back := "09Y" + morning + morning + "APMAIN|AOMAIN|AB3001|AC|"
	lent := "11NY" + morning + noDate + "AOMAIN|AA2001|AB3001|AC|"
	for range 2 { // told again, it is no other sighting
		if got := m.safe(back); !strings.HasPrefix(got, "101Y") {
			t.Fatal(got)
		}
		if got := m.safe(lent); !strings.HasPrefix(got, "121NNY") {
			t.Fatal(got)
		}
	}
	remade := strings.Replace(lent, "AC|", "AC|BIN|", 1)
	if got := m.safe(remade); !strings.HasPrefix(got, "121NNY") || len(w.entries(t, "kiosk")) != 2 {
		t.Errorf("made again: %q, %d entries", got, len(w.entries(t, "kiosk")))
	}
	it := record[circ.Item](t, w, circ.KindItem, "i1")
	if n := len(it.Earlier); n != 1 || !it.Earlier[0].At.Equal(nine) || !it.Seen.At.After(nine) || it.Seen.At.Sub(nine) >= time.Second {
		t.Errorf("seen %v, before %+v", it.Seen.At, it.Earlier)
	}
	if l := w.loanOf(t, "i1"); l.Patron != "anna" || !l.Out.Equal(it.Seen.At) {
		t.Errorf("lent: %+v", l)
	}
}

func TestNoBlockFurther(t *testing.T) {
	for _, row := range []struct {
		name, say, want string
		entries         int
	}{
		{"what nobody has is not written down", "11NY" + stamp + noDate + "AOMAIN|AA2001|AB9999|AC|", "120NUN", 0},
		{"nor a card that nobody has", "11NY" + stamp + noDate + "AOMAIN|AA9999|AB3001|AC|", "120NNN", 0},
		{"a clock that is ahead", "11NY" + "20291126    090000" + noDate + "AOMAIN|AA2001|AB3001|AC|", "121NNY", 1},
		{"a clock that stands at zero", "11NY" + "000000000000000000" + noDate + "AOMAIN|AA2001|AB3001|AC|", "121NNY", 1},
		{"a renewal of what is in", "29NY" + stamp + noDate + "AOMAIN|AA2001|AB3001|", "300NNN", 0},
		{"a due date before the loan is none", "11NY" + stamp + "20200101    090000" + "AOMAIN|AA2001|AB3001|AC|", "121NNY", 1},
		{"a return of what is in", "09Y" + stamp + stamp + "APMAIN|AOMAIN|AB3001|AC|", "101YNN", 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := start(t)
			if got := w.kiosk(t).safe(row.say); !strings.HasPrefix(got, row.want) {
				t.Error(got)
			}
			if n := len(w.entries(t, "kiosk")); n != row.entries {
				t.Errorf("%d entries", n)
			}
			if l := w.loanOf(t, "i1"); l.ID != "" && !l.Due.After(l.Out) {
				t.Errorf("%+v", l)
			}
		})
	}
	t.Run("a renewal with its date", func(t *testing.T) {
		w := start(t)
		m := w.kiosk(t)
		m.safe(out1)
		w.pass(3 * 24 * time.Hour)
		say := "29NY" + "20261128    120000" + "20261231    120000" + "AOMAIN|AA2001|AB3001|"
		for range 2 {
			if got := m.safe(say); !strings.HasPrefix(got, "301YNN") || !strings.Contains(got, "AH20261231    120000|") {
				t.Error(got)
			}
		}
		if l := w.loanOf(t, "i1"); len(l.Renewals) != 1 || !l.Renewals[0].At.Equal(noon.Add(48*time.Hour)) {
			t.Errorf("%+v", l)
		}
	})
	t.Run("a terminal that may not is answered as usual", func(t *testing.T) {
		w := start(t)
		m := w.connect(t)
		if got := m.safe("9300CNcareful|COsecret|"); got != "941" {
			t.Fatal(got)
		}
		if got := m.safe("11NY" + stamp + noDate + "AOMAIN|AA2001|AB3001|AC|AD17051990|"); !strings.HasPrefix(got, "121N") {
			t.Fatal(got)
		}
		if all := w.entries(t, "sip2-careful"); all[0].Mode != journal.Asked {
			t.Errorf("%+v", all[0])
		}
	})
}

// A book drop that is emptied later: what lies between the two dates counts, whatever the
// terminal's clock shows.
func TestReturnDate(t *testing.T) {
	w := start(t)
	m := w.kiosk(t)
	m.safe(out1)
	w.pass(24 * time.Hour)
	m.safe("09N" + "20200102    090000" + "20200102    070000" + "APMAIN|AOMAIN|AB3001|AC|")
	e, _ := w.receipt(t, 2)
	if in, ok := e.Told[0].(circ.CheckedIn); !ok || !in.At.Equal(noon.Add(22*time.Hour)) {
		t.Errorf("%+v", e.Told)
	}
}
