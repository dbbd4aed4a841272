package bolt_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"circdesk/store/bolt"
)

// checkLong is a child that checks a file, and waits for it as long as it must.
func checkLong(path string) {
	fmt.Println("checking")
	must(0, bolt.Check(context.Background(), path, bolt.Wait(time.Hour)))
}

// A program that is killed while it has a file checked leaves nobody behind.
func TestACheckDiesWithItsParent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j, err := bolt.OpenJournal(path, bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, j) // held as long as the check waits
	parent, out := child(t, "check", path)
	if line, err := out.ReadString('\n'); line != "checking\n" {
		t.Fatalf("%q %v", line, err)
	}
	var pid int
	until(t, "the check is under way", func() bool { pid = childOf(parent.Process.Pid); return pid != 0 })
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	until(t, "the check is gone", func() bool { return !alive(pid) })
}

// until waits for something that other processes do.
func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	for range 1000 {
		if is() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("not so: %s", what)
}

// childOf gives a child of a process; 0: it has none.
func childOf(parent int) int {
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range all {
		if f := statOf(name); len(f) > 1 && f[1] == strconv.Itoa(parent) {
			pid, _ := strconv.Atoi(strings.Split(name, "/")[2])
			return pid
		}
	}
	return 0
}

// statOf gives the state of a process, its parent, and what follows; nil: there
// is no such process.
func statOf(name string) []string {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	return strings.Fields(string(b[strings.LastIndex(string(b), ")")+1:]))
}

func alive(pid int) bool {
	f := statOf(fmt.Sprintf("/proc/%d/stat", pid))
	return f != nil && f[0] != "Z" && syscall.Kill(pid, 0) == nil
}
