package serial

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"time"

	"go.bug.st/serial"

	"circdesk/scanner"
	"circdesk/scanner/internal/sysfs"
)

// Backend is a [scanner.Stamper].
type Backend struct {
	// Tree is where Linux's files lie; the zero Tree is the system's own.
	Tree sysfs.Tree
}

// Name is [scanner.Backend.Name].
func (*Backend) Name() string { return "serial" }

// Stamp is [scanner.Stamper.Stamp]. Only Linux can tell.
func (b *Backend) Stamp() string { return b.Tree.TerminalStamp() }

// List is [scanner.Backend.List].
func (b *Backend) List() ([]scanner.Info, error) {
	if b.Tree.Here() {
		return b.named(b.Tree.Terminals()), nil
	}
	list, err := detailed()
	if err != nil {
		list, err = plain()
	}
	if err != nil {
		return nil, fmt.Errorf("list serial ports: %w", err)
	}
	return b.named(list), nil
}

// named fills in what all ports have.
func (b *Backend) named(list []scanner.Info) []scanner.Info {
	for i := range list {
		list[i].Backend, list[i].Kind = b.Name(), scanner.Serial
	}
	return list
}

// plain is the list of ports without what hangs on them.
func plain() (list []scanner.Info, err error) {
	paths, err := serial.GetPortsList()
	if err != nil {
		return nil, err
	}
	slices.Sort(paths)
	for _, path := range paths {
		list = append(list, scanner.Info{Path: path, Device: path, Part: path})
	}
	return list, nil
}

// hex16 reads a vendor or product as the enumerator writes it.
func hex16(s string) uint16 {
	n, err := strconv.ParseUint(s, 16, 16)
	if err != nil {
		return 0
	}
	return uint16(n)
}

// Open is [scanner.Backend.Open]. The error may be that of [Check], too.
func (b *Backend) Open(info scanner.Info, setup scanner.Setup) (scanner.Port, error) {
	m, err := mode(setup.Line)
	if err != nil {
		return nil, err
	}
	p, err := serial.Open(info.Path, m)
	if err != nil {
		return nil, why(err)
	}
	return &port{Port: p}, nil
}

// why says what an error of the library means.
func why(err error) error {
	var e *serial.PortError
	switch {
	case errors.As(err, &e) && e.Code() == serial.PermissionDenied, errors.Is(err, fs.ErrPermission):
		return fs.ErrPermission
	case errors.As(err, &e) && e.Code() == serial.PortBusy:
		return scanner.ErrBusy
	case errors.As(err, &e) && e.Code() == serial.PortNotFound, errors.Is(err, fs.ErrNotExist):
		return scanner.ErrGone
	}
	return err
}

// port is an open port.
type port struct{ serial.Port }

// ReadTimeout is [scanner.Port.ReadTimeout].
func (p *port) ReadTimeout(b []byte, timeout time.Duration) (int, error) {
	if err := p.SetReadTimeout(max(timeout, time.Millisecond)); err != nil {
		return 0, scanner.ErrGone
	}
	n, err := p.Read(b)
	if err != nil {
		return 0, scanner.ErrGone
	}
	return n, nil
}
