package circ_test

import (
	"fmt"
	"testing"
	"time"

	"circdesk/desk/circ"
)

var back = circ.CheckIn{Barcode: "301"}

func TestCheckIn(t *testing.T) {
	run(t, []row{
		{name: "a book comes back and goes to its own place", with: []change{onLoan("item", "reader", 3*day)}, do: back, events: []string{"checked_in", "seen"}, then: func(t *testing.T, o outcome) {
			l := o.after.loan("loan of item")
			isAt(t, "in", l.In, now)
			is(t, "how", l.How, circ.Returned)
			is(t, "item's loan", o.after.item("item").Loan, "")
			is(t, "seen", o.after.item("item").Seen, circ.Sighting{At: now, Desk: "desk-1", Library: "main"})
			is(t, "route", *o.Route, circ.Route{Kind: circ.ToShelf, Library: "main", Location: "open"})
		}},
		{name: "named by its id", with: []change{onLoan("item", "reader", 3*day)}, do: circ.CheckIn{Item: "item"}, events: []string{"checked_in", "seen"}},
		{name: "the item is not known", do: circ.CheckIn{Barcode: "399"}, refused: why(circ.UnknownItem)},
		{name: "nothing is named", do: circ.CheckIn{}, refused: why(circ.UnknownItem)},
		{name: "it was not on loan", do: back, tell: why(circ.NotOnLoanTell), events: []string{"seen"}, then: func(t *testing.T, o outcome) {
			isAt(t, "seen", o.after.item("item").Seen.At, now)
			is(t, "route", o.Route.Kind, circ.ToShelf)
		}},
		{name: "it was seen after this", with: []change{onLoan("item", "reader", 3*day), seen("item", hence(time.Minute))}, do: back, refused: why(circ.SeenSince)},
		{name: "there is a note on it", with: []change{onLoan("item", "reader", day), editItem("item", func(i *circ.Item) { i.Note = "with a CD" })}, do: back, tell: why(circ.ItemNote), events: []string{"checked_in", "seen"}},
		{name: "a blocked patron's book is taken back like any other", with: []change{onLoan("item", "reader", day), blocked("b", "reader", "x")}, do: back, events: []string{"checked_in", "seen"}},
		{name: "a book that nobody may borrow is taken back like any other", with: []change{onLoan("item", "reader", day), editItem("item", func(i *circ.Item) { i.Type = "reference" })}, do: back, events: []string{"checked_in", "seen"}},

		{name: "one second before it is due", with: []change{onLoan("item", "reader", 14*day)}, at: dayEnd(0).Add(-time.Second), do: back, events: []string{"checked_in", "seen"}},
		{name: "at the second it is due", with: []change{onLoan("item", "reader", 14*day)}, at: dayEnd(0), do: back, events: []string{"checked_in", "seen"}},
		{name: "five minutes after midnight is a day late", with: []change{onLoan("item", "reader", 14*day)}, at: dayEnd(0).Add(5 * time.Minute), do: back, tell: why(circ.WasLate), events: []string{"checked_in", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "days", o.remark(t, circ.WasLate).N, 1)
		}},
		{name: "late across the change to summer time", with: []change{onLoan("item", "reader", 0)}, at: time.Date(2026, 3, 30, 22, 30, 0, 0, time.UTC), do: back, tell: why(circ.WasLate), events: []string{"checked_in", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "days", o.remark(t, circ.WasLate).N, 7) // due on the 24th, back on the 31st in Berlin
		}},

		{name: "it lay in the book drop since last night", with: []change{onLoan("item", "reader", 3*day)}, do: circ.CheckIn{Barcode: "301", Date: ago(14 * time.Hour)}, events: []string{"checked_in", "seen"}, then: func(t *testing.T, o outcome) {
			isAt(t, "in", o.after.loan("loan of item").In, ago(14*time.Hour))
			isAt(t, "seen", o.after.item("item").Seen.At, now)
		}},
		{name: "the book drop's date makes it be in time", with: []change{onLoan("item", "reader", 15*day)}, do: circ.CheckIn{Barcode: "301", Date: ago(14 * time.Hour)}, events: []string{"checked_in", "seen"}},
		{name: "the date is before the loan", with: []change{onLoan("item", "reader", 3*day)}, do: circ.CheckIn{Barcode: "301", Date: ago(4 * day)}, events: []string{"checked_in", "seen"}, then: func(t *testing.T, o outcome) {
			isAt(t, "in", o.after.loan("loan of item").In, ago(3*day))
		}},
		{name: "the date is to come", with: []change{onLoan("item", "reader", 3*day)}, do: circ.CheckIn{Barcode: "301", Date: hence(time.Second)}, refused: why(circ.FutureDate)},
		{name: "the date is now", with: []change{onLoan("item", "reader", 3*day)}, do: circ.CheckIn{Barcode: "301", Date: now}, events: []string{"checked_in", "seen"}},
		{name: "the date is to come, and it was seen since", with: []change{seen("item", hence(time.Minute))}, do: circ.CheckIn{Barcode: "301", Date: hence(time.Second)}, refused: why(circ.FutureDate, circ.SeenSince)},

		{name: "it belongs to the other library", with: []change{onLoan("item-2", "reader", 3*day)}, do: circ.CheckIn{Barcode: "303"}, events: []string{"checked_in", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "route", *o.Route, circ.Route{Kind: circ.ToTransit, Library: "east"})
			is(t, "transit", o.after.item("item-2").Transit, "east")
		}},
		{name: "it comes home", with: []change{editItem("item-2", func(i *circ.Item) { i.Transit = "east" })}, here: "east", do: circ.CheckIn{Barcode: "303"}, tell: why(circ.NotOnLoanTell), events: []string{"seen"}, then: func(t *testing.T, o outcome) {
			is(t, "route", o.Route.Kind, circ.ToShelf)
			is(t, "transit", o.after.item("item-2").Transit, "")
		}},
		{name: "nobody knows where it belongs", with: []change{editItem("item", func(i *circ.Item) { i.Home = "" })}, do: back, tell: why(circ.NotOnLoanTell), events: []string{"seen"}, then: func(t *testing.T, o outcome) {
			is(t, "route", o.Route.Kind, circ.ToShelf)
		}},
		{name: "staff must look at it, though another waits", with: []change{onLoan("item", "reader", day), editItem("item", func(i *circ.Item) { i.Staff = "spine torn" }), waiting("r", "other", day)}, do: back, events: []string{"checked_in", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "route", *o.Route, circ.Route{Kind: circ.ToStaff, Library: "main", Why: "spine torn"})
			is(t, "the other waits", o.after.request("r").Stage, circ.Waiting)
		}},

		{name: "it is damaged, though another waits", with: []change{itemIs("item", circ.ItemDamaged), editItem("item", func(i *circ.Item) { i.Mark.Text = "wet" }), waiting("r", "other", day)}, do: back, tell: why(circ.NotOnLoanTell), events: []string{"seen"}, then: func(t *testing.T, o outcome) {
			is(t, "route", *o.Route, circ.Route{Kind: circ.ToStaff, Library: "main", Mark: circ.ItemDamaged, Why: "wet"})
			is(t, "it stays damaged", o.after.item("item").Mark.State, circ.ItemDamaged)
			is(t, "the other waits", o.after.request("r").Stage, circ.Waiting)
		}},
		{name: "it is damaged, and staff must look at it for something else", with: []change{itemIs("item", circ.ItemDamaged), editItem("item", func(i *circ.Item) { i.Staff = "count the discs" })}, do: back, tell: why(circ.NotOnLoanTell), events: []string{"seen"}, then: func(t *testing.T, o outcome) {
			is(t, "route", *o.Route, circ.Route{Kind: circ.ToStaff, Library: "main", Mark: circ.ItemDamaged, Why: "count the discs"})
		}},
		{name: "it was lent although it is damaged", with: []change{onLoan("item", "reader", day), itemIs("item", circ.ItemDamaged)}, do: back, events: []string{"checked_in", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "route", o.Route.Kind, circ.ToStaff)
		}},
		{name: "it is damaged and belongs to the other library: staff looks at it here", with: []change{itemIs("item-2", circ.ItemDamaged)}, do: circ.CheckIn{Barcode: "303"}, tell: why(circ.NotOnLoanTell), events: []string{"seen"}, then: func(t *testing.T, o outcome) {
			is(t, "route", o.Route.Kind, circ.ToStaff)
			is(t, "transit", o.after.item("item-2").Transit, "")
		}},
		{name: "it is withdrawn", with: []change{itemIs("item", circ.ItemWithdrawn)}, do: back, tell: why(circ.NotOnLoanTell), events: []string{"seen"}, then: func(t *testing.T, o outcome) {
			is(t, "route", *o.Route, circ.Route{Kind: circ.ToStaff, Library: "main", Mark: circ.ItemWithdrawn})
		}},
		{name: "it is damaged and used in the library", with: []change{itemIs("item", circ.ItemDamaged)}, do: circ.Use{Barcode: "301"}, events: []string{"used", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "route", o.Route.Kind, circ.ToStaff)
		}},
		{name: "it was missing: it goes to its place", with: []change{itemIs("item", circ.ItemMissing)}, do: back, tell: why(circ.NotOnLoanTell, circ.WasMissing), events: []string{"item_marked", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "route", o.Route.Kind, circ.ToShelf)
			is(t, "found", o.after.item("item").Mark.State, "")
		}},

		{name: "another waits for it here", with: []change{onLoan("item", "reader", day), waiting("r", "other", day)}, do: back, events: []string{"checked_in", "seen", "trapped"}, then: func(t *testing.T, o outcome) {
			until := dayEnd(7)
			is(t, "route", *o.Route, circ.Route{Kind: circ.ToHoldShelf, Library: "main", Request: "r", Patron: "other", Until: until})
			r := o.after.request("r")
			is(t, "stage", r.Stage, circ.OnShelf)
			is(t, "copy", r.Copy, "item")
			isAt(t, "until", r.Until, until)
			is(t, "held", o.after.item("item").Held, "r")
		}},
		{name: "another waits for it at the other library", with: []change{onLoan("item", "reader", day), waiting("r", "other", day, pickupAt("east"))}, do: back, events: []string{"checked_in", "seen", "trapped"}, then: func(t *testing.T, o outcome) {
			is(t, "route", *o.Route, circ.Route{Kind: circ.ToTransit, Library: "east", Request: "r", Patron: "other"})
			is(t, "stage", o.after.request("r").Stage, circ.Underway)
			is(t, "transit", o.after.item("item").Transit, "east")
			is(t, "held", o.after.item("item").Held, "r")
		}},
		{name: "it arrives where it is waited for", with: []change{underway("r", "other", "item", "east")}, here: "east", do: back, tell: why(circ.NotOnLoanTell), events: []string{"seen", "trapped"}, then: func(t *testing.T, o outcome) {
			is(t, "route", o.Route.Kind, circ.ToHoldShelf)
			is(t, "stage", o.after.request("r").Stage, circ.OnShelf)
			is(t, "transit", o.after.item("item").Transit, "")
		}},
		{name: "it is on its way and scanned here again", with: []change{underway("r", "other", "item", "east")}, do: back, tell: why(circ.NotOnLoanTell), events: []string{"seen"}, then: func(t *testing.T, o outcome) {
			is(t, "route", o.Route.Kind, circ.ToTransit)
			is(t, "transit", o.after.item("item").Transit, "east")
		}},
		{name: "it is on the hold shelf already", with: []change{shelved("r", "other", "item", hence(3*day))}, do: back, tell: why(circ.NotOnLoanTell), events: []string{"seen"}, then: func(t *testing.T, o outcome) {
			is(t, "route", o.Route.Kind, circ.ToHoldShelf)
			isAt(t, "until as before", o.Route.Until, hence(3*day))
		}},
		{name: "its request is over", with: []change{shelved("r", "other", "item", hence(3*day)), edit(circ.KindRequest, "r", func(r *circ.Request) { r.Stage, r.Copy = circ.Cancelled, "" })}, do: back, tell: why(circ.NotOnLoanTell), events: []string{"untrapped", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "held", o.after.item("item").Held, "")
			is(t, "stage", o.after.request("r").Stage, circ.Cancelled)
			is(t, "route", o.Route.Kind, circ.ToShelf)
		}},
		{name: "who asked first gets it first", with: []change{onLoan("item", "reader", day), waiting("r", "other", day), waiting("s", "third", 2*day)}, do: back, events: []string{"checked_in", "seen", "trapped"}, then: func(t *testing.T, o outcome) {
			is(t, "for whom", o.Route.Patron, "third")
		}},
		{name: "who asked first wants the other copy only", with: []change{onLoan("item", "reader", day), waiting("r", "other", day), waiting("s", "third", 2*day, onlyCopy("copy"))}, do: back, events: []string{"checked_in", "seen", "trapped"}, then: func(t *testing.T, o outcome) {
			is(t, "for whom", o.Route.Patron, "other")
		}},
		{name: "whoever brings it back waits for it", with: []change{onLoan("item", "reader", day), waiting("r", "reader", day)}, do: back, events: []string{"checked_in", "seen", "trapped"}},
	})
}

// TestQueuePages reads a long queue page by page, each twice the last, until
// one fits.
func TestQueuePages(t *testing.T) {
	w := plain(onLoan("item", "reader", day))
	for i := range 300 {
		waiting(fmt.Sprintf("r%03d", i), "other", time.Duration(1000-i)*time.Minute, onlyCopy("copy"))(w)
	}
	for _, tt := range []struct {
		name  string
		fits  int // the place of the request that fits; below zero: none does
		pages []int
	}{
		{"the first fits", 0, []int{64}},
		{"the last of the first page fits", 63, []int{64}},
		{"the first of the second page fits", 64, []int{64, 128}},
		{"the last of the second page fits", 191, []int{64, 128}},
		{"the first of the third page fits", 192, []int{64, 128, 256}},
		{"none fits", -1, []int{64, 128, 256}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := w.clone()
			id := fmt.Sprintf("r%03d", tt.fits)
			if tt.fits >= 0 {
				edit(circ.KindRequest, id, func(r *circ.Request) { r.Item = "" })(w)
			}
			c := circ.NewCase(act("entry-1", back), rules)
			var pages []int
			for _, trip := range w.gather(t, c) {
				for _, want := range trip {
					if want.Index == circ.QueueOf {
						pages = append(pages, want.N)
					}
				}
			}
			same(t, "pages", pages, tt.pages)
			d := circ.Decide(c)
			if tt.fits < 0 {
				is(t, "route", d.Route.Kind, circ.ToShelf)
				return
			}
			is(t, "for", d.Route.Request, circ.RequestID(id))
		})
	}
}
