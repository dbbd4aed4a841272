package sample

import (
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// What the tour promises is what the desk decides.
func TestTour(t *testing.T) {
	w := newWorld(t, wednesday)
	tour := TheTour()
	ana, err := signIn(t, tour.Operator, tour.PIN)
	must(t, err)
	head, err := signIn(t, "head", "9876")
	must(t, err)
	temp, err := signIn(t, "temp", "5555")
	must(t, err)
	lend := func(card, item string) circ.CheckOut { return circ.CheckOut{Card: card, Barcode: item} }
	for _, row := range []struct {
		name    string
		command circ.Command
		rights  []circ.Right
		over    []circ.Reason
		refused string // reasons
		ask     string
		tell    string
	}{
		{name: "a book is lent", command: lend(tour.Lend, tour.LendItem), rights: ana},
		{name: "also by a help", command: lend(tour.Lend, tour.LendItem), rights: temp},
		{name: "the same with a note on the item", command: lend(tour.Lend, "31234567890064"), rights: ana, tell: "item_note"},
		{name: "who owes too much is asked about", command: lend(tour.Owes, tour.LendItem), rights: ana, ask: "owes_too_much"},
		{name: "ana may not say yes to that", command: lend(tour.Owes, tour.LendItem), rights: ana, over: []circ.Reason{circ.OwesTooMuch}, ask: "owes_too_much", tell: "right_missing"},
		{name: "the head may", command: lend(tour.Owes, tour.LendItem), rights: head, over: []circ.Reason{circ.OwesTooMuch}},
		{name: "an expired card is asked about", command: lend(tour.Expired, tour.LendItem), rights: ana, ask: "card_expired"},
		{name: "ana may say yes to that", command: lend(tour.Expired, tour.LendItem), rights: ana, over: []circ.Reason{circ.CardExpired}},
		{name: "a help may not", command: lend(tour.Expired, tour.LendItem), rights: temp, over: []circ.Reason{circ.CardExpired}, ask: "card_expired", tell: "right_missing"},
		{name: "a lost card is refused", command: lend(tour.Lost, tour.LendItem), rights: head, refused: "card_lost"},
		{name: "what is kept for another is asked about", command: lend(tour.Lend, tour.HeldItem), rights: ana, ask: "held_for_other"},
		{name: "what another has is asked about", command: lend(tour.Lend, tour.BackItem), rights: ana, ask: "on_loan_other requested_other"},
		{name: "a dictionary is not for loan", command: lend(tour.Lend, "31234567892714"), rights: ana, ask: "not_for_loan"},
		{name: "what comes back goes to the next", command: circ.CheckIn{Barcode: tour.BackItem}, rights: ana},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := w.desk.Act("ana", row.command)
			a.Over = row.over
			d := w.askAs(a, row.rights)
			for _, part := range []struct {
				name string
				got  []circ.Remark
				want string
			}{{"refused", d.Refused, row.refused}, {"ask", d.Ask, row.ask}, {"tell", d.Tell, row.tell}} {
				if got := saidOf(part.got); got != "["+part.want+"]" {
					t.Errorf("%s %s, want %s", part.name, got, part.want)
				}
			}
			if !d.Done() {
				return
			}
			switch e := d.Events[0].(type) {
			case circ.CheckedOut:
				if e.Due.Before(wednesday.AddDate(0, 0, 7)) || e.Due.After(wednesday.AddDate(0, 0, 29)) || len(d.Trace) == 0 {
					t.Errorf("due %s", e.Due)
				}
			case circ.CheckedIn:
				next := w.person("P25", "")
				if d.Route.Kind != circ.ToHoldShelf || d.Route.Patron != next.ID || !d.Route.Until.After(wednesday) {
					t.Errorf("route %+v", d.Route)
				}
			default:
				t.Errorf("%T", e)
			}
		})
	}
}

// At any hour of any day a loan is due at the end of a day, and not long after
// its period: nothing moves it but the two days in a year on which the library
// is closed.
func TestDueDatesAreSensible(t *testing.T) {
	rules := sampleRules(t)
	zone := rules.Location(Library)
	kinds := map[policy.Query]bool{}
	for _, it := range kind[circ.Item](sampleRows(t, wednesday)) {
		kinds[policy.Query{Group: "adult", Type: it.Type, Library: Library, Location: it.Location}] = true
	}
	for q := range kinds {
		terms := rules.Terms(q)
		if !terms.Loanable {
			continue
		}
		for day := range 400 {
			for _, hour := range []int{0, 3, 8, 12, 21, 23} {
				at := time.Date(2026, 4, 1+day, hour, 30, 0, 0, zone)
				lent, _ := terms.Lending(false)
				due, _ := rules.Due(at, Library, lent)
				days := due.In(zone).YearDay() - at.AddDate(0, 0, terms.Period.N).YearDay()
				if clock := due.In(zone).Format("15:04:05"); clock != "23:59:59" || days != 0 && days != 1 {
					t.Fatalf("%v lent on %s is due on %s", q, at, due.In(zone))
				}
			}
		}
	}
}
