package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"circdesk/tui/screen"
)

// typedMsg is the scan line as it was a moment ago.
type typedMsg string

// pause is how long nothing comes until a screen looks at the line: longer than between
// the characters of a scanner. A scan that is slower is looked at and nothing else: what
// it contains is decided when it is closed.
const pause = 120 * time.Millisecond

// typing lets the screen look at the scan line in a moment.
func (m *Model) typing() {
	line := m.line.Text()
	if _, ok := m.screens[m.at].(screen.Typing); !ok || line == m.lately {
		return
	}
	m.lately = line
	m.after(tea.Tick(pause, func(time.Time) tea.Msg { return typedMsg(line) }))
}

// typed shows the screen the scan line, if it is still what it was.
func (m *Model) typed(line string) {
	s, ok := m.screens[m.at].(screen.Typing)
	if !ok || m.line.Text() != line || m.front() != nil || m.asking() || m.hidden() {
		return
	}
	m.rev++
	m.sendAs(s.Typed(&m.env, line), ask{from: m.at, silent: true})
}

// leaveName takes a name that the screen has looked for off the scan line, as another
// is shown: the next scan would be read behind it.
func (m *Model) leaveName() {
	if s, ok := m.screens[m.at].(screen.Typing); ok && s.Sought(m.line.Text()) {
		m.line.Clear()
	}
}
