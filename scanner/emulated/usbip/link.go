package usbip

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// Link is a device on a line.
//
// What the device sends waits until the host asks, and goes out no faster than one
// packet in the device's interval, as a host polls it, if it has one. A report that is longer than
// what the host asks for at once goes out in parts.
type Link struct {
	device *Device
	line   io.ReadWriteCloser
	kick   chan struct{} // something is there that may be sent

	writes sync.Mutex // guards writing to the line

	mu      sync.Mutex // guards what is below
	silent  []uint32   // requests that are never answered
	asked   []request  // what the host waits for from the endpoint, the oldest first
	reports [][]byte   // what the device has to send, the first one next
	sent    int        // bytes of the first report that went out
}

// NewLink puts a device on a line. Nothing happens until Run.
func NewLink(d *Device, line io.ReadWriteCloser) *Link {
	return &Link{device: d, line: line, kick: make(chan struct{}, 1)}
}

// Run answers the host until the line is closed, at either end, and returns nil
// then. It returns an error when the host says something that is no USB/IP. When
// it returns the line is closed.
func (l *Link) Run() error {
	var sender sync.WaitGroup
	sender.Go(l.send)
	defer sender.Wait()
	defer close(l.kick)
	defer l.line.Close()
	for {
		q, err := readRequest(l.line)
		switch {
		case errors.Is(err, errForeign):
			return fmt.Errorf("device %04x:%04x: %w", l.device.Vendor, l.device.Product, err)
		case err != nil:
			return nil // the line is closed
		}
		l.take(q)
	}
}

// Close pulls the device off its line. It may be called by any goroutine.
func (l *Link) Close() error { return l.line.Close() }

// Send queues reports for the host. It keeps nothing of them.
func (l *Link) Send(reports ...[]byte) {
	l.mu.Lock()
	for _, r := range reports {
		l.reports = append(l.reports, slices.Clone(r))
	}
	l.mu.Unlock()
	l.wake()
}

// Waiting returns how many reports wait for the host.
func (l *Link) Waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.reports)
}

// Silent returns how many requests of the host the device leaves without an answer
// just now.
func (l *Link) Silent() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.silent)
}

// take takes in a request.
func (l *Link) take(q request) {
	switch {
	case q.unlink != 0:
		l.write(answer(q, l.forget(q.unlink), 0, nil))
	case q.endpoint == 0:
		l.control(q)
	case q.in:
		l.mu.Lock()
		l.asked = append(l.asked, q)
		l.mu.Unlock()
		l.wake()
	default:
		l.write(answer(q, stalled, 0, nil)) // there is no endpoint to the device
	}
}

func (l *Link) control(q request) {
	data, ok, silent := l.device.control(q.setup, q.data)
	switch {
	case silent:
		l.mu.Lock()
		l.silent = append(l.silent, q.number)
		l.mu.Unlock()
	case !ok:
		l.write(answer(q, stalled, 0, nil))
	case q.in:
		data = data[:min(len(data), q.length)]
		l.write(answer(q, done, len(data), data))
	default:
		l.write(answer(q, done, q.length, nil))
	}
}

// forget drops a request that is not waited for any more, and says what became of
// it: one that was answered already is done.
func (l *Link) forget(number uint32) int32 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.silent, number); i >= 0 {
		l.silent = slices.Delete(l.silent, i, i+1)
		return cancelled
	}
	if i := slices.IndexFunc(l.asked, func(q request) bool { return q.number == number }); i >= 0 {
		l.asked = slices.Delete(l.asked, i, i+1)
		return cancelled
	}
	return done
}

func (l *Link) wake() {
	select {
	case l.kick <- struct{}{}:
	default:
	}
}

// send sends what the device has to who asks for it, until kick is closed.
func (l *Link) send() {
	var next time.Time // when the host polls next
	for range l.kick {
		for l.ready() {
			time.Sleep(time.Until(next))
			q, data, report := l.next()
			if q.number == 0 {
				break // it is not waited for any more
			}
			if report != nil && l.device.Sending != nil {
				l.device.Sending(report)
			}
			next = time.Now().Add(l.device.takes(len(data)))
			l.write(answer(q, done, len(data), data))
		}
	}
}

func (l *Link) ready() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.asked) > 0 && len(l.reports) > 0
}

// next takes the next request and the data that answers it, and the report that
// ends with it; nil: it does not end yet. The request's number is 0 where there is
// nothing to do.
func (l *Link) next() (q request, data, report []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.asked) == 0 || len(l.reports) == 0 {
		return request{}, nil, nil
	}
	q, l.asked = l.asked[0], l.asked[1:]
	first := l.reports[0]
	data = first[l.sent:min(len(first), l.sent+q.length)]
	l.sent += len(data)
	if l.sent < len(first) {
		return q, data, nil
	}
	l.reports, l.sent = l.reports[1:], 0
	return q, data, first
}

// write writes one message. A line that breaks is noticed where it is read.
func (l *Link) write(b []byte) {
	l.writes.Lock()
	defer l.writes.Unlock()
	_, _ = l.line.Write(b)
}
