package tui_test

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/label"
	"circdesk/desk/money"
	"circdesk/desk/policy"
	"circdesk/desk/words"
	"circdesk/tui"
	"circdesk/tui/kit"
	"circdesk/tui/kit/screentest"
)

// monday is when the desk of these tests stands.
var monday = time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC)

// stage is the screens with a session that is a script: it hears everything, and
// says what the test gives it to say.
type stage struct {
	*tui.Model
	t     testing.TB
	words *words.Book
	sent  []desk.Input
	now   time.Time
	state desk.State
	cols  int
	rows  int
}

func open(t testing.TB, w *words.Book, cols, rows int, change ...func(*tui.Config)) *stage {
	t.Helper()
	s := &stage{t: t, words: w, now: monday, cols: cols, rows: rows}
	c := tui.Config{
		Send: func(in desk.Input) int64 {
			s.sent = append(s.sent, in)
			return int64(len(s.sent))
		},
		Words: w, Labels: label.Default(), Now: func() time.Time { return s.now },
		Library: func(id policy.LibraryID) string { return map[policy.LibraryID]string{"EAST": "East branch"}[id] },
	}
	for _, f := range change {
		f(&c)
	}
	m, err := tui.New(c)
	if err != nil {
		t.Fatal(err)
	}
	s.Model = m
	m.Init()
	s.update(tea.WindowSizeMsg{Width: cols, Height: rows})
	s.state = desk.State{
		PayMethods: []circ.PayMethod{"cash", "card"},
		Library:    "Riverside", Desk: "Main desk", Operator: "Ana K.", Place: desk.AtCheckOut, Focus: true,
		Rights: []circ.Right{circ.RightCirculate, circ.RightOverride, circ.RightMoney},
		Up:     true, Since: monday.Add(-6 * time.Hour), Copy: monday.Add(-time.Minute),
	}
	s.hear(s.state)
	return s
}

func (s *stage) update(msg tea.Msg) { s.Model.Update(msg) }

// hear is what the session says, as it comes in one frame.
func (s *stage) hear(outs ...desk.Output) {
	for _, o := range outs {
		if st, ok := o.(desk.State); ok {
			s.state = st
		}
	}
	s.update(tui.Heard(outs...))
}

// say changes the state and says it.
func (s *stage) say(change func(*desk.State)) {
	change(&s.state)
	s.hear(s.state)
}

// scan types a line as a scanner does, and gives the number of what was sent.
func (s *stage) scan(code string) int64 {
	s.update(kit.InputMsg{Text: code, Key: kit.KeyEnter})
	return s.n()
}

// n is the number of what was sent last.
func (s *stage) n() int64 { return int64(len(s.sent)) }

func (s *stage) key(names ...string) {
	for _, n := range names {
		s.update(kit.InputMsg{Key: n})
	}
}

func (s *stage) typed(text string) { s.update(kit.InputMsg{Text: text}) }

func (s *stage) screen() string {
	return strings.Join(screentest.Lines(s.View().Content, s.cols, s.rows), "\n")
}

// last is what was sent last, if it is of the kind.
func last[T desk.Input](s *stage) T {
	s.t.Helper()
	in, ok := s.sent[len(s.sent)-1].(T)
	if !ok {
		s.t.Fatalf("sent %#v, want a %T", s.sent[len(s.sent)-1], in)
	}
	return in
}

func (s *stage) shows(wants ...string) {
	s.t.Helper()
	screen := s.screen()
	for _, w := range wants {
		if !strings.Contains(screen, w) {
			s.t.Errorf("not on the screen: %q\n%s", w, screen)
		}
	}
}

func (s *stage) showsNo(wants ...string) {
	s.t.Helper()
	screen := s.screen()
	for _, w := range wants {
		if strings.Contains(screen, w) {
			s.t.Errorf("still on the screen: %q\n%s", w, screen)
		}
	}
}

const (
	mariasCard = "21234000000010"
	anasCard   = "21234000000028"
	middle     = "31234000000017"
	alibi      = "31234000000025"
	perl       = "31234000000033"
	blue       = "31234000000041"
	beloved    = "31234000000058"
)

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func day(d int) time.Time { return time.Date(2026, 11, 23+d, 23, 59, 59, 0, time.UTC) }

func maria() desk.Patron {
	return desk.Patron{
		Patron: circ.Patron{
			ID: "p1", Card: mariasCard, Family: "SILVA", Given: "Maria", Street: "Elm St", Group: "adult", Phone: "555 0142", Postcode: "12345", City: "Elmtown",
			Email: "maria@example.org", Expires: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC), Note: "12 Nov, Jo: 0142 > 0143",
		},
		Name: "SILVA, Maria", Born: "1984", Group: "Adult", Overdue: 1, Ready: 1, Owes: eur(320),
		Loans: []desk.Loan{
			{Loan: circ.Loan{ID: "l1", Item: "i1", Due: day(21)}, Title: "Middlemarch", Barcode: middle},
			{Loan: circ.Loan{ID: "l2", Item: "i5", Due: day(-12), Renewals: []circ.Renewal{{ID: "r"}}}, Title: "Beloved", Barcode: beloved, Overdue: true},
		},
		Requests: []desk.Hold{
			{Request: circ.Request{ID: "q1", Stage: circ.OnShelf, Until: day(7), Pickup: "MAIN"}, N: 1, Of: "Planet earth", Barcode: "31234000000066"},
			{Request: circ.Request{ID: "q2", Stage: circ.Waiting, Pickup: "EAST"}, N: 2, Of: "Perl 5 desktop reference"},
		},
		Fees: []desk.Fee{
			{Fee: circ.Fee{ID: "f1", Type: "overdue", Amount: eur(240), At: monday.AddDate(0, 0, -9)}, Left: eur(240), Title: "Kind of blue"},
			{Fee: circ.Fee{ID: "f2", Type: "card", Amount: eur(200), At: monday.AddDate(0, 0, -2), Text: "N. 2"}, Left: eur(80)},
		},
		Links: []desk.Linked{{Link: circ.Link{ID: "k1", Kind: circ.Guarantor}, Name: "SILVA, Rui"}},
	}
}

func visit(p desk.Patron) func(*desk.State) {
	return func(s *desk.State) { s.Visit = &desk.Visit{Patron: p} }
}

func patron(n int64, p desk.Patron) desk.Outcome {
	return desk.Outcome{N: n, Final: true, Word: desk.WordPatron, Patron: &p, Scanned: p.Card, Text: p.Name}
}

func item(code, title string) *desk.Item {
	return &desk.Item{
		Item:   circ.Item{ID: circ.ItemID("i" + code), Barcode: code, CallNumber: "823.8 ELI", Location: "adult", Home: "MAIN", Type: "book"},
		Titled: circ.Title{Title: title, Author: "Eliot, G.", Year: "1871"},
	}
}

func out(n int64, code, title string, due time.Time) desk.Outcome {
	return desk.Outcome{N: n, Final: true, Word: desk.WordOut, Scanned: code, Title: title, Item: item(code, title), Due: due, Text: title}
}

func said(w *words.Book, r circ.Remark) desk.Said {
	return desk.Said{Remark: r, Words: w.Reason(r, words.Names{Now: monday, Patron: func(circ.PatronID) string { return "WU, Ana" }})}
}

func stop(w *words.Book, n int64, code, title string, rs ...circ.Remark) desk.Outcome {
	o := desk.Outcome{N: n, Final: true, Word: desk.WordStop, Scanned: code, Title: title, Item: item(code, title)}
	for _, r := range rs {
		o.Reasons = append(o.Reasons, said(w, r))
	}
	return o
}

func route(w *words.Book, n int64, word desk.Word, code, title string, r circ.Route, tell ...circ.Remark) desk.Outcome {
	o := desk.Outcome{N: n, Final: true, Word: word, Scanned: code, Title: title, Item: item(code, title)}
	names := words.Names{Now: monday, Patron: func(circ.PatronID) string { return "SILV MAR 4821" }, Library: func(policy.LibraryID) string { return "East" }}
	o.Route = &desk.Route{Route: r, Words: w.Route(r, names)}
	if r.Patron != "" {
		o.Route.Person = "SILV MAR 4821"
	}
	for _, t := range tell {
		o.Tell = append(o.Tell, said(w, t))
	}
	return o
}

func askFor(w *words.Book, n int64) *desk.Outcome {
	o := desk.Outcome{N: n, Final: true, Word: desk.WordAsk, Scanned: blue, Title: "Kind of blue", Item: item(blue, "Kind of blue")}
	for _, r := range []circ.Remark{
		{Reason: circ.OwesTooMuch, Amount: eur(1320), Limit: eur(1000), Right: circ.RightMoney},
		{Reason: circ.CardExpired, When: monday.AddDate(0, 0, -12), Right: circ.RightOverride},
	} {
		o.Ask = append(o.Ask, said(w, r))
	}
	return &o
}

// typedLine is a line that was typed and closed.
func typedLine(text string) tea.Msg { return kit.InputMsg{Text: text, Key: kit.KeyEnter} }
