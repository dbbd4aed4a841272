package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"strings"
	"syscall"
)

// ErrClosed says that the store was closed.
var ErrClosed = errors.New("store is closed")

// DamagedError says that a file cannot be read, wholly or in one place. A cache
// can be thrown away and filled again; anything else is put back from a backup,
// or from what the other side has.
type DamagedError struct {
	Path   string
	Reason string
}

func (e *DamagedError) Error() string { return fmt.Sprintf("%s is damaged: %s", e.Path, e.Reason) }

// full reports whether a commit failed for want of room before anything of it
// counted: then the store goes on. A failed wait for the disk is another thing:
// nobody can say what is there, and the file must be opened again.
func full(err error) bool {
	p, ok := errors.AsType[*fs.PathError](err)
	return ok && (p.Op == "write" || p.Op == "truncate") &&
		(errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG))
}

// named gives bbolt's error of a file that could not grow the error of the system,
// which it keeps in words alone. A nil error stays nil.
func named(path string, err error) error {
	if err == nil {
		return nil
	}
	for op, begins := range map[string]string{"truncate": "file resize error: ", "sync": "file sync error: "} {
		words, grew := strings.CutPrefix(err.Error(), begins)
		for _, no := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG, syscall.EIO} {
			if grew && strings.HasSuffix(words, no.Error()) {
				return &fs.PathError{Op: op, Path: path, Err: no}
			}
		}
	}
	return err
}

// faultsPanic makes a panic of what would end the process: this goroutine reads
// memory that stands for a part of a file that is not there, or that the disk
// cannot give. What it returns sets it back.
func faultsPanic() (back func()) {
	was := debug.SetPanicOnFault(true)
	return func() { debug.SetPanicOnFault(was) }
}
