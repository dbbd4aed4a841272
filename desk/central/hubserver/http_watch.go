package hubserver

import (
	"context"
	"sync"

	"circdesk/desk/journal"
)

// Watched is a store that tells when something was written to it. A server that
// shares it with others in the process wakes the desks that wait for its feed
// whoever wrote.
type Watched struct {
	journal.Store[journal.HubTx]

	mu      sync.Mutex
	written chan struct{}
}

// Watch watches what is written through the store that it gives.
func Watch(s journal.Store[journal.HubTx]) *Watched {
	return &Watched{Store: s, written: make(chan struct{})}
}

// Update is the store's; afterwards it tells.
func (w *Watched) Update(ctx context.Context, fn func(journal.HubTx) error) error {
	err := w.Store.Update(ctx, fn)
	if err == nil {
		w.mu.Lock()
		close(w.written)
		w.written = make(chan struct{})
		w.mu.Unlock()
	}
	return err
}

// Written gives a channel that is closed when something is written from now on.
func (w *Watched) Written() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.written
}
