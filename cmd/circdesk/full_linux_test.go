package main

import (
	"math"
	"testing"

	"golang.org/x/sys/unix"
)

// TestAFullDiskRefusesTheScanAndNothingIsLost sets a limit for the size of files
// in the running program, as a disk that is full.
func TestAFullDiskRefusesTheScanAndNothingIsLost(t *testing.T) {
	t.Parallel()
	dir := demoFolder(t)
	csv, mrc := ownFiles(t, 1, 12)
	p := start(t, "demo", "--json", "--data", dir, "--patrons", csv, "--titles", mrc)
	limit := func(bytes uint64) {
		t.Helper()
		if err := unix.Prlimit(p.cmd.Process.Pid, unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: bytes, Max: math.MaxUint64}, nil); err != nil {
			t.Fatal(err)
		}
	}
	p.want(":pull", "MODE")
	p.want(cardOf(0), "PATRON")
	p.want(itemCode(0), "OUT")
	limit(1 << 12) // less than a file has
	a := p.want(itemCode(1), "STOP")
	if !a.has("not_written") {
		t.Errorf("the scan is refused with %s", a.raw)
	}
	told := false
	for _, n := range a.Notices {
		told = told || n.Kind == "not_written"
	}
	if !told {
		t.Errorf("it is not told loudly: %s", a.raw)
	}
	p.want(itemCode(2), "STOP")
	if a := p.want(":item "+itemCode(0), "ITEM"); a.Item.Person == "" {
		t.Errorf("the earlier loan is gone: %s", a.raw)
	}
	limit(math.MaxUint64)
	p.want(itemCode(1), "OUT")
	p.want(":plug", "MODE")
	p.want(":sync", "DONE")
	p.want(itemCode(3), "OUT")
	p.end()
	open := openLoans(t, dir)
	if len(open) != 3 || open[itemCode(2)] != "" {
		t.Errorf("the server has %v", open)
	}
	if out, errs, code := here(t, "", "journal", "verify", "--data", dir); code != 0 {
		t.Errorf("verify ended with %d: %s%s", code, out, errs)
	}
}
