package desk

import (
	"context"
	"slices"
	"strconv"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/money"
	"circdesk/desk/policy"
	"circdesk/desk/words"
)

// Drawer is a shift of a drawer for money, with what it comes to.
type Drawer struct {
	circ.Shift
	Name     string
	N        int          // the shift's number; 0: the drawer was never opened
	Sums     []circ.Tally // by method, that of the float first
	Moves    []Move       // oldest first
	Unsent   int          // movements of this desk, in this shift, that the central system has not judged yet
	Unbooked int          // movements in this shift that the central system has not booked, and nobody has settled yet
	Line     bool         // there is a central system, so that other desks may have told it more
	Currency string       //
	Next     circ.ShiftID // into which money goes while the shift is closed
	Early    []Move       // what is in Next already
}

// Move is a movement of money.
type Move struct {
	circ.Payment
	Waits    bool // the central system has not judged its entry yet
	Unbooked bool // the central system has not booked it: a conflict that is open
}

// In gives what the movement adds to the drawer.
func (m Move) In() money.Amount {
	if m.Kind == circ.GaveBack {
		return money.Amount{Minor: -m.Amount.Minor, Currency: m.Amount.Currency}
	}
	return m.Amount
}

// Over gives by how much more was counted than expected; below zero: how much less.
// Only what was counted tells it.
func (d Drawer) Over() (minor int64) {
	for _, t := range d.Sums {
		if t.IsCount {
			minor += t.Over()
		}
	}
	return minor
}

// Amount makes minor units an amount of the drawer's currency.
func (d Drawer) Amount(minor int64) money.Amount {
	return money.Amount{Minor: minor, Currency: d.Currency}
}

// mostWaiting bounds how many entries are looked through for what is not delivered.
const mostWaiting = 100_000

// ReadDrawer reads a shift of a drawer from a desk's facts: the n-th, or the last one
// where n is 0. False: there is no such shift.
func ReadDrawer(ctx context.Context, d *local.Desk, id circ.DrawerID, n int) (out Drawer, ok bool, err error) {
	waits, err := unsent(ctx, d)
	if err != nil {
		return out, false, err
	}
	rules := d.Policy()
	err = d.View(ctx, func(r journal.Reader) error {
		f := &facts{ctx: ctx, rules: rules, r: r}
		out, ok = f.drawer(id, n, waits)
		return f.err
	})
	if err != nil || !ok {
		return out, ok, err
	}
	booked, err := unbooked(ctx, d)
	for i := range out.Moves {
		if m := &out.Moves[i]; booked[m.Receipt] {
			m.Unbooked = true
			out.Unbooked++
		}
	}
	return out, ok, err
}

// unbooked gives the receipts of money that was taken and not booked at the central
// system, where nobody has settled that yet.
func unbooked(ctx context.Context, d *local.Desk) (map[circ.ReceiptNo]bool, error) {
	open, err := d.Conflicts(ctx, false)
	if err != nil {
		return nil, err
	}
	out := map[circ.ReceiptNo]bool{}
	err = d.Journal.View(ctx, func(tx journal.JournalTx) error {
		clear(out)
		for _, c := range open {
			if !slices.ContainsFunc(c.Met, func(r circ.Remark) bool { return r.Reason == circ.NotBooked }) {
				continue
			}
			e, ok, err := tx.Entry(ctx, c.ID)
			if err != nil {
				return err
			}
			if ok && e.Act.Receipt != "" {
				out[e.Act.Receipt] = true
			}
		}
		return nil
	})
	return out, err
}

// ReadReceipt gives the payments on a receipt, as a desk knows them.
func ReadReceipt(ctx context.Context, d *local.Desk, no circ.ReceiptNo) (out []Move, err error) {
	waits, err := unsent(ctx, d)
	if err != nil {
		return nil, err
	}
	rules := d.Policy()
	err = d.View(ctx, func(r journal.Reader) error {
		f := &facts{ctx: ctx, rules: rules, r: r}
		out = movesOf(of[circ.Payment](f.whole(circ.ByReceipt, string(no))), waits)
		return f.err
	})
	return out, err
}

// unsent gives the receipts of the entries that the central system has not judged yet.
func unsent(ctx context.Context, d *local.Desk) (map[circ.ReceiptNo]bool, error) {
	if d.Unsettled() == 0 {
		return nil, nil
	}
	es, err := d.Waiting(ctx, mostWaiting)
	if err != nil {
		return nil, err
	}
	out := make(map[circ.ReceiptNo]bool, len(es))
	for _, e := range es {
		out[e.Act.Receipt] = true
	}
	return out, nil
}

// shift gives a shift of a drawer: the n-th, or the last one.
func (f *facts) shift(id circ.DrawerID, n int) (s circ.Shift, ok bool) {
	if id == "" {
		return s, false
	}
	if n > 0 {
		s, ok = one[circ.Shift](f, circ.KindDrawer, string(id)+"/"+strconv.Itoa(n))
		return s, ok && !s.Opened.At.IsZero()
	}
	last := index[circ.Shift](f, circ.ShiftsOf, string(id), 1)
	if len(last) == 0 {
		return s, false
	}
	return last[0], true
}

func (f *facts) drawer(id circ.DrawerID, n int, waits map[circ.ReceiptNo]bool) (Drawer, bool) {
	s, ok := f.shift(id, n)
	out := Drawer{Shift: s, Name: id.Name(), Currency: f.rules.Currency()}
	if !ok {
		return out, false
	}
	_, out.N = s.ID.Parts()
	out.Moves = f.moves(s.ID, waits)
	var paid []circ.Payment
	for _, m := range out.Moves {
		paid = append(paid, m.Payment)
		if m.Waits {
			out.Unsent++
		}
	}
	out.Sums = s.Tallies(paid)
	if !s.Open() {
		out.Next = circ.ShiftID(string(id) + "/" + strconv.Itoa(out.N+1))
		if _, begun := f.shift(id, out.N+1); !begun {
			out.Early = f.moves(out.Next, waits)
		}
	}
	return out, true
}

// moves gives the movements of money of a shift, oldest first.
func (f *facts) moves(id circ.ShiftID, waits map[circ.ReceiptNo]bool) []Move {
	return movesOf(of[circ.Payment](f.whole(circ.MovesOf, string(id))), waits)
}

func movesOf(ps []circ.Payment, waits map[circ.ReceiptNo]bool) (out []Move) {
	for _, p := range ps {
		if p.Moves() && p.Amount.Minor != 0 {
			out = append(out, Move{Payment: p, Waits: waits[p.Receipt]})
		}
	}
	return out
}

// DrawerLines says what a drawer comes to, a line each, and what of it is not
// delivered.
func DrawerLines(w *words.Book, n words.Names, d Drawer) (lines []string) {
	say := func(key words.Key, args ...string) { lines = append(lines, w.Text(key, args...)) }
	when := func(s circ.Stamp) []string {
		return []string{"name", d.Name, "n", strconv.Itoa(d.N), "at", w.When(s.At, n), "operator", clean(string(s.Operator)), "desk", clean(string(s.Desk))}
	}
	if d.N == 0 {
		say(words.DrawerNever, "name", d.Name)
		return lines
	}
	if d.Open() {
		say(words.DrawerOpenLine, when(d.Opened)...)
	} else {
		say(words.DrawerClosedLine, when(d.Closed)...)
		say(words.DrawerOpenLine, when(d.Opened)...)
	}
	for _, t := range d.Sums {
		say(words.DrawerSum, "method", w.Method(t.Method), "expected", w.Money(d.Amount(t.Expected)), "float", d.some(w, t.Float), "taken", d.some(w, t.Taken), "given", d.some(w, t.Given), "late", d.some(w, t.Late))
		if !d.Open() {
			say(words.DrawerCounted, "method", w.Method(t.Method), "counted", w.Money(d.Amount(t.Counted)), "over", d.some(w, max(t.Over(), 0)), "short", d.some(w, max(-t.Over(), 0)))
		}
	}
	if d.Text != "" {
		say(words.DrawerWhy, "text", clean(d.Text))
	}
	if len(d.Early) > 0 {
		lines = append(lines, w.N(words.DrawerEarly, len(d.Early)))
	}
	if d.Unsent > 0 {
		lines = append(lines, w.N(words.DrawerUnsent, d.Unsent))
	}
	if d.Unbooked > 0 {
		lines = append(lines, w.N(words.DrawerUnbooked, d.Unbooked))
	}
	return lines
}

// some gives an amount; empty for none.
func (d Drawer) some(w *words.Book, minor int64) string {
	if minor == 0 {
		return ""
	}
	return w.Money(d.Amount(minor))
}

// MoveLine says a movement of money: no name of a patron is in it.
func MoveLine(w *words.Book, n words.Names, m Move) string {
	kind := words.DrawerTaken
	if m.In().Sign() < 0 {
		kind = words.DrawerGiven
	}
	waits := ""
	if m.Waits {
		waits = w.Text(words.DrawerWaits)
	}
	shift, late := "", ""
	if d, n := m.Shift.Parts(); n > 0 {
		shift = d.Name() + "/" + strconv.Itoa(n)
	}
	if d, n := m.Late.Parts(); n > 0 {
		late = d.Name() + "/" + strconv.Itoa(n)
	}
	return w.Text(kind, "receipt", clean(string(m.Receipt)), "amount", w.Money(abs(m.Amount)), "method", w.Method(m.Method),
		"at", w.When(m.At, n), "operator", clean(string(m.Operator)), "shift", clean(shift), "late", clean(late), "waits", waits)
}

// DrawerNames is how a desk of a library says times and amounts without a session.
func DrawerNames(rules *policy.Set, lib policy.LibraryID, d *local.Desk) words.Names {
	return words.Names{
		Library: func(id policy.LibraryID) string { return rules.LibraryName(id) },
		Zone:    rules.Location(lib), Now: d.Now().UTC(), Currency: rules.Currency(),
	}
}

// OverShort are the reasons that somebody who closes a drawer says yes to.
func OverShort() []circ.Reason { return []circ.Reason{circ.DrawerOver, circ.DrawerShort} }
