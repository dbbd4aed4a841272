// Package memory lets the tests of a package keep their folders in memory, where they
// wait for no disk. What a killed process has written stays there as it does on a
// disk; what lasts without power is for package disk to test.
//
// It does not know what the tests do there. A benchmark, and the long form, measure
// and test the disk: they stay on it.
package memory

import (
	"flag"
	"os"
	"testing"
)

// least is how many bytes must be free.
const least = 1 << 30

// Run runs the tests of a package, with their folders in memory where the system has
// such a place with enough room, no benchmark and no long form is asked for, and
// TMPDIR does not say where. It gives the exit code.
func Run(m *testing.M) int {
	flag.Parse()
	bench := flag.Lookup("test.bench").Value.String()
	if bench != "" || os.Getenv("CIRCDESK_LONG") != "" || os.Getenv("TMPDIR") != "" || free(place) < least {
		return m.Run()
	}
	dir, err := os.MkdirTemp(place, "circdesk-test-")
	if err != nil {
		return m.Run()
	}
	defer os.RemoveAll(dir)
	if err := os.Setenv("TMPDIR", dir); err != nil { // the processes that tests start inherit it
		return m.Run()
	}
	return m.Run()
}
