package policy

import (
	"cmp"
	"slices"
	"time"
)

// A schedule is a list of terms, in order, none overlapping another: semesters,
// school years. One of a single term is a fixed date.
type schedule struct {
	id    string
	line  int // of the text
	terms []term
}

func (s *schedule) row() string { return "schedule " + quote(s.id) }

// A term is a span of days, both included, and the day on which what is lent in
// it is due.
type term struct {
	name           string
	from, to, ends day
}

// at gives the term that holds a day. Days between terms belong to none.
func (s *schedule) at(d day) (term, bool) {
	if s == nil {
		return term{}, false
	}
	i, found := slices.BinarySearchFunc(s.terms, d, func(t term, d day) int {
		switch {
		case t.to < d:
			return -1
		case t.from > d:
			return 1
		}
		return 0
	})
	if !found {
		return term{}, false
	}
	return s.terms[i], true
}

const mostTerms = 1000

// schedule takes a schedule of terms.
func (s *Set) readSchedule(t *table) {
	if _, said := t.left["id"]; !said {
		t.bad("", "id is missing")
	}
	id := t.id("id")
	if id != "" {
		t.row = "schedule " + quote(id)
	}
	read := &schedule{id: id, line: t.line()}
	rows := t.tables("term", mostTerms)
	if len(rows) == 0 {
		t.bad("", "has no [[schedule.term]]")
	}
	from := map[day]*table{}
	for _, row := range rows {
		if one, ok := row.term(); ok {
			read.terms = append(read.terms, one)
			from[one.from] = row
		}
		row.done()
	}
	t.done()
	slices.SortStableFunc(read.terms, func(a, b term) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(read.terms); i++ {
		if a, b := read.terms[i-1], read.terms[i]; b.from <= a.to {
			from[b.from].bad("from", "%s lies in the term before, which ends on %s", b.from.date().Format(time.DateOnly), a.to.date().Format(time.DateOnly))
		}
	}
	if id == "" {
		return
	}
	if s.schedules[id] != nil {
		t.bad("id", "%s is already another schedule", quote(id))
		return
	}
	s.schedules[id] = read
	s.inOrder = append(s.inOrder, read)
}

// term takes one term; without due it is due on its last day.
func (t *table) term() (one term, ok bool) {
	one.name, _ = t.text("name", 100)
	var okTo bool
	for _, key := range []string{"from", "to"} {
		if _, said := t.left[key]; !said {
			t.bad("", "%s is missing, as in %s = 2026-10-01", key, key)
		}
	}
	if _, said := t.left["from"]; said {
		one.from, ok = t.date("from")
	}
	if _, said := t.left["to"]; said {
		one.to, okTo = t.date("to")
	}
	one.ends = one.to
	if _, said := t.left["due"]; said {
		var okDue bool
		one.ends, okDue = t.date("due")
		ok = ok && okDue
	}
	switch {
	case !ok || !okTo:
		return term{}, false
	case one.to < one.from:
		t.bad("to", "is before from")
		return term{}, false
	case one.ends < one.from:
		t.bad("due", "is before from")
		return term{}, false
	}
	return one, true
}
