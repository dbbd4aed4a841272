package siptest

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// All that is here is called with the library's lock held.

func compare(a, b string) int { return cmp.Compare(a, b) }

func (l *Library) now() time.Time { return l.clock() }

func (l *Library) did(d Deed) {
	if d.At.IsZero() {
		d.At = l.now()
	}
	l.deeds = append(l.deeds, d)
}

func (l *Library) charge(f Fee) {
	l.numbered++
	if f.ID == "" {
		f.ID = fmt.Sprintf("F%d", l.numbered)
	}
	f.Type = cmp.Or(f.Type, "01")
	l.fees = append(l.fees, f)
}

func (l *Library) owes(patron string) int64 {
	var sum int64
	for _, f := range l.fees {
		if f.Patron == patron {
			sum += f.Amount
		}
	}
	return sum
}

// due is the end of the last day of a loan that begins at a time.
func (l *Library) due(from time.Time) time.Time {
	y, m, d := from.In(l.Zone).AddDate(0, 0, l.LoanDays).Date()
	return time.Date(y, m, d, 23, 59, 0, 0, l.Zone).UTC()
}

func (l *Library) loansOf(patron string) []Loan {
	var all []Loan
	for _, a := range l.loans {
		if a.Patron == patron {
			all = append(all, *a)
		}
	}
	slices.SortFunc(all, func(a, b Loan) int {
		return cmp.Or(a.Since.Compare(b.Since), compare(a.Item, b.Item))
	})
	return all
}

func (l *Library) overdueOf(patron string) []Loan {
	return slices.DeleteFunc(l.loansOf(patron), func(a Loan) bool { return !a.Due.Before(l.now()) })
}

func (l *Library) requestsOf(patron string, shelf bool) []hold {
	var all []hold
	for _, r := range l.requests {
		if r.patron == patron && r.shelf == shelf {
			all = append(all, r)
		}
	}
	return all
}

// next is the place of the first who waits for an item, -1: nobody does.
func (l *Library) next(item string) int {
	return slices.IndexFunc(l.requests, func(r hold) bool { return r.item == item })
}

// against says why a patron may not borrow, "": nothing.
func (l *Library) against(p *Patron) string {
	switch {
	case p.Blocked:
		return "Patron Blocked"
	case l.expired(p):
		return "Patron expired"
	case l.FeeLimit > 0 && l.owes(p.ID) > l.FeeLimit:
		return "Patron owes too much"
	}
	return ""
}

func (l *Library) expired(p *Patron) bool { return !p.Expires.IsZero() && p.Expires.Before(l.now()) }

// outcome is what came of a check-out or renewal.
type outcome struct {
	ok      bool
	renewed bool
	why     string
	due     time.Time
	fee     int64 // asked for, and not acknowledged
	patron  bool  // refused because of the patron
}

func refuse(why string) outcome { return outcome{why: why} }

// lend checks an item out, or renews it where its dialect does that.
func (l *Library) lend(p *Patron, i *Item, asksRenewal, noBlock, feeOK bool, nbDue time.Time) outcome {
	forced := noBlock && l.Dialect.HonoursNoBlock
	switch {
	case p == nil:
		return refuse("Invalid Patron")
	case i == nil:
		return refuse("Invalid Item")
	}
	if why := l.against(p); why != "" && !forced {
		return outcome{why: why, patron: true}
	}
	if loan := l.loans[i.ID]; loan != nil {
		switch {
		case loan.Patron != p.ID && !forced:
			return refuse("Item checked out to another patron")
		case loan.Patron != p.ID:
			delete(l.loans, i.ID)
		case asksRenewal, l.Dialect.RenewsOwn:
			o := l.renew(p, i, noBlock, nbDue)
			if o.ok {
				o.why = "Item already checked out to you: renewing item."
			}
			return o
		default:
			return refuse("Item already checked out to you")
		}
	}
	if at := l.next(i.ID); at >= 0 && l.requests[at].patron != p.ID && !forced {
		return refuse("Item on hold for another patron")
	}
	if len(l.loansOf(p.ID)) >= cmp.Or(p.Limit, 50) && !forced {
		return refuse("Too many items")
	}
	if l.Dialect.AsksFee && i.Fee > 0 && !feeOK && !forced {
		return outcome{why: "A fee has to be acknowledged", fee: i.Fee}
	}
	due := l.due(l.now())
	if forced && !nbDue.IsZero() {
		due = nbDue
	}
	l.loans[i.ID] = &Loan{Patron: p.ID, Item: i.ID, Since: l.now(), Due: due}
	l.requests = slices.DeleteFunc(l.requests, func(r hold) bool { return r.item == i.ID && r.patron == p.ID })
	if i.Fee > 0 {
		l.charge(Fee{Patron: p.ID, Amount: i.Fee, Type: "06", Why: i.Title})
	}
	l.did(Deed{What: CheckedOut, Patron: p.ID, Item: i.ID, Due: due, NoBlock: noBlock})
	return outcome{ok: true, due: due}
}

// renew lets a patron keep what is out to them.
func (l *Library) renew(p *Patron, i *Item, noBlock bool, nbDue time.Time) outcome {
	forced := noBlock && l.Dialect.HonoursNoBlock
	switch {
	case p == nil:
		return refuse("Invalid Patron")
	case i == nil:
		return refuse("Invalid Item")
	}
	loan := l.loans[i.ID]
	switch at := l.next(i.ID); {
	case loan == nil || loan.Patron != p.ID:
		return refuse("Item not checked out to this patron")
	case l.against(p) != "" && !forced:
		return outcome{why: l.against(p), patron: true}
	case loan.Renewals >= cmp.Or(i.Renewals, 10) && !forced:
		return outcome{why: "Too many renewals", due: loan.Due}
	case at >= 0 && !forced:
		return outcome{why: "Item is requested by another patron", due: loan.Due}
	}
	from := l.now()
	if l.Dialect.RenewsFromDue {
		from = loan.Due
	}
	loan.Due = l.due(from)
	if forced && !nbDue.IsZero() {
		loan.Due = nbDue
	}
	loan.Renewals++
	if l.Dialect.FeeAgain && i.Fee > 0 {
		l.charge(Fee{Patron: p.ID, Amount: i.Fee, Type: "06", Why: i.Title})
	}
	l.did(Deed{What: Renewed, Patron: p.ID, Item: i.ID, Due: loan.Due, NoBlock: noBlock})
	return outcome{ok: true, renewed: true, due: loan.Due}
}

// returned is what came of a check-in.
type returned struct {
	out  bool // it was out
	loan Loan
	hold *hold
	to   string // the library it goes to, "": it stays
}

// take takes an item back at a library.
func (l *Library) take(i *Item, at string, when time.Time, noBlock bool) returned {
	var r returned
	if loan := l.loans[i.ID]; loan != nil {
		r.out, r.loan = true, *loan
		delete(l.loans, i.ID)
		d := Deed{What: CheckedIn, Patron: loan.Patron, Item: i.ID, NoBlock: noBlock}
		if l.Dialect.HonoursReturn && !when.IsZero() {
			d.At = when
		}
		l.did(d)
	}
	if n := l.next(i.ID); n >= 0 {
		l.requests[n].shelf = l.requests[n].pickup == at
		first := l.requests[n]
		r.hold = &first
		if first.pickup != at {
			r.to = first.pickup
		}
		return r
	}
	if home := cmp.Or(i.Home, l.Institution); home != at {
		r.to = home
	}
	return r
}

// pay books money. It says why not.
func (l *Library) pay(p *Patron, a Payment) string {
	left, owes := a.Amount, int64(0)
	mine := func(f Fee) bool { return f.Patron == a.Patron && (a.FeeID == "" || f.ID == a.FeeID) }
	for _, f := range l.fees {
		if mine(f) {
			owes += f.Amount
		}
	}
	switch {
	case p == nil:
		return "Invalid Patron"
	case a.Amount <= 0:
		return "Invalid amount"
	case a.FeeID != "" && owes == 0:
		return "No such fee"
	case a.Amount > owes && !l.Dialect.TakesMore:
		return "More than is owed"
	}
	for n := range l.fees {
		if f := &l.fees[n]; mine(*f) && f.Amount > 0 {
			part := min(left, f.Amount)
			f.Amount, left = f.Amount-part, left-part
		}
	}
	l.fees = slices.DeleteFunc(l.fees, func(f Fee) bool { return f.Amount == 0 })
	if left > 0 {
		l.charge(Fee{Patron: a.Patron, Amount: -left, Why: "credit"})
	}
	a.At = l.now()
	l.payments = append(l.payments, a)
	l.did(Deed{What: Paid, Patron: a.Patron, Amount: a.Amount})
	return ""
}
