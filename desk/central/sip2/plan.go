package sip2

import (
	"context"
	"fmt"
	"slices"

	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// plan is what an entry comes to in the system's words.
type plan struct {
	steps   []step
	lacks   bool          // the system has no number for what a step is about, or no answer to it
	beside  bool          // the protocol has no words for something of it
	newLoan bool          // a return is taken back: there it is a new loan
	untold  []circ.Remark // money that was taken, and the system cannot be told of
}

// cannot reports whether the entry cannot be told. What comes beside something
// that can be told, as a fee that the desk reckons for what is late, stays the
// desk's.
func (p plan) cannot() bool { return p.lacks || p.beside && len(p.steps) == 0 }

// planner makes a plan of events.
type planner struct {
	c      *Client
	e      journal.Entry
	events []circ.Event
	rows   journal.Reader
	plan
	err error
}

// planOf puts events that an entry comes to into the system's words.
func (c *Client) planOf(ctx context.Context, r journal.Reader, e journal.Entry, events []circ.Event) (plan, error) {
	p := &planner{c: c, e: e, events: events, rows: r}
	for i, ev := range events {
		if p.err == nil && !p.takenBack(i) {
			p.event(ctx, i, circ.Value(ev))
		}
	}
	return p.plan, p.err
}

// takenBack reports whether a loan is only taken back to be recorded again, or is
// recorded again right behind: the system has it either way.
func (p *planner) takenBack(i int) bool {
	void := func(ev circ.Event) circ.LoanID {
		if v, ok := circ.Value(ev).(circ.LoanVoided); ok {
			return v.Loan
		}
		return ""
	}
	lent := func(ev circ.Event) circ.LoanID {
		if o, ok := circ.Value(ev).(circ.CheckedOut); ok {
			return o.Loan
		}
		return ""
	}
	if id := void(p.events[i]); id != "" {
		return slices.ContainsFunc(p.events[i:], func(ev circ.Event) bool { return lent(ev) == id })
	}
	if id := lent(p.events[i]); id != "" {
		return slices.ContainsFunc(p.events[:i], func(ev circ.Event) bool { return void(ev) == id })
	}
	return false
}

// event puts one event into words. What is a matter of the desk alone, drawers and
// notes, needs none; what the protocol lacks is named.
func (p *planner) event(ctx context.Context, i int, ev circ.Event) {
	s := step{For: i, At: p.e.Act.At, Happened: p.happened()}
	switch ev := ev.(type) {
	case circ.CheckedOut:
		s.Code, s.Due, s.FeeAgreed = sipwire.Checkout, ev.Due, slices.Contains(p.e.Act.Over, circ.SystemFee)
		p.add(ctx, s, ev.Item, ev.Patron)
	case circ.Reopened:
		p.newLoan, s.Code, s.Cancels = true, sipwire.Checkout, true // who knows no cancelling lends it anew
		p.add(ctx, s, ev.Item, ev.Patron)
	case circ.CheckedIn:
		if ev.How == circ.WrittenOff || ev.How == circ.Void {
			p.beside = true
			return
		}
		s.Code, s.Returned = sipwire.Checkin, ev.At
		p.add(ctx, s, ev.Item, "")
	case circ.LoanVoided:
		s.Code, s.Returned, s.Cancels = sipwire.Checkin, p.e.Act.At, true
		p.add(ctx, s, ev.Item, "")
	case circ.Seen:
		if _, back := p.e.Act.Command.(circ.CheckIn); !back || p.has(sipwire.Checkin, ev.Item) {
			return
		}
		s.Code, s.Returned = sipwire.Checkin, ev.At
		p.add(ctx, s, ev.Item, "")
	case circ.Renewed:
		s.Code, s.Due, s.FeeAgreed = sipwire.Renew, ev.Due, slices.Contains(p.e.Act.Over, circ.SystemFee)
		loan, _ := find[circ.Loan](ctx, p, circ.KindLoan, string(ev.Loan))
		if s.Since = loan.Out; len(loan.Renewals) > 0 {
			s.Since = loan.Renewals[len(loan.Renewals)-1].At
		}
		p.add(ctx, s, ev.Item, ev.Patron)
	case circ.Placed:
		s.Code, s.Hold, s.OnlyCopy, s.Pickup = sipwire.Hold, sipwire.HoldAdd, ev.Item != "", string(ev.Pickup)
		p.add(ctx, s, p.copyOf(ctx, ev.Item, ev.Title), ev.Patron)
	case circ.RequestEnded:
		if ev.Stage != circ.Cancelled {
			return // it has run out there by itself
		}
		s.Code, s.Hold = sipwire.Hold, sipwire.HoldCancel
		request, _ := find[circ.Request](ctx, p, circ.KindRequest, string(ev.Request))
		p.add(ctx, s, p.copyOf(ctx, request.Item, request.Title), ev.Patron)
	case circ.Paid:
		s.Code, s.Amount, s.Method, s.ID = sipwire.FeePaid, ev.Amount, string(ev.Method), string(p.e.Act.Receipt)
		fee, _ := find[circ.Fee](ctx, p, circ.KindFee, string(ev.Fee))
		s.Fee = feeCode(fee.Type)
		p.pays(ctx, s, ev.Patron)
	case circ.Blocked:
		if ev.Loan != "" {
			return // a suspension is the desk's own reckoning
		}
		s.Code, s.Text = sipwire.BlockPatron, ev.Text
		p.add(ctx, s, "", ev.Patron)
	case circ.Unblocked:
		s.Code = sipwire.PatronEnable
		block, _ := find[circ.Block](ctx, p, circ.KindBlock, string(ev.Block))
		p.add(ctx, s, "", block.Patron)
	case circ.LoanNoted, circ.Unseen, circ.Trapped, circ.Untrapped, circ.Requeued, circ.Used, circ.Unused,
		circ.Alerted, circ.AlertEnded, circ.AlertRestored, circ.Called, circ.Uncalled, circ.CreditUsed,
		circ.DrawerOpened, circ.DrawerUnopened, circ.DrawerClosed, circ.DrawerReopened, circ.MoneyMoved, circ.PartsSet,
		circ.ConflictRaised, circ.ConflictUnraised, circ.ConflictSettled, circ.ConflictReopened, circ.ConflictAssigned, circ.ConflictPutOff,
		circ.ContactSeen, circ.ContactUnseen:
		// the desk's own, or what the system finds by itself
	default:
		p.beside = true
	}
}

// happened reports whether it has happened already, or a clerk has said yes against
// what stands against it: the protocol has one flag for both.
func (p *planner) happened() bool { return p.e.Mode != journal.Asked || len(p.e.Act.Over) > 0 }

func (p *planner) has(code sipwire.Code, item circ.ItemID) bool {
	return slices.ContainsFunc(p.steps, func(s step) bool { return s.Code == code && s.ItemID == item })
}

// add adds a step, with the numbers that the system knows item and patron by.
func (p *planner) add(ctx context.Context, s step, item circ.ItemID, patron circ.PatronID) {
	s.ItemID, s.PatronID = item, patron
	it, iok := find[circ.Item](ctx, p, circ.KindItem, string(item))
	who, pok := find[circ.Patron](ctx, p, circ.KindPatron, string(patron))
	s.Item, s.Patron = it.Barcode, who.Card
	needsItem := s.Code == sipwire.Checkout || s.Code == sipwire.Checkin || s.Code == sipwire.Renew || s.Code == sipwire.Hold
	needsPatron := s.Code != sipwire.Checkin
	if s.Code == sipwire.FeePaid && (!p.c.takes(s.Code) || !pok || s.Patron == "") {
		p.untold = append(p.untold, circ.Remark{Reason: circ.NotBooked, Amount: s.Amount, Who: patron})
		return
	}
	if !p.c.takes(s.Code) || needsItem && (!iok || s.Item == "") || needsPatron && (!pok || s.Patron == "") {
		p.lacks = true
		return
	}
	p.steps = append(p.steps, s)
}

// pays adds a payment to the one of the same patron, if there is one: the system is
// told once of money that was taken once.
func (p *planner) pays(ctx context.Context, s step, patron circ.PatronID) {
	for i := range p.steps {
		if was := &p.steps[i]; was.Code == sipwire.FeePaid && was.PatronID == patron && was.Method == s.Method {
			if sum, err := was.Amount.Add(s.Amount); err == nil {
				was.Amount, was.Fee = sum, ""
				return
			}
		}
	}
	p.add(ctx, s, "", patron)
}

// copyOf gives the copy that names what is requested: that one, or any of the title.
func (p *planner) copyOf(ctx context.Context, item circ.ItemID, title circ.TitleID) circ.ItemID {
	if item != "" || p.err != nil {
		return item
	}
	rows, err := p.rows.Read(ctx, []circ.Want{circ.In(circ.ItemsOf, string(title), 1)})
	if err != nil {
		p.err = err
		return ""
	}
	for _, r := range rows[0] {
		if it, ok := r.(circ.Item); ok {
			return it.ID
		}
	}
	return ""
}

// find reads one record.
func find[R circ.Row](ctx context.Context, p *planner, k circ.Kind, id string) (row R, ok bool) {
	if id == "" || p.err != nil {
		return row, false
	}
	row, ok, p.err = read[R](ctx, p.rows, k, id)
	return row, ok
}

func read[R circ.Row](ctx context.Context, r journal.Reader, k circ.Kind, id string) (row R, ok bool, err error) {
	rows, err := r.Read(ctx, []circ.Want{circ.ByKey(k, id)})
	if err != nil {
		return row, false, fmt.Errorf("read %s: %w", k, err)
	}
	for _, found := range rows[0] {
		if row, ok = found.(R); ok {
			return row, true, nil
		}
	}
	return row, false, nil
}
