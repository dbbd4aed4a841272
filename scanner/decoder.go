package scanner

import "time"

// Decoder makes scans of what a [Port] gives. However the bytes of a line, or the
// reports, lie in time, the scans are the same: a clock decides only when a scan
// that was begun and never ended is given up. It is used by one goroutine.
type Decoder interface {
	// Decode takes what one read gave; it keeps nothing of data.
	Decode(data []byte, at time.Time) Reading

	// Idle is told after a read that gave nothing how long it has waited.
	Idle(waited time.Duration, at time.Time) Reading

	// End says what was begun and will not end any more: the device is gone.
	End(at time.Time) Reading
}

// Reading is what a decoder made of one read.
type Reading struct {
	Text      string // what it added, as text
	Symbology string // AIM identifier, as [Scan.Symbology]; "": not told in this read
	More      bool   // the device says that more of the same scan follows
	Scans     []Scan // what is complete now; nil: nothing
	Fault     Fault  // what became no scan, before the Scans
	Lost      string // the text that became no scan
}

// Fault is why something that a device sent became no scan. A clerk scans again.
type Fault string

const (
	NoFault    Fault = ""
	Torn       Fault = "torn"       // the rest of a scan did not come
	TooLong    Fault = "too_long"   // a scan that does not end
	Unreadable Fault = "unreadable" // a report of a form that nobody knows
	Unclosed   Fault = "unclosed"   // a text that no key closed: it waits for more
)
