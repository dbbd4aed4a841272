package bolt

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
)

// tell tells a child that was not started yet the desk's key: through the pipe to
// it, which nobody else can read, as its environment could be. A lock without a
// key tells nothing.
func (l *Lock) tell(child *exec.Cmd, in io.Writer) error {
	if l == nil || l.Key == nil {
		return nil
	}
	child.Env = append(child.Env, keyVar+"="+strconv.Itoa(len(l.Key)))
	_, err := in.Write(l.Key) // a pipe holds that much
	return err
}

// toldLock gives what a child was told; nil: nothing.
func toldLock() (*Lock, error) {
	n, err := strconv.Atoi(os.Getenv(keyVar))
	if err != nil || n != KeySize {
		return nil, nil
	}
	key := make([]byte, n)
	if _, err := io.ReadFull(os.Stdin, key); err != nil {
		return nil, err
	}
	return &Lock{Key: key}, nil
}

// sums reports the first value of a sealed file whose checksum does not fit: all
// that can be said without its keys. all: of every value, otherwise of none but
// the heads.
func (f *file) sums(all bool) error {
	return f.view(context.Background(), func(t *tx) error {
		buckets := [][]byte{bucketHeads}
		if all {
			buckets = [][]byte{bucketHeads, bucketEntries, bucketReceipts, bucketNotes, bucketSettled}
		}
		for _, name := range buckets {
			b, err := t.in(name)
			if err != nil {
				return err
			}
			c := b.Cursor()
			for k, v := c.First(); k != nil; k, v = c.Next() {
				if _, err := summed(v); err != nil {
					return &DamagedError{f.path, fmt.Sprintf("a value of %s: %v", name, err)}
				}
			}
		}
		return nil
	})
}
