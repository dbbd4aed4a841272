package desk

import (
	"cmp"
	"slices"
	"strings"

	"circdesk/desk/circ"
	"circdesk/desk/label"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// most is how many patrons or titles a search gives.
const most = 50

// maxQuery is how much of a search is read.
const maxQuery = 200

// find looks for patrons: by card, else by phone, e-mail or name, whichever it
// looks like. One found is opened.
func (s *Session) find(j *job, query string) {
	j.shows(query)
	if !s.signedIn(j) {
		return
	}
	query = text.Clean(query, maxQuery)
	if query == "" {
		s.refuse(j, NothingTyped, "")
		return
	}
	var people []circ.Patron
	var lost *circ.Card
	if err := s.read(func(f *facts) { people, lost = findPeople(f, s.c.Labels, query) }); err != nil {
		s.failed(j, err)
		return
	}
	switch {
	case lost != nil:
		p := s.short(people[0])
		s.stop(j, Outcome{Patron: &p}, circ.Remark{Reason: circ.CardIsLost, Text: lost.Number, Who: p.ID})
	case len(people) == 0:
		s.refuse(j, NoPatronFound, query)
	case len(people) == 1:
		s.open(j, people[0])
	default:
		o := Outcome{Word: WordList, Text: s.c.Words.N(words.OutcomeFound, len(people))}
		for _, p := range people {
			o.Patrons = append(o.Patrons, s.short(p))
		}
		s.finish(j, o)
	}
}

// findPeople gives who is meant, in the order of names; of namesakes the older
// first. A card that was lost gives its person and itself.
func findPeople(f *facts, labels *label.Rules, query string) ([]circ.Patron, *circ.Card) {
	if code, ok := text.Code(query); ok {
		for _, c := range []string{labels.Classify(code).Code, code} {
			if k, p, ok := f.card(c); ok {
				if k.State == circ.CardLost {
					return []circ.Patron{p}, &k
				}
				return []circ.Patron{p}, nil
			}
		}
	}
	var out []circ.Patron
	for _, w := range searches(query) {
		if out = index[circ.Patron](f, w.Index, w.ID, most); len(out) > 0 {
			break
		}
	}
	slices.SortStableFunc(out, func(a, b circ.Patron) int {
		return cmp.Or(cmp.Compare(text.Fold(personName(a)), text.Fold(personName(b))), cmp.Compare(a.Birth, b.Birth), cmp.Compare(a.Street, b.Street), cmp.Compare(a.ID, b.ID))
	})
	out = slices.CompactFunc(out, func(a, b circ.Patron) bool { return a.ID == b.ID })
	return out, nil
}

// fewestDigits is how many digits make a phone number.
const fewestDigits = 3

// searches gives the lookups that a search may mean, the likeliest first.
func searches(query string) []circ.Want {
	var out []circ.Want
	digits := circ.Digits(query)
	if !strings.ContainsFunc(query, func(r rune) bool { return !strings.ContainsRune("0123456789 +-/().", r) }) {
		if len(digits) >= fewestDigits {
			out = append(out, circ.In(circ.ByPhone, digits, most))
		}
		return out
	}
	name := text.Fold(query)
	if name == "" {
		return nil
	}
	if strings.Contains(query, "@") {
		out = append(out, circ.In(circ.ByEmail, name, most))
	}
	out = append(out, circ.In(circ.ByName, name, most))
	if first, last, ok := cutLast(name); ok { // "maria silva"
		out = append(out, circ.In(circ.ByName, last+" "+first, most))
	}
	return append(out, circ.In(circ.ByEmail, name, most))
}

func cutLast(name string) (first, last string, ok bool) {
	i := strings.LastIndexByte(name, ' ')
	if i < 0 {
		return "", "", false
	}
	return name[:i], name[i+1:], true
}

// findTitle looks for titles by ISBN or by how they begin.
func (s *Session) findTitle(j *job, query string) {
	j.shows(query)
	query = text.Clean(query, maxQuery)
	if query == "" {
		s.refuse(j, NothingTyped, "")
		return
	}
	var rows []circ.Title
	err := s.read(func(f *facts) {
		rows = nil
		if isbn, ok := label.ISBN13(query); ok {
			rows = index[circ.Title](f, circ.ByISBN, isbn, most)
		}
		if fold := text.Fold(query); len(rows) == 0 && fold != "" {
			rows = index[circ.Title](f, circ.ByTitle, fold, most)
		}
	})
	if err != nil {
		s.failed(j, err)
		return
	}
	titles, err := s.titled(rows)
	switch {
	case err != nil:
		s.failed(j, err)
	case len(titles) == 0:
		s.refuse(j, NoTitleFound, query)
	default:
		s.finish(j, Outcome{Word: WordList, Titles: titles, Text: s.c.Words.N(words.OutcomeFound, len(titles))})
	}
}

// queueSize is how many of a title's queue are counted and shown.
const queueSize = 200

// titled gives titles their copies, and counts who waits.
func (s *Session) titled(rows []circ.Title) (out []Title, err error) {
	err = s.read(func(f *facts) {
		out = nil
		var wants []circ.Want
		for _, t := range rows {
			wants = append(wants, circ.In(circ.ItemsOf, string(t.ID), listSize), circ.In(circ.QueueOf, string(t.ID), queueSize))
		}
		found := f.rows(wants...)
		for i, t := range rows {
			out = append(out, Title{Title: t, Items: of[circ.Item](found[2*i]), Queue: len(found[2*i+1])})
		}
	})
	return safe(out), err
}
