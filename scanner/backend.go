package scanner

import (
	"errors"
	"time"
)

// Backend is one way to find and open devices. Its methods may be called by
// several goroutines at once.
type Backend interface {
	// Name is one word for settings and logs: "hid", "hidraw", "serial".
	Name() string

	// List returns what can be opened, in an order that stays. It may take long:
	// a device that never answers can hold it up for seconds. An error that is
	// [errors.ErrUnsupported] says that this backend never works here.
	List() ([]Info, error)

	// Open opens a part that List returned; of the setup it needs only what the port
	// itself must be set to. The error is [fs.ErrPermission] where
	// the user may not, [ErrBusy] where someone else has it, [ErrGone] where it is
	// not there, and another where the reason is not known.
	Open(Info, Setup) (Port, error)
}

// Stamper is a Backend that can tell cheaply whether its list has changed.
type Stamper interface {
	Backend

	// Stamp returns a text that is another one when devices have come or gone; "":
	// it cannot tell here, and only List does.
	Stamp() string
}

// Port is an open device. One goroutine owns it: the one that reads it writes it
// and closes it too.
type Port interface {
	// ReadTimeout waits until there is something to read, at most for the time
	// given, and reads one report, or some bytes of a line. Nothing read and no
	// error is no end: there is just nothing yet. After an error the device is gone
	// and can only be closed.
	ReadTimeout(p []byte, timeout time.Duration) (int, error)
	Close() error
}

// MinRead is the least length of a buffer for [Port.ReadTimeout]: a shorter one
// may cut a report.
const MinRead = 1024

// ReportWriter is a Port that takes output reports.
type ReportWriter interface {
	Port

	// WriteReport sends an output report. Its first byte is the report's number, 0
	// where the device numbers none.
	WriteReport(report []byte) error
}

// FeatureWriter is a Port that takes feature reports.
type FeatureWriter interface {
	Port

	// WriteFeature sends a feature report; see [ReportWriter.WriteReport].
	WriteFeature(report []byte) error
}

// Why a device cannot be opened or read, besides [fs.ErrPermission].
var (
	ErrBusy = errors.New("another program has the device")
	ErrGone = errors.New("the device is gone")
)
