package pending_test

import (
	"slices"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/format/pending"
)

// printed knows the codes of everybody but P0 and I0.
type printed struct{}

func (printed) Card(id circ.PatronID) string {
	if id == "P0" {
		return ""
	}
	return "card of " + string(id)
}

func (printed) Barcode(id circ.ItemID) string {
	if id == "I0" {
		return ""
	}
	return "barcode of " + string(id)
}

func TestWhatAnActDid(t *testing.T) {
	now := at("16:00:00.000")
	due := now.AddDate(0, 0, 14)
	lent := circ.CheckedOut{Loan: "L", Item: "I1", Patron: "P1", At: now, Due: due}
	seen := circ.Seen{Item: "I1", At: now}
	for _, row := range []struct {
		name   string
		do     circ.Command
		events []circ.Event
		want   []pending.Transaction
	}{
		{"lent: as scanned", circ.CheckOut{Card: "c", Barcode: "b"}, []circ.Event{lent}, []pending.Transaction{{Kind: pending.Loan, Card: "c", Barcode: "b", Due: due}}},
		{"lent in an open visit, chosen from a list", circ.CheckOut{Patron: "P1", Item: "I1"}, []circ.Event{lent}, []pending.Transaction{{Kind: pending.Loan, Card: "card of P1", Barcode: "barcode of I1", Due: due}}},
		{"lent while another had it: their loan ends before", circ.CheckOut{Patron: "P1", Barcode: "b"}, []circ.Event{circ.CheckedIn{Item: "I1", Patron: "P2", At: now, How: circ.Evidence}, lent},
			[]pending.Transaction{{Kind: pending.Return, Barcode: "b"}, {Kind: pending.Loan, Card: "card of P1", Barcode: "b", Due: due}}},
		{"renewed by a scan", circ.CheckOut{Card: "c", Barcode: "b"}, []circ.Event{circ.Renewed{Item: "I1", Patron: "P1", Due: due}}, []pending.Transaction{{Kind: pending.Renewal, Card: "card of P1", Barcode: "b", Due: due}}},
		{"back", circ.CheckIn{Barcode: "b"}, []circ.Event{circ.CheckedIn{Item: "I1", Patron: "P1", At: now, How: circ.Returned}, seen}, []pending.Transaction{{Kind: pending.Return, Barcode: "b"}}},
		{"back, and somebody waits for it: no file says that", circ.CheckIn{Barcode: "b"}, []circ.Event{circ.CheckedIn{Item: "I1", Patron: "P1", At: now, How: circ.Returned}, seen, circ.Trapped{Item: "I1"}},
			[]pending.Transaction{{Kind: pending.Return, Barcode: "b"}, {Kind: pending.Other, Command: "shelve", Barcode: "b"}}},
		{"back, of yesterday's book drop", circ.CheckIn{Barcode: "b", Date: now.Add(-time.Hour)}, []circ.Event{circ.CheckedIn{Item: "I1", Patron: "P1", At: now.Add(-time.Hour), How: circ.Returned}, seen},
			[]pending.Transaction{{Kind: pending.Return, Barcode: "b", Back: now.Add(-time.Hour)}}},
		{"back, and not on loan as far as we know: the other system may know better", circ.CheckIn{Item: "I1"}, []circ.Event{seen}, []pending.Transaction{{Kind: pending.Return, Barcode: "barcode of I1"}}},
		{"back without all its parts: the loan goes on, which no file has", circ.Incomplete{Barcode: "b"}, []circ.Event{circ.LoanMarked{Loan: "L", Item: "I1", Patron: "P1", State: circ.LoanIncomplete, At: now, Back: now}, seen},
			[]pending.Transaction{{Kind: pending.Other, Command: "incomplete"}}},
		{"its parts came later: back as of the day on which it came", circ.CheckIn{Barcode: "b"}, []circ.Event{circ.CheckedIn{Item: "I1", Patron: "P1", At: now.AddDate(0, 0, -3), How: circ.Returned}, seen},
			[]pending.Transaction{{Kind: pending.Return, Barcode: "b", Back: now.AddDate(0, 0, -3)}}},
		{"its parts are given up: back as of the day on which it came", circ.GiveUp{Item: "I1"}, []circ.Event{circ.CheckedIn{Item: "I1", Patron: "P1", At: now.AddDate(0, 0, -3), How: circ.Returned}, circ.ItemMarked{Item: "I1", State: circ.ItemDamaged, At: now}, seen},
			[]pending.Transaction{{Kind: pending.Return, Barcode: "barcode of I1", Back: now.AddDate(0, 0, -3)}}},
		{"used in the library", circ.Use{Barcode: "b"}, []circ.Event{circ.Used{Use: "U", Item: "I1", At: now}, seen}, []pending.Transaction{{Kind: pending.InHouseUse, Barcode: "b", Count: 1}}},
		{"used in the library, chosen from a list", circ.Use{Item: "I1"}, []circ.Event{circ.Used{Use: "U", Item: "I1", At: now}, seen}, []pending.Transaction{{Kind: pending.InHouseUse, Barcode: "barcode of I1", Count: 1}}},
		{"two fees paid at once are one payment", circ.Pay{Patron: "P1", Amount: euro(500)}, []circ.Event{circ.Paid{Patron: "P1", Amount: euro(300)}, circ.Paid{Patron: "P1", Amount: euro(200)}},
			[]pending.Transaction{{Kind: pending.Payment, Card: "card of P1", Amount: euro(500)}}},
		{"registered", circ.Register{}, []circ.Event{circ.Registered{Patron: circ.Patron{Card: "c", Family: "Kos", Given: "Ana"}}}, []pending.Transaction{{Kind: pending.Registration, Card: "c", Person: pending.Person{Family: "Kos", Given: "Ana"}}}},
		{"a waiver, which no file has", circ.Waive{Fee: "F"}, []circ.Event{circ.Waived{Fee: "F"}}, []pending.Transaction{{Kind: pending.Other, Command: "waive"}}},
		{"nobody knows the card", circ.CheckOut{Patron: "P0", Barcode: "b"}, []circ.Event{circ.CheckedOut{Item: "I1", Patron: "P0", Due: due}}, []pending.Transaction{{Kind: pending.Loan, Barcode: "b", Due: due}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			for i := range row.want {
				row.want[i].Entry, row.want[i].At = "E", now
			}
			got := pending.Of(circ.Act{ID: "E", At: now, Command: row.do}, row.events, printed{})
			if !slices.Equal(got, row.want) {
				t.Errorf("got  %+v\nwant %+v", got, row.want)
			}
		})
	}
}

// TestWhatAFileSaysIsNamed: of whatever becomes a line of a file, its item is asked for.
func TestWhatAFileSaysIsNamed(t *testing.T) {
	for _, e := range []circ.Event{
		circ.CheckedOut{Patron: "P1", Item: "I1"}, circ.Renewed{Patron: "P1", Item: "I1"}, circ.CheckedIn{Patron: "P1", Item: "I1"},
		circ.Seen{Item: "I1"}, circ.Used{Item: "I1"}, circ.Trapped{Item: "I1"},
	} {
		if _, item := pending.Concerns(e); item != "I1" {
			t.Errorf("%s: %q", e.Name(), item)
		}
	}
}
