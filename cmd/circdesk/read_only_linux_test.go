package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"circdesk/cmd/internal/folder"
)

// readOnly makes a copy of a folder to which nobody may write.
func readOnly(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	root := os.Getuid() == 0 // whom rights of files do not bind
	if root {
		if err := unix.Mount("tmpfs", to, "tmpfs", 0, "size=64m"); err != nil {
			notRun(t, 6, err)
		}
		t.Cleanup(func() { _ = unix.Unmount(to, unix.MNT_DETACH) })
	}
	files, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(from, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, f.Name()), b, 0o400); err != nil {
			t.Fatal(err)
		}
	}
	if root {
		// A process that another test starts at this moment has what was written open
		// until it is its own program.
		for end := time.Now().Add(longEnough); ; time.Sleep(time.Millisecond) {
			err = unix.Mount("", to, "", unix.MS_REMOUNT|unix.MS_RDONLY, "")
			if !errors.Is(err, unix.EBUSY) || time.Now().After(end) {
				break
			}
		}
	} else {
		err = os.Chmod(to, 0o500)
		t.Cleanup(func() { _ = os.Chmod(to, 0o700) })
	}
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// TestAFolderToWhichNobodyMayWrite: a desk does not start in it and says why; what
// was done can be looked up.
func TestAFolderToWhichNobodyMayWrite(t *testing.T) {
	t.Parallel()
	made := demoFolder(t)
	csv, mrc := ownFiles(t, 1, 4)
	p := start(t, "demo", "--json", "--data", made, "--patrons", csv, "--titles", mrc)
	p.want(cardOf(0), "PATRON")
	p.want(itemCode(0), "OUT")
	p.end()
	for _, name := range []string{folder.Journal, folder.Server} {
		if _, err := os.Stat(filepath.Join(made, name)); err != nil {
			t.Fatal(err)
		}
	}
	dir := readOnly(t, made)
	for _, args := range [][]string{{"desk", "--json"}, {"serve", "--listen", "127.0.0.1:0"}, {"operators", "add", "eve"}} {
		out, errs, code := runs(t, "1234\n", append(args, "--data", dir)...)
		if code == exitDone || !strings.Contains(errs, dir) && !strings.Contains(errs, "read-only") && !strings.Contains(errs, "permission") {
			t.Errorf("%v: exit code %d: %s%s", args, code, out, errs)
		}
	}
	for _, args := range [][]string{{"journal", "list"}, {"journal", "verify"}} {
		if out, errs, code := here(t, "", append(args, "--data", dir)...); code != exitDone || !strings.Contains(out+errs, "1") {
			t.Errorf("%v: exit code %d: %s%s", args, code, out, errs)
		}
	}
}
