package hidraw

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"circdesk/scanner"
)

// Supported reports whether this system has raw nodes.
func Supported() bool { return true }

// Open is [scanner.Backend.Open].
func (b *Backend) Open(info scanner.Info, _ scanner.Setup) (scanner.Port, error) {
	p := &port{}
	if err := p.open(info); err != nil {
		_ = p.Close() // what failed is told
		return nil, err
	}
	return p, nil
}

// port is an open device. It is a [scanner.ReportWriter] and a
// [scanner.FeatureWriter].
type port struct {
	raw     *os.File
	grabbed []*os.File // the nodes that its keys come from
	empty   int        // reads in a row that gave nothing
}

func (p *port) open(info scanner.Info) (err error) {
	if p.raw, err = open(info.Path, os.O_RDWR); err != nil {
		return err
	}
	lock := func(fd int) error { return unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB) }
	if err := control(p.raw, lock); err != nil {
		return why("lock", info.Path, err)
	}
	if info.Kind != scanner.Keyboard {
		return nil
	}
	for _, file := range info.Files {
		if file == info.Path {
			continue
		}
		keys, err := open(file, os.O_RDONLY)
		if err != nil {
			return err
		}
		p.grabbed = append(p.grabbed, keys)
		grab := func(fd int) error { return unix.IoctlSetInt(fd, grabKeys(), 1) }
		if err := control(keys, grab); err != nil {
			return why("grab", file, err)
		}
	}
	return nil
}

func open(file string, how int) (*os.File, error) {
	f, err := os.OpenFile(file, how, 0)
	if err != nil {
		return nil, why("open", file, err)
	}
	return f, nil
}

// control does something with a file's descriptor.
func control(f *os.File, do func(fd int) error) error {
	c, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var done error
	if err := c.Control(func(fd uintptr) { done = do(int(fd)) }); err != nil {
		return err
	}
	return done
}

// why says what an error of the system means.
func why(did, file string, err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s %s: %w", did, file, fs.ErrPermission)
	case errors.Is(err, unix.EBUSY), errors.Is(err, unix.EWOULDBLOCK):
		return fmt.Errorf("%s %s: %w", did, file, scanner.ErrBusy)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, unix.ENODEV), errors.Is(err, unix.ENXIO), errors.Is(err, unix.EIO):
		return fmt.Errorf("%s %s: %w", did, file, scanner.ErrGone)
	}
	return fmt.Errorf("%s %s: %w", did, file, err)
}

// mostEmpty is how many reads in a row may give nothing: some drivers give one
// empty report before the end.
const mostEmpty = 3

// ReadTimeout is [scanner.Port.ReadTimeout].
func (p *port) ReadTimeout(b []byte, timeout time.Duration) (int, error) {
	if err := p.raw.SetReadDeadline(time.Now().Add(timeout)); err != nil {
		return 0, scanner.ErrGone
	}
	n, err := p.raw.Read(b)
	switch {
	case n > 0:
		p.empty = 0
		return n, nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return 0, nil
	case err == nil, errors.Is(err, io.EOF) && p.empty < mostEmpty:
		p.empty++
		return 0, nil
	}
	return 0, scanner.ErrGone
}

// Close is [scanner.Port.Close].
func (p *port) Close() error {
	var errs []error
	for _, f := range append([]*os.File{p.raw}, p.grabbed...) {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	p.raw, p.grabbed = nil, nil
	return errors.Join(errs...)
}

// WriteReport is [scanner.ReportWriter.WriteReport].
func (p *port) WriteReport(report []byte) error {
	if _, err := p.raw.Write(report); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// WriteFeature is [scanner.FeatureWriter.WriteFeature].
func (p *port) WriteFeature(report []byte) error {
	request, ok := setFeature(len(report))
	if !ok {
		return errors.ErrUnsupported
	}
	err := control(p.raw, func(fd int) error {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), request, uintptr(unsafe.Pointer(unsafe.SliceData(report))))
		runtime.KeepAlive(report)
		if errno != 0 {
			return errno
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write feature: %w", err)
	}
	return nil
}

// elsewhere are the machines on which Linux numbers its requests otherwise than on
// all others.
func elsewhere() bool {
	return slices.Contains([]string{"mips", "mipsle", "mips64", "mips64le", "ppc64", "ppc64le"}, runtime.GOARCH)
}

// grabKeys is EVIOCGRAB, which golang.org/x/sys does not name.
func grabKeys() uint {
	if elsewhere() {
		return 0x80044590
	}
	return 0x40044590
}

// setFeature is HIDIOCSFEATURE for a report of n bytes.
func setFeature(n int) (request uintptr, ok bool) {
	if elsewhere() || n < 1 || n >= 1<<13 {
		return 0, false
	}
	return uintptr(0xC0004806) | uintptr(n)<<16, true
}
