package screen

import (
	tea "charm.land/bubbletea/v2"

	"circdesk/desk"
	"circdesk/tui/kit"
)

// The actions of a dialog that asks once more.
const (
	ScopeConfirm = "confirm"
	ActionYes    = "confirm.yes"
	ActionNo     = "confirm.no"
)

// Confirm asks once more before something is taken away. Enter answers nothing.
type Confirm struct {
	title, note string
	in          []desk.Input
	public      bool
	keys        func(env *Env, width int) []string
}

// NewConfirm asks before the inputs are sent.
func NewConfirm(title, note string, in ...desk.Input) *Confirm {
	return &Confirm{title: title, note: note, in: in}
}

// Public says that nothing of a patron is in it.
func (c *Confirm) Public() *Confirm {
	c.public = true
	return c
}

// Keys gives what draws the keys that answer.
func (c *Confirm) Keys(view func(env *Env, width int) []string) { c.keys = view }

// Scopes are its own: no other key means anything while it is open.
func (*Confirm) Scopes() []string { return []string{ScopeConfirm} }

// Private tells whether it shows a patron.
func (c *Confirm) Private() bool { return !c.public }

// Input has no use for anything.
func (*Confirm) Input(_ *Env, in kit.InputMsg) (kit.InputMsg, Wish) { return in, Wish{} }

// Do answers.
func (c *Confirm) Do(_ *Env, action string) (Wish, bool) {
	if action == ActionYes {
		return Wish{Send: c.in}, true
	}
	return Wish{}, true
}

// Hear hears nothing: the screen does.
func (*Confirm) Hear(*Env, desk.Outcome) (Wish, bool) { return Wish{}, true }

// View draws the question and the keys that answer it.
func (c *Confirm) View(env *Env, width, h int) ([]string, *tea.Cursor) {
	lines := []string{titleLine(env, width, c.title), ""}
	if c.note != "" {
		lines = append(lines, "   "+env.Look.Cut(Clean(c.note), width-3), "")
	}
	if c.keys != nil {
		lines = append(lines, c.keys(env, width)...)
	}
	return lines[:min(len(lines), max(h, 0))], nil
}
