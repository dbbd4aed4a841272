package centraltest

import (
	"fmt"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// Branch is the library where the desks of the suite stand.
const Branch policy.LibraryID = "main"

// shelf is how many copies the library has.
const shelf = 60

// Rules gives the rules that the system must hold.
func Rules() *policy.Set { return policy.Default("EUR", "Europe/Berlin") }

// Library gives the records that a system must hold when a test begins: Ada
// (card 2001) and Ben (card 2002), who may borrow; Cleo (card 2003), who is
// blocked; and 60 books with the barcodes 3001 to 3060, item i1 to i60, two
// copies of each title.
func Library() []circ.Row {
	rows := []circ.Row{
		circ.Block{ID: "b1", Patron: "cleo", Text: "address not known", At: time.Date(2026, 1, 7, 9, 0, 0, 0, time.UTC)},
	}
	for i, name := range []string{"Ada", "Ben", "Cleo"} {
		id, card := circ.PatronID([]string{"ada", "ben", "cleo"}[i]), fmt.Sprint(2001+i)
		rows = append(rows,
			circ.Patron{ID: id, Card: card, Given: name, Family: "Ünal", Group: "adult", Home: Branch},
			circ.Card{Number: card, Patron: id, State: circ.CardValid})
	}
	for i := 1; i <= shelf; i++ {
		title := circ.TitleID(fmt.Sprintf("t%d", (i+1)/2))
		if i%2 == 1 {
			rows = append(rows, circ.Title{ID: title, Title: fmt.Sprintf("Book %d", (i+1)/2), Author: "Anonymous"})
		}
		rows = append(rows, circ.Item{ID: item(i), Barcode: barcode(i), Title: title, Type: "book", Home: Branch, Location: "stacks"})
	}
	return rows
}

func item(n int) circ.ItemID { return circ.ItemID(fmt.Sprintf("i%d", n)) }
func barcode(n int) string   { return fmt.Sprint(3000 + n) }

// out lends book n; in takes it back.
func out(card string, n int) circ.Command { return circ.CheckOut{Card: card, Barcode: barcode(n)} }
func in(n int) circ.Command               { return circ.CheckIn{Barcode: barcode(n)} }
