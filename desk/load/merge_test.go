package load_test

import (
	"strings"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/load"
)

func TestARecordThatIsThereAlready(t *testing.T) {
	const (
		people = "card,surname,first name,street,phone,expires,group\n2001,Jones,Joe,Old Street 1,555,2030-12-31,adult\n2002,Silva,Ana,,,,\n"
		moved  = "card,surname,first name,street,phone,expires,group\n2001,Jones,Joe,New Street 2,,2031-12-31,\n2002,Silva,Ana,,,,\n"
	)
	recatalogued := rec("c1", "245 $aEmma : $ba novel", "949 $aPR 4034 .E5$i30001$lDEPOT$mEAST$tREFERENCE")
	for _, tc := range []struct {
		name  string
		acts  func(l *library)
		again []load.File
		check func(t *testing.T, l *library)
		told  int
	}{
		{
			name: "an item on loan is catalogued anew: it is still on loan",
			acts: func(l *library) { l.does(circ.CheckOut{Card: "2001", Barcode: "30001"}) },
			check: func(t *testing.T, l *library) {
				it, loan := l.item("30001"), l.find(circ.In(circ.LoansOf, string(l.card("2001").Patron), 5))
				if len(loan) != 1 || it.Loan != loan[0].(circ.Loan).ID || it.Seen.Desk != front || it.Type != "REFERENCE" || it.Home != "EAST" || it.Location != "DEPOT" || it.CallNumber != "PR 4034 .E5" {
					t.Errorf("the item is %+v, the loan %+v", it, loan)
				}
				if ti := l.title("30001"); ti.Title != "Emma : a novel" || ti.Author != "" {
					t.Errorf("the title is %+v", ti)
				}
				l.does(circ.CheckIn{Barcode: "30001"})
			},
		},
		{
			name: "what was said of an item at a desk stays: what is wrong with it, what belongs to it, and that another record points to it",
			acts: func(l *library) {
				l.does(circ.SetParts{Barcode: "30001", Parts: []string{"book", "map"}})
				l.does(circ.MarkItem{Barcode: "30001", State: circ.ItemDamaged})
				l.does(circ.AddItem{Barcode: "30001", Title: "Emma"})
			},
			check: func(t *testing.T, l *library) {
				if it := l.item("30001"); len(it.Pointers) != 1 || it.Mark.State != circ.ItemDamaged || len(it.Parts) != 2 || it.Parted.Desk != front || it.Location != "DEPOT" {
					t.Errorf("the item is %+v", it)
				}
			},
		},
		{
			name: "an item that waits on the hold shelf, and one under way",
			acts: func(l *library) {
				l.does(circ.Place{Card: "2001", Barcode: "30001"})
				l.does(circ.CheckIn{Barcode: "30001"})
				l.does(circ.CheckIn{Barcode: "30002"})
			},
			check: func(t *testing.T, l *library) {
				if it := l.item("30001"); it.Held == "" || it.Seen.Desk != front || it.Location != "DEPOT" {
					t.Errorf("the held one is %+v", it)
				}
				if it := l.item("30002"); it.Transit != "EAST" {
					t.Errorf("the one under way is %+v", it)
				}
			},
		},
		{
			name: "what the file says of a patron counts, what it leaves empty stays",
			acts: func(l *library) {
				phone, mail := "556", "joe@example.org"
				l.does(circ.Edit{Patron: l.reader("2001").ID, Contact: circ.Contact{Phone: &phone, Email: &mail}})
			},
			check: func(t *testing.T, l *library) {
				if p := l.reader("2001"); p.Street != "New Street 2" || p.Phone != "556" || p.Email != "joe@example.org" || p.Group != "adult" || !p.Expires.Equal(time.Date(2032, 1, 1, 0, 0, 0, 0, time.UTC)) {
					t.Errorf("the patron is %+v", p)
				}
			},
		},
		{
			name:  "a card that has no end from now on",
			again: []load.File{patronFile("p.csv", strings.ReplaceAll(people, "2030-12-31", "9999-12-31"))},
			check: func(t *testing.T, l *library) {
				if p := l.reader("2001"); !p.Expires.IsZero() {
					t.Errorf("the patron is %+v", p)
				}
			},
		},
		{
			name: "a card that was replaced here stays lost, and its person has the new one",
			acts: func(l *library) { l.does(circ.ReplaceCard{Patron: l.reader("2001").ID, Number: "2901"}) },
			check: func(t *testing.T, l *library) {
				if k := l.card("2001"); k.State != circ.CardLost {
					t.Errorf("the old card is %+v", k)
				}
				if p := l.reader("2901"); p.Card != "2901" || p.Street != "New Street 2" {
					t.Errorf("the patron is %+v", p)
				}
			},
		},
		{
			name:  "the file knows the new card later: one person",
			acts:  func(l *library) { l.does(circ.ReplaceCard{Patron: l.reader("2001").ID, Number: "2901"}) },
			again: []load.File{patronFile("p.csv", strings.ReplaceAll(moved, "2001", "2901"))},
			check: func(t *testing.T, l *library) {
				if p := l.reader("2901"); p.Street != "New Street 2" || p.ID != l.card("2001").Patron {
					t.Errorf("the patron is %+v", p)
				}
			},
		},
		{
			name: "a person who was registered here and is in the file later: one person",
			acts: func(l *library) {
				l.does(circ.Register{Patron: circ.Patron{Card: "2003", Family: "Lee", Given: "Kim", Phone: "777"}})
				l.does(circ.CheckOut{Card: "2003", Barcode: "30001"})
			},
			again: []load.File{patronFile("p.csv", "card,surname,first name,group\n2003,Li,Kim Ann,adult\n")},
			check: func(t *testing.T, l *library) {
				p := l.reader("2003")
				if p.Family != "Li" || p.Given != "Kim Ann" || p.Phone != "777" || p.Group != "adult" || len(l.find(circ.In(circ.LoansOf, string(p.ID), 5))) != 1 {
					t.Errorf("the patron is %+v", p)
				}
				if found := l.find(circ.In(circ.ByName, "le", 5)); len(found) != 0 {
					t.Errorf("and there is %+v", found)
				}
			},
		},
		{
			name: "a card that the file gives to somebody else: named, and left out",
			acts: func(l *library) {
				l.does(circ.Register{Patron: circ.Patron{Card: "2003", Family: "Lee", Given: "Kim"}})
			},
			again: []load.File{patronFile("p.csv", "card,surname,first name\n2003,Brown,Bob\n2002,Silva,Ana Maria\n")},
			told:  1,
			check: func(t *testing.T, l *library) {
				if p := l.reader("2003"); p.Family != "Lee" {
					t.Errorf("the patron is %+v", p)
				}
				if p := l.reader("2002"); p.Given != "Ana Maria" {
					t.Errorf("the one beside is %+v", p)
				}
				if found := l.find(circ.In(circ.ByName, "brown", 5)); len(found) != 0 {
					t.Errorf("there is %+v", found)
				}
				if notes := l.notes(); notes[2].Read != 2 || notes[2].Put != 1 || notes[2].Skipped != 1 {
					t.Errorf("the entry says %+v", notes[2])
				}
			},
		},
		{
			name:  "a person registered without a first name, and somebody else without one",
			acts:  func(l *library) { l.does(circ.Register{Patron: circ.Patron{Card: "2003", Family: "Lee"}}) },
			again: []load.File{patronFile("p.csv", "card,surname\n2003,Brown\n2002,Silva\n")},
			told:  1,
			check: func(t *testing.T, l *library) {
				if p := l.reader("2003"); p.Family != "Lee" {
					t.Errorf("the patron is %+v", p)
				}
			},
		},
		{
			name: "a person of two new names and the same birthday",
			acts: func(l *library) {
				l.does(circ.Register{Patron: circ.Patron{Card: "2003", Family: "Lee", Given: "Kim", Birth: "1980-05-01"}})
			},
			again: []load.File{patronFile("p.csv", "card,surname,first name,birth\n2003,Brown,Kimberley,1980-05-01\n")},
			check: func(t *testing.T, l *library) {
				if p := l.reader("2003"); p.Family != "Brown" {
					t.Errorf("the patron is %+v", p)
				}
			},
		},
		{
			name: "a registration that was taken back: the card is the file's",
			acts: func(l *library) {
				l.does(circ.Register{Patron: circ.Patron{Card: "2003", Family: "Lee", Given: "Kim"}})
				l.does(circ.Undo{Entry: l.last})
			},
			again: []load.File{patronFile("p.csv", "card,surname,first name\n2003,Brown,Bob\n")},
			check: func(t *testing.T, l *library) {
				if p := l.reader("2003"); p.Family != "Brown" || l.card("2003").State != circ.CardValid {
					t.Errorf("the patron is %+v", p)
				}
			},
		},
		{
			name:  "an item goes to another title",
			acts:  func(l *library) { l.does(circ.CheckOut{Card: "2001", Barcode: "30001"}) },
			again: []load.File{titleFile("t.mrc", iso(t, rec("c9", "245 $aEmma, the other one", "949 $i30001")))},
			check: func(t *testing.T, l *library) {
				if it, ti := l.item("30001"), l.title("30001"); it.Loan == "" || ti.Title != "Emma, the other one" {
					t.Errorf("the item is %+v of %+v", it, ti)
				}
			},
		},
		{
			name:  "records that the file does not have stay",
			again: []load.File{titleFile("t.mrc", iso(t, mulder())), patronFile("p.csv", "card,surname\n2002,Silva\n")},
			check: func(t *testing.T, l *library) {
				if ti, p := l.title("30001"), l.reader("2001"); ti.Title != "Emma" || p.Family != "Jones" {
					t.Errorf("there are %+v and %+v", ti, p)
				}
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLibrary(t)
			l.loads(titleFile("t.mrc", iso(t, emma(), mulder())))
			l.loads(patronFile("p.csv", people))
			if tc.acts != nil {
				tc.acts(l)
			}
			if tc.again == nil {
				tc.again = []load.File{titleFile("t.mrc", iso(t, recatalogued, mulder())), patronFile("p.csv", moved)}
			}
			told := 0
			for _, f := range tc.again {
				told += l.loads(f).Counts.Troubles
			}
			tc.check(t, l)
			if told != tc.told {
				t.Errorf("it told of %d troubles, want %d", told, tc.told)
			}
		})
	}
}

// An item that was made here, with an id of another kind, is the item of the file.
func TestAnItemIsKnownByItsBarcode(t *testing.T) {
	l := newLibrary(t)
	l.put(circ.Title{ID: "t1", Title: "Emma"}, circ.Item{ID: "i1", Barcode: "30001", Title: "t1", Staff: "look at the back"})
	if r := l.loads(titleFile("t.mrc", iso(t, emma()))); r.Merged != (load.Merged{Added: 1, Changed: 1}) {
		t.Errorf("it reports %+v", r)
	}
	if it := l.item("30001"); it.ID != "i1" || it.Staff != "look at the back" || it.Home != "MAIN" || it.Title == "t1" {
		t.Errorf("the item is %+v", it)
	}
}

func TestAPatronWhoIsAPointerStaysOne(t *testing.T) {
	l := newLibrary(t)
	l.put(circ.Patron{ID: "p1", Merged: "p2"}, circ.Card{Number: "2001", Patron: "p1", State: circ.CardValid},
		circ.Patron{ID: "p2", Card: "2002", Family: "Jones", Given: "Jo"}, circ.Card{Number: "2002", Patron: "p2", State: circ.CardValid})
	r := l.loads(patronFile("p.csv", "card,surname,first name\n2001,Jonas,Jo\n2002,Jonas,Jo\n"))
	if r.Merged != (load.Merged{Changed: 1, Same: 1}) {
		t.Errorf("it reports %+v", r)
	}
	if p := l.reader("2001"); p.Merged != "p2" || p.Family != "" {
		t.Errorf("the pointer is %+v", p)
	}
	if p := l.reader("2002"); p.Family != "Jonas" {
		t.Errorf("the patron is %+v", p)
	}
}
