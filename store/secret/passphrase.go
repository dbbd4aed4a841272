package secret

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// FromFile gives the passphrase in a file: its first line.
func FromFile(path string) func() (string, error) {
	return func() (string, error) {
		f, err := os.Open(path)
		if err != nil {
			return "", fmt.Errorf("read the passphrase: %w", err)
		}
		defer f.Close()
		return firstLine(f, path)
	}
}

// FromDescriptor gives the passphrase that waits in an open file of this process.
// It is read once, and closed.
func FromDescriptor(fd uintptr) func() (string, error) {
	return func() (string, error) {
		name := fmt.Sprintf("descriptor %d", fd)
		f := os.NewFile(fd, name)
		if f == nil {
			return "", fmt.Errorf("read the passphrase: %s is not open", name)
		}
		defer f.Close()
		return firstLine(f, name)
	}
}

// mostPassphrase is how long a passphrase may be, in bytes.
const mostPassphrase = 4096

func firstLine(r io.Reader, name string) (string, error) {
	b, err := io.ReadAll(io.LimitReader(r, mostPassphrase+2))
	if err != nil {
		return "", fmt.Errorf("read the passphrase: %w", err)
	}
	line, _, _ := strings.Cut(string(b), "\n")
	line = strings.TrimSuffix(line, "\r")
	switch {
	case line == "":
		return "", fmt.Errorf("read the passphrase: the first line of %s is empty", name)
	case len(line) > mostPassphrase:
		return "", errors.New("read the passphrase: it is too long")
	}
	return line, nil
}
