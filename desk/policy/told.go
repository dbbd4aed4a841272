package policy

import (
	"slices"
	"strings"
)

// FineLetOff reckons what the amnesties of the set leave of a fee for being late that
// was told by other rules, in minor units: those that the trace of what was told names
// were heard of then. Only what an amnesty lets off beyond that lessens the fee. It is
// never more than was told, and never negative. by names the amnesty; empty: none changes
// the fee, or nobody can know how, and the rest is zero.
//
// The rate, the interval, what limited the fee and whether closed time was charged are
// those of the trace, as far as it has them; all else is as the terms say, which are
// those that the set has now. The rules of then are not known beyond that. So the fee is
// reckoned twice, with the amnesties and without those that were not heard of, and what
// is left is that share of what was told, rounded down. Where the second comes to what
// was told, the first is what is left, to the unit.
//
// Where the days of an amnesty that was heard of have changed since, there is nothing
// to take a share of: the fee is what it comes to with all of them.
func (s *Set) FineLetOff(lib LibraryID, t Terms, l Late, told int64, why []Step) (minor int64, trace []Step, by string) {
	told = min(told, mostMinor)
	before, was := stepOf(why, StepLetOff)
	as, known := t.asTold(why)
	minor, trace = s.Fine(lib, as, l)
	if all, ok := stepOf(trace, StepAmnesty); ok && told > 0 {
		return 0, onTop(why, trace), all.Row
	}
	off, some := stepOf(trace, StepLetOff)
	if !some || was && (!known || off.N <= before.N && off.Unit == before.Unit) {
		return 0, nil, ""
	}
	heard := s.heard(before.Row)
	without, then := heard.Fine(lib, as, l)
	if without == 0 { // a grace that they have now had passed then
		as.FineGrace = Period{}
		minor, trace = s.Fine(lib, as, l)
		without, then = heard.Fine(lib, as, l)
	}
	trace = append(termsIn(why), trace...)
	if same, _ := stepOf(then, StepLetOff); same.N == before.N && without != told {
		if without == 0 {
			return 0, nil, ""
		}
		minor, trace = told*minor/without, onTop(why, trace)
	}
	if minor >= told {
		return 0, nil, ""
	}
	return minor, trace, off.Row
}

// asTold gives the terms with what the trace of a fee says of them; known: it says the
// rate.
func (t Terms) asTold(why []Step) (_ Terms, known bool) {
	t.from = nil // the numbers are no row's
	for _, code := range []string{StepFine, StepRecallFine} {
		if rate, ok := stepOf(why, code); ok {
			t.Fine, t.RecallFine, known = int64(rate.N), NoLimit, true
		}
	}
	if every, ok := stepOf(why, StepFineEvery); ok {
		t.FineEvery = Period{every.N, every.Unit}
	}
	if !known {
		return t, false
	}
	t.MaxFine, t.FinePrice = NoLimit, false
	if most, ok := stepOf(why, StepFineMost); ok {
		t.MaxFine = int64(most.N)
	}
	if price, ok := stepOf(why, StepFineToPrice); ok { // of an item whose price may be another now
		t.MaxFine = int64(price.N)
	}
	_, closed := stepOf(why, StepClosedTime)
	t.FineClosed = !closed
	return t, true
}

// heard gives the set with only the amnesties that are named.
func (s *Set) heard(named string) *Set {
	of := *s
	of.amnesties = nil
	for _, a := range s.amnesties {
		if slices.Contains(strings.Split(named, ", "), a.name) {
			of.amnesties = append(of.amnesties, a)
		}
	}
	return &of
}

// termsIn gives the steps of the trace of a fee that say by which terms it is charged.
func termsIn(why []Step) (terms []Step) {
	for _, s := range why {
		switch s.Code {
		case StepFine, StepRecallFine, StepFineEvery:
			terms = append(terms, s)
		}
	}
	return terms
}

// onTop gives the trace of what was told, and what an amnesty lets off of it.
func onTop(why, trace []Step) []Step {
	all := slices.Clone(why)
	for _, s := range trace {
		if s.Code == StepLetOff || s.Code == StepAmnesty {
			all = append(all, s)
		}
	}
	return all
}

// stepOf gives the first step with a code.
func stepOf(trace []Step, code string) (Step, bool) {
	i := slices.IndexFunc(trace, func(s Step) bool { return s.Code == code })
	if i < 0 {
		return Step{}, false
	}
	return trace[i], true
}
