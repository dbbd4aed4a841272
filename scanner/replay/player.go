package replay

import (
	"context"
	"time"

	"circdesk/scanner"
)

// Player plays a script. It is a [scanner.Device].
type Player struct {
	Steps  []Step
	Source string        // for [scanner.Scan.Source]
	Gap    time.Duration // before every scan, besides the pauses of the script; 0: none
}

// Run is [scanner.Device.Run]: it returns nil after the last step or when the
// context ends.
func (p *Player) Run(ctx context.Context, give func(scanner.Scan)) error {
	for _, step := range p.Steps {
		pause := step.Pause
		if step.Text != "" {
			pause += p.Gap
		}
		if !wait(ctx, pause) {
			return nil
		}
		if step.Text == "" {
			continue
		}
		symbology, text := scanner.AIM(step.Text)
		text, cut := scanner.Bound(text)
		give(scanner.Scan{Text: text, Cut: cut, Symbology: symbology, Source: p.Source, At: time.Now().UTC()})
	}
	return nil
}

// wait reports whether the context still runs after the pause.
func wait(ctx context.Context, pause time.Duration) bool {
	if pause <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}
