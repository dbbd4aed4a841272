package sip2

import (
	"context"
	"slices"

	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// fewest is how many renewals are said with one message (65) at least.
const fewest = 3

// renewTogether says renewals with one message (65), where the system does that well and
// they are all that a patron has: then it renews nothing else. What was renewed is noted
// in its flight, what was not is said by itself, so that the clerk hears why, and of what
// the answer does not name, or where none came, it is found out as of a single one. It may
// do nothing: then each is said by itself. Like every change it is written down before it
// is said.
func (c *Client) renewTogether(ctx context.Context, all []journal.Entry) error {
	if len(all) < fewest || !c.Profile.RenewsAll || !c.takes(sipwire.RenewAll) || slices.ContainsFunc(all, func(e journal.Entry) bool { return !renews(e) }) {
		return nil
	}
	flights, card, err := c.judgeAll(ctx, all)
	if err != nil || flights == nil {
		return err
	}
	if same, err := c.isAll(ctx, card, flights); err != nil || !same {
		return err
	}
	for i, f := range flights { // how each stands before
		if _, known, err := c.before(ctx, all[i], f, f.Steps[0]); err != nil || known || !f.Before.Out {
			return err
		}
		f.Said = true
	}
	m, err := c.Profile.RenewAll(c.Account, all[len(all)-1].Act.At, card)
	if err != nil {
		return err
	}
	if err := c.fly(ctx, flights...); err != nil {
		return err
	}
	switch out := c.pool.Change(ctx, m); out.Verdict {
	case Done, Refused:
		c.share(ctx, flights, out)
	case Unsaid:
		for _, f := range flights {
			f.Said = false
		}
	default:
		return out.Err // the next delivery finds out about each
	}
	return c.fly(ctx, flights...)
}

// renews reports whether an entry asks for a renewal, against nothing that stands in its
// way.
func renews(e journal.Entry) bool {
	_, is := circ.CommandValue(e.Act.Command).(circ.Renew)
	return is && e.Mode == journal.Asked && len(e.Act.Over) == 0
}

// judgeAll judges entries that ask for renewals; nil: they are not one renewal each, of
// one patron, or some were said or delivered already.
func (c *Client) judgeAll(ctx context.Context, all []journal.Entry) (flights []*flight, card string, err error) {
	for _, e := range all {
		known := false
		err := c.Store.View(ctx, func(tx journal.HubTx) error {
			f, err := flightOf(ctx, tx, e.Act.ID)
			if err != nil || f != nil {
				known = true
				return err
			}
			_, known, err = tx.Receipt(ctx, e.Act.ID)
			return err
		})
		if err != nil || known {
			return nil, "", err
		}
		if err := c.lookAhead(ctx, e); err != nil {
			return nil, "", err
		}
		_, f, err := c.judge(ctx, e)
		if err != nil || f == nil || len(f.Steps) != 1 || f.Steps[0].Code != sipwire.Renew || card != "" && f.Steps[0].Patron != card {
			return nil, "", err
		}
		card = f.Steps[0].Patron
		flights = append(flights, f)
	}
	return flights, card, nil
}

// isAll reports whether what is to be renewed is all that the system has as lent to a
// patron.
func (c *Client) isAll(ctx context.Context, card string, flights []*flight) (bool, error) {
	p, err := c.patron(ctx, card, true)
	if err != nil || !p.whole || len(p.charged) != len(flights) {
		return false, err
	}
	return !slices.ContainsFunc(flights, func(f *flight) bool { return !p.has(f.Steps[0].Item) }), nil
}

// share gives each flight its part of an answer. What was not renewed may be said by
// itself; what is not named stays as said, and is looked into.
func (c *Client) share(ctx context.Context, flights []*flight, out Outcome) {
	named := func(t sipwire.Tag, barcode string) bool {
		return slices.ContainsFunc(out.Reply.All(t), func(b []byte) bool { return firstWord(c.Profile.Form.Text(b)) == barcode })
	}
	for _, f := range flights {
		switch s := f.Steps[0]; {
		case named(sipwire.RenewedItem, s.Item):
			r := result{Did: isDone}
			if it, err := c.item(ctx, s.Item); err == nil { // the answer has no dates
				r.Due, r.RawDue = it.due, it.rawDue
			}
			f.through(r)
		case out.Verdict == Refused, named(sipwire.UnrenewedItem, s.Item):
			f.Said = false
		}
	}
}
