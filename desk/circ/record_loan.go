package circ

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"circdesk/desk/policy"
)

// How says how a loan ended. It travels: never renamed.
type How string

// The ways a loan ends.
const (
	Returned How = "returned" // the item was taken back
	Evidence How = "evidence" // the item was seen elsewhere, so it had come back
	// WrittenOff: the item is lost, and nobody waits for it any more.
	WrittenOff How = "written_off"
	Void       How = "void" // it never was: withdrawn or undone
)

// Term is a due date as it was told, and how it was reckoned.
type Term struct {
	Due time.Time     `json:"due"`
	Why []policy.Step `json:"why,omitempty"`
}

// A Taker is who has taken an item back, written its loan off, or corrected when it came
// back, and where. Its time is that at the desk: the item may have come back before.
type Taker struct {
	Hand
	Library  policy.LibraryID `json:"library,omitempty"`
	Operator OperatorID       `json:"operator,omitempty"`
}

// Renewal is one renewal of a loan.
type Renewal struct {
	ID       string           `json:"id"`
	At       time.Time        `json:"at"`
	Due      time.Time        `json:"due"`
	Why      []policy.Step    `json:"why,omitempty"`
	Desk     DeskID           `json:"desk,omitempty"`
	Library  policy.LibraryID `json:"library,omitempty"`
	Operator OperatorID       `json:"operator,omitempty"` // who has renewed it; empty: nobody knows
	InHand   bool             `json:"in_hand,omitempty"`  // the patron had the item at the desk
}

// Loan is one item out to one patron.
type Loan struct {
	ID        LoanID           `json:"id"`
	Item      ItemID           `json:"item"`
	Patron    PatronID         `json:"patron"`
	Library   policy.LibraryID `json:"library,omitempty"` // where it was lent
	Desk      DeskID           `json:"desk,omitempty"`
	Operator  OperatorID       `json:"operator,omitempty"` // who has lent it; empty: nobody knows
	Out       time.Time        `json:"out"`
	Due       time.Time        `json:"due"`                // the latest that was told
	Why       []policy.Step    `json:"why,omitempty"`      // how Due was reckoned
	Lent      Term             `json:"lent,omitzero"`      // as told at the check-out; zero: it is still so
	Renewals  []Renewal        `json:"renewals,omitempty"` // counted, never summed up; oldest first
	In        time.Time        `json:"in,omitzero"`        // zero: open
	How       How              `json:"how,omitempty"`
	Taker     Taker            `json:"taker,omitzero"`     // who has taken it back; zero: nobody knows
	Fixed     Fixed            `json:"fixed,omitzero"`     // a due date that an operator has set
	Recalled  Recall           `json:"recalled,omitzero"`  // see [Loan.RecalledSince]
	Corrected Taker            `json:"corrected,omitzero"` // who has corrected In last
	Marked    Marked           `json:"marked,omitzero"`    // lost, claimed to be returned, found again, incomplete
	Claimed   time.Time        `json:"claimed,omitzero"`   // when it was last claimed to be returned; zero: it never was
	Calls     []Call           `json:"calls,omitempty"`    // for it; oldest first
}

// Open reports whether the item is still out.
func (r Loan) Open() bool { return r.In.IsZero() }

func (r Loan) Key() Key { return Key{KindLoan, string(r.ID)} }
func (r Loan) Index() []Line {
	lines := []Line{{LoansOfItem, string(r.Item), newest(r.Out) + string(r.ID)}}
	if r.Open() {
		lines = append(lines, Line{LoansOf, string(r.Patron), SortTime(r.Out) + string(r.ID)}, Line{DueOf, string(r.Library), SortTime(r.Due) + string(r.ID)})
	}
	if !r.Claimed.IsZero() && r.How != Void {
		lines = append(lines, Line{ClaimsOf, string(r.Patron), SortTime(r.Claimed) + string(r.ID)})
	}
	if r.Open() && (r.Marked.State == LoanClaimed || r.Incomplete()) {
		lines = append(lines, work(LoanWork, cmp.Or(r.Marked.Library, r.Library), r.waits(), string(r.ID))...)
	}
	return lines
}

// newest writes an instant so that later ones come first.
func newest(t time.Time) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '9' - (r - '0')
		}
		return r
	}, SortTime(t))
}

// renewed gives the loan with these renewals. A date that was told is kept: it
// is due at the latest of all.
func (r Loan) renewed(all []Renewal) Loan { return r.told(all, r.Fixed, r.Recalled) }

// told gives the loan with these renewals, this date of an operator, which stands
// for all that was told before it, and this recall, which shortens that.
func (r Loan) told(all []Renewal, set Fixed, recall Recall) Loan {
	if r.asLent() {
		r.Lent = Term{r.Due, r.Why}
	}
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b Renewal) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	if len(all) == 0 {
		all = nil
	}
	r.Renewals, r.Fixed, r.Recalled = all, set, recall
	if due, _ := r.term(all, set, recall); !due.Due.IsZero() {
		r.Due, r.Why = due.Due, due.Why
	}
	if r.asLent() {
		r.Lent = Term{}
	}
	return r
}

// asLent reports whether nothing was told of the loan since it was lent.
func (r Loan) asLent() bool {
	return len(r.Renewals) == 0 && r.Fixed.At.IsZero() && r.Recalled.At.IsZero()
}

// term gives the due date that what was told comes to, one word after the other,
// and whether the recall was the last of them, and made it so. Of two words at one instant the renewal comes
// first and the recall last.
func (r Loan) term(all []Renewal, set Fixed, recall Recall) (due Term, recalled bool) {
	due = r.Lent
	if !set.At.IsZero() {
		due = Term{set.Due, []policy.Step{{Code: policy.StepOwnDate, At: set.Due}}}
	}
	waits := !recall.Due.IsZero() && !recall.At.Before(set.At)
	shorten := func() {
		if waits && recall.Due.Before(due.Due) {
			due, recalled = Term{recall.Due, recall.Why}, true
		}
		waits = false
	}
	for _, n := range all {
		if !n.At.After(set.At) {
			continue
		}
		if n.At.After(recall.At) {
			shorten()
		}
		if recalled = false; !n.Due.Before(due.Due) {
			due = Term{n.Due, n.Why}
		}
	}
	shorten()
	return due, recalled
}

// after gives the loan as it is written down anew: renewals that others told of
// it stay, and what is said of it.
func (r Loan) after(old Row) Loan {
	l, ok := old.(Loan)
	if !ok {
		return r
	}
	r.Marked, r.Claimed, r.Calls = l.Marked, l.Claimed, l.Calls
	if !l.asLent() {
		return r.told(l.Renewals, l.Fixed, l.Recalled)
	}
	return r
}

// had gives when the item was last in hand at a desk with the loan left open: at the
// check-out, at a renewal with the item in hand, or when it came back incomplete.
func (r Loan) had() time.Time {
	if taken := r.taken(); r.Marked.State != LoanIncomplete || taken.After(r.Marked.here()) {
		return taken
	}
	return r.Marked.here()
}

// taken gives when the patron last left with the item.
func (r Loan) taken() time.Time {
	if s := r.shown(); len(s) > 0 {
		return s[len(s)-1].At
	}
	return r.Out
}

// shown gives the renewals at which the item was in hand.
func (r Loan) shown() []Renewal {
	return slices.DeleteFunc(slices.Clone(r.Renewals), func(n Renewal) bool { return !n.InHand })
}

// again gives the check-out that a renewal with the item in hand is where there
// is no loan to renew.
func (n Renewal) again(item ItemID, p PatronID) CheckedOut {
	return CheckedOut{
		Loan: LoanID(NewID(EntryID(n.ID), KindLoan, 0)), Item: item, Patron: p,
		At: n.At, Due: n.Due, Why: n.Why, Desk: n.Desk, Library: n.Library, Operator: n.Operator, Renewal: n.ID,
	}
}

// last gives when the loan was last made longer: at check-out or at a renewal.
func (r Loan) last() time.Time {
	if n := len(r.Renewals); n > 0 {
		return r.Renewals[n-1].At
	}
	return r.Out
}
