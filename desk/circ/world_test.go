package circ_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/money"
	"circdesk/desk/policy"
)

// rules are those of the plain case: short limits, so that one more is too many.
var rules = mustParse(`
version = "rules of the tests"
currency = "EUR"
zone = "Europe/Berlin"
closed_days = "keep"

[default]
period = "14 days"
renewals = 2
loans = 3
requests = 2
claims = 1
max_owed = "10.00"
shelf_days = 7
double_scan = "10 seconds"
renew_min_gain = "1 day"

[[library]]
id = "main"
name = "Main Library"

[[library]]
id = "east"
name = "East Branch"

[[terms]]
item_type = "reference"
loanable = false

[[terms]]
item_type = "map"
period = "2 hours"
renew_min_gain = "10 minutes"

[[terms]]
item_type = "serial"
renewals = 0

[[terms]]
item_type = "score"
renew_period = "28 days"

[[terms]]
item_type = "textbook"
period = "end of term"
schedule = "semester"

[[terms]]
item_type = "bestseller"
period_waited = "7 days"

[[terms]]
item_type = "thesis"
due_by_expiry = true

[[schedule]]
id = "semester"

[[schedule.term]]
from = 2026-03-01
to = 2026-07-31

[[terms]]
item_type = "disc"
renew_min_gain = "0 seconds"

[[terms]]
group = "staff"
loans = "no limit"
requests = "no limit"
max_owed = "no limit"
renewals = "no limit"

[[terms]]
item_type = "film"
fine = "0.50"
max_fine = "4.00"
replacement_price = "20.00"
lost_processing = "3.00"
lost_refund = "50%"
lost_refund_within = "30 days"
recallable = true
recall_return = "4 days"
recall_guarantee = "10 days"
recall_fine = "2.00"

[[terms]]
group = "student"
request_fee = "0.80"
card_fee = "6.00"
card_renewal_fee = "5.00"
card_replacement_fee = "2.50"

[[terms]]
item_type = "game"
fine = "0.30"
recallable = true

[[terms]]
item_type = "laptop"
suspend_days = 2

[[terms]]
item_type = "atlas"
long_overdue = "30 days"
`)

func mustParse(text string) *policy.Set {
	s, err := policy.Parse([]byte(text))
	if err != nil {
		panic(err)
	}
	return s
}

// now is a Tuesday, 11:00 in Berlin.
var now = time.Date(2026, 3, 10, 10, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// ago and hence are instants around now.
func ago(d time.Duration) time.Time   { return now.Add(-d) }
func hence(d time.Duration) time.Time { return now.Add(d) }

// dayEnd is when a loan of so many days from now is due.
func dayEnd(days int) time.Time { return rules.DayEnd("main", now.AddDate(0, 0, days)) }

func euro(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

// world is a small library in memory. It answers the closed list of lookups as
// a store does.
type world struct{ rows map[circ.Key]circ.Row }

// plain is the case in which nothing stands against anything: a title with two
// copies at the main library, three patrons, nothing lent or wanted.
func plain(changes ...change) *world {
	w := &world{rows: map[circ.Key]circ.Row{}}
	w.put(
		circ.Title{ID: "title", Title: "A title"},
		circ.Title{ID: "title-2", Title: "Another title"},
		circ.Item{ID: "item", Barcode: "301", Title: "title", Type: "book", Home: "main", Location: "open"},
		circ.Item{ID: "copy", Barcode: "302", Title: "title", Type: "book", Home: "main", Location: "open"},
		circ.Item{ID: "item-2", Barcode: "303", Title: "title-2", Type: "book", Home: "east", Location: "open"},
	)
	for _, id := range []string{"reader", "other", "third"} {
		w.put(
			circ.Patron{ID: circ.PatronID(id), Card: "card-" + id, Family: "Family of " + id, Group: "adult", Home: "main"},
			circ.Card{Number: "card-" + id, Patron: circ.PatronID(id), State: circ.CardValid},
		)
	}
	for _, c := range changes {
		c(w)
	}
	return w
}

func (w *world) put(rows ...circ.Row) {
	for _, r := range rows {
		w.rows[r.Key()] = r
	}
}

func (w *world) clone() *world { return &world{rows: maps.Clone(w.rows)} }

// read answers one lookup by the words of the index: rows in the order of
// their lines, after After, at most N.
func (w *world) read(want circ.Want) []circ.Row {
	if want.Index == "" {
		if r, ok := w.rows[want.Key]; ok {
			return []circ.Row{r}
		}
		return nil
	}
	type hit struct {
		line circ.Line
		row  circ.Row
	}
	var hits []hit
	for _, r := range w.rows {
		for _, l := range r.Index() {
			if l.Index != want.Index || l.Sort <= want.After && want.After != "" {
				continue
			}
			if l.Of == want.ID || l.Index.Begins() && strings.HasPrefix(l.Of, want.ID) {
				hits = append(hits, hit{l, r})
			}
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.line.Of, b.line.Of), cmp.Compare(a.line.Sort, b.line.Sort), cmp.Compare(a.row.Key().ID, b.row.Key().ID))
	})
	var rows []circ.Row
	for _, h := range hits[:min(len(hits), want.N)] {
		rows = append(rows, h.row)
	}
	return rows
}

// maxRounds bounds the trips of one case: 10,000 waiting requests take 8.
const maxRounds = 20

// gather reads what the case lacks until it lacks nothing, and gives the trips.
func (w *world) gather(t testing.TB, c *circ.Case) (trips [][]circ.Want) {
	t.Helper()
	asked := map[circ.Want]bool{}
	for range maxRounds {
		wants := circ.Lacks(c)
		if len(wants) == 0 {
			return trips
		}
		trips = append(trips, wants)
		for _, want := range wants {
			if asked[want] {
				t.Fatalf("asked twice for %+v", want)
			}
			asked[want] = true
			c.Add(want, w.read(want))
		}
	}
	t.Fatalf("the case still lacks %+v after %d trips", circ.Lacks(c), maxRounds)
	return nil
}

// act is the plain act: at the main desk, now.
func act(id string, k circ.Command) circ.Act {
	return circ.Act{
		ID: circ.EntryID(id), Desk: "desk-1", Library: "main", Operator: "clerk",
		At: now, Zone: "Europe/Berlin", Command: k,
	}
}

// gathered is the case of an act in this world.
func (w *world) gathered(t testing.TB, a circ.Act) *circ.Case {
	t.Helper()
	c := circ.NewCase(a, rules)
	w.gather(t, c)
	return c
}

// decide answers an act from the facts of this world.
func (w *world) decide(t testing.TB, a circ.Act) circ.Decision {
	t.Helper()
	return circ.Decide(w.gathered(t, a))
}

// record fits what was told into this world, without applying it.
func (w *world) record(t testing.TB, a circ.Act, told []circ.Event) ([]circ.Event, []circ.Remark) {
	t.Helper()
	c := circ.NewCase(a, rules)
	c.Told = told
	w.gather(t, c)
	return circ.Record(c)
}

// retract undoes a story in this world, without applying it.
func (w *world) retract(t testing.TB, a circ.Act, was circ.Story) ([]circ.Event, []circ.Remark) {
	t.Helper()
	c := circ.NewCase(a, rules)
	c.Was = &was
	w.gather(t, c)
	return circ.Retract(c)
}

// apply gives the world after the events, as a store writes it.
func (w *world) apply(events ...circ.Event) *world {
	after := w.clone()
	for _, e := range events {
		c := circ.NewCase(circ.Act{}, rules)
		for _, k := range e.Touches() {
			want := circ.ByKey(k.Kind, k.ID)
			c.Add(want, after.read(want))
		}
		c.Apply(e)
		after.put(c.Changes()...)
	}
	return after
}

// done decides an act that must go through, and gives the world after it.
func (w *world) done(t testing.TB, a circ.Act) (*world, circ.Story) {
	t.Helper()
	d := w.decide(t, a)
	if !d.Done() {
		t.Fatalf("%s does not go through: refused %v, asked %v", a.Command.Name(), reasons(d.Refused), reasons(d.Ask))
	}
	return w.apply(d.Events...), circ.Story{Act: a, Events: d.Events}
}

// of gives a row of the world; the zero row where there is none.
func of[R circ.Row](w *world, k circ.Kind, id string) R {
	r, _ := w.rows[circ.Key{Kind: k, ID: id}].(R)
	return r
}

func (w *world) item(id string) circ.Item       { return of[circ.Item](w, circ.KindItem, id) }
func (w *world) patron(id string) circ.Patron   { return of[circ.Patron](w, circ.KindPatron, id) }
func (w *world) card(n string) circ.Card        { return of[circ.Card](w, circ.KindCard, n) }
func (w *world) loan(id string) circ.Loan       { return of[circ.Loan](w, circ.KindLoan, id) }
func (w *world) request(id string) circ.Request { return of[circ.Request](w, circ.KindRequest, id) }

// every gives all rows of one type, in the order of their keys.
func every[R circ.Row](w *world) (rows []R) {
	keys := slices.SortedFunc(maps.Keys(w.rows), func(a, b circ.Key) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	for _, k := range keys {
		if r, ok := w.rows[k].(R); ok {
			rows = append(rows, r)
		}
	}
	return rows
}

// open gives the open loans of an item.
func (w *world) open(item circ.ItemID) (loans []circ.Loan) {
	for _, l := range every[circ.Loan](w) {
		if l.Item == item && l.Open() {
			loans = append(loans, l)
		}
	}
	return loans
}

// A change breaks one thing of the plain case.
type change func(*world)

// edit changes one row.
func edit[R circ.Row](k circ.Kind, id string, do func(*R)) change {
	return func(w *world) {
		r := of[R](w, k, id)
		do(&r)
		w.put(r)
	}
}

func editItem(id string, do func(*circ.Item)) change     { return edit(circ.KindItem, id, do) }
func editPatron(id string, do func(*circ.Patron)) change { return edit(circ.KindPatron, id, do) }

// onLoan lends an item so long ago, for 14 days; the loan's id is "loan of" the item.
func onLoan(item, patron string, before time.Duration) change {
	return func(w *world) {
		out := ago(before)
		id := circ.LoanID("loan of " + item)
		w.put(circ.Loan{ID: id, Item: circ.ItemID(item), Patron: circ.PatronID(patron), Library: "main", Desk: "desk-0", Out: out, Due: rules.DayEnd("main", out.AddDate(0, 0, 14))})
		editItem(item, func(i *circ.Item) {
			i.Loan, i.Held, i.Transit = id, "", ""
			i.Seen = circ.Sighting{At: out, Desk: "desk-0", Library: "main"}
		})(w)
	}
}

// renewed notes a renewal of an item's loan so long ago.
func renewed(item, id string, before time.Duration) change {
	return edit(circ.KindLoan, "loan of "+item, func(l *circ.Loan) {
		l.Due = rules.DayEnd("main", ago(before).AddDate(0, 0, 14))
		l.Renewals = append(slices.Clone(l.Renewals), circ.Renewal{ID: id, At: ago(before), Due: l.Due})
	})
}

// seen puts an item into somebody's hands at another desk.
func seen(item string, at time.Time) change {
	return editItem(item, func(i *circ.Item) { i.Seen = circ.Sighting{At: at, Desk: "desk-9", Library: "east"} })
}

// inTransit puts an item on its way.
func inTransit(item, to string) change {
	return editItem(item, func(i *circ.Item) {
		at := circ.Sighting{At: ago(day), Desk: "desk-9", Transit: policy.LibraryID(to)}
		i.Seen, i.Transit = at, at.Transit
	})
}

// manyLoans lends so many further items of other titles to a patron.
func manyLoans(patron string, n int) change {
	return func(w *world) {
		for i := range n {
			id := "extra-" + string(rune('a'+i))
			w.put(circ.Item{ID: circ.ItemID(id), Barcode: "9" + id, Title: "title-2", Type: "book", Home: "main"})
			onLoan(id, patron, time.Duration(i+1)*day)(w)
		}
	}
}

// waiting queues a patron for the title so long ago.
func waiting(request, patron string, before time.Duration, more ...func(*circ.Request)) change {
	return func(w *world) {
		r := circ.Request{ID: circ.RequestID(request), Title: "title", Patron: circ.PatronID(patron), Pickup: "main", At: ago(before), Stage: circ.Waiting}
		for _, do := range more {
			do(&r)
		}
		w.put(r)
	}
}

// manyWait queues the third for the other copy of the title, so many times.
func manyWait(n int) change {
	return func(w *world) {
		for i := range n {
			waiting(fmt.Sprintf("many-%03d", i), "third", time.Duration(i+1000)*time.Hour, onlyCopy("copy"))(w)
		}
	}
}

// onlyCopy asks for one copy only; pickupAt names the library to collect it at.
func onlyCopy(item string) func(*circ.Request) {
	return func(r *circ.Request) { r.Item = circ.ItemID(item) }
}
func pickupAt(lib policy.LibraryID) func(*circ.Request) {
	return func(r *circ.Request) { r.Pickup = lib }
}

// shelved keeps an item on the hold shelf for a patron.
func shelved(request, patron, item string, until time.Time, more ...func(*circ.Request)) change {
	return func(w *world) {
		waiting(request, patron, 3*day, more...)(w)
		edit(circ.KindRequest, request, func(r *circ.Request) {
			r.Stage, r.Copy, r.Until = circ.OnShelf, circ.ItemID(item), until
		})(w)
		editItem(item, func(i *circ.Item) {
			i.Held = circ.RequestID(request)
			i.Seen = circ.Sighting{At: ago(2 * day), Desk: "desk-0", Library: "main"}
		})(w)
	}
}

// underway sends an item to a library for a patron.
func underway(request, patron, item string, to policy.LibraryID) change {
	return func(w *world) {
		shelved(request, patron, item, time.Time{}, pickupAt(to))(w)
		edit(circ.KindRequest, request, func(r *circ.Request) { r.Stage = circ.Underway })(w)
		editItem(item, func(i *circ.Item) { i.Transit = to })(w)
	}
}

// owes makes a fee so long ago; paid takes money on it.
func owes(fee, patron string, minor int64, before time.Duration) change {
	return func(w *world) {
		w.put(circ.Fee{ID: circ.FeeID(fee), Patron: circ.PatronID(patron), Type: "overdue", Amount: euro(minor), At: ago(before)})
	}
}
func paid(payment, fee, patron string, minor int64) change {
	return func(w *world) {
		w.put(circ.Payment{ID: circ.PaymentID(payment), Fee: circ.FeeID(fee), Patron: circ.PatronID(patron), Amount: euro(minor), At: ago(day), Desk: "desk-0"})
	}
}

// blocked keeps a patron from borrowing.
func blocked(block, patron, text string) change {
	return func(w *world) {
		w.put(circ.Block{ID: circ.BlockID(block), Patron: circ.PatronID(patron), Text: text, At: ago(5 * day)})
	}
}

// lostCard gives a patron an old card that was replaced.
func lostCard(number, patron string) change {
	return func(w *world) {
		w.put(circ.Card{Number: number, Patron: circ.PatronID(patron), State: circ.CardLost})
	}
}

// merged makes a patron a pointer to another.
func merged(patron, into string) change {
	return func(w *world) {
		w.put(circ.Patron{ID: circ.PatronID(patron), Merged: circ.PatronID(into)})
	}
}

// done is a command that somebody has carried out at another desk an hour ago.
func done(k circ.Command) change {
	return func(w *world) {
		a := act("theirs", k)
		a.At, a.Desk, a.Over = ago(time.Hour), "desk-9", why(circ.MergeRecords)
		c := circ.NewCase(a, rules)
		for {
			wants := circ.Lacks(c)
			if len(wants) == 0 {
				break
			}
			for _, want := range wants {
				c.Add(want, w.read(want))
			}
		}
		*w = *w.apply(circ.Decide(c).Events...)
	}
}
