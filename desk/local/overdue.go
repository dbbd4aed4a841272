package local

import (
	"context"
	"fmt"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/money"
	"circdesk/desk/policy"
)

// Overdue is a loan that is open and late, with what this desk knows of it. Records
// that it does not know are zero.
type Overdue struct {
	Loan   circ.Loan
	Item   circ.Item
	Title  circ.Title
	Patron circ.Patron
	Long   bool         // so late that the rules take it for long overdue
	IfBack money.Amount // what would be charged if it came back then
}

// overduePage is how many loans are read in one trip.
const overduePage = 200

// Overdue lists the loans of a library that are late at an instant, first due first,
// at most so many: from the desk's own copy, with what is not sent yet. What is lost,
// said to be returned, or came back incomplete, is not among them. more: there are
// further ones.
func (d *Desk) Overdue(ctx context.Context, lib policy.LibraryID, at time.Time, most int) (late []Overdue, more bool, err error) {
	rules := d.Policy()
	err = d.View(ctx, func(r journal.Reader) error {
		late, more, err = ReadOverdue(ctx, r, rules, lib, at, most)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("list what is overdue at library %s: %w", lib, err)
	}
	return late, more, nil
}

// ReadOverdue is [Desk.Overdue] by rules, in a transaction that is open already.
func ReadOverdue(ctx context.Context, r journal.Reader, rules *policy.Set, lib policy.LibraryID, at time.Time, most int) (late []Overdue, more bool, err error) {
	w := circ.In(circ.DueOf, string(lib), overduePage)
	for {
		found, err := r.Read(ctx, []circ.Want{w})
		if err != nil {
			return nil, false, err
		}
		var loans []circ.Loan
		past := len(found[0]) == 0
		for _, row := range found[0] {
			l, ok := row.(circ.Loan)
			switch {
			case !ok:
			case !at.After(l.Due):
				past = true
			case !l.Marked.Missed() && !l.Incomplete():
				loans = append(loans, l)
			}
		}
		if len(late)+len(loans) > most {
			loans, more = loans[:most-len(late)], true
		}
		page, err := joined(ctx, r, rules, loans, at)
		if err != nil {
			return nil, false, err
		}
		late = append(late, page...)
		if more || past || len(found[0]) < overduePage {
			return late, more, nil
		}
		var ok bool
		if w.After, ok = circ.SortIn(found[0][len(found[0])-1], circ.DueOf, string(lib)); !ok {
			return late, false, nil
		}
	}
}

// joined gives loans with their items, titles and patrons, in two trips.
func joined(ctx context.Context, r journal.Reader, rules *policy.Set, loans []circ.Loan, at time.Time) ([]Overdue, error) {
	c := circ.NewCase(circ.Act{At: at}, rules)
	read := func(wants []circ.Want) error {
		found, err := r.Read(ctx, wants)
		for i := range found {
			c.Add(wants[i], found[i])
		}
		return err
	}
	var wants []circ.Want
	for _, l := range loans {
		wants = append(wants, circ.ByKey(circ.KindItem, string(l.Item)), circ.ByKey(circ.KindPatron, string(l.Patron)))
	}
	if err := read(wants); err != nil {
		return nil, err
	}
	wants = wants[:0]
	for _, l := range loans {
		if it, ok := c.Item(l.Item, ""); ok && it.Title != "" {
			wants = append(wants, circ.ByKey(circ.KindTitle, string(it.Title)))
		}
	}
	if err := read(wants); err != nil {
		return nil, err
	}
	out := make([]Overdue, len(loans))
	for i, l := range loans {
		o := Overdue{Loan: l, Long: circ.LongOverdue(c, l, at)}
		o.Item, _ = c.Item(l.Item, "")
		o.Title, _ = c.Title(o.Item.Title)
		o.Patron, _ = c.Patron(l.Patron)
		o.IfBack = circ.Accrued(c, l, at)
		out[i] = o
	}
	return out, nil
}
