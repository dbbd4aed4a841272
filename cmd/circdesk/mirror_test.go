package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"circdesk/cmd/internal/folder"
)

func TestAJournalIsWrittenTwice(t *testing.T) {
	s, dir := newSealer(t), filepath.Join(t.TempDir(), "mirror")
	at := folder.Folder(s.dir)
	copied := func(to, from string) {
		t.Helper()
		b, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(to, b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	desk := []string{"desk", "--json", "--temporary", "--mirror", dir}
	s.does(exitDone, "own disk", lendsOne(), desk...)
	mirror, early := filepath.Join(dir, folder.Journal), filepath.Join(t.TempDir(), "early.db")
	copied(early, at.File(folder.Journal))
	s.does(exitDone, "IN", ":operator ana 1234\n:checkin\n"+itemCode(0)+"\n", desk...)
	s.does(exitDone, "2 entries, whole", "", "journal", "verify", mirror)

	// The journal is put back to an earlier day: nothing is chosen silently.
	copied(at.File(folder.Journal), early)
	s.does(exitFailed, "that the journal", "", desk...)
	s.does(exitFailed, "--from-mirror", "", desk...)
	s.does(exitDone, "", "", append(desk, "--from-mirror")...)
	s.does(exitDone, "check out", "", "journal", "list")
	if kept, _ := filepath.Glob(at.File(folder.Journal) + ".before-*"); len(kept) != 1 {
		t.Errorf("the journal that was put back is kept: %v", kept)
	}

	// It is gone, or cannot be read.
	if err := os.Rename(at.File(folder.Journal), at.File("away")); err != nil {
		t.Fatal(err)
	}
	s.does(exitFailed, "--from-mirror", "", desk...)
	if err := os.WriteFile(at.File(folder.Journal), []byte(strings.Repeat("no journal ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	s.does(exitFailed, "--from-mirror", "", desk...)
	s.does(exitDone, "", "", append(desk, "--from-mirror")...)
	s.does(exitDone, "check out", "", "journal", "list")

	// What only the mirror has is given up when somebody says so.
	copied(at.File(folder.Journal), early)
	s.does(exitDone, "", "", append(desk, "--drop-mirror")...)
	s.does(exitDone, "", "", desk...)

	// Another desk's folder.
	other := newSealer(t)
	other.does(exitFailed, "another journal", "", desk...)

	// A folder that is not there keeps nobody from work.
	s.does(exitDone, "is behind", lendsOne(), "desk", "--json", "--temporary", "--mirror", filepath.Join(dir, "not", "there"))
	s.does(exitUsage, "--mirror", "", "desk", "--json", "--temporary", "--from-mirror")
}
