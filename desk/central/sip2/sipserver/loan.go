package sipserver

import (
	"context"
	"slices"
	"strings"
	"time"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/money"
	"circdesk/desk/words"
)

// lending is a check-out or a renewal on its way to its answer, a 12 or a 30.
type lending struct {
	*request
	code    sipwire.Code
	ok      bool
	renewed bool
	who     circ.Patron
	known   bool // the card is
	it      circ.Item
	title   circ.Title
	due     string // as the terminal wants it
	said    string // for the screen
	print   string // for the slip
	feeType sipwire.FeeType
	fee     money.Amount // zero: none
	props   string       // what terminals have said of the item
}

// refuse says no.
func (o *lending) refuse(why string) {
	o.ok, o.renewed, o.verdict, o.said = false, false, refused, why
}

// answer writes the reply. What a 12 and a 30 always have is there, empty where nobody
// knows it.
func (o *lending) answer() *sipwire.Builder {
	b := o.reply(o.code).Flag(sipwire.OK, o.ok).Flag(sipwire.RenewalOK, o.ok && o.renewed).
		Flag(sipwire.Desensitize, o.ok && !o.renewed || o.ok && o.code == sipwire.CheckoutResponse)
	if o.it.ID == "" {
		b.Set(sipwire.MagneticMedia, "U")
	} else {
		b.Flag(sipwire.MagneticMedia, slices.Contains(o.settings.Magnetic, o.it.Type))
		b.Field(sipwire.MediaTag, string(o.media(o.it)))
	}
	o.institution(b)
	o.echo(b, sipwire.PatronID)
	if o.it.Barcode != "" {
		b.Field(sipwire.ItemID, o.it.Barcode)
	} else {
		o.echo(b, sipwire.ItemID)
	}
	b.Field(sipwire.Title, o.title.Title).Field(sipwire.DueDate, o.due)
	if !o.fee.IsZero() {
		b.Field(sipwire.FeeTypeTag, string(o.feeType)).Amount(sipwire.FeeAmount, o.fee)
	}
	if o.props != "" {
		b.Field(sipwire.ItemProperties, o.props)
	}
	if !o.known {
		b.FlagField(tagValid, false)
	}
	o.show(b, o.said)
	if o.print != "" {
		b.Field(sipwire.PrintLine, o.print)
	}
	return b
}

// tagValid says of a card that nobody knows that it is none, as systems in use do in a 12.
const tagValid = sipwire.ValidPatron

func (r *request) media(it circ.Item) sipwire.Media {
	if m, ok := r.settings.Media[it.Type]; ok {
		return m
	}
	return sipwire.MediaOther
}

// checkOut answers 11.
func (r *request) checkOut(ctx context.Context) (*sipwire.Builder, error) {
	o := &lending{request: r, code: sipwire.CheckoutResponse}
	return o.carryOut(ctx, MayCheckOut, circ.CheckOut{Card: r.code(sipwire.PatronID), Barcode: r.code(sipwire.ItemID)})
}

// renew answers 29. The item is named by AB, or by AJ: its title's id, or its title as the
// machine was told it.
func (r *request) renew(ctx context.Context) (*sipwire.Builder, error) {
	o := &lending{request: r, code: sipwire.RenewResponse}
	barcode := r.code(sipwire.ItemID)
	if barcode == "" {
		var err error
		if barcode, err = r.ofTitle(ctx, strings.Trim(r.form.First(&r.m, sipwire.Title), " ")); err != nil {
			return nil, err
		}
	}
	return o.carryOut(ctx, MayRenew, circ.Renew{Barcode: barcode})
}

// ofTitle gives the barcode of the item of a title that the patron of the request has.
// Where two of its items have titles of the same words, nobody knows which is meant.
func (r *request) ofTitle(ctx context.Context, said string) (barcode string, err error) {
	if said == "" {
		return "", nil
	}
	a, err := r.account(ctx)
	if err != nil {
		return "", err
	}
	err = r.look(ctx, func(t *hubserver.Turn) error {
		barcode = ""
		var alike []string
		for _, l := range a.loans {
			it, err := row[circ.Item](ctx, t, circ.KindItem, string(l.Item))
			if err != nil {
				return err
			}
			name, err := title(ctx, t, it)
			if err != nil {
				return err
			}
			switch {
			case string(it.Title) == said:
				barcode = it.Barcode
			case strings.Trim(r.form.Sent(name.Title), " ") == said:
				alike = append(alike, it.Barcode)
			}
		}
		if barcode == "" && len(alike) == 1 {
			barcode = alike[0]
		}
		return nil
	})
	return barcode, err
}

func (o *lending) carryOut(ctx context.Context, needs Power, k circ.Command) (*sipwire.Builder, error) {
	card := o.request.code(sipwire.PatronID)
	o.known = true
	if no := o.stopped(needs); no != "" {
		o.refuse(no)
		return o.answer(), nil
	}
	no, err := o.barred(ctx, card)
	if err != nil {
		return nil, err
	}
	if no != "" {
		o.refuse(no)
		return o.answer(), nil
	}
	ids, err := o.once(ctx, 0)
	if err != nil {
		return nil, err
	}
	fact := o.flag(sipwire.NoBlock) && o.may(MayOffline)
	clean := *o.request
	err = o.through(ctx, o.refuse, func(t *hubserver.Turn) error {
		*o = lending{request: o.request, code: o.code, known: true}
		o.verdict, o.reasons = "", slices.Clone(clean.reasons)
		return o.judge(ctx, t, ids, k, card, fact)
	})
	if err != nil {
		return nil, err
	}
	return o.answer(), nil
}

// judge carries it out, unless it was done before.
func (o *lending) judge(ctx context.Context, t *hubserver.Turn, ids once, k circ.Command, card string, fact bool) error {
	id, was, before, err := o.twice(ctx, t, ids, fact && !o.date(sipwire.TransactionDate).IsZero())
	if err != nil {
		return err
	}
	c, err := t.Case(ctx, o.act(t, id, k), o.Rights)
	if err != nil {
		return err
	}
	loan, open, err := o.find(ctx, t, c, card)
	if err != nil {
		return err
	}
	if o.title, err = title(ctx, t, o.it); err != nil {
		return err
	}
	if before && o.stands(ctx, t, was, loan, open) {
		return nil
	}
	switch {
	case before && fact: // it happened once, whatever became of it
		o.lent(t, was, loan)
		o.verdict = repeated
		return nil
	case before: // what it did is over: it is another one of the same text
		c.Act.ID = newID()
	case fact:
		return o.record(ctx, t, c, card, loan, open)
	}
	if no, settled := o.mine(t, loan, open); settled {
		if no != "" {
			o.refuse(no)
		}
		return nil
	}
	j, err := t.Ask(ctx, c)
	if err != nil {
		return err
	}
	if j.Receipt.Verdict != journal.Applied {
		o.refuse(o.why(t.Rules, against(j.Receipt.Decision)))
		return nil
	}
	if o.charged(j.Receipt.Events); !o.fee.IsZero() && o.AsksFee && !o.says(sipwire.FeeAcknowledged) {
		o.refuse(o.word(words.Sip2FeeFirst, "amount", o.server.Words.Money(o.fee)))
		return nil
	}
	if err := t.Keep(ctx, j); err != nil {
		return err
	}
	loan, _ = c.Loan(loanOf(c, o.it.ID))
	o.succeed(t, loan, done)
	return nil
}

func loanOf(c *circ.Case, id circ.ItemID) circ.LoanID {
	it, _ := c.Item(id, "")
	return it.Loan
}

// find reads what the answer says, and gives the item's open loan.
func (o *lending) find(ctx context.Context, t *hubserver.Turn, c *circ.Case, card string) (loan circ.Loan, open bool, err error) {
	switch k := c.Act.Command.(type) {
	case circ.CheckOut:
		o.it, _ = c.Item("", k.Barcode)
		n, _ := c.Card(card)
		o.who, o.known = c.Patron(n.Patron)
	case circ.Renew:
		o.it, _ = c.Item("", k.Barcode)
		o.who, _, err = person(ctx, t, card)
		o.known = o.who.ID != ""
	}
	loan, open = c.Loan(o.it.Loan)
	return loan, open, err
}

// succeed says yes: the loan as it stands.
func (o *lending) succeed(t *hubserver.Turn, loan circ.Loan, verdict string) {
	o.ok, o.verdict, o.due = true, verdict, o.request.due(t.Rules, loan.Due)
	due := o.server.Words.Due(loan.Due, o.names(t.Rules))
	o.renewed = len(loan.Renewals) > 0
	o.said = o.word(words.Sip2Out, "due", due)
	if o.renewed {
		o.said = o.word(words.Sip2Renewed, "due", due)
	}
	o.print = o.word(words.Sip2SlipLoan, "title", o.title.Title, "due", due)
}

// charged adds up what it costs.
func (o *lending) charged(events []circ.Event) {
	for _, e := range events {
		if f, ok := e.(circ.Charged); ok && f.Amount.Minor > 0 {
			o.feeType = feeTypeOf(f.Type)
			o.fee.Currency, o.fee.Minor = f.Amount.Currency, o.fee.Minor+f.Amount.Minor-f.WasAmount
		}
	}
}

// stands answers what was done before, as long as it stands: the loan is open, and nobody
// has changed it since.
func (o *lending) stands(_ context.Context, t *hubserver.Turn, was journal.Receipt, loan circ.Loan, open bool) bool {
	if !open {
		return false
	}
	last := loanEntry(loan)
	for _, e := range was.Events {
		switch e := e.(type) {
		case circ.CheckedOut:
			if e.Loan == loan.ID && last == "" {
				o.succeed(t, loan, repeated)
				return true
			}
		case circ.Renewed:
			if e.Loan == loan.ID && last == e.ID {
				o.charged(was.Events)
				o.succeed(t, loan, repeated)
				return true
			}
		}
	}
	return false
}

// loanEntry names the last renewal of a loan; empty: it has none.
func loanEntry(l circ.Loan) string {
	if n := len(l.Renewals); n > 0 {
		return l.Renewals[n-1].ID
	}
	return ""
}

// mine settles what needs no decision, since the patron has the item already. A check-out
// is not a renewal that nobody asked for: where the terminal does not renew (SC renewal
// policy), it is none; and where this terminal itself has lent or renewed the item a
// moment ago, it asks again because it did not hear the answer. That answer is given
// again. no is why not, where it is refused.
func (o *lending) mine(t *hubserver.Turn, loan circ.Loan, open bool) (no string, settled bool) {
	if o.code == sipwire.RenewResponse {
		return o.renewable(t, loan, open)
	}
	if !open || !o.known || loan.Patron != o.who.ID {
		return "", false
	}
	if at, desk := lastChange(loan); desk == o.Desk && t.Now.Sub(at) < again {
		o.succeed(t, loan, repeated)
		return "", true
	}
	if renews, ok := o.m.Flag(sipwire.RenewalPolicy); ok && !renews {
		o.due = o.request.due(t.Rules, loan.Due)
		return o.why(t.Rules, []circ.Remark{{Reason: circ.OnLoanToSame, When: loan.Due, Item: o.it.ID}}), true
	}
	return "", false
}

// lastChange gives when and where a loan was last made longer: at check-out or at a
// renewal.
func lastChange(l circ.Loan) (time.Time, circ.DeskID) {
	if n := len(l.Renewals); n > 0 {
		return l.Renewals[n-1].At, l.Renewals[n-1].Desk
	}
	return l.Out, l.Desk
}

// renewable settles a renewal of what somebody else has, or that this terminal has renewed
// a moment ago.
func (o *lending) renewable(t *hubserver.Turn, loan circ.Loan, open bool) (no string, settled bool) {
	if !open {
		return "", false
	}
	switch other := o.who.ID != loan.Patron && !o.flag(sipwire.ThirdPartyAllowed); {
	case other && !o.known:
		return o.why(t.Rules, []circ.Remark{{Reason: circ.UnknownPatron}}), true
	case other:
		return o.why(t.Rules, []circ.Remark{{Reason: circ.OnLoanToOther, Item: o.it.ID}}), true
	}
	if at, desk := lastChange(loan); len(loan.Renewals) > 0 && desk == o.Desk && t.Now.Sub(at) < again {
		o.succeed(t, loan, repeated)
		return "", true
	}
	return "", false
}

// feeTypeOf gives the protocol's fee type.
func feeTypeOf(t circ.FeeType) sipwire.FeeType {
	switch t {
	case circ.FeeOverdue:
		return sipwire.FeeOverdue
	case circ.FeeLost:
		return sipwire.FeeReplacement
	case circ.FeeProcessing:
		return sipwire.FeeProcessing
	case circ.FeeDamaged, circ.FeePart:
		return sipwire.FeeDamage
	case circ.FeeCard:
		return sipwire.FeeAdministrative
	case circ.FeeRequest:
		return sipwire.FeeHold
	}
	return sipwire.FeeOther
}

// renewAll answers 65: each item is an entry of its own, and what is not renewed stays as
// it is.
func (r *request) renewAll(ctx context.Context) (*sipwire.Builder, error) {
	b := r.reply(sipwire.RenewAllResponse)
	r.institution(b)
	no := r.stopped(MayRenew)
	card := r.code(sipwire.PatronID)
	if no == "" {
		var err error
		if no, err = r.barred(ctx, card); err != nil {
			return nil, err
		}
	}
	if no != "" {
		b.Flag(sipwire.OK, false).Count(sipwire.RenewedCount, 0).Count(sipwire.UnrenewedCount, 0)
		r.show(b, no)
		return b, nil
	}
	a, err := r.account(ctx)
	if err != nil {
		return nil, err
	}
	var yes, nos []string
	kept, err := r.change(ctx, func(t *hubserver.Turn) error {
		yes, nos = nil, nil
		r.verdict, r.reasons = done, nil
		for _, l := range a.loans {
			it, err := row[circ.Item](ctx, t, circ.KindItem, string(l.Item))
			if err != nil {
				return err
			}
			ok, err := r.renewOne(ctx, t, it)
			switch {
			case err != nil:
				return err
			case ok:
				yes = append(yes, it.Barcode)
			default:
				nos = append(nos, it.Barcode)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	said := r.server.Words.N(words.Sip2RenewedAll, len(yes))
	switch {
	case !kept:
		yes, nos, said = nil, nil, r.word(words.Sip2Unavailable)
	case !a.known:
		r.verdict, said = refused, r.word(words.Sip2UnknownCard)
	}
	b.Flag(sipwire.OK, kept && a.known).Count(sipwire.RenewedCount, len(yes)).Count(sipwire.UnrenewedCount, len(nos))
	for _, code := range yes {
		b.Field(sipwire.RenewedItem, code)
	}
	for _, code := range nos {
		b.Field(sipwire.UnrenewedItem, code)
	}
	r.show(b, said)
	return b, nil
}

// renewOne renews one item of a renewal of all, unless this terminal did a moment ago.
func (r *request) renewOne(ctx context.Context, t *hubserver.Turn, it circ.Item) (bool, error) {
	c, err := t.Case(ctx, r.act(t, newID(), circ.Renew{Item: it.ID}), r.Rights)
	if err != nil {
		return false, err
	}
	if loan, open := c.Loan(it.Loan); open && len(loan.Renewals) > 0 {
		if at, desk := lastChange(loan); desk == r.Desk && t.Now.Sub(at) < again {
			return true, nil
		}
	}
	j, err := t.Ask(ctx, c)
	if err != nil {
		return false, err
	}
	costs := &lending{request: r}
	costs.charged(j.Receipt.Events)
	if j.Receipt.Verdict != journal.Applied || !costs.fee.IsZero() && r.AsksFee && !r.says(sipwire.FeeAcknowledged) {
		for _, m := range against(j.Receipt.Decision) {
			r.reasons = append(r.reasons, m.Reason)
		}
		return false, nil
	}
	return true, t.Keep(ctx, j)
}

// properties gives what terminals have said of an item.
func properties(c []circ.Alert) string {
	var all []string
	for _, a := range c {
		if strings.HasPrefix(string(a.Operator), terminalHand) {
			all = append(all, a.Text)
		}
	}
	return strings.Join(all, "; ")
}
