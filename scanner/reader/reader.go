package reader

import (
	"context"
	"fmt"
	"time"

	"circdesk/scanner"
)

// Reader reads one device. It is a [scanner.Device]; its Run returns an error
// when the device cannot be opened, is unplugged, or fails: it is gone then, and
// a new Reader is made when it is back.
type Reader struct {
	Backend scanner.Backend
	Info    scanner.Info
	Setup   scanner.Setup
	Decoder scanner.Decoder // as [Decoder] makes it

	// Opened is called when the device is open, nil: nobody.
	Opened func()
	// Step is called with all that came, scan or not, before its scans are given;
	// nil: nobody. It must be quick.
	Step func(Step)
}

// Step is one look at how a scan comes to be.
type Step struct {
	Info    scanner.Info
	At      time.Time
	Raw     []byte // what one read gave: a report, or bytes of a line; nil: time alone made the reading
	Reading scanner.Reading
}

// wait is how long one read waits: also how long the end of the context does.
const wait = 200 * time.Millisecond

// Run is [scanner.Device.Run].
func (r *Reader) Run(ctx context.Context, give func(scanner.Scan)) (err error) {
	if ctx.Err() != nil {
		return nil
	}
	port, err := r.Backend.Open(r.Info, r.Setup)
	if err != nil {
		return fmt.Errorf("open %s %s: %w", r.Backend.Name(), r.Info.Path, err)
	}
	// Deferred, since a device that is left open after a panic stays without a driver.
	defer func() {
		if e := port.Close(); err == nil && e != nil {
			err = fmt.Errorf("close %s %s: %w", r.Backend.Name(), r.Info.Path, e)
		}
	}()
	return r.read(ctx, port, give)
}

func (r *Reader) read(ctx context.Context, port scanner.Port, give func(scanner.Scan)) error {
	if r.Opened != nil {
		r.Opened()
	}
	buf := make([]byte, scanner.MinRead)
	for ctx.Err() == nil {
		begun := time.Now()
		n, err := port.ReadTimeout(buf, wait)
		now := time.Now()
		switch {
		case err != nil:
			r.tell(nil, now, r.Decoder.End(now), give)
			return fmt.Errorf("read %s %s: %w", r.Backend.Name(), r.Info.Path, scanner.ErrGone)
		case n == 0:
			// The wait is what was asked for at most: a program that was stopped has not listened.
			r.tell(nil, now, r.Decoder.Idle(min(now.Sub(begun), wait), now), give)
		default:
			r.tell(buf[:n], now, r.Decoder.Decode(buf[:n], now), give)
		}
	}
	now := time.Now()
	r.tell(nil, now, r.Decoder.End(now), give)
	return nil
}

// tell hands on what a reading holds.
func (r *Reader) tell(raw []byte, at time.Time, reading scanner.Reading, give func(scanner.Scan)) {
	if r.Step != nil && (raw != nil || reading.Fault != scanner.NoFault || reading.Scans != nil) {
		r.Step(Step{Info: r.Info, At: at, Raw: raw, Reading: reading})
	}
	for _, scan := range reading.Scans {
		give(scan)
	}
}
