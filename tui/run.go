package tui

import (
	"context"
	"errors"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"circdesk/tui/kit"
)

// framesPerSecond is the most that Bubble Tea draws.
const framesPerSecond = 120

// Run shows the screens until the clerk closes them or the context ends; both
// are no error. Nothing that Run started is left when it returns, and the
// terminal is as it was. Whoever runs the session beside it ends that one then.
func Run(ctx context.Context, m *Model, opts ...tea.ProgramOption) error {
	restore := quickEditOff()
	defer restore()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m.ctx = ctx
	batcher := kit.NewBatcher()
	p := tea.NewProgram(m, append([]tea.ProgramOption{
		tea.WithContext(ctx), tea.WithFPS(framesPerSecond), tea.WithFilter(batcher.Filter),
	}, opts...)...)
	batcher.Attach(p.Send)
	over := make(chan struct{})
	go func() {
		defer close(over)
		m.heard.pump(ctx, p.Send)
	}()
	_, err := p.Run()
	outside := ctx.Err() != nil
	cancel()
	<-over
	switch {
	case err == nil, errors.Is(err, tea.ErrInterrupted):
		return nil
	case outside && errors.Is(err, tea.ErrProgramKilled) && !errors.Is(err, tea.ErrProgramPanic):
		return nil
	}
	return fmt.Errorf("run the screens: %w", err)
}

// pump hands what is heard to the program, all that has come since the last
// time in one message, and at most one message a frame.
func (o *outputs) pump(ctx context.Context, send func(tea.Msg)) {
	const frame = time.Second / framesPerSecond
	var last time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-o.ready:
		}
		if rest := frame - time.Since(last); rest > 0 {
			select {
			case <-ctx.Done():
				return
			case <-time.After(rest):
			}
		}
		outs, bar := o.take()
		if bar != nil {
			send(progressMsg(*bar))
		}
		if len(outs) > 0 {
			send(heardMsg(outs)) // returns when the program takes it, or has ended
		}
		last = time.Now()
	}
}
