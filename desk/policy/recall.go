package policy

import "time"

// Recall reckons when something that was lent at out and is recalled at an instant
// is due, and says how: the period for that from the recall on, or the time that is
// guaranteed from the loan on, if that is later. Closed days and hours count as for
// [Set.Due]; schedules do not. Whoever asks takes it only if it is sooner than what
// was told: a recall shortens.
func (s *Set) Recall(at, out time.Time, lib LibraryID, t Terms) (due time.Time, trace []Step) {
	due, trace = s.recallDue(at, lib, t, t.RecallReturn, recallReturn)
	if t.RecallGuarantee.N == 0 {
		return due, trace
	}
	if kept, why := s.recallDue(out, lib, t, t.RecallGuarantee, recallGuarantee); kept.After(due) {
		return kept, why
	}
	return due, trace
}

func (s *Set) recallDue(from time.Time, lib LibraryID, t Terms, p Period, given number) (due time.Time, trace []Step) {
	due, trace = s.Due(from, lib, Lending{Period: p, ClosedDays: t.ClosedDays, ClosedHours: t.ClosedHours})
	if t.from != nil {
		trace = append([]Step{t.step(given)}, trace...)
	}
	return due, trace
}
