package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui/kit"
	"circdesk/tui/screen"
)

// palette is everything that can be done, to be found by typing.
type palette struct {
	list *kit.Palette
}

// newPalette lists every action that is no answer to something else: those of
// this screen first, then the program's own.
func newPalette(m *Model) *palette {
	var here, own, rest []kit.Action
	for _, a := range m.actions.All() {
		switch _, onScreen := m.screens[screen.ID(a.Scope)]; {
		case a.ID == actPalette:
		case a.Scope == string(m.at):
			here = append(here, a)
		case a.ID == screen.ActionTry || strings.HasPrefix(a.ID, commands):
			own = append(own, a)
		case a.Scope == "" || onScreen:
			rest = append(rest, a)
		}
	}
	return &palette{kit.NewPalette(" "+m.env.Words.Text(words.HelpFilter)+" ", slices.Concat(here, own, rest))}
}

// Scopes are those of what is only read: it is asked first, and closes by itself.
func (*palette) Scopes() []string { return []string{screen.ScopeRead} }

// Private: it shows nothing of a patron.
func (*palette) Private() bool { return false }

// Input is not used: the model asks picked.
func (*palette) Input(_ *screen.Env, in kit.InputMsg) (kit.InputMsg, screen.Wish) {
	return in, screen.Wish{}
}

// Do has no actions of its own.
func (*palette) Do(*screen.Env, string) (screen.Wish, bool) { return screen.Wish{}, true }

// Hear hears nothing.
func (*palette) Hear(*screen.Env, desk.Outcome) (screen.Wish, bool) { return screen.Wish{}, true }

// View draws the list under what is typed.
func (p *palette) View(env *screen.Env, width, h int) ([]string, *tea.Cursor) {
	c := tea.NewCursor(p.list.CursorX(env.Look, width), 0)
	c.Blink = false
	return p.list.View(env.Look, env.Caps, width, h), c
}

// pick filters and picks. What may be a scan goes to the session, and a key the
// palette has no use for means what it always does.
func (m *Model) pick(p *palette, in kit.InputMsg) {
	for _, got := range p.list.Input(in) {
		switch {
		case got.Run != "":
			m.dialog = nil
			if a, ok := m.actions.Action(got.Run); ok {
				m.run(a)
			}
		case got.Shut:
			m.dialog = nil
		case got.Line.Text != "":
			m.closed(got.Line.Text)
		case got.Key != "":
			m.dialog = nil
			m.press(got.Key)
		}
	}
}
