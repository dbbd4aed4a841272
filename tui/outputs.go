package tui

import (
	"sync"

	"circdesk/desk"
	"circdesk/tui/kit"
)

// outputs keeps what the session says until the next frame takes it. It never
// makes the session wait, and loses no outcome; of states in a row only the last
// is kept.
type outputs struct {
	mu    sync.Mutex
	kept  []desk.Output
	bar   *kit.Progress // how far something is, when that is new
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
	o.wake()
}

// progress keeps how far something is. Of several only the last is kept.
func (o *outputs) progress(p kit.Progress) {
	o.mu.Lock()
	o.bar = &p
	o.mu.Unlock()
	o.wake()
}

func (o *outputs) wake() {
	select {
	case o.ready <- struct{}{}:
	default:
	}
}

// take gives all that is kept, in order, and how far something is; nil: that is
// not new.
func (o *outputs) take() ([]desk.Output, *kit.Progress) {
	o.mu.Lock()
	defer o.mu.Unlock()
	out, bar := o.kept, o.bar
	o.kept, o.bar = nil, nil
	return out, bar
}
