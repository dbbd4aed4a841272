package station

import (
	"context"
	"time"
)

// afterFrame is how long the first frame is let alone.
const afterFrame = 300 * time.Millisecond

// keepNames reads the names of all patrons, once the first frame is there.
func (s *Station) keepNames(ctx context.Context) {
	select {
	case <-ctx.Done():
		return
	case <-time.After(afterFrame):
	}
	_ = s.Desk.KeepNames(ctx) // it ends with the context, or where the copy gives no names
}
