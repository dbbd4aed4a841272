package sipserver

import (
	"cmp"
	"context"
	"strings"
	"time"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/money"
	"circdesk/desk/policy"
	"circdesk/desk/words"
)

// Fields of a patron that several systems have beside the protocol's.
const (
	tagExpiry sipwire.Tag = "PA" // 18 characters
	tagBirth  sipwire.Tag = "PB" // YYYYMMDD
	tagGroup  sipwire.Tag = "PC"
)

// account is what is said of a patron.
type account struct {
	who    circ.Patron
	card   circ.Card
	known  bool
	pin    pinState
	barred string // why nothing of the person is said; empty: all is

	marks    sipwire.PatronStatus
	against  []circ.Remark
	rules    *policy.Set
	owes     money.Amount
	loans    []circ.Loan
	overdue  []circ.Loan
	recalled []circ.Loan
	ready    []circ.Request
	waiting  []circ.Request
	fees     []circ.FeeLeft
	terms    policy.Terms
}

// account reads what is said of the patron of the request.
func (r *request) account(ctx context.Context) (a account, err error) {
	number := r.code(sipwire.PatronID)
	if a.pin, err = r.pin(ctx, number); err != nil {
		return a, err
	}
	return a, r.look(ctx, func(t *hubserver.Turn) error {
		a.rules = t.Rules
		c, err := t.Case(ctx, r.act(t, "", circ.Place{Card: number}), r.Rights)
		if err != nil {
			return err
		}
		r.read(&a, c, number)
		return nil
	})
}

// read fills an account from a case that has been read for a request of the patron.
func (r *request) read(a *account, c *circ.Case, number string) {
	a.marks, a.owes = nobody, money.Amount{Currency: c.Rules.Currency()}
	if a.card, a.known = c.Card(number); a.known {
		a.who, a.known = c.Patron(a.card.Patron)
	}
	if !a.known {
		return
	}
	switch {
	case a.pin == pinWait:
		a.barred = r.word(words.Sip2PinWait)
	case a.pin == pinWrong:
		a.barred = r.word(words.Sip2WrongPin)
	case r.AsksPIN && a.pin == pinNotSent:
		a.barred = r.word(words.Sip2PinNeeded)
	case r.AsksPIN && a.pin != pinRight:
		a.barred = r.word(words.Sip2SeeStaff)
	}
	if a.barred != "" {
		return
	}
	a.marks, a.against = marks(c, a.who, number)
	a.terms = c.Rules.Terms(policy.Query{Group: a.who.Group, Library: r.Library, At: r.now})
	a.owes.Minor = c.Owes(a.who.ID)
	a.loans = c.Loans(a.who.ID)
	for _, l := range a.loans {
		if r.now.After(l.Due) {
			a.overdue = append(a.overdue, l)
		}
		if !l.RecalledSince().IsZero() {
			a.recalled = append(a.recalled, l)
		}
	}
	for _, q := range c.Requests(a.who.ID) {
		if q.Stage == circ.OnShelf {
			a.ready = append(a.ready, q)
		} else {
			a.waiting = append(a.waiting, q)
		}
	}
	for _, f := range c.Account(a.who.ID).Fees {
		if f.Left > 0 {
			a.fees = append(a.fees, f)
		}
	}
}

// nobody are the marks of whom nothing is known, or said.
const nobody = sipwire.ChargeDenied | sipwire.RenewalDenied | sipwire.RecallDenied | sipwire.HoldDenied

// marks gives the marks of a patron, and what stands against a loan or a request. A mark
// that is not set allows.
func marks(c *circ.Case, p circ.Patron, card string) (s sipwire.PatronStatus, all []circ.Remark) {
	deny := func(act policy.BlockAct, mark sipwire.PatronStatus) {
		found := circ.Denied(c, p, card, act)
		if len(found) > 0 {
			s |= mark
		}
		for _, m := range found {
			s |= markOf(m.Reason, c.Account(p.ID).Fees)
			if !has(all, m.Reason) {
				all = append(all, m)
			}
		}
	}
	deny(policy.ForLoan, sipwire.ChargeDenied)
	deny(policy.ForRenewal, sipwire.RenewalDenied)
	deny(policy.ForRequest, sipwire.HoldDenied|sipwire.RecallDenied)
	return s, all
}

func has(all []circ.Remark, reason circ.Reason) bool {
	for _, m := range all {
		if m.Reason == reason {
			return true
		}
	}
	return false
}

// markOf gives the mark that says why.
func markOf(reason circ.Reason, fees []circ.FeeLeft) (s sipwire.PatronStatus) {
	switch reason {
	case circ.CardIsLost:
		return sipwire.CardLost
	case circ.TooManyLoans:
		return sipwire.TooManyCharged
	case circ.TooManyOverdue, circ.IsLongOverdue:
		return sipwire.TooManyOverdue
	case circ.OwesTooMuch:
		for _, f := range fees {
			if f.Type == circ.FeeOverdue {
				s |= sipwire.ExcessiveFines
			} else {
				s |= sipwire.ExcessiveFees
			}
		}
		return cmp.Or(s, sipwire.ExcessiveFees)
	}
	return 0
}

// language gives the header's language: that of the request.
func (r *request) language() string {
	v, ok := r.m.Part(sipwire.Language)
	if !ok || strings.Trim(string(v), "0123456789") != "" {
		return "000"
	}
	return string(v)
}

// patronStatus answers 23.
func (r *request) patronStatus(ctx context.Context) (*sipwire.Builder, error) {
	return r.patronAnswer(ctx, sipwire.PatronStatusResponse, MayPatron, "")
}

// patronAnswer makes a 24 or a 26; said is what was done.
func (r *request) patronAnswer(ctx context.Context, code sipwire.Code, needs Power, said string) (*sipwire.Builder, error) {
	b := r.reply(code).Set(sipwire.Language, r.language())
	r.institution(b)
	r.echo(b, sipwire.PatronID)
	if no := r.stopped(needs); no != "" {
		b.Status(nobody).FlagField(sipwire.ValidPatron, false)
		r.show(b, no)
		return b, nil
	}
	a, err := r.account(ctx)
	if err != nil {
		return nil, err
	}
	b.Status(a.marks)
	r.about(b, a, code != sipwire.PatronEnableResponse, said)
	return b, nil
}

// about adds the fields that 24, 26 and 64 share.
func (r *request) about(b *sipwire.Builder, a account, owed bool, said ...string) {
	if !r.hides(HideName) && a.barred == "" {
		b.Field(sipwire.PersonalName, strings.TrimSpace(a.who.Given+" "+a.who.Family))
	}
	b.FlagField(sipwire.ValidPatron, a.known)
	if a.pin.checked() {
		b.FlagField(sipwire.ValidPassword, a.pin == pinRight)
	}
	if owed && a.known && a.barred == "" {
		b.Amount(sipwire.FeeAmount, a.owes)
	}
	switch {
	case !a.known:
		said = append(said, r.word(words.Sip2UnknownCard))
	case a.barred != "":
		said = append(said, a.barred)
	default:
		said = append(said, r.why(a.rules, a.against))
	}
	r.show(b, said...)
}

// patronInformation answers 63.
func (r *request) patronInformation(ctx context.Context) (*sipwire.Builder, error) {
	b := r.reply(sipwire.PatronInformationResponse).Set(sipwire.Language, r.language())
	r.institution(b)
	r.echo(b, sipwire.PatronID)
	var a account
	no := r.stopped(MayPatron)
	if no == "" {
		var err error
		if a, err = r.account(ctx); err != nil {
			return nil, err
		}
	} else {
		a = account{marks: nobody}
	}
	b.Status(a.marks).
		Count(sipwire.HoldItems, len(a.ready)).Count(sipwire.OverdueItems, len(a.overdue)).Count(sipwire.ChargedItems, len(a.loans)).
		Count(sipwire.FineItems, len(a.fees)).Count(sipwire.RecallItems, len(a.recalled)).Count(sipwire.UnavailableHolds, len(a.waiting))
	if no != "" {
		b.FlagField(sipwire.ValidPatron, false)
		r.show(b, no)
		return b, nil
	}
	var ready string
	if a.known && a.barred == "" {
		r.limits(b, a)
		if err := r.list(ctx, b, a); err != nil {
			return nil, err
		}
		r.personal(b, a)
		if n := len(a.ready); n > 0 {
			ready = r.server.Words.N(words.Sip2Ready, n)
		}
	}
	r.about(b, a, true, ready)
	return b, nil
}

// limits adds how much the patron may have; what has no limit is left out.
func (r *request) limits(b *sipwire.Builder, a account) {
	for _, l := range []struct {
		tag sipwire.Tag
		n   int
	}{{sipwire.HoldItemsLimit, a.terms.MaxRequests}, {sipwire.OverdueItemsLimit, a.terms.MaxOverdue}, {sipwire.ChargedItemsLimit, a.terms.MaxLoans}} {
		if l.n >= 0 {
			b.Limit(l.tag, l.n)
		}
	}
	if a.terms.MaxOwed >= 0 {
		b.Amount(sipwire.FeeLimit, money.Amount{Minor: a.terms.MaxOwed, Currency: a.owes.Currency})
	}
}

// personal adds what the library knows of the person, as far as the terminal may hear it.
func (r *request) personal(b *sipwire.Builder, a account) {
	p := a.who
	add := func(h Hidden, tag sipwire.Tag, text string) {
		if text != "" && !r.hides(h) {
			b.Field(tag, text)
		}
	}
	add(HideAddress, sipwire.HomeAddress, words.English().List(p.Street, strings.TrimSpace(p.Postcode+" "+p.City)))
	add(HideEmail, sipwire.Email, p.Email)
	add(HidePhone, sipwire.HomePhone, p.Phone)
	add(HideHome, sipwire.PermanentLocation, r.settings.code(p.Home))
	add(HideBirth, tagBirth, strings.ReplaceAll(p.Birth, "-", ""))
	add(HideGroup, tagGroup, string(p.Group))
	if !p.Expires.IsZero() && !r.hides(HideExpiry) { // the last day on which the card is valid
		b.Field(tagExpiry, string(sipwire.AppendDate(nil, p.Expires.Add(-time.Second), r.zone)))
	}
}

// list adds the items of the list that was asked for: from BP to BQ, which count from 1.
func (r *request) list(ctx context.Context, b *sipwire.Builder, a account) error {
	part, _ := r.m.Part(sipwire.WantedSummary)
	wanted, _ := sipwire.ReadList(part)
	if wanted == sipwire.NoList {
		return nil
	}
	all, err := r.listed(ctx, a, wanted)
	if err != nil {
		return err
	}
	from, to := 1, len(all)
	if n, ok := r.m.NumberField(sipwire.StartItem); ok {
		from = max(n, 1)
	}
	if n, ok := r.m.NumberField(sipwire.EndItem); ok {
		to = min(n, to)
	}
	for i := from; i <= to; i++ {
		b.Field(wanted.Tag(), all[i-1])
	}
	return nil
}

// listed gives the items of a list as they are called in SIP2: by their barcodes. What
// has none is called by its title's id, a fee by what it is for.
func (r *request) listed(ctx context.Context, a account, wanted sipwire.List) (all []string, err error) {
	err = r.look(ctx, func(t *hubserver.Turn) error {
		all = nil
		loans := func(ls []circ.Loan) error {
			for _, l := range ls {
				it, err := row[circ.Item](ctx, t, circ.KindItem, string(l.Item))
				if err != nil {
					return err
				}
				all = append(all, it.Barcode)
			}
			return nil
		}
		requests := func(qs []circ.Request) error {
			for _, q := range qs {
				code, err := requested(ctx, t, q)
				if err != nil {
					return err
				}
				all = append(all, code)
			}
			return nil
		}
		switch wanted {
		case sipwire.ChargedList:
			return loans(a.loans)
		case sipwire.OverdueList:
			return loans(a.overdue)
		case sipwire.RecallList:
			return loans(a.recalled)
		case sipwire.HoldList:
			return requests(a.ready)
		case sipwire.UnavailableHoldList:
			return requests(a.waiting)
		case sipwire.FineList:
			for _, f := range a.fees {
				it, err := row[circ.Item](ctx, t, circ.KindItem, string(f.Item))
				if err != nil {
					return err
				}
				all = append(all, cmp.Or(it.Barcode, string(f.ID)))
			}
		}
		return nil
	})
	kept := all[:0]
	for _, code := range all {
		if code != "" { // an empty item would be none
			kept = append(kept, code)
		}
	}
	return kept, err
}

// requested gives the item by which a request is called: the copy that is kept for it,
// the one that was asked for, or any of the title.
func requested(ctx context.Context, t *hubserver.Turn, q circ.Request) (string, error) {
	it, err := row[circ.Item](ctx, t, circ.KindItem, string(cmp.Or(q.Copy, q.Item)))
	if err != nil || it.Barcode != "" {
		return it.Barcode, err
	}
	rows, err := t.Read(ctx, []circ.Want{circ.In(circ.ItemsOf, string(q.Title), 1)})
	if err != nil {
		return "", err
	}
	for _, one := range rows[0] {
		if it, ok := one.(circ.Item); ok && it.Barcode != "" {
			return it.Barcode, nil
		}
	}
	return string(q.Title), nil
}

// endSession answers 35: nothing of a patron is kept between two messages.
func (r *request) endSession(context.Context) (*sipwire.Builder, error) {
	b := r.reply(sipwire.EndSessionResponse).Flag(sipwire.SessionEnded, true)
	r.institution(b)
	r.echo(b, sipwire.PatronID)
	return b, nil
}
