package uplink

import "time"

// Jitter replaces the chance in how long what failed waits; before it runs.
func (u *Uplink) Jitter(f func(time.Duration) time.Duration) { u.jitter = f }

// Jitter replaces the chance in how long what failed waits; before it runs.
func (b *Branch) Jitter(f func(time.Duration) time.Duration) { b.jitter = f }
