package desk

import (
	"circdesk/desk/circ"
	"circdesk/desk/money"
	"circdesk/desk/policy"
	"circdesk/desk/words"
)

// listSize is how many records of a list are read; the engine reads as many.
const listSize = 1000

// settledShown is how many settled fees of a patron are shown.
const settledShown = 50

// short gives the first part of a patron's view. It is not for use while facts are
// being read.
func (s *Session) short(p circ.Patron) Patron { return s.first(s.c.Desk.Policy(), p) }

func (s *Session) first(rules *policy.Set, p circ.Patron) Patron {
	out := Patron{Patron: safe(p), Name: personName(p), Group: clean(rules.GroupName(p.Group))}
	if len(p.Birth) >= 4 {
		out.Born = clean(p.Birth[:4])
	}
	out.Expired = !p.Expires.IsZero() && !s.now().Before(p.Expires)
	return out
}

// panel reads the whole view of a patron.
func (s *Session) panel(f *facts, p circ.Patron) Patron {
	out := s.first(f.rules, p)
	now := s.now()
	c := circ.NewCase(circ.Act{At: now, Library: s.c.Desk.Library}, f.rules) // the engine's own sums
	wants := []circ.Want{
		circ.In(circ.LoansOf, string(p.ID), listSize), circ.In(circ.RequestsOf, string(p.ID), listSize),
		circ.In(circ.BlocksOf, string(p.ID), listSize), circ.In(circ.LinksOf, string(p.ID), listSize),
		circ.In(circ.AlertsOf, string(p.ID), listSize),
	}
	rows := f.rows(wants...)
	for i, w := range wants {
		c.Add(w, rows[i])
	}
	for _, i := range []circ.Index{circ.FeesOf, circ.PaymentsOf} {
		c.Add(circ.Want{Index: i, ID: string(p.ID)}, f.whole(i, string(p.ID)))
	}
	loans, requests, account, links := c.Loans(p.ID), c.Requests(p.ID), c.Account(p.ID), of[circ.Link](rows[3])

	itemIDs := make([]circ.ItemID, 0, len(loans)+len(requests)+len(account.Fees)+settledShown)
	for _, l := range loans {
		itemIDs = append(itemIDs, l.Item)
	}
	for _, r := range requests {
		itemIDs = append(itemIDs, r.Copy)
	}
	settled := account.Settled[:min(len(account.Settled), settledShown)]
	for _, fee := range account.Fees {
		itemIDs = append(itemIDs, fee.Item)
	}
	for _, fee := range settled {
		itemIDs = append(itemIDs, fee.Item)
	}
	books := f.books(itemIDs)

	currency := f.rules.Currency()
	out.IfBack.Currency, out.Estimate = currency, f.rules.FeesElsewhere()
	out.Loans, out.Fees = make([]Loan, 0, len(loans)), make([]Fee, 0, len(account.Fees))
	c.Add(circ.ByKey(circ.KindPatron, string(p.ID)), []circ.Row{p})
	late := make([]circ.Row, 0, len(loans)) // the items of what is overdue
	for i := range loans {
		l, b := &loans[i], books[loans[i].Item]
		out.Loans = append(out.Loans, Loan{Loan: *l, Title: b.title, Barcode: b.barcode, Overdue: now.After(l.Due) && !l.Incomplete()})
		if b.item != nil && out.Loans[i].Overdue {
			late = append(late, b.item)
		}
	}
	c.Put(late)
	for i := range loans {
		one := &out.Loans[i]
		cleanAll(&one.Loan)
		if one.Overdue {
			out.Overdue++
			one.LongOverdue = circ.LongOverdue(c, loans[i], now)
			one.IfBack = circ.Accrued(c, loans[i], now)
			out.IfBack.Minor += one.IfBack.Minor
		}
	}
	out.Requests = s.holdsOf(f, requests, p, books)
	for _, h := range out.Requests {
		if h.Stage == circ.OnShelf && !h.Expired {
			out.Ready++
		}
	}
	for _, fee := range account.Fees {
		if fee.Left > 0 {
			left := money.Amount{Minor: fee.Left, Currency: currency}
			out.Fees = append(out.Fees, Fee{Fee: fee.Fee, Left: left, Title: books[fee.Item].title})
			cleanAll(&out.Fees[len(out.Fees)-1].Fee)
		}
	}
	for _, fee := range settled {
		out.Settled = append(out.Settled, Fee{Fee: safe(fee), Left: money.Amount{Currency: currency}, Title: books[fee.Item].title})
	}
	out.Owes = money.Amount{Minor: account.Owes, Currency: currency}
	out.Disputed = money.Amount{Minor: account.Disputed, Currency: currency}
	out.Blocks = safe(c.Blocks(p.ID))
	for i, b := range out.Blocks {
		if b.Loan != "" {
			out.Blocks[i].Text = s.c.Words.Text(words.PatronSuspended)
		}
	}
	out.Alerts = safe(c.Alerts(p.ID, ""))
	out.Standing = safe(circ.Standing(c, p))
	for _, l := range links {
		name := ""
		if other, ok := f.patron(l.Other); ok {
			name = personName(other)
		}
		out.Links = append(out.Links, Linked{Link: safe(l), Name: name})
	}
	return out
}

// holdsOf gives the requests of a patron with their titles and copies.
func (s *Session) holdsOf(f *facts, requests []circ.Request, p circ.Patron, books map[circ.ItemID]book) []Hold {
	var ids []circ.TitleID
	for _, r := range requests {
		ids = append(ids, r.Title)
	}
	titles := many[circ.TitleID, circ.Title](f, circ.KindTitle, ids)
	var out []Hold
	for i, r := range requests {
		kept, _ := books[r.Copy].item.(circ.Item)
		out = append(out, s.hold(i+1, r, titles[r.Title], kept, p))
	}
	return out
}

// hold gives a request with its title and person.
func (s *Session) hold(n int, r circ.Request, t circ.Title, kept circ.Item, p circ.Patron) Hold {
	h := Hold{
		Request: safe(r), N: n, Of: clean(t.Title), Barcode: clean(kept.Barcode),
		Expired: r.Stage == circ.OnShelf && !r.Until.IsZero() && s.now().After(r.Until),
	}
	if s.operator != nil {
		h.Person, h.Card = personName(p), clean(p.Card)
	}
	return h
}

// holds gives requests with their titles and persons.
func (s *Session) holds(f *facts, requests []circ.Request) []Hold {
	var titleIDs []circ.TitleID
	var itemIDs []circ.ItemID
	for _, r := range requests {
		titleIDs, itemIDs = append(titleIDs, r.Title), append(itemIDs, r.Copy)
	}
	titles := many[circ.TitleID, circ.Title](f, circ.KindTitle, titleIDs)
	items := many[circ.ItemID, circ.Item](f, circ.KindItem, itemIDs)
	out := make([]Hold, 0, len(requests))
	for i, r := range requests {
		p, _ := f.patron(r.Patron)
		out = append(out, s.hold(i+1, r, titles[r.Title], items[r.Copy], p))
	}
	return out
}

// patronOutcome tells about a patron who was opened.
func (s *Session) patronOutcome(p Patron) Outcome {
	w, n := s.c.Words, s.names()
	o := Outcome{Word: WordPatron, Patron: &p}
	var facts []string
	facts = append(facts, w.N(words.OutcomePatronOut, len(p.Loans)))
	if p.Overdue > 0 {
		facts = append(facts, w.N(words.OutcomePatronOverdue, p.Overdue))
	}
	if p.Ready > 0 {
		facts = append(facts, w.N(words.OutcomePatronReady, p.Ready))
	}
	if p.Owes.Minor > 0 {
		facts = append(facts, w.Text(words.OutcomePatronOwes, "amount", w.Money(p.Owes)))
	}
	if len(p.Blocks) > 0 {
		facts = append(facts, w.Text(words.OutcomePatronBlocked))
	}
	if p.Expired {
		facts = append(facts, w.Text(words.OutcomePatronExpired, "date", w.LastDay(p.Expires, n)))
	}
	if p.Note != "" {
		facts = append(facts, w.Text(words.OutcomePatronNote, "text", p.Note))
	}
	o.Text = w.Text(words.OutcomePatronLine, "name", p.Name, "facts", w.List(facts...))
	o.Tell = s.said(p.Standing)
	return o
}
