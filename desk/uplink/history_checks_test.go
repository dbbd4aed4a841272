package uplink_test

import (
	"flag"
	"os"
	"runtime/debug"
	"strconv"
	"testing"
)

// setChecks sets rapid's number of checks for one test, unless the command line
// set it. In the short form they are the same each time: the long form, and who says how
// many, look for what is new.
func setChecks(t *testing.T, n string) {
	t.Helper()
	if given("rapid.checks") {
		return
	}
	setFlag(t, "rapid.checks", n)
	if os.Getenv("CIRCDESK_LONG") == "" && !given("rapid.seed") {
		setFlag(t, "rapid.seed", "3")
	}
}

// given reports whether the command line set a flag.
func given(name string) (is bool) {
	flag.Visit(func(f *flag.Flag) { is = is || f.Name == name })
	return is
}

// checks gives how many checks rapid makes now.
func checks() int {
	n, _ := strconv.Atoi(flag.Lookup("rapid.checks").Value.String())
	return n
}

// setFlag sets a flag for one test.
func setFlag(t *testing.T, name, value string) {
	t.Helper()
	f := flag.Lookup(name)
	old := f.Value.String()
	if err := f.Value.Set(value); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Value.Set(old); err != nil {
			t.Error(err)
		}
	})
}

// fewerCollections lets the garbage of one test grow: it is a test of many short
// lives, most of whose time would go into collecting after them.
func fewerCollections(t *testing.T) {
	was := debug.SetGCPercent(400)
	t.Cleanup(func() { debug.SetGCPercent(was) })
}
