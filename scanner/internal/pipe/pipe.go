// Package pipe is a scanner for tests: what is sent into one end of a pipe comes out
// of a port at the other, report by report.
//
// It knows pipes and pulled plugs. It does not know what reports hold.
package pipe

import (
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"sync"
	"time"

	"circdesk/scanner"
)

// Backend is a [scanner.Stamper] whose devices are plugged in by hand. The zero
// Backend has none. Its methods may be called by any goroutine.
type Backend struct {
	Called string // its name; "": "pipe"

	mu      sync.Mutex
	plugged []*Device
	stamp   int
}

// Device is a device that can be plugged in. Its Info is not changed while it is.
type Device struct {
	Info scanner.Info

	mu      sync.Mutex
	denied  bool     // nobody may open it
	deaf    bool     // it takes nothing that is written
	in      net.Conn // where Send writes; nil: nobody has it open
	written [][]byte // what was written to the device
}

// Plug plugs a device in.
func (b *Backend) Plug(d *Device) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.plugged = append(b.plugged, d)
	b.stamp++
}

// Unplug pulls a device out: who reads it hears so after all that was sent.
func (b *Backend) Unplug(d *Device) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.plugged {
		if b.plugged[i] == d {
			b.plugged = append(b.plugged[:i:i], b.plugged[i+1:]...)
			break
		}
	}
	b.stamp++
	d.close()
}

// Name is [scanner.Backend.Name].
func (b *Backend) Name() string {
	if b.Called != "" {
		return b.Called
	}
	return "pipe"
}

// Stamp is [scanner.Stamper.Stamp].
func (b *Backend) Stamp() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return string(binary.AppendVarint([]byte("n"), int64(b.stamp)))
}

// List is [scanner.Backend.List].
func (b *Backend) List() (list []scanner.Info, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, d := range b.plugged {
		info := d.Info
		info.Backend = b.Name()
		list = append(list, info)
	}
	return list, nil
}

// Open is [scanner.Backend.Open].
func (b *Backend) Open(info scanner.Info, _ scanner.Setup) (scanner.Port, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, d := range b.plugged {
		if d.Info.Path == info.Path {
			return d.open()
		}
	}
	return nil, scanner.ErrGone
}

// Deny says whether nobody may open the device.
func (d *Device) Deny(denied bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.denied = denied
}

// Deafen says whether the device takes nothing that is written to it.
func (d *Device) Deafen(deaf bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.deaf = deaf
}

func (d *Device) open() (scanner.Port, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.denied:
		return nil, fs.ErrPermission
	case d.in != nil:
		return nil, scanner.ErrBusy
	}
	in, out := net.Pipe()
	d.in = in
	return &port{device: d, out: out}, nil
}

func (d *Device) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.in != nil {
		d.in.Close()
		d.in = nil
	}
}

// Send sends a report to who has the device open, and waits until it is read;
// false: nobody has, or reads no more. One goroutine sends.
func (d *Device) Send(report []byte) bool {
	d.mu.Lock()
	in := d.in
	d.mu.Unlock()
	if in == nil {
		return false
	}
	frame := append(binary.LittleEndian.AppendUint16(nil, uint16(len(report))), report...)
	_, err := in.Write(frame)
	return err == nil
}

// Written returns the reports that were written to the device, taken or not.
func (d *Device) Written() [][]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([][]byte(nil), d.written...)
}

// port is the other end.
type port struct {
	device *Device
	out    net.Conn
}

// ReadTimeout is [scanner.Port.ReadTimeout].
func (p *port) ReadTimeout(b []byte, timeout time.Duration) (int, error) {
	if err := p.out.SetReadDeadline(time.Now().Add(timeout)); err != nil {
		return 0, err
	}
	var head [2]byte
	switch _, err := io.ReadFull(p.out, head[:1]); {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return 0, nil
	case err != nil:
		return 0, scanner.ErrGone
	}
	if err := p.out.SetReadDeadline(time.Time{}); err != nil { // the rest is on its way
		return 0, err
	}
	if _, err := io.ReadFull(p.out, head[1:]); err != nil {
		return 0, scanner.ErrGone
	}
	frame := make([]byte, binary.LittleEndian.Uint16(head[:]))
	if _, err := io.ReadFull(p.out, frame); err != nil {
		return 0, scanner.ErrGone
	}
	return copy(b, frame), nil
}

// Close is [scanner.Port.Close].
func (p *port) Close() error {
	p.device.close()
	return p.out.Close()
}

// WriteReport is [scanner.ReportWriter.WriteReport].
func (p *port) WriteReport(report []byte) error {
	p.device.mu.Lock()
	defer p.device.mu.Unlock()
	p.device.written = append(p.device.written, append([]byte(nil), report...))
	if p.device.deaf {
		return os.ErrDeadlineExceeded
	}
	return nil
}

// WriteFeature is [scanner.FeatureWriter.WriteFeature].
func (p *port) WriteFeature(report []byte) error { return p.WriteReport(report) }
