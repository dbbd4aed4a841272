//go:build !linux

package bolt_test

// untilFull is a child of tests that only Linux has.
func untilFull(string) {}
