package uplink

import (
	"context"

	"circdesk/desk/central"
)

// mostLeft is how many visits that are over are remembered until the system has heard
// of them.
const mostLeft = 32

// Leave says that the visit of who has a card is over. A system that wants to hear it
// does when all that waits is delivered: what was done in the visit comes first. While
// the line is not there nothing is said: whatever the system took for a visit ended with
// the line.
func (u *Uplink) Leave(card string) {
	if _, ok := u.System.(central.Leaver); !ok || card == "" {
		return
	}
	u.mu.Lock()
	if u.st.Up && len(u.left) < mostLeft {
		u.left = append(u.left, card)
	}
	u.mu.Unlock()
	poke(u.wake)
}

// leaves tells the system whose visits are over.
func (u *Uplink) leaves(ctx context.Context) {
	l, ok := u.System.(central.Leaver)
	if !ok {
		return
	}
	u.mu.Lock()
	left := u.left
	u.left = nil
	u.mu.Unlock()
	for _, card := range left {
		c, _, cancel := u.during(ctx, 10*u.Patience)
		if err := l.Leave(c, card); err != nil && ctx.Err() == nil {
			u.Log.Warn("the system was not told that a visit is over", "err", err)
		}
		cancel()
	}
}
