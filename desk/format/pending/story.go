package pending

import (
	"cmp"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/money"
)

// Codes gives what is printed on cards and items; empty: nobody knows.
type Codes interface {
	Card(circ.PatronID) string
	Barcode(circ.ItemID) string
}

// Of gives what an act did as transactions, in their order. What no file has is one of
// the kind Other; an act that did nothing of the kind gives that alone.
//
// A loan of somebody else that ended because the item was lent again is a return
// before that loan: Koha and Evergreen do not end it in every case (process_koc.pl,
// OPEN_CIRCULATION_EXISTS).
func Of(act circ.Act, events []circ.Event, known Codes) (all []Transaction) {
	s := story{act: act, known: known}
	for _, e := range events {
		s.tell(e)
	}
	if in, ok := act.Command.(circ.CheckIn); ok && !s.back { // it was not on loan as far as the desk knew
		s.returned(itemOf(events), in.Barcode, in.Date)
	}
	if s.paid.Minor > 0 {
		s.add(Transaction{Kind: Payment, Card: s.card(s.payer, ""), Amount: s.paid})
	}
	if len(s.all) == 0 && act.Command != nil {
		s.add(Transaction{Kind: Other, Command: act.Command.Name()})
	}
	return s.all
}

// story is an act on its way into transactions.
type story struct {
	act   circ.Act
	known Codes
	all   []Transaction
	back  bool
	paid  money.Amount
	payer circ.PatronID
}

func (s *story) add(t Transaction) {
	t.Entry, t.At = s.act.ID, s.act.At
	s.all = append(s.all, t)
}

func (s *story) card(id circ.PatronID, scanned string) string {
	return cmp.Or(scanned, s.known.Card(id))
}

func (s *story) returned(item circ.ItemID, scanned string, at time.Time) {
	s.back = true
	if at.Equal(s.act.At) {
		at = time.Time{}
	}
	s.add(Transaction{Kind: Return, Barcode: cmp.Or(scanned, s.known.Barcode(item)), Back: at})
}

func (s *story) tell(e circ.Event) {
	switch e := e.(type) {
	case circ.CheckedOut:
		card, barcode := s.scanned()
		s.add(Transaction{Kind: Loan, Card: s.card(e.Patron, card), Barcode: cmp.Or(barcode, s.known.Barcode(e.Item)), Due: e.Due})
	case circ.Renewed:
		_, barcode := s.scanned()
		s.add(Transaction{Kind: Renewal, Card: s.card(e.Patron, ""), Barcode: cmp.Or(barcode, s.known.Barcode(e.Item)), Due: e.Due})
	case circ.CheckedIn:
		_, barcode := s.scanned()
		s.returned(e.Item, barcode, e.At)
	case circ.Trapped: // no file has it: whoever takes the file in has to scan it again
		_, barcode := s.scanned()
		s.add(Transaction{Kind: Other, Command: circ.Shelve{}.Name(), Barcode: cmp.Or(barcode, s.known.Barcode(e.Item))})
	case circ.Used:
		_, barcode := s.scanned()
		s.add(Transaction{Kind: InHouseUse, Barcode: cmp.Or(barcode, s.known.Barcode(e.Item)), Count: 1})
	case circ.Paid:
		s.paid = money.Amount{Minor: s.paid.Minor + e.Amount.Minor, Currency: e.Amount.Currency}
		s.payer = e.Patron
	case circ.Registered:
		p := e.Patron
		s.add(Transaction{Kind: Registration, Card: p.Card, Person: Person{
			Family: p.Family, Given: p.Given, Birth: p.Birth, Street: p.Street, Postcode: p.Postcode, City: p.City,
			Phone: p.Phone, Email: p.Email, Language: p.Language,
		}})
	}
}

// scanned gives the codes that the act names.
func (s *story) scanned() (card, barcode string) {
	switch k := s.act.Command.(type) {
	case circ.CheckOut:
		return k.Card, k.Barcode
	case circ.CheckIn:
		return "", k.Barcode
	case circ.Renew:
		return "", k.Barcode
	case circ.Use:
		return "", k.Barcode
	}
	return "", ""
}

// itemOf gives the item that was seen.
func itemOf(events []circ.Event) circ.ItemID {
	for _, e := range events {
		if seen, ok := e.(circ.Seen); ok {
			return seen.Item
		}
	}
	return ""
}

// Concerns gives whom and what an event is about, where a file could say it.
func Concerns(e circ.Event) (circ.PatronID, circ.ItemID) {
	switch e := e.(type) {
	case circ.CheckedOut:
		return e.Patron, e.Item
	case circ.Renewed:
		return e.Patron, e.Item
	case circ.CheckedIn:
		return e.Patron, e.Item
	case circ.Seen:
		return "", e.Item
	case circ.Trapped:
		return "", e.Item
	case circ.Used:
		return "", e.Item
	case circ.Paid:
		return e.Patron, ""
	}
	return "", ""
}
