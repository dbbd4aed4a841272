package sip2

import (
	"context"
	"sync"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// sayBeside says facts that have nothing to do with each other at the same time, on as
// many connections as there are: the first one, and of those behind it each that has
// neither item, title nor patron in common with any before it. What each comes to is
// written down, and becomes a receipt in the order of the entries; one that met a fault
// is looked into then. So things stay in order for each item and each patron, which is
// what a system can tell.
func (c *Client) sayBeside(ctx context.Context, entries []journal.Entry) error {
	n := c.Profile.connections()
	if n < 2 || len(entries) < 2 {
		return nil
	}
	picked, err := c.apart(ctx, entries)
	if err != nil || len(picked) < 2 {
		return err
	}
	places := make(chan struct{}, n)
	var all sync.WaitGroup
	for _, e := range picked {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			c.sayOne(ctx, e) // else it is said, or looked into, in its turn
		})
	}
	all.Wait()
	return ctx.Err()
}

// sayOne says what one fact comes to, and writes down what became of it.
func (c *Client) sayOne(ctx context.Context, e journal.Entry) {
	if c.lookAhead(ctx, e) != nil {
		return
	}
	_, f, err := c.judge(ctx, e)
	if err != nil || f == nil {
		return
	}
	if c.tell(ctx, e, f, false) == nil {
		_ = c.fly(ctx, f) // else it is found out
	}
}

// apart gives the facts at the beginning of entries that nothing was said of yet, and
// that have nothing to do with any before them. Anything else than lending, taking back
// and renewing ends them: it may have to do with all.
func (c *Client) apart(ctx context.Context, entries []journal.Entry) (picked []journal.Entry, err error) {
	err = c.Store.View(ctx, func(tx journal.HubTx) error {
		picked = nil
		taken := map[string]bool{}
		for i, e := range entries {
			if e.Mode != journal.Fact {
				return nil
			}
			keys, ok, err := concerns(ctx, tx, e.Act.Command)
			if err != nil || !ok {
				return err
			}
			free := true
			for _, k := range keys {
				free = free && !taken[k]
				taken[k] = true
			}
			f, err := flightOf(ctx, tx, e.Act.ID)
			if err != nil {
				return err
			}
			_, known, err := tx.Receipt(ctx, e.Act.ID)
			switch {
			case err != nil:
				return err
			case i == 0 && (f != nil || known): // it is looked into first
				return nil
			case free && f == nil && !known:
				picked = append(picked, e)
			}
		}
		return nil
	})
	return picked, err
}

// concerns gives what a loan, a return or a renewal is about: the item, its title, who
// has it and who is to have it. ok is false for any other command.
func concerns(ctx context.Context, r journal.Reader, k circ.Command) (keys []string, ok bool, err error) {
	var id circ.ItemID
	var who circ.PatronID
	barcode, card := about(k)
	switch k := circ.CommandValue(k).(type) {
	case circ.CheckOut:
		id, who = k.Item, k.Patron
	case circ.CheckIn:
		id = k.Item
	case circ.Renew:
		id = k.Item
	default:
		return nil, false, nil
	}
	it, known, err := read[circ.Item](ctx, r, circ.KindItem, string(id))
	if err == nil && !known && barcode != "" {
		it, known, err = itemBy(ctx, r, barcode)
	}
	if err != nil {
		return nil, false, err
	}
	keys = append(keys, "item "+string(it.ID)+" "+it.Barcode)
	if !known {
		keys[0] = "barcode " + barcode + string(id)
	}
	if it.Title != "" {
		keys = append(keys, "title "+string(it.Title))
	}
	loan, lent, err := read[circ.Loan](ctx, r, circ.KindLoan, string(it.Loan))
	if err != nil {
		return nil, false, err
	}
	if lent {
		keys = append(keys, "patron "+string(loan.Patron))
	}
	if who == "" && card != "" {
		p, found, err := patronBy(ctx, r, card)
		if err != nil {
			return nil, false, err
		}
		if who = p.ID; !found {
			keys = append(keys, "card "+card)
		}
	}
	if who != "" && (!lent || who != loan.Patron) {
		keys = append(keys, "patron "+string(who))
	}
	return keys, true, nil
}
