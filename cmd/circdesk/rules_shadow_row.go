package main

import (
	"cmp"
	"context"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
	"circdesk/store/bolt"
)

// rowsOfOurs finds the row of the desk's rules on which it would hang, had the desk a
// reason that only the central system has.
type rowsOfOurs struct {
	rules *policy.Set
	copy  *bolt.Cache
}

// withRows hands over what finds rows: of the rules in force, and of what the copy
// knows of patrons and items. Where there are none that can be read it finds no row:
// the answers can be compared all the same.
func (p *program) withRows(ctx context.Context, do func(*rowsOfOurs) error) error {
	where, err := p.folder()
	if err != nil {
		return err
	}
	rules, err := p.rulesInForce(ctx, where)
	if err != nil {
		return do(nil)
	}
	cache, done, err := p.cacheOf(ctx, where)
	if err != nil || cache == nil {
		return do(nil)
	}
	defer done()
	return do(&rowsOfOurs{rules, cache})
}

// fill puts the rows in. The rules must be those of the entry: of others there is
// none. What the copy knows of the patron and the item is of now.
func (o *rowsOfOurs) fill(ctx context.Context, e journal.Entry, all []journal.Difference) error {
	if o == nil || e.Rules != o.rules.Version() {
		return nil
	}
	var facts *circ.Case
	lends, act := lendingOf(e)
	for i := range all {
		d := &all[i]
		theirs := d.Kind == journal.TheyRefuse || d.Kind == journal.TheyAsk || d.Kind == journal.TheirReason
		if !theirs || act == "" || d.Rule != "" {
			continue
		}
		if facts == nil {
			facts = circ.NewCase(circ.Act{ID: e.Act.ID, Desk: e.Act.Desk, Library: e.Act.Library, At: e.Act.At, Command: lends}, o.rules)
			err := o.copy.View(ctx, func(tx journal.CacheTx) error { return journal.Gather(ctx, tx, facts) })
			if err != nil {
				return err
			}
		}
		d.Rule = o.rowFor(facts, lends, act, d.Code)
	}
	return nil
}

// rowFor gives the row for a reason: that of its number, else of the block table.
func (o *rowsOfOurs) rowFor(facts *circ.Case, k circ.CheckOut, act policy.BlockAct, reason string) string {
	if k.Patron == "" {
		card, _ := facts.Card(k.Card)
		k.Patron = card.Patron
	}
	person, known := facts.Patron(k.Patron)
	item, found := facts.Item(k.Item, k.Barcode)
	if !known || !found {
		return ""
	}
	q := policy.Query{Group: person.Group, Type: item.Type, Library: facts.Act.Library, Location: item.Location, At: facts.Act.At}
	return cmp.Or(o.rules.Terms(q).RowBehind(reason), o.rules.Block(policy.BlockQuery{Query: q, Reason: reason, Act: act}).Row)
}

// lendingOf gives who and what an entry is about as a check-out, and what the block
// table calls it; empty: nobody knows, or it is neither a loan nor a renewal.
func lendingOf(e journal.Entry) (circ.CheckOut, policy.BlockAct) {
	for _, told := range e.Told {
		switch told := told.(type) {
		case circ.CheckedOut:
			return circ.CheckOut{Patron: told.Patron, Item: told.Item}, policy.ForLoan
		case circ.Renewed:
			return circ.CheckOut{Patron: told.Patron, Item: told.Item}, policy.ForRenewal
		}
	}
	if k, ok := e.Act.Command.(circ.CheckOut); ok {
		return k, policy.ForLoan
	}
	return circ.CheckOut{}, ""
}
