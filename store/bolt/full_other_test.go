//go:build !linux

package bolt_test

// Children of tests that only Linux has.
func untilFull(string) {}
func checkLong(string) {}
