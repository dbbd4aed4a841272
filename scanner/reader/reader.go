package reader

import (
	"context"
	"fmt"
	"time"

	"circdesk/scanner"
	"circdesk/scanner/pos"
)

// Reader reads one device. It is a [scanner.Device]; its Run returns an error
// when the device cannot be opened, is unplugged, or fails: it is gone then, and
// a new Reader is made when it is back.
type Reader struct {
	Backend scanner.Backend
	Info    scanner.Info
	Setup   scanner.Setup
	Decoder scanner.Decoder // as [Decoder] makes it

	// Again is the Within of the [scanner.Repeats] that its scans pass.
	Again time.Duration
	// Signals are what the scanner shall show, nil: nothing.
	Signals <-chan scanner.Signal
	// Opened is called when the device is open, nil: nobody. It is told which
	// signals the device takes.
	Opened func(signals []scanner.Signal)
	// Step is called with all that came, scan or not, before its scans are given;
	// nil: nobody. It must be quick.
	Step func(Step)

	repeats scanner.Repeats
	scanned time.Time // when the last scan was complete
}

// Step is one look at how a scan comes to be.
type Step struct {
	Info    scanner.Info
	At      time.Time
	Raw     []byte // what one read gave, valid until Step returns: a report, or bytes of a line; nil: time alone made the reading
	Reading scanner.Reading
}

const (
	wait    = 200 * time.Millisecond // how long one read waits: so long does the end of the context, too
	eager   = 20 * time.Millisecond  // the same while a signal is likely to come
	eagerly = time.Second            // how long after a scan a signal is
)

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
	r.redirect(port, true)
	defer r.redirect(port, false)

	reports := signals(port, r.Info)
	if r.Opened != nil {
		r.Opened(takes(reports))
	}
	if len(reports) == 0 {
		r.Signals = nil
	}
	r.repeats.Within = r.Again
	return r.read(ctx, port, reports, give)
}

// redirect makes a scanner that can do both send its scans as reports, if the setup
// says that it is to be read by them, and type again at the end. A scanner that
// does not want to is read as it is.
func (r *Reader) redirect(port scanner.Port, on bool) {
	w, ok := port.(scanner.FeatureWriter)
	if !ok || r.Setup.Kind != scanner.POS {
		return
	}
	if report := pos.Redirection(r.Info.Descriptor, on); report != nil {
		_ = w.WriteFeature(report)
	}
}

// signals are the reports for the signals that a device takes.
func signals(port scanner.Port, info scanner.Info) map[scanner.Signal][]byte {
	if _, ok := port.(scanner.ReportWriter); !ok {
		return nil
	}
	return pos.Signals(info.Descriptor)
}

func takes(reports map[scanner.Signal][]byte) (list []scanner.Signal) {
	for _, s := range []scanner.Signal{scanner.GoodRead, scanner.BadRead, scanner.NotOnFile} {
		if reports[s] != nil {
			list = append(list, s)
		}
	}
	return list
}

func (r *Reader) read(ctx context.Context, port scanner.Port, reports map[scanner.Signal][]byte, give func(scanner.Scan)) error {
	buf := make([]byte, scanner.MinRead)
	for ctx.Err() == nil {
		r.signal(port, reports)
		wait := r.wait()
		begun := time.Now()
		n, err := port.ReadTimeout(buf, wait)
		now := time.Now()
		switch {
		case err != nil:
			r.tell(nil, now, r.Decoder.End(now), give)
			return fmt.Errorf("read %s %s: %w", r.Backend.Name(), r.Info.Path, scanner.ErrGone)
		case n == 0:
			// No more than what was asked for: a program that was stopped meanwhile has not listened.
			r.tell(nil, now, r.Decoder.Idle(min(now.Sub(begun), wait), now), give)
		default:
			r.tell(buf[:n], now, r.Decoder.Decode(buf[:n], now), give)
		}
	}
	now := time.Now()
	r.tell(nil, now, r.Decoder.End(now), give)
	return nil
}

// wait is how long the next read waits.
func (r *Reader) wait() time.Duration {
	if r.Signals != nil && time.Since(r.scanned) < eagerly {
		return eager
	}
	return wait
}

// signal sends a signal that waits, if one does. One that the device does not take
// is no reason to give the device up, but it is sent no more: the system may wait
// seconds for a device that does not answer, and the scans wait with it.
func (r *Reader) signal(port scanner.Port, reports map[scanner.Signal][]byte) {
	select {
	case s := <-r.Signals: // never, where it is nil
		if w, ok := port.(scanner.ReportWriter); ok && reports[s] != nil && w.WriteReport(reports[s]) != nil {
			r.Signals = nil
		}
	default:
	}
}

// tell hands on what a reading holds.
func (r *Reader) tell(raw []byte, at time.Time, reading scanner.Reading, give func(scanner.Scan)) {
	if r.Step != nil && (raw != nil || reading.Fault != scanner.NoFault || reading.Scans != nil) {
		r.Step(Step{Info: r.Info, At: at, Raw: raw, Reading: reading})
	}
	for _, scan := range reading.Scans {
		r.scanned = at
		if !r.repeats.Again(scan) {
			give(scan)
		}
	}
}
