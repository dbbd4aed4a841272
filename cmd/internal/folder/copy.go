package folder

import (
	"errors"
	"io"
	"os"
)

// CopyFile copies the bytes of a file that nobody writes to, and waits until they are on
// the disk. The copy is its owner's alone; what stood in its place is gone.
func CopyFile(to, from string) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Sync(), w.Close())
}
