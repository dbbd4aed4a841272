package hidraw

import (
	"errors"
	"fmt"

	"circdesk/scanner"
	"circdesk/scanner/internal/sysfs"
)

// Backend is a [scanner.Stamper].
type Backend struct {
	// Tree is where Linux's files lie; the zero Tree is the system's own.
	Tree sysfs.Tree
}

// Name is [scanner.Backend.Name].
func (*Backend) Name() string { return "hidraw" }

// Stamp is [scanner.Stamper.Stamp].
func (b *Backend) Stamp() string { return b.Tree.HIDRawStamp() }

// List is [scanner.Backend.List].
func (b *Backend) List() ([]scanner.Info, error) {
	if !Supported() {
		return nil, unsupported()
	}
	list := b.Tree.HIDRaw()
	for i := range list {
		list[i].Backend = b.Name()
	}
	return list, nil
}

func unsupported() error { return fmt.Errorf("hidraw is Linux's: %w", errors.ErrUnsupported) }
