package sip2

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Deliver tells the system what entries come to, one after the other but for facts that
// have nothing to do with each other: see [central.System]. What was told before is not told again.
// An error says that the system could not be reached, or that it is not known what
// became of an entry; those before it have their receipts, and the next delivery finds
// out about that one first.
func (c *Client) Deliver(ctx context.Context, entries []journal.Entry) ([]journal.Receipt, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	if len(entries) > central.BatchSize {
		return nil, fmt.Errorf("deliver %d entries: at most %d at once", len(entries), central.BatchSize)
	}
	give, err := take(ctx, c.turn)
	if err != nil {
		return nil, err
	}
	defer give()
	if err := c.follows(ctx, entries); err != nil {
		return nil, err
	}
	out := make([]journal.Receipt, 0, len(entries))
	if err := c.renewTogether(ctx, entries); err != nil {
		return nil, fmt.Errorf("deliver %d renewals of desk %s by SIP2: %w", len(entries), entries[0].Act.Desk, err)
	}
	for i, e := range entries {
		if err := c.sayBeside(ctx, entries[i:]); err != nil {
			return nil, fmt.Errorf("deliver %d entries of desk %s by SIP2: %w", len(entries), e.Act.Desk, err)
		}
		r, err := c.deliver(ctx, e, entries[i+1:])
		if err != nil {
			return nil, fmt.Errorf("deliver entry %d of desk %s by SIP2: %w", e.Seq, e.Act.Desk, err)
		}
		out = append(out, r)
	}
	return out, nil
}

// follows checks that the entries are the chain's next ones, or were taken before,
// ahead of anything being said of any of them.
func (c *Client) follows(ctx context.Context, entries []journal.Entry) error {
	return c.Store.View(ctx, func(tx journal.HubTx) error {
		head, err := tx.Head(ctx, entries[0].Act.Desk)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.Act.Desk != entries[0].Act.Desk {
				return fmt.Errorf("deliver entries of desk %s: one is of desk %s", entries[0].Act.Desk, e.Act.Desk)
			}
			_, again, err := takenBefore(ctx, tx, head, e)
			switch {
			case again && err == nil:
			case err != nil && head == (journal.Mark{Desk: head.Desk}) && e.Seq > 1: // nothing of the desk is there
				return &central.GapError{Mark: journal.Mark{Desk: e.Act.Desk, Epoch: e.Epoch}}
			case err != nil:
				return c.atHead(ctx, tx, err, entries[0].Act.Desk)
			default:
				head = journal.Mark{Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq, Hash: e.Hash()}
			}
		}
		return nil
	})
}

// atHead gives the error with the mark that is kept, which the checking has gone
// beyond.
func (c *Client) atHead(ctx context.Context, tx journal.HubTx, err error, desk circ.DeskID) error {
	head, herr := tx.Head(ctx, desk)
	if herr != nil {
		return herr
	}
	if gap, ok := errors.AsType[*central.GapError](err); ok && head.Seq > 0 {
		gap.Mark = head
		return gap
	}
	if fork, ok := errors.AsType[*central.ForkError](err); ok {
		fork.Mark = head
		return fork
	}
	return err
}

// deliver tells the system what one entry comes to, and keeps its receipt. later are
// those behind it.
func (c *Client) deliver(ctx context.Context, e journal.Entry, later []journal.Entry) (r journal.Receipt, err error) {
	var taken bool
	var f *flight
	err = c.Store.View(ctx, func(tx journal.HubTx) error {
		head, err := tx.Head(ctx, e.Act.Desk)
		if err != nil {
			return err
		}
		if r, taken, err = takenBefore(ctx, tx, head, e); err != nil || taken {
			return err
		}
		f, err = flightOf(ctx, tx, e.Act.ID)
		return err
	})
	if err != nil || taken {
		return r, err
	}
	over := slices.ContainsFunc(later, func(l journal.Entry) bool { return l.Mode == journal.Withdrawn && l.Of == e.Act.ID })
	if f == nil {
		if e.Mode == journal.Asked && over { // nobody waits for it, and it was never said
			r := receiptOf(e)
			r.Verdict, r.Decision.Refused = journal.Refused, []circ.Remark{{Reason: circ.NeverSent}}
			return r, c.settle(ctx, e, r, nil)
		}
		if e.Mode == journal.Asked && !c.Carries(e.Act.Command.Name()) {
			r := receiptOf(e)
			r.Verdict, r.Decision.Refused = journal.Refused, []circ.Remark{notCarried(e)}
			return r, c.settle(ctx, e, r, nil)
		}
		if err := c.lookAhead(ctx, e); err != nil {
			return r, err
		}
		if r, f, err = c.judge(ctx, e); err != nil {
			return r, err
		}
		if f == nil {
			return r, c.settle(ctx, e, r, nil)
		}
	}
	if err := c.tell(ctx, e, f, over); err != nil {
		return r, err
	}
	return c.land(ctx, e, f)
}

func notCarried(e journal.Entry) circ.Remark {
	return circ.Remark{Reason: circ.NotCarried, Text: e.Act.Command.Name()}
}

func receiptOf(e journal.Entry) journal.Receipt {
	return journal.Receipt{Entry: e.Act.ID, Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq}
}

// lookAhead looks up what an entry is about, where the desk's own facts may not do:
// a question is about what the system knows now, and what nobody here has seen may be
// known there.
func (c *Client) lookAhead(ctx context.Context, e journal.Entry) error {
	barcode, card := about(e.Act.Command)
	if e.Mode == journal.Asked {
		return c.learned(ctx, barcode, card, false)
	}
	err := c.Store.View(ctx, func(tx journal.HubTx) error {
		if _, known, err := itemBy(ctx, tx, barcode); err != nil || known {
			barcode = ""
			if err != nil {
				return err
			}
		}
		_, known, err := patronBy(ctx, tx, card)
		if known {
			card = ""
		}
		return err
	})
	if err != nil || barcode == "" && card == "" {
		return err
	}
	return c.learned(ctx, barcode, card, false)
}

// about gives the barcode and the card that a command names.
func about(k circ.Command) (barcode, card string) {
	switch k := circ.CommandValue(k).(type) {
	case circ.CheckOut:
		return k.Barcode, k.Card
	case circ.CheckIn:
		return k.Barcode, ""
	case circ.Renew:
		return k.Barcode, ""
	case circ.Place:
		return k.Barcode, k.Card
	}
	return "", ""
}

// judge finds the verdict on an entry by the desk's own facts, and what has to be
// told to the system; nil: nothing has.
func (c *Client) judge(ctx context.Context, e journal.Entry) (r journal.Receipt, f *flight, err error) {
	err = c.Store.View(ctx, func(tx journal.HubTx) error {
		f = nil
		rules, err := c.rules(ctx, tx)
		if err != nil {
			return err
		}
		if same, ok, err := c.stoodAlike(ctx, tx, e); err != nil || ok {
			r = same
			return err
		}
		under := e
		under.Rules = rules.Version() // the system sets due dates: which rules of ours have changed is no matter
		r, _, err = journal.Judge(ctx, journal.Bench{Book: tx, Ledger: tx, Rules: rules, Now: c.Now(), Rights: c.Rights}, under)
		if bad := (*journal.UnjudgedError)(nil); errors.As(err, &bad) {
			r = receiptOf(e)
			r.Verdict, r.Objections = journal.Rejected, []circ.Remark{{Reason: circ.Unreadable, Text: bad.Why}}
			return nil
		}
		if err != nil || r.Verdict != journal.Applied {
			return err
		}
		p, err := c.planOf(ctx, tx, e, r.Events)
		if err != nil {
			return err
		}
		f, err = c.begin(e, &r, p)
		return err
	})
	return r, f, err
}

// begin makes a flight of a plan. What cannot be told is refused where it was asked
// for, and an objection where it has happened.
func (c *Client) begin(e journal.Entry, r *journal.Receipt, p plan) (*flight, error) {
	asked := e.Mode == journal.Asked
	no := notCarried(e)
	switch {
	case p.cannot() && asked:
		r.Verdict, r.Events, r.Decision.Refused = journal.Refused, nil, append(r.Decision.Refused, no)
		return nil, nil
	case p.cannot():
		r.Objections = append(r.Objections, no)
	case p.newLoan && asked && !slices.Contains(e.Act.Over, circ.NewLoanThere):
		r.Verdict, r.Events, r.Decision.Ask = journal.Refused, nil, append(r.Decision.Ask, circ.Remark{Reason: circ.NewLoanThere})
		return nil, nil
	case p.newLoan && !asked:
		r.Objections = append(r.Objections, circ.Remark{Reason: circ.NewLoanThere})
	}
	r.Objections = append(r.Objections, p.untold...)
	if len(p.steps) == 0 {
		return nil, nil
	}
	b, err := journal.EncodeReceipt(*r)
	if err != nil {
		return nil, err
	}
	return &flight{Entry: e.Act.ID, Receipt: b, Steps: p.steps}, nil
}

// settle keeps an entry with its receipt, moves the mark, and forgets its flight, all
// at once. What the events come to is reckoned from the facts as they are then.
func (c *Client) settle(ctx context.Context, e journal.Entry, r journal.Receipt, kept []circ.LoanID) error {
	return c.update(ctx, func(tx journal.HubTx) error {
		rows, err := c.rowsOf(ctx, tx, e, r.Events)
		if err != nil {
			return err
		}
		met, err := journal.Raised(ctx, tx, e, r, c.Now())
		if err != nil {
			return err
		}
		rows = append(rows, met...)
		hash := e.Hash()
		rows = append(rows, circ.Mark{Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq, Hash: hex.EncodeToString(hash[:])})
		if err := tx.Put(ctx, rows); err != nil {
			return err
		}
		if err := addKept(ctx, tx, kept, r.Events); err != nil {
			return err
		}
		if err := setFlight(ctx, tx, e.Act.ID, nil); err != nil {
			return err
		}
		if _, err := tx.Add(ctx, e); err != nil {
			return err
		}
		return tx.Settle(ctx, r)
	})
}

// rowsOf gives the records that events change.
func (c *Client) rowsOf(ctx context.Context, r journal.Reader, e journal.Entry, events []circ.Event) ([]circ.Row, error) {
	if len(events) == 0 {
		return nil, nil
	}
	rules, err := c.rules(ctx, r)
	if err != nil {
		return nil, err
	}
	the := circ.NewCase(e.Act, rules)
	the.Told = events
	if err := journal.Gather(ctx, r, the); err != nil {
		return nil, err
	}
	for _, ev := range events {
		the.Apply(ev)
	}
	return the.Changes(), nil
}

// addKept notes loans that the system has refused, and forgets those that have ended.
func addKept(ctx context.Context, n journal.Notes, fresh []circ.LoanID, events []circ.Event) error {
	var ended []circ.LoanID
	for _, ev := range events {
		switch ev := circ.Value(ev).(type) {
		case circ.CheckedIn:
			ended = append(ended, ev.Loan)
		case circ.LoanVoided:
			ended = append(ended, ev.Loan)
		}
	}
	if len(fresh)+len(ended) == 0 {
		return nil
	}
	kept, err := keptLoans(ctx, n)
	if err != nil {
		return err
	}
	was := len(kept)
	kept = slices.DeleteFunc(kept, func(id circ.LoanID) bool { return slices.Contains(ended, id) })
	if len(fresh) == 0 && len(kept) == was {
		return nil
	}
	return journal.WriteNote(ctx, n, noteKept, append(kept, fresh...))
}

// stoodAlike gives the receipt of an entry that says that a question stood which the
// system has answered with yes: where only the due date is another than was told,
// nothing is to be told again.
func (c *Client) stoodAlike(ctx context.Context, tx journal.HubTx, e journal.Entry) (r journal.Receipt, ok bool, err error) {
	if e.Mode != journal.Stood {
		return r, false, nil
	}
	was, found, err := tx.Receipt(ctx, e.Of)
	if err != nil || !found || was.Verdict != journal.Applied {
		return r, false, err
	}
	if _, followed, err := tx.Later(ctx, e.Act.Desk, e.Of); err != nil || followed { // as of a copy of the desk: it may be taken back
		return r, false, err
	}
	told := slices.Clone(e.Told)
	r = receiptOf(e)
	r.Verdict = journal.Noop
	for i, ev := range told {
		for _, did := range was.Events {
			if moved, there, differs := c.dated(circ.Value(ev), circ.Value(did)); there {
				told[i] = moved
				r.Objections = append(r.Objections, differs...)
			}
		}
	}
	return r, circ.Same(told, was.Events), nil
}

// dated gives an event as it was told with the due date of the same one as it was
// done, and the objection where they differ to a patron.
func (c *Client) dated(told, did circ.Event) (moved circ.Event, same bool, differs []circ.Remark) {
	switch told := told.(type) {
	case circ.CheckedOut:
		if did, ok := did.(circ.CheckedOut); ok && did.Loan == told.Loan {
			differs = c.dateDiffers(told.Item, told.Patron, told.Due, did.Due, told.At)
			told.Due = did.Due
			return told, true, differs
		}
	case circ.Renewed:
		if did, ok := did.(circ.Renewed); ok && did.ID == told.ID {
			differs = c.dateDiffers(told.Item, told.Patron, told.Due, did.Due, told.At)
			told.Due = did.Due
			return told, true, differs
		}
	}
	return told, false, nil
}
