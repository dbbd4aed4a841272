package desk

import (
	"circdesk/desk/circ"
	"circdesk/desk/slip"
	"circdesk/desk/words"
)

// slip writes the loan slip of the open visit: what was lent or renewed in it
// and is still out, what is recalled of the patron's loans, and what was paid.
func (s *Session) slip(j *job) {
	if !s.signedIn(j) {
		return
	}
	v, ok := s.here(j)
	if !ok {
		return
	}
	if s.c.Slip == nil {
		s.refuse(j, NoSlip, "")
		return
	}
	s.freshen(v)
	rules := s.c.Desk.Policy()
	lib := s.c.Desk.Library
	out := slip.Loan{Library: rules.LibraryName(lib), Patron: v.panel.Name, At: s.now(), Zone: rules.Location(lib)}
	for _, l := range v.panel.Loans {
		it := slip.Item{Title: l.Title, Barcode: l.Barcode, Due: l.Due}
		missing := l.Missing()
		switch {
		case missing != nil:
			out.Missing = append(out.Missing, slip.Missing{Title: l.Title, Parts: circ.PartsText(missing)})
		case !l.RecalledSince().IsZero():
			out.Recalled = append(out.Recalled, it)
		case v.lent(l):
			out.Items = append(out.Items, it)
		}
	}
	for _, o := range v.money {
		out.Money = append(out.Money, slip.Money{Amount: o.Amount, Receipt: o.Receipt})
	}
	if err := s.c.Slip(out.Text(s.c.Words)); err != nil {
		s.c.Log.Error("a slip was not written", "err", err)
		s.refuse(j, SlipFailed, s.trouble(err))
		return
	}
	s.finish(j, Outcome{Word: WordDone, Text: s.c.Words.Text(words.OutcomeSlip, "name", v.panel.Name)})
}

// concerns reports whether an outcome is about the item of a loan.
func (o Outcome) concerns(l Loan) bool {
	if o.Item == nil {
		return o.Scanned != "" && o.Scanned == l.Barcode
	}
	return o.Item.ID == l.Item
}

// lent reports whether a loan was lent or renewed in this visit.
func (v *visit) lent(l Loan) bool {
	for _, o := range v.lines {
		if (o.Word == WordOut || o.Word == WordRenewed) && o.Final && o.concerns(l) {
			return true
		}
	}
	return false
}
