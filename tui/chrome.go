package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui/kit"
	"circdesk/tui/screen"
)

// What stands around a screen: three lines above, three below, and the last
// word in four.
const (
	topLines  = 3
	footLines = 3
	lastLines = 4
)

// frame is a drawn frame without its scan line.
type frame struct {
	key        frameKey
	text, foot string
	zones      map[int][]kit.Zone // where clicks press keys, by row
	cursor     *tea.Cursor        // nil: the scan line has it
}

// frameKey is everything that the kept part of a frame depends on.
type frameKey struct {
	rev, width, height int
	look               kit.Look
}

// View draws the frame. All but the scan line is kept until something changes.
func (m *Model) View() tea.View {
	look := m.env.Look
	right := ""
	if n := m.env.State.Queued; n > 0 {
		right = m.env.Words.N(words.StatusQueued, n)
	}
	m.line.Placeholder = ""
	if m.env.State.Operator == "" && m.env.State.Library != "" {
		m.line.Placeholder = m.env.Words.Text(words.BarSignedOut, "key", m.env.KeyOf(actOperator))
	}
	scan := m.line.View(look, m.width, right)
	if !m.focus {
		scan = kit.FullBar(look, kit.Alarm, m.width, m.env.Words.Text(words.BarNotListening), "")
	}
	v := tea.View{AltScreen: true, ReportFocus: true, WindowTitle: screen.Clean(m.env.State.Library)}
	if m.mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	v.ForegroundColor, v.BackgroundColor = look.Theme.Ground()
	if !kit.Fits(m.width, m.height) {
		v.Content = kit.Cramped(look, m.width, m.height, m.env.Words.Text(words.BarTooSmall), m.cramped(), scan)
		v.Cursor = m.scanCursor(m.height-1, right)
		return v
	}
	if key := (frameKey{m.rev, m.width, m.height, look}); m.kept.key != key {
		m.kept = m.compose()
		m.kept.key = key
	}
	above := &m.kept
	var b strings.Builder
	b.Grow(len(above.text) + len(scan) + len(above.foot) + 2)
	b.WriteString(above.text)
	b.WriteByte('\n')
	b.WriteString(look.Cut(scan, m.width))
	b.WriteByte('\n')
	b.WriteString(above.foot)
	v.Content = b.String()
	v.Cursor = m.scanCursor(m.height-2, right)
	if above.cursor != nil {
		c := *above.cursor
		v.Cursor = &c
	}
	return v
}

// showToasts puts messages that go away where nothing is read: beside the top of
// the last word, and those before them in the last line when it is empty. Over a
// dialog, and at a question, they take the last line.
func (m *Model) showToasts(mid []string) {
	look, end := m.env.Look, len(mid)-1
	at := len(mid) - len(m.lastWord())
	if m.front() != nil || m.asking() || at < 0 {
		mid[end] = m.toasts.View(look, m.width)[0]
		return
	}
	lines := m.toasts.View(look, m.width-look.Len(mid[at]), m.width)
	mid[at] += lines[0]
	if strings.TrimSpace(mid[end]) == "" && lines[1] != "" {
		mid[end] = lines[1]
	}
}

// cramped is what must be seen in a window that is too small for a screen: the
// oldest alert, and the question or the last word.
func (m *Model) cramped() []string {
	look := m.env.Look
	var lines []string
	line := func(role kit.Role, word, says string) {
		lines = append(lines, " "+look.Paint(role, look.Cut(screen.Clean(word), 9))+"  "+screen.Clean(says))
	}
	if len(m.alerts) > 0 && !m.alerts[0].hushed {
		line(m.alerts[0].role, m.alerts[0].word, m.alerts[0].text)
	}
	switch {
	case m.question != nil:
		line(kit.Ask, m.env.SayWord(m.question.asked), m.lead(m.question.asked))
	case m.last != nil && !m.hidden():
		line(screen.Role(*m.last), m.env.SayWord(*m.last), strings.Join(append([]string{screen.What(*m.last)}, m.env.Details(*m.last)...), " · "))
	}
	return lines
}

// scanCursor is the cursor in the scan line; nil when nobody listens.
func (m *Model) scanCursor(y int, right string) *tea.Cursor {
	if !m.focus || y < 0 {
		return nil
	}
	return m.line.Cursor(m.env.Look, m.width, y, right)
}

// compose draws everything but the scan line.
func (m *Model) compose() frame {
	look, w := m.env.Look, m.width
	tabs, tabZones := m.tabs()
	lines := []string{m.status(), tabs, kit.RuleLine(look, w)}
	mid, cursor := m.middle(m.height - topLines - footLines)
	if len(mid) > 0 && !m.toasts.Empty() {
		m.showToasts(mid)
	}
	lines = append(append(lines, mid...), kit.RuleLine(look, w))
	if cursor != nil {
		cursor.Y += topLines
	}
	foot, footZones := m.footer()
	return frame{
		text: kit.Compose(look, w, m.height-2, lines), cursor: cursor, foot: look.Cut(foot, w),
		zones: map[int][]kit.Zone{1: tabZones, m.height - 1: footZones},
	}
}

// footer is the keys that matter here, and at its end always the one for all of
// them.
func (m *Model) footer() (string, []kit.Zone) {
	look, caps := m.env.Look, m.env.Caps
	scopes := m.scopes()
	end, endKey := "", ""
	if help, ok := m.actions.Action(actHelp); ok && len(help.Keys) > 0 {
		if _, reached := m.actions.Match(help.Keys[0], scopes...); reached {
			end, endKey = look.Paint(kit.Hint, caps.First(help))+" "+help.Label+" ", help.Keys[0]
		}
	}
	actions := m.actions.In(scopes...)
	switch d := m.front(); {
	case m.asking():
		actions = m.question.answers
	case d != nil: // what lies over the screen has its own keys
		actions = m.actions.InOnly(d.Scopes()...)
		if f, ok := d.(*screen.Form); ok {
			relabel(actions, screen.ActionSave, f.Verb())
		}
	}
	for i, a := range actions {
		if a.ID == screen.ActionPay && m.at == screen.IDFees {
			actions[i].Rank = 1
		}
	}
	room := m.width - look.Len(end)
	line, zones := kit.Footer(look, caps, room-1, actions)
	if endKey != "" {
		zones = append(zones, kit.Zone{From: room, To: m.width, Key: endKey})
	}
	return look.Fit(line, room) + end, zones
}

// relabel gives an action other words, in a list of its own.
func relabel(actions []kit.Action, id, label string) {
	for i := range actions {
		if actions[i].ID == id {
			actions[i].Label = label
		}
	}
}

// middle draws what stands between the frame's lines: a dialog; or the screen
// with the question or the last word below it.
func (m *Model) middle(h int) ([]string, *tea.Cursor) {
	look, w := m.env.Look, m.width
	if d := m.front(); d != nil && !m.asking() {
		lines, cursor := d.View(&m.env, w, h)
		return exactly(lines, h), cursor
	}
	var below []string
	var cursor *tea.Cursor
	if m.asking() {
		below, cursor = m.question.panel.View(look, m.env.Caps, w, min(h-1, h*3/4))
		below = append(below, "")
	} else {
		if m.progress != (kit.Progress{}) {
			below = append(below, m.progress.View(look, w))
		}
		below = append(append(below, m.alertLines()...), m.lastWord()...)
	}
	top := h - len(below) - 1
	if cursor != nil {
		cursor.Y += top + 1
	}
	lines := exactly(m.body(top), top)
	return append(append(lines, kit.RuleLine(look, w)), below...), cursor
}

// body draws the screen, or that nothing of a patron may be seen.
func (m *Model) body(h int) []string {
	if m.hidden() {
		return []string{"", " " + m.env.Look.Cut(m.env.Words.Text(words.BarAsleep), m.width-1)}
	}
	return m.screens[m.at].View(&m.env, m.width, h)
}

// exactly gives h lines.
func exactly(lines []string, h int) []string {
	out := make([]string, max(h, 0))
	copy(out, lines)
	return out
}

// leastName is to how many columns the name of a library or a desk is cut in the
// status line before it goes.
const leastName = 6

// status is the line that always says where one is, and how the line is. What
// the desk's work depends on stays longest: the clock goes first, names after it.
func (m *Model) status() string {
	w, st := m.env.Words, m.env.State
	role := kit.Bar
	operator := st.Operator
	if operator == "" {
		operator = w.Text(words.StatusNobody)
	}
	left := []kit.Segment{{Text: st.Library, Drop: 4, Least: leastName}, {Text: string(st.Desk), Drop: 3, Least: leastName}, {Text: operator}}
	line := w.Text(words.StatusLineUp)
	switch {
	case m.env.Alone:
		line = w.Text(words.StatusAlone)
	case st.Stuck != "":
		line, role = w.Text(words.StatusStuck), kit.Alarm
	case !st.Up && st.Since.IsZero():
		line, role = w.Text(words.StatusNoLineYet), kit.Alarm
	case !st.Up:
		line, role = w.Text(words.StatusNoLine, "since", m.env.Lately(st.Since)), kit.Alarm
	}
	right := []kit.Segment{{Text: line}}
	if !m.env.Alone {
		right = append(right, kit.Segment{Text: w.N(words.StatusWaiting, st.Waiting)})
		copied := w.Text(words.StatusCopyNone)
		if !st.Copy.IsZero() {
			copied = w.Text(words.StatusCopy, "at", m.env.Lately(st.Copy))
		}
		right = append(right, kit.Segment{Text: copied}) // how old the facts are is always there
	}
	if st.Conflicts > 0 {
		right = append(right, kit.Segment{Text: w.N(words.StatusConflicts, st.Conflicts), Drop: 1})
	}
	right = append(right, kit.Segment{Text: w.Now(m.env.Now, m.env.Zone), Drop: 5})
	return kit.StatusLine(m.env.Look, role, m.width, left, right)
}

// tabs is the line of function keys; in bookdrop mode and in in-house mode on
// Check in all of it is a bar.
func (m *Model) tabs() (string, []kit.Zone) {
	w := m.env.Words
	if d := m.env.State.Bookdrop; d != nil {
		left := w.Text(words.BarBookdrop, "date", w.DateTime(d.Date, m.env.Zone))
		return kit.FullBar(m.env.Look, kit.Alarm, m.width, left, w.Text(words.BarBookdropEnds, "ends", m.env.When(d.Ends))), nil
	}
	if m.env.State.InHouse {
		return kit.FullBar(m.env.Look, kit.Alarm, m.width, w.Text(words.BarInHouse), w.Text(words.BarInHouseEnds, "key", m.env.KeyOf(screen.ActionInHouse))), nil
	}
	list := []struct {
		id    screen.ID
		label words.Key
	}{
		{screen.IDCheckOut, words.TabOut}, {screen.IDCheckIn, words.TabIn}, {screen.IDPatron, words.TabPatron}, {screen.IDHolds, words.TabHolds},
		{screen.IDFees, words.TabFees}, {screen.IDPick, words.TabPick}, {screen.IDItems, words.TabItems}, {screen.IDSync, words.TabSync},
	}
	var tabs []kit.Tab
	for _, t := range list {
		if a, ok := m.actions.Action(goes + string(t.id)); ok && len(a.Keys) > 0 {
			tabs = append(tabs, kit.Tab{Key: a.Keys[0], Label: w.Text(t.label), Here: t.id == m.at})
		}
	}
	tabs = append(tabs, kit.Tab{Key: "f10", Label: w.Text(words.TabMore)})
	return kit.KeyLine(m.env.Look, m.env.Caps, m.width, tabs)
}

// alertLines are the alerts that wait to be acknowledged, the oldest first, in
// the columns of the list above them.
func (m *Model) alertLines() []string {
	look := m.env.Look
	var lines []string
	for i, a := range m.alerts {
		if i == alertsShown {
			lines = append(lines, " "+look.Paint(kit.Stop, m.env.Words.N(words.BarMoreRows, len(m.alerts)-i)))
			break
		}
		end := m.env.Words.Text(words.BarAcknowledge, "key", m.env.KeyOf(actAcknowledge))
		room := max(m.width-14-look.Len(end), 1)
		said := []string{""}
		if !a.hushed {
			said = kit.Wrap(look, screen.Clean(a.text), room)
		}
		if len(said) > alertRows {
			said[alertRows-1] = look.Cut(said[alertRows-1]+" "+said[alertRows], room)
			said = said[:alertRows]
		}
		word := look.Cut(screen.Clean(a.word), 8)
		for i, text := range said {
			if i > 0 {
				lines = append(lines, strings.Repeat(" ", 11)+text)
				continue
			}
			lines = append(lines, " "+look.Paint(a.role, word)+strings.Repeat(" ", 10-look.Len(word))+look.Fit(text, room)+"  "+look.Paint(kit.Hint, end))
		}
	}
	return lines
}

// tall is from how many rows on the last word is drawn in large letters.
const tall = 32

// lastWord is the last scan, large. Its height does not depend on what it says.
func (m *Model) lastWord() []string {
	if m.height >= tall {
		return m.largeWord()
	}
	lines := make([]string, lastLines)
	if m.last == nil || m.hidden() {
		return lines
	}
	said := m.said(*m.last, m.width-wordEnd)
	lines[0] = " " + m.block(*m.last, "")
	lines[1] = " " + m.block(*m.last, m.env.SayWord(*m.last)) + "  " + said[0]
	lines[2] = " " + m.block(*m.last, "") + "  " + said[1]
	lines[3] = strings.Repeat(" ", wordEnd) + said[2]
	return lines
}

// Where the word stands beside what it is about.
const (
	wordWidth = 12
	wordEnd   = 1 + wordWidth + 2
)

// block is one of the three lines in which the word stands: a block of its
// colour once it is final, so that it says what the dots say too.
func (m *Model) block(o desk.Outcome, word string) string {
	look := m.env.Look
	cell := look.Fit("  "+look.Cut(word, wordWidth-3), wordWidth)
	if !o.Final {
		return look.Paint(kit.Pending, cell)
	}
	return look.Theme.Block(screen.Role(o), cell)
}

// largeWord is the last scan where there is room: the word in letters of three
// lines.
func (m *Model) largeWord() []string {
	lines := make([]string, lastLines+screen.BannerHeight)
	if m.last == nil || m.hidden() {
		return lines
	}
	word := m.env.SayWord(*m.last)
	banner, ok := screen.Banner(word)
	if !ok {
		banner = []string{"", m.env.Look.Cut(word, m.width-3), ""}
	}
	for i, l := range banner {
		lines[1+i] = "   " + m.env.Look.Paint(screen.Role(*m.last), l)
	}
	for i, l := range m.said(*m.last, m.width-3) {
		lines[1+screen.BannerHeight+i] = "   " + l
	}
	return lines
}

// said is what stands beside a word: what it is about, and the two details that
// matter most; beside a single reason against it, what would lift it.
func (m *Model) said(o desk.Outcome, width int) [3]string {
	look := m.env.Look
	role := kit.Plain
	if !o.Final {
		role = kit.Pending
	}
	details := m.env.Details(o)
	lines := [3]string{look.Paint(role, look.Cut(screen.Clean(screen.What(o)), width))}
	for i := range min(len(details), 2) {
		lines[1+i] = look.Paint(role, look.Cut(details[i], width))
	}
	switch ways := m.env.Ways(o); {
	case len(details) == 1 && len(ways) > 0:
		lines[2] = look.Paint(kit.Quiet, look.Cut(ways[0], width))
	case len(details) > 2:
		lines[2] = look.Paint(kit.Quiet, look.Cut(m.env.Words.N(words.ScreensMoreReasons, len(details)-1, "key", m.env.KeyOf(actWhy)), width))
	}
	return lines
}
