package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"circdesk/desk/circ"
	"circdesk/desk/label"
	"circdesk/desk/local"
	"circdesk/desk/names"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// most is how many patrons or titles a search gives.
const most = 50

// mostTyped is how many patrons are enough while a name is being typed: more than a
// screen shows at once.
const mostTyped = 20

// maxQuery is how much of a search is read.
const maxQuery = 200

// find looks for patrons: by card, else by phone, e-mail or name, whichever it
// looks like. One found is opened; one with a name that is only near never is.
func (s *Session) find(j *job, query string) {
	j.shows(query)
	if !s.signedIn(j) {
		return
	}
	s.seeks.Store(j.n)
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
	if lost != nil {
		p := s.short(people[0])
		s.stop(j, Outcome{Patron: &p}, circ.Remark{Reason: circ.CardIsLost, Text: lost.Number, Who: p.ID})
		return
	}
	var named local.Named
	if len(people) == 0 && !numeric(query) {
		var err error
		if named, err = s.c.Desk.FindNamed(s.ctx, query, most); err != nil {
			s.failed(j, err)
			return
		}
		if people = inOrder(query, named.Fit); len(people) == 0 {
			if err := s.read(func(f *facts) { people = byMail(f, query) }); err != nil {
				s.failed(j, err)
				return
			}
		}
	}
	if len(people) == 1 && !named.Coming {
		s.open(j, people[0])
		return
	}
	if len(people)+len(named.Near) == 0 && !named.Coming {
		s.refuse(j, NoPatronFound, query)
		return
	}
	s.finish(j, s.foundPeople(query, people, named))
}

// foundPeople is the list of who was found.
func (s *Session) foundPeople(query string, people []circ.Patron, named local.Named) Outcome {
	o := Outcome{Word: WordList, Text: s.c.Words.N(words.OutcomeFound, len(people)), Sought: query, Coming: named.Coming}
	for _, p := range people {
		o.Patrons = append(o.Patrons, s.short(p))
	}
	for _, n := range named.Near {
		p := s.short(n.Patron)
		o.Near = append(o.Near, Near{Patron: p, Name: clean(n.Patron.Family), Query: n.Query, People: n.People})
	}
	if len(o.Near) > 0 {
		o.Text = s.c.Words.Reasons(o.Text, s.c.Words.N(words.OutcomeFoundNear, len(o.Near)))
	}
	if o.Coming {
		o.Text = s.c.Words.Reasons(o.Text, s.c.Words.Text(words.OutcomeFoundComing))
	}
	return o
}

// seek looks for patrons by a name that is still being typed. Nobody waits for it, and
// one that a later one has overtaken finds nobody.
func (s *Session) seek(j *job, query string) {
	j.shows(query)
	query = text.Clean(query, maxQuery)
	if s.operator == nil || query == "" || numeric(query) {
		s.finish(j, Outcome{Word: WordList, Sought: query})
		return
	}
	s.seeks.Store(j.n)
	visit := s.visit
	s.off(func(ctx context.Context) func() {
		var named local.Named
		var err error
		if s.seeks.Load() == j.n {
			if named, err = s.c.Desk.FindBegun(ctx, query, mostTyped); err == nil && len(named.Fit) < mostTyped {
				named, err = s.c.Desk.FindNamed(ctx, query, most)
			}
		}
		return func() {
			switch {
			case err != nil:
				s.failed(j, err)
			case s.seeks.Load() != j.n || s.visit != visit || s.operator == nil:
				s.finish(j, Outcome{Word: WordList})
			default:
				s.finish(j, s.foundPeople(query, inOrder(query, named.Fit), named))
			}
		}
	})
}

// inOrder puts who was found by name in the order of how well the names fit and then of
// names; of namesakes the older first.
func inOrder(query string, people []circ.Patron) []circ.Patron {
	type keyed struct {
		circ.Patron
		fit  names.Match
		name string
	}
	all := make([]keyed, len(people))
	for i, p := range people {
		name := text.Fold(p.Family + " " + p.Given)
		all[i] = keyed{p, names.Fits(query, name), name}
	}
	slices.SortStableFunc(all, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.fit, b.fit), cmp.Compare(a.name, b.name), cmp.Compare(a.Birth, b.Birth), cmp.Compare(a.Street, b.Street), cmp.Compare(a.ID, b.ID))
	})
	out := make([]circ.Patron, len(all))
	for i, k := range all {
		out[i] = k.Patron
	}
	return out
}

// findPeople gives who is meant by a card, a phone number or an e-mail, in the order of
// names; of namesakes the older first. A card that was lost gives its person and itself.
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
	out = slices.CompactFunc(inOrder("", out), func(a, b circ.Patron) bool { return a.ID == b.ID })
	return out, nil
}

// fewestDigits is how many digits make a phone number.
const fewestDigits = 3

// numeric reports that nothing but a number was typed, as a phone number is.
func numeric(query string) bool {
	return !strings.ContainsFunc(query, func(r rune) bool { return !strings.ContainsRune("0123456789 +-/().", r) })
}

// searches gives the lookups that a search which is no name may mean.
func searches(query string) []circ.Want {
	switch digits := circ.Digits(query); {
	case numeric(query) && len(digits) >= fewestDigits:
		return []circ.Want{circ.In(circ.ByPhone, digits, most)}
	case strings.Contains(query, "@"):
		return []circ.Want{circ.In(circ.ByEmail, text.Fold(query), most)}
	}
	return nil
}

// byMail gives who has an e-mail that begins as was typed, where nobody is called so.
func byMail(f *facts, query string) []circ.Patron {
	mail := text.Fold(query)
	if mail == "" {
		return nil
	}
	return inOrder("", index[circ.Patron](f, circ.ByEmail, mail, most))
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
