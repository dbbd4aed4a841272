package hid

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"

	"circdesk/scanner"
)

// giveBack gives to the kernel's driver what a program that was killed has left
// without one, so that it says what it is: nobody would know a bar code scanner. A
// device that says without a driver that it types is left alone: that its keys go
// nowhere may be somebody's wish.
func (b *Backend) giveBack() {
	for _, i := range b.Tree.USB() {
		if i.Kind == scanner.Unknown && i.Descriptor == nil && i.Access == scanner.Allowed && b.Tree.Driver(i.Part) == "" {
			_ = connect(i) // the driver may not want it
		}
	}
}

// connect asks the kernel to find a driver for an interface of a USB device.
func connect(i scanner.Info) error {
	var number int32
	if _, err := fmt.Sscanf(i.Part[strings.LastIndex(i.Part, ".")+1:], "%d", &number); err != nil {
		return fmt.Errorf("interface %q: %w", i.Part, err)
	}
	if slices.Contains([]string{"mips", "mipsle", "mips64", "mips64le", "ppc64", "ppc64le"}, runtime.GOARCH) {
		return unix.ENOTSUP // the requests have other numbers there
	}
	f, err := os.OpenFile(i.Files[0], os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	// USBDEVFS_IOCTL, which golang.org/x/sys does not name, hands a request to an
	// interface; this one is USBDEVFS_CONNECT.
	request := struct {
		number, code int32
		data         uintptr
	}{number: number, code: 'U'<<8 | 23}
	ioctl := 3<<30 | unsafe.Sizeof(request)<<16 | 'U'<<8 | 18
	c, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var errno unix.Errno
	if err := c.Control(func(fd uintptr) {
		_, _, errno = unix.Syscall(unix.SYS_IOCTL, fd, ioctl, uintptr(unsafe.Pointer(&request)))
	}); err != nil {
		return err
	}
	if errno != 0 {
		return fmt.Errorf("connect %s: %w", i.Part, errno)
	}
	return nil
}
