package desk

import (
	"cmp"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
	"circdesk/desk/words"
)

// names says how ids are called at this desk. Each call reads the desk's facts:
// it is not for use while they are being read.
func (s *Session) names() words.Names {
	rules := s.c.Desk.Policy()
	n := words.Names{
		Item: func(id circ.ItemID) string {
			var title string
			_ = s.read(func(f *facts) { title = clean(f.titleOf(id).Title) }) // a name that cannot be read is not known
			return title
		},
		Library:  func(id policy.LibraryID) string { return rules.LibraryName(id) },
		Location: func(lib policy.LibraryID, id policy.LocationID) string { return clean(rules.LocationName(lib, id)) },
		Desk:     func(id circ.DeskID) string { return clean(rules.DeskName(policy.DeskID(id))) },
		Zone:     rules.Location(s.c.Desk.Library),
		Now:      s.now(),
		Currency: rules.Currency(),
	}
	if s.operator != nil {
		n.Patron = func(id circ.PatronID) string {
			var name string
			_ = s.read(func(f *facts) {
				if p, ok := f.patron(id); ok {
					name = personName(p)
				}
			})
			return name
		}
	}
	return n
}

// called says what the type and the location of an item are called here.
func called(rules *policy.Set, it Item) Item {
	it.Kind, it.Place = clean(rules.TypeName(it.Type)), clean(rules.LocationName(it.Home, it.Location))
	return it
}

// personName writes a name as lists have it: "SILVA, Maria".
func personName(p circ.Patron) string {
	family, given := capitals(clean(p.Family)), clean(p.Given)
	switch {
	case given == "":
		return family
	case family == "":
		return given
	}
	return family + ", " + given
}

// capitals writes a name in capitals; Greek ones carry no accent.
func capitals(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Greek, r) }) {
		return cases.Upper(language.Greek).String(s)
	}
	return strings.ToUpper(s)
}

// said gives remarks their text.
func (s *Session) said(rs []circ.Remark) []Said {
	if len(rs) == 0 {
		return nil
	}
	n := s.names()
	out := make([]Said, 0, len(rs))
	for _, r := range rs {
		out = append(out, Said{Remark: safe(r), Words: s.remark(r, n)})
	}
	return out
}

// texts gives the texts of remarks, one after the other.
func (s *Session) texts(rs []Said) string {
	all := make([]string, 0, len(rs))
	for _, r := range rs {
		all = append(all, r.Words)
	}
	return s.c.Words.List(all...)
}

// worded gives an outcome its line, unless it has one.
func (s *Session) worded(o Outcome) Outcome {
	if o.Text != "" {
		return o
	}
	w, what := s.c.Words, cmp.Or(o.Title, o.Scanned) // an item that is not known here has no title
	switch o.Word {
	case WordStop:
		if o.Title == "" {
			o.Text = w.Text(words.OutcomeStopBare, "reasons", s.texts(o.Reasons))
		} else {
			o.Text = w.Text(words.OutcomeStop, "what", o.Title, "reasons", s.texts(o.Reasons))
		}
	case WordAsk:
		if !needsWhy(o.Ask) {
			o.Text = w.Text(words.OutcomeStop, "what", what, "reasons", s.texts(o.Ask))
			break
		}
		o.Text = w.N(words.OutcomeAsk, len(o.Ask), "reasons", s.texts(o.Ask))
	case WordAgain:
		o.Text = w.Text(words.OutcomeAgain, "title", what)
	case WordOut, WordRenewed:
		o.Text = w.Text(words.OutcomeDue, "title", what, "due", w.Due(o.Due, s.names()))
	case WordIn, WordUsed, WordHold, WordTransit, WordStaff:
		o.Text = w.Text(words.OutcomeIn, "title", what, "route", routeWords(o.Route))
	default:
		o.Text = o.Title
	}
	if len(o.Tell) > 0 && o.Word != WordStop && o.Word != WordAsk && o.Word != WordPatron {
		o.Text = w.Text(words.OutcomeTold, "line", o.Text, "tell", s.texts(o.Tell))
	}
	return o
}

func routeWords(r *Route) string {
	if r == nil {
		return ""
	}
	return r.Words
}

// routed gives a route its text.
func (s *Session) routed(r *circ.Route) *Route {
	if r == nil {
		return nil
	}
	n := s.names()
	return &Route{Route: safe(*r), Words: s.c.Words.Route(*r, n), Person: s.who(n, r.Patron)}
}

// traced gives an explanation its texts.
func (s *Session) traced(steps []policy.Step) []Line {
	if len(steps) == 0 {
		return nil
	}
	n := s.names()
	out := make([]Line, 0, len(steps))
	for _, st := range steps {
		out = append(out, Line{Step: safe(st), Words: s.c.Words.Step(st, n)})
	}
	return out
}
