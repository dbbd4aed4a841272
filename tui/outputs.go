package tui

import (
	"sync"

	"circdesk/desk"
)

// outputs keeps what the session says until the next frame takes it. It never
// makes the session wait, and loses no outcome; of states in a row only the last
// is kept.
type outputs struct {
	mu    sync.Mutex
	kept  []desk.Output
	ready chan struct{} // holds one when there is something
}

func newOutputs() *outputs { return &outputs{ready: make(chan struct{}, 1)} }

// add keeps an output.
func (o *outputs) add(out desk.Output) {
	o.mu.Lock()
	_, state := out.(desk.State)
	if n := len(o.kept); state && n > 0 {
		if _, before := o.kept[n-1].(desk.State); before {
			o.kept = o.kept[:n-1]
		}
	}
	o.kept = append(o.kept, out)
	o.mu.Unlock()
	select {
	case o.ready <- struct{}{}:
	default:
	}
}

// take gives all that is kept, in order.
func (o *outputs) take() []desk.Output {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := o.kept
	o.kept = nil
	return out
}
