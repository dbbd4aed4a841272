package hid

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/karalabe/hid"

	"circdesk/scanner"
	"circdesk/scanner/hidreport"
	"circdesk/scanner/internal/sysfs"
)

// Backend is a [scanner.Stamper].
//
// On Linux its list comes from /sys and not from the library, which would open
// every device and ask it for its names: one that does not answer would hold up
// all others for seconds, and of one that is open already it would hear nothing.
type Backend struct {
	// Tree is where Linux's files lie; the zero Tree is the system's own.
	Tree sysfs.Tree

	begun sync.Once
}

// Name is [scanner.Backend.Name].
func (*Backend) Name() string { return "hid" }

// Supported reports whether this program and system can reach devices this way.
func Supported() bool { return hid.Supported() }

func unsupported() error {
	return fmt.Errorf("hid needs a program built with cgo: %w", errors.ErrUnsupported)
}

// List is [scanner.Backend.List].
func (b *Backend) List() ([]scanner.Info, error) {
	switch {
	case !hid.Supported():
		return nil, unsupported()
	case b.Tree.Here():
		b.begun.Do(b.giveBack)
		return b.named(b.Tree.USB()), nil
	}
	return b.asked()
}

func (b *Backend) named(list []scanner.Info) []scanner.Info {
	for i := range list {
		list[i].Backend = b.Name()
	}
	return list
}

// asked is the list that the library makes.
func (b *Backend) asked() ([]scanner.Info, error) {
	found, err := hid.Enumerate(0, 0)
	if err != nil {
		return nil, fmt.Errorf("list hid devices: %w", err)
	}
	var list []scanner.Info
	for _, d := range found {
		info := scanner.Info{
			Path: d.Path, Part: d.Path, Vendor: d.VendorID, Product: d.ProductID,
			VendorName: scanner.Name(d.Manufacturer), ProductName: scanner.Name(d.Product), Serial: scanner.Name(d.Serial),
			Kind: kind(hidreport.Usage(d.UsagePage)<<16 | hidreport.Usage(d.Usage)),
		}
		info.Device = info.ID() // the library does not tell which parts belong together
		list = append(list, info)
	}
	slices.SortFunc(list, func(a, b scanner.Info) int { return cmp.Compare(a.Path, b.Path) })
	return b.named(list), nil
}

// kind says what a device is by the usage that Windows and macOS tell of it.
func kind(u hidreport.Usage) scanner.Kind {
	switch {
	case u.Page() == hidreport.PageScanner:
		return scanner.POS
	case u == hidreport.DesktopKeyboard:
		return scanner.Keyboard
	}
	return scanner.Unknown
}

// Stamp is [scanner.Stamper.Stamp]. Only Linux can tell.
func (b *Backend) Stamp() string { return b.Tree.USBStamp() }

// Open is [scanner.Backend.Open].
func (b *Backend) Open(info scanner.Info, _ scanner.Setup) (scanner.Port, error) {
	switch {
	case !hid.Supported():
		return nil, unsupported()
	case runtime.GOOS == "windows" && info.Kind == scanner.Keyboard:
		// It could be opened, and every read would fail.
		return nil, fmt.Errorf("keyboards are Windows' own: set the scanner to HID POS: %w", errors.ErrUnsupported)
	}
	d, err := hid.DeviceInfo{Path: info.Path}.Open()
	if err != nil {
		return nil, why(info)
	}
	return &port{device: d}, nil
}

// why says why a device could not be opened. The library has one text for all, so
// the device's file is looked at; where there is none to look at, someone else is
// likeliest to have it.
func why(info scanner.Info) error {
	for _, file := range info.Files {
		f, err := os.OpenFile(file, os.O_RDWR, 0)
		switch {
		case err == nil:
			f.Close()
		case errors.Is(err, fs.ErrPermission):
			return fs.ErrPermission
		case errors.Is(err, fs.ErrNotExist):
			return scanner.ErrGone
		}
	}
	return scanner.ErrBusy
}

// port is an open device. It is a [scanner.ReportWriter] and a
// [scanner.FeatureWriter] where the library can write.
type port struct {
	device hid.Device
	closed sync.Once
	err    error
}

// ReadTimeout is [scanner.Port.ReadTimeout]. The library takes no waiting for
// waiting for ever, or for none at all: what is asked for is a millisecond at
// least.
func (p *port) ReadTimeout(b []byte, timeout time.Duration) (int, error) {
	n, err := p.device.ReadTimeout(b, int(max(timeout.Milliseconds(), 1)))
	if err != nil {
		return 0, scanner.ErrGone // its own text says nothing on Linux
	}
	return n, nil
}

// Close is [scanner.Port.Close].
func (p *port) Close() error {
	p.closed.Do(func() { p.err = p.device.Close() })
	return p.err
}

// WriteReport is [scanner.ReportWriter.WriteReport]. On Windows the library puts a
// zero before every report, so there it can only send those without a number.
func (p *port) WriteReport(report []byte) error {
	if runtime.GOOS == "windows" {
		if len(report) == 0 || report[0] != 0 {
			return errors.ErrUnsupported
		}
		report = report[1:]
	}
	_, err := p.device.Write(report)
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// WriteFeature is [scanner.FeatureWriter.WriteFeature].
func (p *port) WriteFeature(report []byte) error {
	if _, err := p.device.SendFeatureReport(report); err != nil {
		return fmt.Errorf("write feature: %w", err)
	}
	return nil
}
