package policy

import (
	"cmp"
	"slices"
	"time"
)

// What a desk does without a line when its facts are old: the library's rules say from
// which age on what is told, asked or refused, act by act. Age is the time since the
// desk last had all that the central system had.

// oldFacts is a row as it was read.
type oldFacts struct {
	name  string
	line  int
	after time.Duration
	do    map[BlockAct]Effect
}

// OldActs are the acts for which a row of old facts may say something.
var OldActs = []BlockAct{ForLoan, ForRenewal, ForRequest}

// mostOld is the greatest age in a row.
const mostOld = 365 * 24 * time.Hour

// OldFacts gives what an act meets when the desk's facts are as old, and the row that
// says it: of those for the act the one with the greatest age that is reached. Empty:
// nothing.
func (s *Set) OldFacts(age time.Duration, act BlockAct) (do Effect, row string, after time.Duration) {
	for _, r := range s.oldFacts { // the youngest first
		if r.after > age {
			break
		}
		if d, says := r.do[act]; says {
			do, row, after = d, r.name, r.after
		}
	}
	return do, row, after
}

// OldFactsAfter gives the ages from which on an act meets something, and what, the
// youngest first.
func (s *Set) OldFactsAfter(act BlockAct) (ages []time.Duration, does []Effect) {
	for _, r := range s.oldFacts {
		if d, says := r.do[act]; says {
			ages, does = append(ages, r.after), append(does, d)
		}
	}
	return ages, does
}

// FactsLast says how old facts may become before the first row says anything of them;
// zero: no row does.
func (s *Set) FactsLast() time.Duration {
	for _, r := range s.oldFacts { // the youngest first
		if r.after > 0 && len(r.do) > 0 {
			return r.after
		}
	}
	return 0
}

// readOldFacts reads one row.
func (s *Set) readOldFacts(t *table) {
	if name, ok := t.text("name", 100); ok {
		t.row = name
	}
	r := &oldFacts{name: t.row, line: t.line(), do: map[BlockAct]Effect{}}
	_, said := t.left["after"]
	if !said {
		t.bad("", "after is missing, as in after = \"24 hours\"")
	}
	r.after = t.duration("after", time.Minute, mostOld, 0)
	for _, act := range OldActs {
		if word, ok := t.text(string(act), 20); ok {
			if r.do[act] = Effect(word); strictness[r.do[act]] == 0 {
				t.bad(string(act), "%s is none of tell, ask, refuse", quote(word))
			}
		}
	}
	if len(r.do) == 0 {
		t.bad("", "says nothing of loan, renewal or request")
	}
	t.done()
	if r.after > 0 {
		s.oldFacts = append(s.oldFacts, r)
		slices.SortStableFunc(s.oldFacts, func(a, b *oldFacts) int { return cmp.Compare(a.after, b.after) })
	}
}

// strictness orders what a row says.
var strictness = map[Effect]int{TellOnly: 1, Ask: 2, Refuse: 3}

// olderIsMilder: facts that are older are hardly meant to stand against less.
func olderIsMilder(d *doubts) {
	for _, act := range OldActs {
		var last *oldFacts
		for _, r := range d.set.oldFacts {
			if _, says := r.do[act]; !says {
				continue
			}
			switch {
			case last == nil:
			case last.after == r.after:
				d.add(Contradiction, r.line, r.name, "%s: %s says the same age", act, last.name)
			case strictness[r.do[act]] < strictness[last.do[act]]:
				d.add(Contradiction, r.line, r.name, "%s: %s at an age at which %s, for younger facts, says %s", act, r.do[act], last.name, last.do[act])
			case r.do[act] == last.do[act]:
				d.add(Unreachable, r.line, r.name, "%s: %s, as %s says for younger facts", act, r.do[act], last.name)
			}
			last = r
		}
	}
}
