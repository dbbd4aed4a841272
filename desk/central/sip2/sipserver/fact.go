package sipserver

import (
	"context"
	"time"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
	"circdesk/desk/words"
)

// happened gives when a request that is sent with no block happened: its transaction
// date, now where it has none or one that is still to come.
func (r *request) happened(t *hubserver.Turn) time.Time {
	at := r.date(sipwire.TransactionDate)
	if at.IsZero() || at.After(t.Now) {
		return t.Now
	}
	return at
}

// promised gives the due date that the terminal has told; zero: none.
func (r *request) promised(at time.Time) time.Time {
	due := r.date(sipwire.NBDueDate)
	if !due.After(at) {
		return time.Time{}
	}
	return due
}

// as decides an act that has happened as if everything that stands against it had been
// allowed. The case keeps its act.
func as(c *circ.Case) circ.Decision {
	over, rights := c.Act.Over, c.Rights
	defer func() { c.Act.Over, c.Rights = over, rights }()
	c.Rights = nil
	d := circ.Decide(c)
	for range 3 { // a yes may bring a further question
		if len(d.Refused) > 0 || len(d.Ask) == 0 {
			break
		}
		for _, m := range d.Ask {
			c.Act.Over = append(c.Act.Over[:len(c.Act.Over):len(c.Act.Over)], m.Reason)
		}
		d = circ.Decide(c)
	}
	return d
}

// record writes a check-out or a renewal down that has happened while the server was
// away: with its own dates, and whatever stands against it, which the receipt objects to.
func (o *lending) record(ctx context.Context, t *hubserver.Turn, c *circ.Case, card string, loan circ.Loan, open bool) error {
	at := o.happened(t)
	due := o.promised(at)
	if o.code == sipwire.CheckoutResponse {
		if o.it.ID == "" || !o.known {
			o.refuse(o.why(t.Rules, against(circ.Decide(c))))
			return nil
		}
		if old, found, err := o.noted(ctx, t, at); err != nil || found {
			o.succeed(t, old, repeated)
			return err
		}
	} else if !open {
		o.refuse(o.why(t.Rules, against(circ.Decide(c))))
		return nil
	}
	at = o.it.Apart(o.Desk, at)
	a := c.Act
	a.At, a.Over = at, nil
	c, err := t.Case(ctx, a, o.Rights)
	if err != nil {
		return err
	}
	told := o.told(c, as(c), loan, at, due)
	receipt, err := o.tell(ctx, t, a, told)
	if err != nil {
		return err
	}
	o.lent(t, receipt, loan)
	return nil
}

// noted gives the loan that a check-out of this second at this terminal has become.
func (o *lending) noted(ctx context.Context, t *hubserver.Turn, at time.Time) (loan circ.Loan, found bool, err error) {
	rows, err := t.Read(ctx, []circ.Want{circ.In(circ.LoansOfItem, string(o.it.ID), 16)})
	if err != nil {
		return loan, false, err
	}
	for _, one := range rows[0] {
		l, ok := one.(circ.Loan)
		if ok && l.Patron == o.who.ID && l.Desk == o.Desk && l.Out.Truncate(time.Second).Equal(at.Truncate(time.Second)) && l.How != circ.Void {
			return l, true, nil
		}
	}
	return loan, false, nil
}

// told gives what has happened: what was decided with the date that was promised, or the
// bare loan where no decision would have come to one.
func (o *lending) told(c *circ.Case, d circ.Decision, loan circ.Loan, at, due time.Time) []circ.Event {
	var why []policy.Step
	if !due.IsZero() {
		why = []policy.Step{{Code: policy.StepOwnDate, At: due}}
	}
	if d.Done() {
		events := d.Events
		for i, e := range events {
			switch e := e.(type) {
			case circ.CheckedOut:
				if !due.IsZero() {
					e.Due, e.Why = due, why
				}
				events[i] = e
			case circ.Renewed:
				if !due.IsZero() {
					e.Due, e.Why = due, why
				}
				events[i] = e
			}
		}
		return events
	}
	if due.IsZero() {
		terms := c.Rules.Terms(policy.Query{Group: o.who.Group, Type: o.it.Type, Library: o.Library, Location: o.it.Location, At: at})
		lent, _ := terms.Lending(false)
		due, why = c.Rules.Due(at, o.Library, lent)
	}
	if due.IsZero() {
		due = at
	}
	if o.code == sipwire.RenewResponse {
		return []circ.Event{circ.Renewed{
			Loan: loan.ID, Item: o.it.ID, Patron: loan.Patron, ID: circ.NewID(c.Act.ID, "renewal", 0), At: at, Due: due, Why: why, Desk: o.Desk, Library: o.Library, Operator: c.Act.Operator,
		}}
	}
	return []circ.Event{circ.CheckedOut{
		Loan: circ.LoanID(circ.NewID(c.Act.ID, circ.KindLoan, 0)), Item: o.it.ID, Patron: o.who.ID, At: at, Due: due, Why: why, Desk: o.Desk, Library: o.Library, Operator: c.Act.Operator,
	}}
}

// lent answers with what the receipt of a fact has applied.
func (o *lending) lent(t *hubserver.Turn, r journal.Receipt, loan circ.Loan) {
	o.charged(r.Events)
	for _, e := range r.Events {
		switch e := e.(type) {
		case circ.CheckedOut:
			loan = circ.Loan{Due: e.Due}
		case circ.LoanNoted:
			loan = circ.Loan{Due: e.Due}
		case circ.Renewed:
			loan = circ.Loan{Due: e.Due, Renewals: []circ.Renewal{{ID: e.ID}}}
		}
	}
	o.succeed(t, loan, recorded)
}

// recordReturn writes a return down that has happened while the server was away.
func (o *taking) recordReturn(ctx context.Context, t *hubserver.Turn, a circ.Act, k circ.CheckIn) error {
	at := o.happened(t)
	if back := o.date(sipwire.ReturnDate); !back.IsZero() && back.Before(at) {
		k.Date = back
	}
	at = o.it.Apart(o.Desk, at)
	a.At, a.Over, a.Command = at, nil, k
	c, err := t.Case(ctx, a, o.Rights)
	if err != nil {
		return err
	}
	o.find(c)
	if o.it.ID == "" {
		o.refuse(o.why(t.Rules, against(circ.Decide(c))))
		return nil
	}
	d := as(c)
	told := []circ.Event{circ.Seen{Item: o.it.ID, At: at, Desk: o.Desk, Library: o.Library}}
	if d.Done() {
		told = d.Events
	}
	if _, err := o.tell(ctx, t, a, told); err != nil {
		return err
	}
	o.verdict, o.ok = recorded, true
	o.route = d.Route
	if d.Route == nil {
		o.route = &circ.Route{Kind: circ.ToStaff, Library: o.Library}
		o.said = o.word(words.Sip2SeeStaff)
	}
	return nil
}
