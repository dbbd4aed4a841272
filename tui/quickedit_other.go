//go:build !windows

package tui

// quickEditOff does nothing: a click stops no program here.
func quickEditOff() (restore func()) { return func() {} }
