package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"circdesk/desk"
	"circdesk/tui/kit"
)

// Heard is what the session said, as the program hears it.
func Heard(outs ...desk.Output) tea.Msg { return heardMsg(outs) }

// Progressed is how far something is, as the program hears it.
func Progressed(p kit.Progress) tea.Msg { return progressMsg(p) }

// Tick says that time has passed.
func Tick(t time.Time) tea.Msg { return tickMsg(t) }

// Outputs is the queue between the session and the screens.
type Outputs struct{ q *outputs }

func NewOutputs() Outputs             { return Outputs{newOutputs()} }
func (o Outputs) Add(out desk.Output) { o.q.add(out) }
func (o Outputs) Take() []desk.Output { outs, _ := o.q.take(); return outs }

// Run0 is a command that needs no context.
func Run0(f func() string) func(context.Context) string {
	return func(context.Context) string { return f() }
}

// Typed says that nothing was typed for a moment.
func Typed(line string) tea.Msg { return typedMsg(line) }
