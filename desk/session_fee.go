package desk

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/money"
	"circdesk/desk/policy"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// amount reads money as it was typed. A job with none that can be read ends; empty
// is no money.
func (s *Session) amount(j *job, typed string) (money.Amount, bool) {
	currency := s.c.Desk.Policy().Currency()
	if typed == "" {
		return money.Amount{Currency: currency}, true
	}
	a, err := money.Parse(typed, currency)
	if err != nil {
		s.refuse(j, BadAmount, text.Clean(typed, maxScanned))
		return a, false
	}
	if a.Minor > circ.MostAmount {
		s.refuse(j, AmountTooBig, text.Clean(typed, maxScanned))
		return a, false
	}
	return a, true
}

// some reads money that is to change something: none is no amount.
func (s *Session) some(j *job, typed string) (money.Amount, bool) {
	a, ok := s.amount(j, typed)
	if ok && typed != "" && a.Minor == 0 {
		s.refuse(j, BadAmount, text.Clean(typed, maxScanned))
	}
	return a, ok && (typed == "" || a.Minor != 0)
}

// fee names one fee of the open visit: by id, or by its number; neither, the only
// one. A job that names none ends.
func (s *Session) fee(j *job, v *visit, id circ.FeeID, n int) (circ.FeeID, bool) {
	if id != "" {
		return id, true
	}
	s.freshen(v)
	if n == 0 {
		switch n = 1; len(v.panel.Fees) {
		case 0:
			s.refuse(j, circ.NothingOwed, "")
			return "", false
		case 1:
		default:
			s.stop(j, Outcome{}, circ.Remark{Reason: WhichFee, N: len(v.panel.Fees)})
			return "", false
		}
	}
	if n < 1 || n > len(v.panel.Fees) {
		s.stop(j, Outcome{}, circ.Remark{Reason: NoSuchNumber, N: n})
		return "", false
	}
	return v.panel.Fees[n-1].ID, true
}

// money carries out a command about money, says it, and what is owed then. Where it
// needs a yes to over, whoever may give it and types why has said it.
func (s *Session) money(j *job, p Patron, c circ.Command, word Word, over circ.Reason, why string, said words.Key, args ...string) {
	o := &order{job: j, cmd: c, patron: &p, done: func(o *Outcome, _ circ.Decision, did []circ.Event) {
		o.Word, o.Receipt, o.Amount = word, receiptOf(did), moneyOf(did)
		if o.Amount.Minor > 0 { // some of what was given may be change
			args = append([]string{"amount", s.c.Words.Money(o.Amount)}, args...)
		}
		o.Text = s.c.Words.Text(said, append(args, "name", p.Name, "owes", s.owes(p.ID), "receipt", o.Receipt)...)
		*o = s.warned(*o)
	}}
	s.willing(o, circ.RightMoney, over, why)
	s.perform(o)
}

// owes gives what a patron owes now; empty for nothing.
func (s *Session) owes(id circ.PatronID) (owes string) {
	err := s.read(func(f *facts) {
		row, ok := f.patron(id)
		if !ok {
			return
		}
		c := circ.NewCase(circ.Act{At: s.now()}, f.rules)
		for _, i := range []circ.Index{circ.FeesOf, circ.PaymentsOf} {
			c.Add(circ.Want{Index: i, ID: string(row.ID)}, f.whole(i, string(row.ID)))
		}
		if left := c.Owes(row.ID); left > 0 {
			owes = s.c.Words.Money(money.Amount{Minor: left, Currency: f.rules.Currency()})
		}
	})
	if err != nil {
		s.c.Log.Error("what a patron owes could not be read", "err", err)
	}
	return owes
}

// pay books money that was taken, or uses credit.
func (s *Session) pay(j *job, in Pay) {
	j.shows(in.Amount)
	v, p, ok := s.forVisit(j)
	if !ok {
		return
	}
	all := in.Amount == PayAll
	if all {
		in.Amount = ""
	}
	amount, ok := s.some(j, in.Amount)
	if ok && in.N != 0 {
		in.Fee, ok = s.fee(j, v, in.Fee, in.N)
	}
	if !ok {
		return
	}
	if all && in.Method != circ.ByCredit { // credit pays all that it covers
		amount.Minor = s.toPay(v, in.Fee)
		switch {
		case amount.Minor > 0:
		case v.panel.Disputed.Minor > 0:
			s.refuse(j, OnlyDisputed, "")
			return
		default:
			s.refuse(j, circ.NothingOwed, "")
			return
		}
	}
	said := words.OutcomePaid
	if in.Method == circ.ByCredit {
		said = words.OutcomeCreditUsed
	}
	cmd := circ.Pay{Patron: v.patron, Fee: in.Fee, Amount: amount, Method: in.Method, Change: !in.Keep && s.givesChange(in.Method), Drawer: s.drawerID()}
	s.money(j, p, cmd, WordPaid, "", "", said)
}

// toPay gives what is left of a fee; empty: what there is to pay, but for what is
// disputed and what credit would pay.
func (s *Session) toPay(v *visit, fee circ.FeeID) (left int64) {
	s.freshen(v)
	for _, f := range v.panel.Fees {
		switch {
		case fee != "" && f.ID == fee:
			return f.Left.Minor
		case fee == "" && f.Disputed.At.IsZero():
			left += f.Left.Minor
		}
	}
	return max(min(left, v.panel.Owes.Minor), 0)
}

// givesChange reports whether change is given where more is paid than is owed.
func (s *Session) givesChange(m circ.PayMethod) bool {
	if m == "" {
		m = circ.PayMethod(s.c.Desk.Policy().PayMethods()[0])
	}
	return m == circ.ByCash
}

// charge charges a fee by hand.
func (s *Session) charge(j *job, in Charge) {
	j.shows(in.Amount)
	v, p, ok := s.forVisit(j)
	if !ok {
		return
	}
	amount, ok := s.some(j, in.Amount)
	if !ok {
		return
	}
	if !slices.Contains(circ.FeeTypes(), in.Type) {
		s.refuse(j, NoSuchFeeType, text.Clean(string(in.Type), maxScanned))
		return
	}
	cmd := circ.Charge{Patron: v.patron, Type: in.Type, Amount: amount, Text: text.Clean(in.Text, maxNote)}
	if in.Item != "" {
		f, ok := s.itemScanned(j, in.Item)
		if !ok {
			return
		}
		cmd.Item, cmd.Barcode = named(f)
	}
	s.money(j, p, cmd, WordDone, "", "", words.OutcomeCharged, "amount", s.c.Words.Money(amount), "kind", s.c.Words.Fee(in.Type))
}

// waive lets the patron off a fee.
func (s *Session) waive(j *job, in Waive) {
	v, p, ok := s.forVisit(j)
	if !ok {
		return
	}
	amount, ok := s.some(j, in.Amount)
	if ok {
		in.Fee, ok = s.fee(j, v, in.Fee, in.N)
	}
	if !ok {
		return
	}
	cmd := circ.Waive{Fee: in.Fee, Amount: amount, Text: text.Clean(in.Text, maxNote)}
	s.money(j, p, cmd, WordDone, circ.WaiveFee, cmd.Text, words.OutcomeWaived)
}

// dispute notes that the patron disputes a fee; restore ends that.
func (s *Session) dispute(j *job, in Dispute) {
	v, p, ok := s.forVisit(j)
	if !ok {
		return
	}
	if in.Fee, ok = s.fee(j, v, in.Fee, in.N); ok {
		s.money(j, p, circ.DisputeFee{Fee: in.Fee, Text: text.Clean(in.Text, maxNote)}, WordDone, "", "", words.OutcomeDisputed)
	}
}

func (s *Session) restore(j *job, in Restore) {
	v, p, ok := s.forVisit(j)
	if !ok {
		return
	}
	if in.Fee, ok = s.fee(j, v, in.Fee, in.N); ok {
		s.money(j, p, circ.RestoreFee{Fee: in.Fee}, WordDone, "", "", words.OutcomeRestored)
	}
}

// refund gives money back.
func (s *Session) refund(j *job, in Refund) {
	j.shows(in.Amount)
	v, p, ok := s.forVisit(j)
	if !ok {
		return
	}
	amount, ok := s.some(j, in.Amount)
	if !ok {
		return
	}
	if in.Amount == "" {
		s.freshen(v)
		amount.Minor = max(-v.panel.Owes.Minor, 0)
	}
	cmd := circ.Refund{Patron: v.patron, Amount: amount, Method: in.Method, Text: text.Clean(in.Text, maxNote), Drawer: s.drawerID()}
	s.money(j, p, cmd, WordPaid, circ.GiveBack, cmd.Text, words.OutcomeRefunded, "amount", s.c.Words.Money(amount))
}

// feeStory tells how a fee came about, and what became of it.
func (s *Session) feeStory(j *job, in FeeStory) {
	v, _, ok := s.forVisit(j)
	if !ok {
		return
	}
	s.freshen(v)
	open := len(v.panel.Fees)
	if in.All || in.Fee == "" && in.N == 0 && open != 1 { // which of them: the list has the numbers
		s.listFees(j, v.panel)
		return
	}
	if n := in.N - open; in.Fee == "" && n > 0 && n <= len(v.panel.Settled) {
		in.Fee = v.panel.Settled[n-1].ID
	}
	if in.Fee, ok = s.fee(j, v, in.Fee, in.N); !ok {
		return
	}
	var fee circ.Fee
	var loan circ.Loan
	var payments []circ.Payment
	var left int64
	o := Outcome{Word: WordList}
	err := s.read(func(f *facts) {
		fee, ok = one[circ.Fee](f, circ.KindFee, string(in.Fee))
		o.Title = clean(f.titleOf(fee.Item).Title)
		loan, _ = one[circ.Loan](f, circ.KindLoan, string(fee.Loan))
		payments = nil
		for _, m := range of[circ.Payment](f.whole(circ.PaymentsOf, string(v.patron))) {
			if m.Fee == fee.ID {
				payments = append(payments, m)
			}
		}
		c := circ.NewCase(circ.Act{At: s.now()}, f.rules)
		for _, m := range payments {
			c.Add(circ.ByKey(circ.KindPayment, string(m.ID)), []circ.Row{m})
		}
		left = c.Left(fee)
	})
	switch {
	case err != nil:
		s.failed(j, err)
	case !ok || fee.Patron != v.patron:
		s.stop(j, Outcome{}, circ.Remark{Reason: circ.UnknownThing, Text: text.Clean(string(in.Fee), maxScanned)})
	default:
		t := tale{s: s, names: s.names()}
		t.tell(safe(fee), safe(loan), safe(payments), left)
		o.Text, o.Tell = t.lines[0].Words, t.lines[1:]
		s.finish(j, o)
	}
}

// listFees lists what is owed and what is settled, numbered as [FeeStory] counts them.
func (s *Session) listFees(j *job, p Patron) {
	w, n := s.c.Words, s.names()
	o := Outcome{Word: WordList, Text: w.Text(words.FeesNone)}
	if p.Owes.Minor > 0 {
		o.Text = w.Text(words.FeesTotal, "amount", w.Money(p.Owes))
	}
	for i, f := range append(slices.Clone(p.Fees), p.Settled...) {
		left := w.Text(words.StorySettled)
		if i < len(p.Fees) {
			left = w.Text(words.StoryLeft, "amount", w.Money(f.Left))
		}
		o.Tell = append(o.Tell, Said{Words: w.List(strconv.Itoa(i+1)+". "+w.Fee(f.Type), f.Title, f.Text, w.Money(f.Amount), w.When(f.At, n), left)})
	}
	s.finish(j, o)
}

// tale is a story on its way into words.
type tale struct {
	s     *Session
	names words.Names
	lines []Said
}

func (t *tale) say(key words.Key, args ...string) {
	t.lines = append(t.lines, Said{Words: t.s.c.Words.Text(key, args...)})
}

// tell tells of a fee in the order in which it happened.
func (t *tale) tell(fee circ.Fee, loan circ.Loan, payments []circ.Payment, left int64) {
	w := t.s.c.Words
	currency := fee.Amount.Currency
	t.say(words.StoryCharged, "kind", w.Fee(fee.Type), "amount", w.Money(fee.Amount), "at", w.When(fee.At, t.names), "place", t.place(fee.Library, fee.Desk), "operator", string(fee.Operator), "text", fee.Text)
	if loan.ID != "" {
		t.loan(loan)
	}
	if !fee.Due.IsZero() {
		t.say(words.StoryDue, "due", w.Due(fee.Due, t.names), "at", w.When(fee.Back, t.names))
	}
	for _, step := range fee.Why {
		t.lines = append(t.lines, Said{Words: "  " + w.Step(step, t.names)})
	}
	for _, m := range payments {
		if m.Amount.Minor == 0 {
			continue
		}
		t.say(storyOf(m), "amount", w.Money(abs(m.Amount)), "at", w.When(m.At, t.names), "method", w.Method(m.Method), "operator", string(m.Operator), "text", m.Text, "receipt", string(m.Receipt))
	}
	if d := fee.Disputed; !d.At.IsZero() {
		t.say(words.StoryDisputed, "at", w.When(d.At, t.names), "operator", string(d.Operator), "text", d.Text)
	}
	switch {
	case left > 0:
		t.say(words.StoryLeft, "amount", w.Money(money.Amount{Minor: left, Currency: currency}))
	case left < 0:
		t.say(words.StoryCredit, "amount", w.Money(money.Amount{Minor: -left, Currency: currency}))
	default:
		t.say(words.StorySettled)
	}
}

// loan tells how the item was lent, what was said of it since, and how it came back.
func (t *tale) loan(l circ.Loan) {
	w := t.s.c.Words
	first := l.Due
	if !l.Lent.Due.IsZero() {
		first = l.Lent.Due
	}
	t.say(words.StoryLent, "at", w.When(l.Out, t.names), "place", t.place(l.Library, l.Desk), "operator", string(l.Operator), "due", w.Due(first, t.names))
	var since []happened
	tell := func(at time.Time, key words.Key, args ...string) {
		since = append(since, happened{at, key, append(args, "at", w.When(at, t.names))})
	}
	for _, n := range l.Renewals {
		tell(n.At, words.StoryRenewed, "place", t.place(n.Library, n.Desk), "operator", string(n.Operator), "due", w.Due(n.Due, t.names))
	}
	if f := l.Fixed; !f.At.IsZero() {
		tell(f.At, words.StoryDueSet, "place", t.place(f.Library, f.Desk), "operator", string(f.Operator), "due", w.Due(f.Due, t.names))
	}
	switch r := l.Recalled; {
	case r.At.IsZero():
	case r.Due.IsZero():
		tell(r.At, words.StoryLifted, "place", t.place(r.Library, r.Desk), "operator", string(r.Operator))
	default:
		tell(r.At, words.StoryRecalled, "place", t.place(r.Library, r.Desk), "operator", string(r.Operator), "due", w.Due(r.Due, t.names))
	}
	if c := l.Claimed; !c.IsZero() && l.Marked.State != circ.LoanClaimed {
		tell(c, words.StoryMarked, "state", w.Mark(string(circ.LoanClaimed)))
	}
	if m := l.Marked; m.State != "" {
		tell(m.At, words.StoryMarked, "state", w.Mark(string(m.State)), "place", t.place(m.Library, m.Desk), "operator", string(m.Operator), "text", circ.PartsText(m.Missing))
	}
	for _, c := range l.Calls {
		how, again := w.Channel(cmp.Or(c.By, circ.NoticePhone)), w.LastDay(c.Again, t.names)
		tell(c.At, words.StoryCalled, "how", how, "operator", string(c.Operator), "text", c.Text, "until", again)
	}
	slices.SortStableFunc(since, func(a, b happened) int { return a.at.Compare(b.at) })
	told := false
	for _, h := range since {
		if !told && !l.Open() && h.at.After(l.In) {
			t.back(l)
			told = true
		}
		t.say(h.key, h.args...)
	}
	if !told {
		t.back(l)
	}
}

// storyOfLoan tells of a loan alone.
func (s *Session) storyOfLoan(l circ.Loan) (lines []string) {
	t := tale{s: s, names: s.names()}
	t.loan(safe(l))
	for _, line := range t.lines {
		lines = append(lines, line.Words)
	}
	return lines
}

// happened is one thing that was said of a loan.
type happened struct {
	at   time.Time
	key  words.Key
	args []string
}

// back tells how a loan ended: who has taken the item back where, and when, if it had
// come back before; and who has corrected that.
func (t *tale) back(l circ.Loan) {
	w := t.s.c.Words
	by := l.Taker
	where := []string{"at", w.When(l.In, t.names), "place", t.place(by.Library, by.Desk), "operator", string(by.Operator)}
	switch {
	case l.Open():
		return
	case l.How == circ.Evidence:
		t.say(words.StorySeen, where...)
	case l.How == circ.WrittenOff:
		t.say(words.StoryOff, where...)
	case by.At.IsZero() || by.At.Equal(l.In):
		t.say(words.StoryBack, where...)
	default:
		t.say(words.StoryBack, append(where, "noted", w.When(by.At, t.names))...)
	}
	if c := l.Corrected; !c.At.IsZero() {
		t.say(words.StoryCorrected, "at", w.When(c.At, t.names), "place", t.place(c.Library, c.Desk), "operator", string(c.Operator))
	}
}

// place names a library, or else the desk.
func (t *tale) place(lib policy.LibraryID, d circ.DeskID) string {
	if lib != "" {
		return t.names.Library(lib)
	}
	return string(d)
}

// storyOf gives the row that tells a payment.
func storyOf(m circ.Payment) words.Key {
	switch {
	case m.Kind == circ.Waiver:
		return words.StoryWaived
	case m.Kind == circ.GaveBack:
		return words.StoryRefunded
	case m.Kind == circ.Transfer && m.Amount.Minor < 0:
		return words.StoryMovedAway
	case m.Kind == circ.Transfer:
		return words.StoryMoved
	}
	return words.StoryPaid
}

func abs(a money.Amount) money.Amount {
	a.Minor = max(a.Minor, -a.Minor)
	return a
}
