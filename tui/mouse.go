package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"circdesk/tui/kit"
)

// settles is how long after the focus came back a click means nothing: it is the
// one that brought it.
const settles = 500 * time.Millisecond

// click presses the key that stands where somebody clicked.
func (m *Model) click(at tea.Mouse) {
	came := !m.focus || m.env.Now.Sub(m.focused) < settles
	m.wake()
	if at.Button != tea.MouseLeft || came || !kit.Fits(m.width, m.height) {
		return
	}
	if key := kit.KeyAt(m.kept.zones[at.Y], at.X); key != "" {
		m.input(kit.InputMsg{Key: key})
	}
}

// wheel moves the choice, as the arrows do.
func (m *Model) wheel(at tea.Mouse) {
	if m.asking() || !kit.Fits(m.width, m.height) {
		return
	}
	switch at.Button {
	case tea.MouseWheelUp:
		m.input(kit.InputMsg{Key: "up"})
	case tea.MouseWheelDown:
		m.input(kit.InputMsg{Key: "down"})
	}
}
