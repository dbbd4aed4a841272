package sipserver

import (
	"cmp"
	"context"
	"strings"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/money"
	"circdesk/desk/words"
)

// feePaid answers 37. The money has been taken, so what can be booked is booked: more than
// is owed becomes credit, and a drawer that is closed keeps it for its next shift. Where
// nothing is owed, or the money is of another currency, the terminal has to give it back.
func (r *request) feePaid(ctx context.Context) (*sipwire.Builder, error) {
	no := r.stopped(MayPay)
	said := ""
	if no == "" {
		ids, err := r.once(ctx, 0)
		if err != nil {
			return nil, err
		}
		kept, err := r.change(ctx, func(t *hubserver.Turn) (err error) {
			no, said = "", ""
			r.verdict, r.reasons = done, nil
			no, said, err = r.book(ctx, t, ids)
			return err
		})
		if err != nil {
			return nil, err
		}
		if !kept {
			no = r.word(words.Sip2Unavailable)
		}
	}
	b := r.reply(sipwire.FeePaidResponse).Flag(sipwire.PaymentAccepted, no == "")
	r.institution(b)
	r.echo(b, sipwire.PatronID)
	if _, there := r.m.First(sipwire.TransactionID); there {
		r.echo(b, sipwire.TransactionID)
	}
	r.show(b, cmp.Or(no, said))
	return b, nil
}

// book books a payment; no is why not.
func (r *request) book(ctx context.Context, t *hubserver.Turn, ids once) (no, said string, err error) {
	id, was, before, err := r.twice(ctx, t, ids, false)
	if err != nil {
		return "", "", err
	}
	if before && was.Verdict == journal.Applied {
		r.verdict = repeated
		return "", r.word(words.Sip2PaidBefore), nil
	}
	amount, err := r.m.Amount(sipwire.FeeAmount, t.Rules.Currency())
	refuse := func(why string) (string, string, error) {
		r.verdict = refused
		return r.word(words.Sip2ToReturn, "amount", r.server.Words.Money(amount), "why", why), "", nil
	}
	if err != nil || amount.Minor <= 0 || amount.Currency != t.Rules.Currency() {
		r.reasons = append(r.reasons, circ.NothingGiven)
		return refuse(r.why(t.Rules, []circ.Remark{{Reason: circ.NothingGiven}}))
	}
	who, _, err := person(ctx, t, r.code(sipwire.PatronID))
	if err != nil {
		return "", "", err
	}
	if who.ID == "" {
		return refuse(r.why(t.Rules, []circ.Remark{{Reason: circ.UnknownPatron}}))
	}
	k := circ.Pay{Patron: who.ID, Amount: amount, Drawer: r.Drawer}
	code, _ := r.m.Part(sipwire.PaymentTypePart)
	method, known := r.Payments[string(code)]
	if !known {
		return refuse(r.why(t.Rules, []circ.Remark{{Reason: circ.NoSuchMethod, Text: string(code)}}))
	}
	k.Method = circ.PayMethod(method)
	if k.Fee, err = r.feeMeant(ctx, t, who.ID); err != nil {
		return "", "", err
	}
	a := r.act(t, id, k)
	a.Over = append(a.Over[:len(a.Over):len(a.Over)], circ.Surplus, circ.DrawerNotOpen)
	c, err := t.Case(ctx, a, r.Rights)
	if err != nil {
		return "", "", err
	}
	j, err := t.Ask(ctx, c)
	if err != nil {
		return "", "", err
	}
	if j.Receipt.Verdict != journal.Applied {
		return refuse(r.why(t.Rules, against(j.Receipt.Decision)))
	}
	return "", paidText(r, amount), t.Keep(ctx, j)
}

func paidText(r *request, a money.Amount) string {
	return r.word(words.Sip2Paid, "amount", r.server.Words.Money(a))
}

// feeMeant gives the fee that CG names: by its id, or by the item that it is for, as 64
// lists it; empty: none, and the oldest are paid first.
func (r *request) feeMeant(ctx context.Context, t *hubserver.Turn, p circ.PatronID) (circ.FeeID, error) {
	said := r.code(sipwire.FeeID)
	if said == "" {
		return "", nil
	}
	c, err := t.Case(ctx, r.act(t, "", circ.Pay{Patron: p}), r.Rights)
	if err != nil {
		return "", err
	}
	for _, f := range c.Account(p).Fees {
		if f.Left <= 0 {
			continue
		}
		if strings.EqualFold(string(f.ID), said) {
			return f.ID, nil
		}
		it, err := row[circ.Item](ctx, t, circ.KindItem, string(f.Item))
		if err != nil {
			return "", err
		}
		if it.Barcode == said {
			return f.ID, nil
		}
	}
	return "", nil
}
