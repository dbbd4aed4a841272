package screen

import (
	tea "charm.land/bubbletea/v2"

	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// The scope and the actions of a dialog that is only read.
const (
	ScopeRead   = "read"
	ActionClose = "read.close"
)

// Read is a dialog of lines to read: help, why, what became of several things.
// Scans go on meanwhile.
type Read struct {
	title  string
	lines  func(env *Env, width int) []string
	pager  kit.Pager
	n, h   int
	public bool
}

// NewRead makes one; lines are drawn for the width there is.
func NewRead(title string, lines func(env *Env, width int) []string) *Read {
	return &Read{title: title, lines: lines}
}

// Public says that nothing of a patron is in it.
func (r *Read) Public() *Read {
	r.public = true
	return r
}

// Scopes are its own; every other key goes on to mean what it does.
func (*Read) Scopes() []string { return []string{ScopeRead} }

// Private tells whether it shows a patron.
func (r *Read) Private() bool { return !r.public }

// Input moves through the lines.
func (r *Read) Input(_ *Env, in kit.InputMsg) (kit.InputMsg, Wish) {
	if in.Text == "" && r.pager.Input(in.Key, r.n, r.h) {
		return kit.InputMsg{}, Wish{}
	}
	return in, Wish{}
}

// Do closes it.
func (*Read) Do(*Env, string) (Wish, bool) { return Wish{}, true }

// Hear hears nothing.
func (*Read) Hear(*Env, desk.Outcome) (Wish, bool) { return Wish{}, true }

// View draws the lines in sight.
func (r *Read) View(env *Env, width, h int) ([]string, *tea.Cursor) {
	lines := r.lines(env, width)
	r.n, r.h = len(lines), max(h-2, 0)
	below := ""
	if r.n > r.h { // one line says that there is more
		r.h = max(r.h-1, 0)
		if n := r.pager.Below(r.n, r.h); n > 0 {
			below = env.Words.N(words.ScreensMoreBelow, n)
		}
	}
	out := append([]string{titleLine(env, width, r.title), ""}, r.pager.View(env.Look, width, r.h, lines)...)
	if below != "" {
		out = append(out, quiet(env, width, below))
	}
	return out, nil
}
