//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// ignoreLimits lets a write beyond the largest allowed file fail, as on a full
// disk, instead of ending the program.
func ignoreLimits() { signal.Ignore(syscall.SIGXFSZ) }
