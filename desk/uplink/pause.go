package uplink

// Pause stops delivering behind the batch that is under way, or goes on with it. While it
// is paused nothing is asked, and all that is done is a fact that waits: for a system that
// is slow while people work with it, or is being looked after. A start of the program, and
// [Uplink.Sync], go on.
func (u *Uplink) Pause(on bool) {
	u.mu.Lock()
	u.st.Paused = on
	u.mu.Unlock()
	if !on {
		poke(u.wake)
	}
}

func (u *Uplink) paused() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.st.Paused
}
