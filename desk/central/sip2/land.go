package sip2

import (
	"context"
	"time"

	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// land makes the receipt of an entry that was told, and keeps it.
func (c *Client) land(ctx context.Context, e journal.Entry, f *flight) (journal.Receipt, error) {
	r, err := journal.DecodeReceipt(f.Receipt)
	if err != nil {
		return r, err
	}
	l := &landing{e: e, f: f, r: &r, zone: c.Account.zone()}
	for i, s := range f.Steps {
		l.step(s, f.Results[i])
	}
	return r, c.settle(ctx, e, r, l.kept)
}

// landing brings what the system said into a receipt.
type landing struct {
	e    journal.Entry
	f    *flight
	r    *journal.Receipt
	zone *time.Location
	kept []circ.LoanID // loans that are, though the system has refused them
}

func (l *landing) step(s step, got result) {
	if l.r.Verdict != journal.Applied {
		return
	}
	money := s.Code == sipwire.FeePaid // was taken, whatever the system says of it
	switch {
	case got.Did == isUnclear && money:
		l.object(circ.Remark{Reason: circ.NotBooked, Amount: s.Amount, Who: s.PatronID, Text: "nobody knows"})
	case got.Did == isUnclear:
		l.object(circ.Remark{Reason: circ.OutcomeUnknown, Item: s.ItemID, Who: s.PatronID})
	case got.Did == isDone:
		l.done(s, got)
	case money:
		l.object(circ.Remark{Reason: circ.NotBooked, Amount: s.Amount, Who: s.PatronID, Text: got.Text})
	case l.e.Mode == journal.Asked:
		l.refuse(s, got)
	default:
		l.met(s, got)
	}
}

func (l *landing) object(m circ.Remark) { l.r.Objections = append(l.r.Objections, m) }

// refuse answers a question with the system's no, or with its own question.
func (l *landing) refuse(s step, got result) {
	l.r.Verdict, l.r.Events, l.r.Decision.Route = journal.Refused, nil, nil
	d := &l.r.Decision
	switch {
	case got.NotSent:
		d.Refused = append(d.Refused, circ.Remark{Reason: circ.NeverSent})
	case got.Wants:
		d.Ask = append(d.Ask, circ.Remark{Reason: circ.SystemFee, Amount: got.Fee, Text: got.Text, Item: s.ItemID, Who: s.PatronID})
	case got.Elsewhere:
		d.Refused = append(d.Refused, circ.Remark{Reason: circ.OnLoanToOther, Item: s.ItemID})
	case got.Newer:
		d.Refused = append(d.Refused, circ.Remark{Reason: circ.SeenSince, Item: s.ItemID})
	default:
		d.Refused = append(d.Refused, circ.Remark{Reason: circ.SystemRefused, Text: got.Text, Item: s.ItemID, Who: s.PatronID})
	}
}

// met notes that what has happened met the system's no: it stands, and somebody has
// to look.
func (l *landing) met(s step, got result) {
	why := circ.Remark{Reason: circ.SystemRefused, Text: got.Text, Item: s.ItemID, Who: s.PatronID}
	switch {
	case got.Newer:
		why = circ.Remark{Reason: circ.NewerLoan, Item: s.ItemID}
	case got.Elsewhere:
		why = circ.Remark{Reason: circ.OtherLoanOpen, Item: s.ItemID}
	}
	l.object(why)
	if out, ok := circ.Value(l.r.Events[s.For]).(circ.CheckedOut); ok {
		l.kept = append(l.kept, out.Loan)
	}
}

// done takes over what the system has made of it: its due date above all.
func (l *landing) done(s step, got result) {
	switch ev := circ.Value(l.r.Events[s.For]).(type) {
	case circ.CheckedOut:
		if l.moves(ev.Item, ev.Patron, ev.Due, got.Due, ev.At) {
			ev.Due, ev.Why = got.Due, nil
			l.r.Events[s.For] = ev
		}
	case circ.Renewed:
		if l.moves(ev.Item, ev.Patron, ev.Due, got.Due, ev.At) {
			ev.Due, ev.Why = got.Due, nil
			l.r.Events[s.For] = ev
		}
	}
	asked := l.e.Mode == journal.Asked
	says := circ.Remark{Reason: circ.SystemSays, Text: got.Text, Item: s.ItemID}
	switch {
	case s.Code == sipwire.Checkin && got.Route != nil && asked:
		l.routed(*got.Route)
	case s.Code == sipwire.Checkin && got.Alert && got.Text != "" && !asked: // somebody has to look, and the desk may have shelved it
		l.object(says)
	}
	if got.Text != "" && asked {
		l.r.Decision.Tell = append(l.r.Decision.Tell, says)
	}
}

// routed takes the system's word for where an item goes, with what the desk knows of
// the same way.
func (l *landing) routed(to circ.Route) {
	if was := l.r.Decision.Route; was != nil && was.Kind == to.Kind {
		if to.Library == "" {
			return
		}
		was.Library = to.Library
		return
	}
	l.r.Decision.Route = &to
}

// moves reports whether the system has set another due date than was told. Where a
// patron was told, that is an objection.
func (l *landing) moves(item circ.ItemID, who circ.PatronID, told, set, lent time.Time) bool {
	if set.IsZero() || sameDay(told, set, lent, l.zone) {
		return false
	}
	l.r.Decision.Trace = nil // how the desk would have reckoned it
	if l.e.Mode != journal.Asked {
		l.object(dateRemark(item, who, told, set))
	}
	return true
}

func dateRemark(item circ.ItemID, who circ.PatronID, told, set time.Time) circ.Remark {
	return circ.Remark{Reason: circ.DateDiffers, When: told, Until: set, Item: item, Who: who}
}

// dateDiffers is the objection to a due date that is another than was told, where it
// is one to a patron.
func (c *Client) dateDiffers(item circ.ItemID, who circ.PatronID, told, set, lent time.Time) []circ.Remark {
	if sameDay(told, set, lent, c.Account.zone()) {
		return nil
	}
	return []circ.Remark{dateRemark(item, who, told, set)}
}
