package sip2

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/money"
	"circdesk/desk/text"
)

// mostTries is how often a change is said in one delivery: again only after it was
// found that it has not been done.
const mostTries = 2

// errStillUnknown: it was found out, twice, that a change was not done, and a third
// try would do no better.
var errStillUnknown = errors.New("the system does not do what is said, and does not refuse it")

// tell says the steps of a flight that are not through yet. over: nobody waits for a
// question any more.
func (c *Client) tell(ctx context.Context, e journal.Entry, f *flight, over bool) error {
	defer c.forgetLooks(ctx, f.Steps)
	for {
		s, more := f.next()
		if !more {
			return nil
		}
		r, err := c.carry(ctx, e, f, s, over)
		if err != nil {
			return err
		}
		f.through(r)
	}
}

// carry brings one step through: what may have been said is looked into first.
func (c *Client) carry(ctx context.Context, e journal.Entry, f *flight, s step, over bool) (result, error) {
	for try := 0; ; try++ {
		if f.Said {
			r, found, err := c.verify(ctx, s, f.Before)
			if err != nil || found {
				return r, err
			}
			f.Said = false
			if over {
				return result{Did: isRefused, NotSent: true}, nil
			}
		}
		if try == mostTries {
			return result{}, errStillUnknown
		}
		r, known, err := c.before(ctx, e, f, s)
		if err != nil || known {
			return r, err
		}
		f.Said = true
		if err := c.fly(ctx, f); err != nil {
			return result{}, err
		}
		m, err := s.message(c.Profile, c.Account)
		if err != nil {
			return result{}, err
		}
		begun := time.Now()
		switch out := c.pool.Change(ctx, m); out.Verdict {
		case Done, Refused:
			c.measured(time.Since(begun))
			return c.resultOf(ctx, s, f.Before, out), nil
		case Unsaid:
			f.Said = false
			if err := c.fly(ctx, f); err != nil {
				return result{}, err
			}
			return result{}, out.Err
		default:
			if err := rest(ctx, cmp.Or(c.Rest, settles)); err != nil {
				return result{}, out.Err
			}
		}
	}
}

// settles is how long a system is left alone where nothing else is said.
const settles = 2 * time.Second

func rest(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// justNow is how old what has happened may be for nothing to have happened since.
const justNow = time.Minute

// before looks how things stand before a step is said: for the comparison afterwards,
// and because it may be so already. known: then r is what became of the step, and it
// is not said.
func (c *Client) before(ctx context.Context, e journal.Entry, f *flight, s step) (r result, known bool, err error) {
	f.Before = before{}
	switch s.Code {
	case sipwire.Checkout, sipwire.Checkin, sipwire.Renew:
		it, err := c.item(ctx, s.Item)
		if err != nil {
			return r, false, err
		}
		f.Before.Out, f.Before.Due, f.Before.DueAt, f.Before.Renews = it.out(), it.rawDue, it.due, it.renewed
		old := c.Now().Sub(e.Act.At) > justNow
		switch {
		case s.Code == sipwire.Checkout && it.out():
			p, err := c.patron(ctx, s.Patron, true)
			if err != nil {
				return r, false, err
			}
			if f.Before.Listed = p.has(s.Item); f.Before.Listed { // a check-out now would be a renewal
				return result{Did: isDone, Due: it.due, RawDue: it.rawDue, Was: true}, true, nil
			}
		case s.Code == sipwire.Checkin && it.out() && old:
			newer, err := c.lentSince(ctx, s)
			if err != nil || newer {
				return result{Did: isRefused, Newer: true}, newer, err
			}
		}
	case sipwire.Hold, sipwire.FeePaid:
		p, err := c.patron(ctx, s.Patron, false)
		if err != nil {
			return r, false, err
		}
		f.Before.Holds, f.Before.Owes, f.Before.Counts = p.holds(), p.owes, p.counted
	}
	return r, false, nil
}

// lentSince reports whether an item that is out is with somebody other than the desk
// knows of: lent at the system since. Then a return from before says nothing of it.
func (c *Client) lentSince(ctx context.Context, s step) (bool, error) {
	var card string
	err := c.Store.View(ctx, func(tx journal.HubTx) error {
		card = ""
		it, _, err := read[circ.Item](ctx, tx, circ.KindItem, string(s.ItemID))
		if err != nil {
			return err
		}
		loan, ok, err := read[circ.Loan](ctx, tx, circ.KindLoan, string(it.Loan))
		if err != nil || !ok || !loan.Open() {
			return err
		}
		p, _, err := read[circ.Patron](ctx, tx, circ.KindPatron, string(loan.Patron))
		card = p.Card
		return err
	})
	if err != nil || card == "" {
		return false, err
	}
	p, err := c.patron(ctx, card, true)
	return err == nil && p.known && p.whole && !p.has(s.Item), err
}

// verify finds out what became of a step that may have been said, from how things
// stand now and how they stood before. found is false where it was not done, and may
// be said again.
func (c *Client) verify(ctx context.Context, s step, was before) (r result, found bool, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("find out what became of it: %w", err)
		}
	}()
	switch s.Code {
	case sipwire.Checkout, sipwire.Checkin, sipwire.Renew:
		it, err := c.item(ctx, s.Item)
		if err != nil {
			return r, false, err
		}
		r = result{Did: isDone, Due: it.due, RawDue: it.rawDue}
		switch {
		case s.Code == sipwire.Checkin:
			return r, !it.out() && was.Out, nil // what was not out before is said again: nothing is done twice by it
		case s.Code == sipwire.Renew:
			return c.renewed(s, was, it)
		case !it.out():
			return r, false, nil
		}
		p, err := c.patron(ctx, s.Patron, true)
		switch {
		case err != nil:
			return r, false, err
		case p.has(s.Item):
			return r, true, nil
		case p.whole: // it is with somebody else
			return result{Did: isRefused, Elsewhere: true}, true, nil
		}
		return result{Did: isUnclear}, true, nil
	case sipwire.Hold:
		p, err := c.patron(ctx, s.Patron, false)
		if err != nil {
			return r, false, err
		}
		switch now := p.holds(); {
		case now < 0 || was.Holds < 0:
			return result{Did: isUnclear}, true, nil
		case s.Hold == sipwire.HoldCancel:
			return result{Did: isDone}, now < was.Holds, nil
		default:
			return result{Did: isDone}, now > was.Holds, nil
		}
	case sipwire.FeePaid:
		p, err := c.patron(ctx, s.Patron, false)
		if err != nil {
			return r, false, err
		}
		// who said what was owed and says nothing of it now means that it is nothing
		paid := money.Amount{Minor: was.Owes.Minor - p.owes.Minor, Currency: s.Amount.Currency}
		switch {
		case !p.known || !was.Counts:
			return result{Did: isUnclear}, true, nil
		case paid == s.Amount:
			return result{Did: isDone}, true, nil
		case paid.Minor == 0:
			return r, false, nil
		}
		return result{Did: isUnclear}, true, nil
	}
	return r, false, nil // a block that is set twice is set
}

// renewed finds out whether a renewal that may have been said was done: by how often the
// item was renewed, where the system says so; else by its due date. A date that has
// changed was changed by it. One that has not says that it was not renewed only where a
// renewal would have moved it: of what is overdue, or was lent on another day and is due
// before the date that the desk's own rules reckon. Else nobody can find out, and it is not
// said again: a second renewal would be one too many.
func (c *Client) renewed(s step, was before, it itemSeen) (r result, found bool, err error) {
	r = result{Did: isDone, Due: it.due, RawDue: it.rawDue}
	zone := c.Account.zone()
	moves := !was.DueAt.IsZero() && (was.DueAt.Before(c.Now()) || s.Due.After(was.DueAt) && !sameDay(s.Due, was.DueAt, s.At, zone) && day(s.Since, zone) != day(s.At, zone))
	switch {
	case !it.out(): // it has come back since
		return result{Did: isUnclear}, true, nil
	case was.Renews != "" && it.renewed != "":
		return r, it.renewed != was.Renews, nil
	case it.rawDue == "":
		return result{Did: isUnclear}, true, nil
	case it.rawDue != was.Due:
		return r, true, nil
	case moves:
		return r, false, nil
	}
	return result{Did: isUnclear}, true, nil
}

// resultOf reads what the system has answered to a step.
func (c *Client) resultOf(ctx context.Context, s step, was before, out Outcome) result {
	r := result{Did: isDone, Text: out.Text}
	if out.Verdict == Refused {
		r.Did = isRefused
	}
	m := &out.Reply
	switch s.Code {
	case sipwire.Checkout, sipwire.Renew:
		if due, raw, ok := c.Profile.Due(m, c.Account.zone()); ok || raw != "" {
			r.Due, r.RawDue = due, raw
		}
		if fee, err := m.Amount(sipwire.FeeAmount, c.Account.Currency); r.Did == isRefused && err == nil && fee.Minor > 0 {
			r.Fee, r.Wants = fee, true
		}
		if r.Did == isDone && r.Due.IsZero() { // some systems leave it out
			if it, err := c.item(ctx, s.Item); err == nil {
				r.Due, r.RawDue = it.due, text.Clean(it.rawDue, 64)
			}
		}
	case sipwire.Checkin:
		r.Alert, _ = m.Flag(sipwire.Alert)
		r.Route = route(sipwire.AlertType(c.field(m, sipwire.AlertTag)), c.field(m, sipwire.Destination))
		r.Alert = r.Alert && (was.Out || r.Route != nil) // that it was not out is known here
		if r.Did == isRefused && !was.Out {              // it was here already, and that is all that was said
			r.Did = isDone
		}
	}
	return r
}
