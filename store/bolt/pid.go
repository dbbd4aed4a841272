package bolt

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"circdesk/desk/journal"
)

// Beside an open file stands who has it. What holds the file is bbolt's lock on
// it, never this note: it is read only when the lock says that somebody does.

func pidPath(path string) string { return path + ".pid" }

func writePID(path string) {
	_ = os.WriteFile(pidPath(path), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600) // only a help: the lock holds without it
}

func removePID(path string) { _ = os.Remove(pidPath(path)) }

// held says who holds the file.
func held(path string) error {
	b, _ := os.ReadFile(pidPath(path))
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	switch {
	case err != nil || pid <= 0:
		return journal.ErrHeld
	case pid == os.Getpid():
		return fmt.Errorf("%w: by this one (%d)", journal.ErrHeld, pid)
	}
	return fmt.Errorf("%w: process %d", journal.ErrHeld, pid)
}
