package circ

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"circdesk/desk/text"
)

// How many parts of an item are kept, and how much of the name of one.
const (
	mostParts = 50
	maxPart   = 80
)

// Parts gives the names of parts as they are kept: clean, none empty, each once, in
// their order.
func Parts(names []string) (out []string) {
	for _, n := range names {
		n = text.Clean(n, maxPart)
		if n != "" && !slices.Contains(out, n) && len(out) < mostParts {
			out = append(out, n)
		}
	}
	return out
}

// PartsText names parts in one line. It is in remarks.
func PartsText(names []string) string { return strings.Join(names, ", ") }

// cameIncomplete reports whether the item has come back incomplete and the patron has
// not had it since; the loan may have ended.
func (r Loan) cameIncomplete() bool {
	return r.Marked.State == LoanIncomplete && !r.taken().After(r.Marked.here())
}

// Incomplete reports whether the loan is open only because something of the item is
// missing: the item is here.
func (r Loan) Incomplete() bool { return r.Open() && r.cameIncomplete() }

// ends gives when a loan ends whose item is taken back then: what had come back
// incomplete ends as of that day.
func (r Loan) ends(at time.Time) time.Time {
	if r.Incomplete() && r.Marked.Back.Before(at) {
		return r.Marked.Back
	}
	return at
}

// notComplete says that a loan has to be completed or given up first.
func (r Loan) notComplete() Remark {
	m := r.Marked
	return Remark{Reason: NotComplete, Text: PartsText(m.Missing), When: m.Back, Desk: m.Desk, Who: r.Patron, Item: r.Item}
}

// Incomplete takes an item back of which something is missing. The item is here and
// goes to staff; the loan stays open, and nothing more for being late is reckoned
// after that day. What is not on loan is damaged from then on. Said once more, it
// says what is missing now.
type Incomplete struct {
	Item    ItemID   `json:"item,omitempty"`
	Barcode string   `json:"barcode,omitempty"`
	Missing []string `json:"missing"`
	// Date is when it came back, if not now.
	Date time.Time `json:"date,omitzero"`
}

func (Incomplete) Name() string { return "incomplete" }

func (k Incomplete) lacks(l *lacking) {
	if it, ok := l.item(k.Item, k.Barcode); ok {
		l.lost(it)
	}
}

func (k Incomplete) decide(t *trial) {
	act := t.c.Act
	it, ok := t.c.Item(k.Item, k.Barcode)
	if !ok {
		t.refuse(Remark{Reason: UnknownItem, Text: k.Barcode})
		return
	}
	missing := Parts(k.Missing)
	if len(missing) == 0 {
		t.refuse(Remark{Reason: NothingGiven, Item: it.ID})
	}
	if k.Date.After(act.At) {
		t.refuse(Remark{Reason: FutureDate, When: k.Date})
	}
	seenSince(&asking{trial: t, it: it})
	if t.stopped() {
		return
	}
	said := Remark{Reason: CameBack, Text: PartsText(missing), Item: it.ID}
	if loan, out := t.c.Loan(it.Loan); out {
		said.Who = loan.Patron
		e := LoanMarked{Loan: loan.ID, Item: it.ID, Patron: loan.Patron, State: LoanIncomplete, At: act.At, Desk: act.Desk, Library: act.Library, Operator: act.Operator, Missing: missing}
		t.emit(e.cameBack(loan, loan.back(k.Date, act.At)))
		t.tell(said)
		t.wasLost(loan)
	} else {
		if it.Held != "" {
			t.emit(Untrapped{Request: it.Held, Item: it.ID})
		}
		t.emit(ItemMarked{Item: it.ID, State: ItemDamaged, At: act.At, Desk: act.Desk, Text: said.Text, Library: act.Library})
		t.tell(said)
		t.tell(Remark{Reason: NotOnLoanTell, Item: it.ID})
	}
	t.emit(Seen{Item: it.ID, At: act.At, Desk: act.Desk, Library: act.Library})
	t.d.Route = &Route{Kind: ToStaff, Library: act.Library, Why: said.Text}
}

// cameBack fills in when the item came back: the first time counts, and so does when
// it was lost or claimed before that.
func (e LoanMarked) cameBack(l Loan, at time.Time) LoanMarked {
	e.Back, e.Late = at, time.Time{}
	switch m := l.Marked; {
	case l.cameIncomplete():
		e.Late = m.Late
		if m.Back.Before(at) {
			e.Back = m.Back
		}
	case m.Missed():
		if e.Late = m.At; at.Before(m.At) {
			e.Late = at
		}
	}
	return e
}

// incomplete fits an incomplete return: the latest word says what is missing, the
// first when the item came back. It counts against what was said of the loan
// elsewhere without the item, unless the patron has had it at a desk since.
func (e LoanMarked) incomplete(f *fitting, l Loan) {
	told := e
	e = e.cameBack(l, e.Back)
	if was := l.Marked; was.At.After(e.At) {
		f.object(Remark{Reason: ChangedSince, When: was.At, Desk: was.Desk, Item: e.Item})
		switch {
		case l.cameIncomplete() && e.Back.Before(was.Back):
			e = LoanMarked{Loan: e.Loan, Item: e.Item, Patron: e.Patron, State: was.State, At: was.At, Desk: was.Desk, Library: was.Library, Operator: was.Operator, Missing: was.Missing, Back: e.Back, Late: was.Late, Here: was.Here}
		case !l.cameIncomplete() && l.Open() && !l.taken().After(told.At):
			e.At, e.Late, e.Here = was.At, told.Late, told.At
		default:
			return
		}
	}
	f.emit(e)
}

// count asks whether all is there of an item that has parts, or of which something
// was missing.
func (t *trial) count(it Item, l Loan) {
	parts := it.Parts
	if l.Incomplete() {
		parts = l.Marked.Missing
	}
	if len(parts) > 0 {
		t.ask(Remark{Reason: AllThere, Text: PartsText(parts), Item: it.ID})
	}
}

// wasIncomplete tells that what had come back incomplete is complete.
func (t *trial) wasIncomplete(l Loan) {
	if l.Incomplete() {
		t.tell(Remark{Reason: WasIncomplete, Text: PartsText(l.Marked.Missing), When: l.Marked.Back, Who: l.Patron, Item: l.Item})
	}
}

// PartsTyped reads parts as they are typed, with "," or ";" between them: a number
// counts, from 1, in the list of known ones, anything else is the name of one, as the
// list writes it where it has it. bad is the first number that the list does not have;
// 0: there is none.
func PartsTyped(typed string, known []string) (parts []string, bad int) {
	for _, s := range strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ';' }) {
		s = strings.TrimSpace(s)
		n, err := strconv.Atoi(s)
		switch i := slices.IndexFunc(known, func(k string) bool { return text.Fold(k) == text.Fold(s) }); {
		case i >= 0:
			s = known[i]
		case err != nil || len(known) == 0:
		case n < 1 || n > len(known):
			return nil, n
		default:
			s = known[n-1]
		}
		parts = append(parts, s)
	}
	return Parts(parts), 0
}
