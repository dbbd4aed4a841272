package journal

import (
	"cmp"
	"slices"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/money"
	"circdesk/desk/policy"
)

// DifferenceKind says in what way the central system's answer was another than the
// desk's own. It is for scripts: never renamed.
type DifferenceKind string

// The kinds. What Code is stands behind each.
const (
	TheyRefuse   DifferenceKind = "they_refuse"   // the desk would do it, or only ask; the reason
	TheyAsk      DifferenceKind = "they_ask"      // the desk would do it without a word; the reason
	TheyDo       DifferenceKind = "they_do"       // the desk would refuse it, or ask; the desk's reason, or the command where nobody knows it
	TheyOnlyAsk  DifferenceKind = "they_only_ask" // the desk would refuse it; the desk's reason
	TheirReason  DifferenceKind = "their_reason"  // both refuse or both ask; a reason that the desk does not have
	OurReason    DifferenceKind = "our_reason"    // both refuse or both ask; a reason that they do not have
	TheyObject   DifferenceKind = "they_object"   // it has happened, and stands with objections; the reason
	TheyReject   DifferenceKind = "they_reject"   // it has happened, and is kept as a conflict; the reason
	OtherDue     DifferenceKind = "other_due"     // another due date; the step of the reckoning that differs, "" where theirs has none
	OtherReckon  DifferenceKind = "other_reckon"  // the same due date, for another reason; the step
	OtherAmount  DifferenceKind = "other_amount"  // another fee; its type
	OtherEffects DifferenceKind = "other_effects" // something else happens; the event
)

// A Difference is one way in which the central system's answer to an entry was
// another than what the desk decided by itself. Nothing in it names a patron.
type Difference struct {
	Kind DifferenceKind
	Code string
	Rule string // the row of the rules behind the desk's answer, as it was then; "": no row, or nobody knows

	// TheirRule is the row behind a reason of theirs, where they say it. A number's
	// row comes first, then the block table's.
	TheirRule string

	Remark               circ.Remark  // of a reason: what it carries, but for names and text
	OurDue, TheirDue     time.Time    // [OtherDue]
	OurFee, TheirFee     money.Amount // [OtherAmount]
	OurTimes, TheirTimes int          // [OtherEffects]: how often the event is there
}

// Differences compares what the desk decided with what the central system answered.
// Of a question the receipt has the whole answer; of what has happened already only
// what was objected to, and what became of it. Where an entry does not keep why the
// desk would not have done it, two that say no are the same. An entry without an
// answer of its own, as one that only says that an asked one stood, has no differences.
func Differences(e Entry, r Receipt) (all []Difference) {
	if e.Act.Command == nil || e.Mode != Asked && e.Mode != Fact {
		return nil
	}
	ours := len(e.Told) > 0
	switch r.Verdict {
	case Rejected:
		return remarks(TheyReject, r.Objections)
	case Refused:
		return noes(ours, e.No, r.Decision)
	case Applied:
		if e.Mode == Asked && !ours {
			return theyDo(e)
		}
		all = remarks(TheyObject, r.Objections)
		if _, undo := e.Act.Command.(circ.Undo); undo { // how much there was to take back is theirs to know
			return all
		}
		return append(all, effects(e.Told, r.Events)...)
	}
	return nil
}

// noes compares what the desk would have said with their no. What is asked beside a
// refusal would not help, and is not compared.
func noes(would bool, ours No, theirs circ.Decision) []Difference {
	refused := len(theirs.Refused) > 0
	switch {
	case would && refused:
		return remarks(TheyRefuse, theirs.Refused)
	case would:
		return remarks(TheyAsk, theirs.Ask)
	case !ours.Kept():
		return nil
	case refused && len(ours.Refused) == 0:
		return remarks(TheyRefuse, theirs.Refused)
	case refused:
		return otherReasons(ours, ours.Refused, theirs.Refused)
	case len(theirs.Ask) > 0 && len(ours.Refused) > 0:
		return coded(TheyOnlyAsk, ours.Refused, ours.Blocks, ours.Rows)
	}
	return otherReasons(ours, ours.Ask, theirs.Ask)
}

// otherReasons gives a difference for each reason that only one side has.
func otherReasons(no No, ours []circ.Reason, theirs []circ.Remark) []Difference {
	var there []circ.Reason
	for _, r := range theirs {
		there = append(there, r.Reason)
	}
	more := slices.DeleteFunc(slices.Clone(theirs), func(r circ.Remark) bool { return slices.Contains(ours, r.Reason) })
	fewer := slices.DeleteFunc(slices.Clone(ours), func(r circ.Reason) bool { return slices.Contains(there, r) })
	return append(remarks(TheirReason, more), coded(OurReason, fewer, no.Rows, no.Blocks)...)
}

// theyDo says what they have done that the desk would not have.
func theyDo(e Entry) []Difference {
	switch {
	case len(e.No.Refused) > 0:
		return coded(TheyDo, e.No.Refused, e.No.Rows, e.No.Blocks)
	case len(e.No.Ask) > 0:
		return coded(TheyDo, e.No.Ask, e.No.Rows, e.No.Blocks)
	}
	return []Difference{{Kind: TheyDo, Code: e.Act.Command.Name()}}
}

// coded gives a difference for each reason of the desk, with the row behind it: the
// first rows that have one say it.
func coded(kind DifferenceKind, of []circ.Reason, rows, more map[circ.Reason]string) (all []Difference) {
	for _, r := range of {
		all = append(all, Difference{Kind: kind, Code: string(r), Rule: cmp.Or(rows[r], more[r])})
	}
	return all
}

// remarks gives a difference for each reason.
func remarks(kind DifferenceKind, of []circ.Remark) (all []Difference) {
	for _, r := range of {
		bare := circ.Remark{Reason: r.Reason, N: r.N, Max: r.Max, When: r.When, Until: r.Until, Amount: r.Amount, Limit: r.Limit, Right: r.Right}
		all = append(all, Difference{Kind: kind, Code: string(r.Reason), TheirRule: cmp.Or(r.Row, r.Block), Remark: bare})
	}
	return all
}

// effects compares what was to happen with what did. Of two lists that are the same
// nothing is said; else each event is compared with the other side's of its name.
func effects(told, applied []circ.Event) (all []Difference) {
	if circ.SameOpen(told, applied) {
		return nil
	}
	ours, theirs := byName(told), byName(applied)
	for _, name := range names(told, applied) {
		a, b := ours[name], theirs[name]
		if len(a) != len(b) {
			all = append(all, Difference{Kind: OtherEffects, Code: name, OurTimes: len(a), TheirTimes: len(b)})
			continue
		}
		for i := range a {
			if d, other := effect(a[i], b[i]); other {
				all = append(all, d)
			}
		}
	}
	if len(all) == 0 { // in another order
		all = []Difference{{Kind: OtherEffects}}
	}
	return all
}

func byName(es []circ.Event) map[string][]circ.Event {
	all := map[string][]circ.Event{}
	for _, e := range es {
		all[e.Name()] = append(all[e.Name()], e)
	}
	return all
}

// names gives the names of both lists, in their order.
func names(lists ...[]circ.Event) (all []string) {
	for _, list := range lists {
		for _, e := range list {
			if !slices.Contains(all, e.Name()) {
				all = append(all, e.Name())
			}
		}
	}
	return all
}

// effect compares two events of one name.
func effect(ours, theirs circ.Event) (Difference, bool) {
	switch a := ours.(type) {
	case circ.CheckedOut:
		if b, ok := theirs.(circ.CheckedOut); ok && !(a.Due.Equal(b.Due) && sameSteps(a.Why, b.Why)) {
			return otherDue(a.Due, b.Due, a.Why, b.Why), true
		}
	case circ.Renewed:
		if b, ok := theirs.(circ.Renewed); ok && !(a.Due.Equal(b.Due) && sameSteps(a.Why, b.Why)) {
			return otherDue(a.Due, b.Due, a.Why, b.Why), true
		}
	case circ.Charged:
		if b, ok := theirs.(circ.Charged); ok && a.Amount != b.Amount {
			return Difference{Kind: OtherAmount, Code: string(a.Type), Rule: rowOf(a.Why, 0), OurFee: a.Amount, TheirFee: b.Amount}, true
		}
	}
	if circ.SameOpen([]circ.Event{ours}, []circ.Event{theirs}) {
		return Difference{}, false
	}
	return Difference{Kind: OtherEffects, Code: ours.Name(), OurTimes: 1, TheirTimes: 1}, true
}

func sameSteps(a, b []policy.Step) bool {
	return slices.EqualFunc(a, b, func(a, b policy.Step) bool { return stepsMeet(a, b) })
}

func stepsMeet(a, b policy.Step) bool {
	at := a.At.Equal(b.At)
	a.At, b.At = time.Time{}, time.Time{}
	return at && a == b
}

// otherDue says at which step two reckonings part.
func otherDue(due, other time.Time, ours, theirs []policy.Step) Difference {
	d := Difference{Kind: OtherDue, OurDue: due, TheirDue: other}
	if due.Equal(other) {
		d.Kind = OtherReckon
	}
	if len(theirs) == 0 {
		d.Rule = rowOf(ours, 0)
		return d
	}
	i := 0
	for i < min(len(ours), len(theirs)) && stepsMeet(ours[i], theirs[i]) {
		i++
	}
	switch {
	case i < len(ours):
		d.Code = ours[i].Code
	case i < len(theirs):
		d.Code = theirs[i].Code
	}
	d.Rule = rowOf(ours, i)
	return d
}

// rowOf gives the row behind a step, or behind the first that has one.
func rowOf(steps []policy.Step, i int) string {
	if i < len(steps) && steps[i].Row != "" {
		return steps[i].Row
	}
	for _, s := range steps {
		if s.Row != "" {
			return s.Row
		}
	}
	return ""
}
