package circ

import "circdesk/desk/policy"

// marking is what the commands that mark a loan look at.
type marking struct {
	*asking
}

// marks begins a command that marks the open loan of an item. False: it has none.
func (t *trial) marks(item ItemID, barcode string) (marking, bool) {
	m := marking{&asking{trial: t, act: policy.ForClaim}}
	var ok bool
	if m.it, ok = t.c.Item(item, barcode); !ok {
		t.refuse(Remark{Reason: UnknownItem, Text: barcode})
		return m, false
	}
	if m.loan, ok = t.c.Loan(m.it.Loan); !ok {
		t.refuse(Remark{Reason: NotOnLoan, Item: m.it.ID})
		return m, false
	}
	seenSince(m.asking)
	if s := m.loan.Marked; s.At.After(t.c.Act.At) { // the latest word counts
		t.refuse(Remark{Reason: ChangedSince, When: s.At, Desk: s.Desk, Item: m.it.ID})
	}
	m.p, _ = t.c.Patron(m.loan.Patron)
	m.terms = *t.c.termsOf(m.loan, m.it)
	return m, !t.stopped()
}

// mark writes the state.
func (m marking) mark(s LoanState) {
	m.emit(LoanMarked{Loan: m.loan.ID, Item: m.it.ID, Patron: m.loan.Patron, State: s, At: m.c.Act.At, Desk: m.c.Act.Desk, Library: m.c.Act.Library, Operator: m.c.Act.Operator})
}

// Lose says that the item of a loan is lost: the patron owes its price, and what
// the rules want beside it; where nobody knows the price, that is told. The loan stays open, and nothing more for being late is
// reckoned after that day.
type Lose struct {
	Item    ItemID `json:"item,omitempty"`
	Barcode string `json:"barcode,omitempty"`
}

func (Lose) Name() string { return "lose" }

func (k Lose) lacks(l *lacking) { l.marks(k.Item, k.Barcode) }

// marks wants what the commands that mark a loan need.
func (l *lacking) marks(item ItemID, barcode string) {
	it, ok := l.item(item, barcode)
	if !ok {
		return
	}
	if loan, ok := l.c.Loan(it.Loan); ok {
		l.key(KindFee, string(lostFee(loan.ID, FeeLost)))
		l.key(KindFee, string(lostFee(loan.ID, FeeProcessing)))
		l.list(ClaimsOf, string(loan.Patron))
	}
}

// lost wants what is given back when an item that was lost is there again.
func (l *lacking) lost(it Item) {
	if loan, out := l.c.Loan(it.Loan); out && loan.Marked.State != "" {
		l.key(KindFee, string(lostFee(loan.ID, FeeLost)))
		l.key(KindFee, string(lostFee(loan.ID, FeeProcessing)))
	}
}

func (k Lose) decide(t *trial) {
	m, ok := t.marks(k.Item, k.Barcode)
	if !ok {
		return
	}
	if m.loan.Incomplete() {
		t.refuse(m.loan.notComplete())
		return
	}
	if m.loan.Marked.State == LoanLost {
		t.refuse(Remark{Reason: LostAlready, When: m.loan.Marked.At, Item: m.it.ID})
		return
	}
	price := t.c.priceOf(m.loan, m.it)
	if owes := price + m.terms.Processing; owes > 0 && !t.c.Rules.FeesElsewhere() {
		t.ask(Remark{Reason: ChargeLost, Amount: t.c.amount(owes), Who: m.p.ID, Item: m.it.ID})
	}
	if price == 0 && !t.c.Rules.FeesElsewhere() {
		t.tell(Remark{Reason: LostNoPrice, Who: m.p.ID, Item: m.it.ID})
	}
	m.mark(LoanLost)
	m.lost(FeeLost, price)
	m.lost(FeeProcessing, m.terms.Processing)
}

// lost charges a fee for what is lost.
func (m marking) lost(kind FeeType, minor int64) {
	act := m.c.Act
	switch {
	case minor <= 0:
		return
	case m.c.Rules.FeesElsewhere():
		m.tell(Remark{Reason: FeeEstimate, Amount: m.c.amount(minor), Who: m.p.ID, Item: m.it.ID})
		return
	}
	m.emit(Charged{
		Fee: lostFee(m.loan.ID, kind), Patron: m.loan.Patron, Item: m.it.ID, Loan: m.loan.ID, Type: kind, Amount: m.c.amount(minor),
		At: act.At, Desk: act.Desk, Library: act.Library, Operator: act.Operator,
	})
}

// lostFee gives the id of a fee for a loan that is lost.
func lostFee(l LoanID, kind FeeType) FeeID {
	n := 1
	if kind == FeeProcessing {
		n = 2
	}
	return FeeID(NewID(EntryID(l), KindFee, n))
}

// termsOf gives the terms of a loan: those of the library where it was lent.
func (c *Case) termsOf(l Loan, it Item) *policy.Terms {
	p, _ := c.Patron(l.Patron)
	q := policy.Query{Group: p.Group, Type: it.Type, Library: l.Library, Location: it.Location, At: c.Act.At}
	if c.last.rules != c.Rules || c.last.of != q {
		terms := c.Rules.Terms(q)
		c.last = found{c.Rules, q, &terms}
	}
	return c.last.terms
}

// priceOf gives what it costs to replace an item, in minor units; 0: nobody knows.
func (c *Case) priceOf(l Loan, it Item) int64 {
	if it.Price.Minor > 0 {
		return min(it.Price.Minor, MostAmount)
	}
	return max(c.termsOf(l, it).Price, 0)
}

// keeps gives what is not given back of the price of an item that was lost, when it
// comes back or is found.
func (c *Case) keeps(l Loan, f Fee) int64 {
	it, _ := c.Item(l.Item, "")
	terms := c.termsOf(l, it)
	back := c.Act.At
	if !l.Open() {
		back = l.In
	}
	if w := terms.RefundWithin; !w.IsZero() && back.After(c.Rules.After(l.Library, f.At, w)) {
		return f.Amount.Minor
	}
	return c.priceOf(l, it) * int64(100-min(max(terms.Refund, 0), 100)) / 100
}

// Claim notes that the patron says that an item was returned. The loan stays open,
// is not taken for lost, and nothing more for being late is reckoned after that day.
type Claim struct {
	Item    ItemID `json:"item,omitempty"`
	Barcode string `json:"barcode,omitempty"`
}

func (Claim) Name() string       { return "claim" }
func (k Claim) lacks(l *lacking) { l.marks(k.Item, k.Barcode) }

func (k Claim) decide(t *trial) {
	m, ok := t.marks(k.Item, k.Barcode)
	if !ok {
		return
	}
	switch s := m.loan.Marked.State; {
	case m.loan.Incomplete():
		t.refuse(m.loan.notComplete())
	case s == LoanLost:
		t.refuse(Remark{Reason: FindItFirst, When: m.loan.Marked.At, Item: m.it.ID})
	case s == LoanClaimed:
		t.refuse(Remark{Reason: ClaimedAlready, When: m.loan.Marked.At, Item: m.it.ID})
	}
	claims := t.c.claims(m.loan.Patron)
	if m.terms.MaxClaims >= 0 && claims >= m.terms.MaxClaims {
		m.stands(Remark{Reason: TooManyClaims, N: claims, Max: m.terms.MaxClaims, Who: m.p.ID})
	}
	m.mark(LoanClaimed)
	t.tell(Remark{Reason: ClaimNoted, N: claims + 1, Who: m.p.ID, Item: m.it.ID})
}

// claims counts the loans of a patron that were ever claimed to be returned.
func (c *Case) claims(p PatronID) int {
	return count(c, func(l Loan) bool { return l.Patron == p && !l.Claimed.IsZero() && l.How != Void })
}

// Find says that an item that was lost, claimed to be returned or missing is there
// again. A loan is as before: due when it was, and its price is given back as the
// rules say.
type Find struct {
	Item    ItemID `json:"item,omitempty"`
	Barcode string `json:"barcode,omitempty"`
}

func (Find) Name() string       { return "find" }
func (k Find) lacks(l *lacking) { l.marks(k.Item, k.Barcode) }

func (k Find) decide(t *trial) {
	if it, ok := t.c.Item(k.Item, k.Barcode); ok && it.Loan == "" && it.Mark.State != "" {
		t.emit(ItemMarked{Item: it.ID, At: t.c.Act.At, Desk: t.c.Act.Desk})
		return
	}
	m, ok := t.marks(k.Item, k.Barcode)
	if !ok {
		return
	}
	if !m.loan.Marked.Missed() {
		t.refuse(Remark{Reason: NotMissed, Item: m.it.ID})
		return
	}
	m.mark(LoanFound)
	t.giveBack(m.loan)
}

// giveBack lessens the fees for an item that was lost and is there again.
func (t *trial) giveBack(l Loan) {
	now, _ := t.c.Loan(l.ID)
	var back int64
	for _, kind := range []FeeType{FeeLost, FeeProcessing} {
		f, ok := t.c.Fee(lostFee(l.ID, kind))
		if !ok {
			continue
		}
		if keeps := t.c.lostComesTo(now, f); keeps.Amount.Minor < f.Amount.Minor {
			back += f.Amount.Minor - keeps.Amount.Minor
			t.emit(charges(keeps))
		}
	}
	if back > 0 {
		t.tell(Remark{Reason: LostGivenBack, Amount: t.c.amount(back), Who: l.Patron, Item: l.Item})
	}
}
