package circ

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"circdesk/desk/money"
	"circdesk/desk/policy"
)

// DrawerID names a drawer for money: the library and the drawer's name, as
// main/till. Desks of a library whose settings give the same name share it.
type DrawerID string

// maxDrawer bounds a drawer's name, in bytes.
const maxDrawer = 24

// NewDrawerID gives the id of a library's drawer. False: it is no name of letters,
// digits, "-" and "_".
func NewDrawerID(lib policy.LibraryID, name string) (DrawerID, bool) {
	d := DrawerID(string(lib) + "/" + name)
	return d, d.valid() && d.Name() == name
}

// Name gives a drawer's name without the library.
func (d DrawerID) Name() string { return string(d[strings.LastIndexByte(string(d), '/')+1:]) }

// Library gives whose drawer it is.
func (d DrawerID) Library() policy.LibraryID {
	return policy.LibraryID(strings.TrimSuffix(string(d), "/"+d.Name()))
}

func (d DrawerID) valid() bool {
	name := d.Name()
	return name != "" && len(name) <= maxDrawer && len(name) < len(d) && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_'
	})
}

// shift gives the id of a drawer's n-th shift. Two desks without a line that open the
// same drawer mean the same one.
func (d DrawerID) shift(n int) ShiftID { return ShiftID(string(d) + "/" + strconv.Itoa(n)) }

// ShiftID names what a drawer holds between an opening and a close: the drawer and a
// number that counts from 1, as main/till/17.
type ShiftID string

// Parts gives the drawer and the number; 0: it is no such id.
func (id ShiftID) Parts() (DrawerID, int) {
	i := strings.LastIndexByte(string(id), '/')
	if i < 0 {
		return "", 0
	}
	d := DrawerID(id[:i])
	n, err := strconv.Atoi(string(id[i+1:]))
	if err != nil || n < 1 || !d.valid() || d.shift(n) != id {
		return "", 0
	}
	return d, n
}

// Shift is a drawer from its opening to its close. What is expected in it is counted
// from its movements: see [Shift.Tallies].
type Shift struct {
	ID      ShiftID      `json:"id"`
	Float   money.Amount `json:"float"`
	FloatIn PayMethod    `json:"float_in,omitempty"` // how the float is counted
	Opened  Stamp        `json:"opened,omitzero"`    // zero: it never was
	Closed  Stamp        `json:"closed,omitzero"`    // zero: it is open
	Counted []Counted    `json:"counted,omitempty"`  // at the close
	Text    string       `json:"text,omitempty"`     // why it was over or short
}

// Stamp says when and where somebody did something. Zero: nobody has.
type Stamp struct {
	At       time.Time  `json:"at,omitzero"`
	Desk     DeskID     `json:"desk,omitempty"`
	Operator OperatorID `json:"operator,omitempty"`
}

// Counted is what was counted by one method at the close.
type Counted struct {
	Method PayMethod    `json:"method"`
	Amount money.Amount `json:"amount"`
}

// Open reports whether money goes into the shift.
func (r Shift) Open() bool { return !r.Opened.At.IsZero() && r.Closed.At.IsZero() }

func (r Shift) Key() Key { return Key{KindDrawer, string(r.ID)} }
func (r Shift) Index() []Line {
	d, n := r.ID.Parts()
	if n == 0 || r.Opened.At.IsZero() {
		return nil
	}
	return []Line{{ShiftsOf, string(d), fmt.Sprintf("%010d", 1<<32-min(n, 1<<32))}}
}

// Tally is what a shift comes to by one method, in minor units.
type Tally struct {
	Method   PayMethod
	Float    int64
	Taken    int64
	Given    int64
	Expected int64 // the float and what was taken, less what was given back
	Late     int64 // of Expected: told in an earlier shift, or before this one was opened
	Counted  int64
	IsCount  bool // it was counted
}

// Over gives how much more was counted than expected; below zero: how much less.
func (t Tally) Over() int64 { return t.Counted - t.Expected }

// Tallies counts what a shift comes to by its movements, method by method, that of
// the float first.
func (r Shift) Tallies(moves []Payment) []Tally {
	out := []Tally{{Method: r.FloatIn, Float: r.Float.Minor, Expected: r.Float.Minor}}
	of := func(m PayMethod) *Tally {
		i := slices.IndexFunc(out, func(t Tally) bool { return t.Method == m })
		if i < 0 {
			i, out = len(out), append(out, Tally{Method: m})
		}
		return &out[i]
	}
	for _, m := range moves {
		t, in := of(m.Method), m.paid()
		if m.Kind == GaveBack {
			t.Given -= in
		} else {
			t.Taken += in
		}
		t.Expected += in
		if m.LateIn(r) {
			t.Late += in
		}
	}
	for _, c := range r.Counted {
		t := of(c.Method)
		t.Counted, t.IsCount = t.Counted+c.Amount.Minor, true
	}
	slices.SortFunc(out[1:], func(a, b Tally) int { return cmp.Compare(a.Method, b.Method) })
	return out
}

// LateIn reports whether a movement came into a shift from another one, or before it
// was opened.
func (r Payment) LateIn(s Shift) bool { return r.Late != "" || r.At.Before(s.Opened.At) }

// Moves reports whether money changed hands.
func (r Payment) Moves() bool {
	return (r.Kind == Money || r.Kind == GaveBack) && r.Method != ByCredit
}

// Shift gives a shift of a drawer by its id.
func (c *Case) Shift(id ShiftID) (Shift, bool) { return get[Shift](c, KindDrawer, string(id)) }

// newestShift gives the last shift of a drawer that was opened. False: none ever was.
func (c *Case) newestShift(d DrawerID) (Shift, bool) {
	return first(c, func(s Shift) bool {
		of, n := s.ID.Parts()
		return n > 0 && of == d && !s.Opened.At.IsZero()
	}, func(a, b Shift) int {
		_, n := a.ID.Parts()
		_, m := b.ID.Parts()
		return cmp.Compare(m, n)
	})
}

// shiftNow gives the shift into which a drawer's money goes: the one that is open, or
// the one that is opened next; none where the drawer was never opened.
func (c *Case) shiftNow(d DrawerID) ShiftID {
	s, ok := c.newestShift(d)
	switch _, n := s.ID.Parts(); {
	case !ok:
		return ""
	case s.Open():
		return s.ID
	default:
		return d.shift(n + 1)
	}
}

// nextShift gives the shift that a drawer is in, or the one that begins next: the first,
// where it was never opened.
func (c *Case) nextShift(d DrawerID) ShiftID {
	if id := c.shiftNow(d); id != "" {
		return id
	}
	return d.shift(1)
}

// Movements gives the movements of money of a shift, oldest first.
func (c *Case) Movements(id ShiftID) []Payment {
	return all(c, func(p Payment) bool { return p.Shift == id && p.Moves() },
		func(a, b Payment) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
}

// drawer wants the shift that a drawer is in.
func (l *lacking) drawer(d DrawerID) {
	if d != "" {
		l.want(In(ShiftsOf, string(d), 1))
	}
}

// shift wants a shift, and the one that its drawer is in now.
func (l *lacking) shift(id ShiftID) {
	if d, n := id.Parts(); n > 0 {
		l.key(KindDrawer, string(id))
		l.drawer(d)
	}
}

// drawn gives the shift into which money of an act goes. Where the drawer was never
// opened that is none; where it is closed, somebody has to say yes, and the money is
// of the next one.
func (t *trial) drawn(d DrawerID) ShiftID {
	if s, ok := t.c.newestShift(d); ok && !s.Open() {
		t.ask(Remark{Reason: DrawerNotOpen, Text: d.Name(), When: s.Closed.At, Desk: s.Closed.Desk})
	}
	return t.c.shiftNow(d)
}

// booked gives the shift into which money goes that was told in one: that which the
// drawer is in now. Where the one that was told is closed by now, it is named, too.
func (f *fitting) booked(told, late ShiftID) (_, _ ShiftID) {
	d, n := told.Parts()
	if n == 0 {
		return told, late
	}
	now := f.c.nextShift(d)
	if _, m := now.Parts(); m <= n {
		return now, late
	}
	s, _ := f.c.Shift(told)
	f.object(Remark{Reason: ShiftOver, Text: d.Name(), N: n, When: s.Closed.At, Desk: s.Closed.Desk})
	return now, told
}

// standsIn reports whether a payment is in a shift that is closed, whose figures do not
// change any more.
func (c *Case) standsIn(p Payment) bool {
	s, ok := c.Shift(p.Shift)
	return ok && !s.Closed.At.IsZero()
}
