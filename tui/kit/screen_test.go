package kit_test

import (
	"strings"
	"testing"

	"circdesk/tui/kit"
	"circdesk/tui/kit/screentest"
)

// desk composes a whole screen of the parts, as a screen of the program does.
type desk struct {
	look     kit.Look
	width    int
	height   int
	table    kit.Table
	line     kit.ScanLine
	question *kit.Question
	words    func(string) string // how a word is said: here, whether in a made-up language
}

func newDesk(t *testing.T, words func(string) string) *desk {
	t.Helper()
	theme, err := kit.NewTheme(kit.Sixteen)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{look: kit.Look{Theme: theme}, width: 80, height: 24, words: words}
	d.table = kit.Table{Upward: true, Columns: []kit.Column{{Width: 8}, {Least: 12}, {Width: 12}, {Width: 5, Drop: 1}}}
	for _, r := range [][4]string{
		{"OUT", "Middlemarch", "Mon 14 Dec", "…0017"},
		{"RENEWED", "Perl 5 desktop reference", "Mon 21 Dec", "…0033"},
		{"STOP", "源氏物語 (The tale of Genji, a title far too long for the room that it has)", "on hold", "…0058"},
		{"OUT", "Kind of blue\x1b[2J\a", "Mon 30 Nov", "…0041"},
	} {
		role := kit.Good
		if r[0] == "STOP" {
			role = kit.Stop
		}
		d.table.Put(kit.Row{Key: r[3], Cells: []kit.Cell{{Text: words(r[0]), Role: role}, {Text: r[1]}, {Text: r[2]}, {Text: r[3], Role: kit.Quiet}}})
	}
	d.line = kit.ScanLine{Prompt: words(" scan ")}
	return d
}

func (d *desk) actions() []kit.Action {
	return []kit.Action{
		{ID: "done", Keys: []string{"alt+d"}, Label: d.words("done"), Rank: 1},
		{ID: "undo", Keys: []string{"alt+u"}, Label: d.words("undo"), Rank: 2},
		{ID: "why", Keys: []string{"alt+w"}, Label: d.words("why"), Rank: 3},
		{ID: "all", Keys: []string{"ctrl+k"}, Label: d.words("all"), Rank: 4},
	}
}

func (d *desk) view() string {
	room := d.height - 6
	tabs := []kit.Tab{{Key: "f2", Label: d.words("Out"), Here: true}, {Key: "f3", Label: d.words("In")}, {Key: "f4", Label: d.words("Patron")}}
	keys, _ := kit.KeyLine(d.look, nil, d.width, tabs)
	foot, _ := kit.Footer(d.look, nil, d.width, d.actions())
	lines := []string{
		kit.StatusLine(d.look, kit.Bar, d.width, []kit.Segment{{Text: "Riverside", Drop: 2}, {Text: "Ana K."}}, []kit.Segment{{Text: d.words("line up")}, {Text: d.words("0 waiting")}}),
		keys,
		kit.RuleLine(d.look, d.width),
	}
	if d.question == nil {
		lines = append(lines, d.table.View(d.look, d.width, room)...)
	} else {
		panel, _ := d.question.View(d.look, nil, d.width, room)
		lines = append(append(lines, make([]string, room-len(panel))...), panel...)
	}
	lines = append(lines,
		kit.RuleLine(d.look, d.width),
		d.line.View(d.look, d.width, d.words("5 scans waiting")),
		foot,
	)
	return kit.Compose(d.look, d.width, d.height, lines)
}

func (d *desk) ask(t *testing.T) {
	t.Helper()
	q, err := kit.NewQuestion(kit.Asked{
		Word: d.words("ASK"), Role: kit.Ask, Title: d.words("2 reasons not to lend"), ReasonLabel: d.words("why:"),
		Reasons: []kit.QuestionReason{{Text: d.words("owes 13.20"), Way: d.words("pay 3.20")}, {Text: d.words("1 item overdue")}},
		Answers: []kit.Answer{
			{Action: kit.Action{ID: "yes", Keys: []string{"alt+y"}, Label: d.words("lend all the same"), Override: true}, NeedsReason: true},
			{Action: kit.Action{ID: "no", Keys: []string{"alt+n"}, Label: d.words("no")}},
		},
		Split: func(s string) (string, string) { return s, "" },
	})
	if err != nil {
		t.Fatal(err)
	}
	d.question = q
}

func plain(s string) string { return s }

func TestWholeScreens(t *testing.T) {
	for _, c := range []struct {
		name string
		set  func(*testing.T, *desk)
	}{
		{"check_out", func(*testing.T, *desk) {}},
		{"check_out_row_chosen", func(_ *testing.T, d *desk) { d.table.Choose("…0058") }},
		{"question", func(t *testing.T, d *desk) { d.ask(t) }},
		{"question_reason", func(t *testing.T, d *desk) {
			d.ask(t)
			d.question.Input(kit.InputMsg{Key: "alt+y"})
			d.question.Input(kit.InputMsg{Text: "manager agreed"})
		}},
		{"wide", func(_ *testing.T, d *desk) { d.width, d.height = 120, 12 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, plain)
			c.set(t, d)
			screentest.GoldenStyled(t, c.name, d.view(), d.width, d.height)
		})
	}
}

// In a made-up language of one letter no English word is left: every word on a screen was passed in.
func TestNoWordOfOursIsOnAScreen(t *testing.T) {
	made := func(s string) string { return strings.Repeat("ø", len(s)) }
	d := newDesk(t, made)
	d.table.SetRows(nil)
	d.ask(t)
	d.question.Input(kit.InputMsg{Key: "alt+y"})
	d.question.Input(kit.InputMsg{Key: "alt+y"})
	screen := strings.Join(screentest.Lines(d.view(), d.width, d.height), "\n")
	for _, known := range []string{"Riverside", "Ana K.", "Alt", "Ctrl", "F2", "F3", "F4", "+Y", "+N", "+D", "+U", "+W", "+K"} {
		screen = strings.ReplaceAll(screen, known, "")
	}
	if at := strings.IndexFunc(screen, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }); at >= 0 {
		t.Errorf("a word of ours: %q in\n%s", screen[at:min(at+20, len(screen))], screen)
	}
}
