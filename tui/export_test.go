package tui

import (
	tea "charm.land/bubbletea/v2"

	"circdesk/desk"
)

// Heard is what the session said, as the program hears it.
func Heard(outs ...desk.Output) tea.Msg { return heardMsg(outs) }
