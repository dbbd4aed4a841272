//go:build linux

package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"circdesk/scanner"
	"circdesk/scanner/emulated/usbip"
)

// The kernel's virtual host controller: writing to these files plugs devices in and
// out.
const (
	vhciAttach = "/sys/devices/platform/vhci_hcd.0/attach"
	vhciDetach = "/sys/devices/platform/vhci_hcd.0/detach"
	vhciStatus = "/sys/devices/platform/vhci_hcd.0/status"
)

const (
	fullSpeed = 2 // as the kernel numbers speeds
	portFree  = "004"
	fullPorts = 8 // ports of the hub for devices of full speed; the others are for faster ones
)

// plugged is a device that hangs on the machine.
type plugged struct {
	*usbip.Link
	port   int
	served chan error
	pulled sync.Once
	err    error
}

// plug plugs a device into a port: 0 to 7. It does not wait until the kernel has
// made friends with it.
func plug(ctx context.Context, port int, d *usbip.Device) (*plugged, error) {
	if port < 0 || port >= fullPorts {
		return nil, fmt.Errorf("plug into port %d: there is none", port)
	}
	if err := until(ctx, fmt.Sprintf("port %d to be free", port), func() bool { return free(port) }); err != nil {
		return nil, err
	}
	ours, theirs, err := line()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	p := &plugged{Link: usbip.NewLink(d, ours), port: port, served: make(chan error, 1)}
	go func() { p.served <- p.Run() }()
	where := fmt.Sprintf("%d %d %d %d", port, theirs.Fd(), 1<<16|port+1, fullSpeed)
	if err := os.WriteFile(vhciAttach, []byte(where), 0); err != nil {
		_ = p.Close()
		return nil, fmt.Errorf("plug into port %d: %w", port, err)
	}
	return p, nil
}

// line is a line between us and the kernel.
func line() (ours net.Conn, theirs *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("make a line: %w", err)
	}
	f := os.NewFile(uintptr(fds[0]), "device")
	defer f.Close()
	theirs = os.NewFile(uintptr(fds[1]), "kernel")
	if ours, err = net.FileConn(f); err != nil {
		theirs.Close()
		return nil, nil, fmt.Errorf("make a line: %w", err)
	}
	return ours, theirs, nil
}

// free reports whether a port is free, and the kernel has noticed: a device that
// comes before it has is taken for the one before.
func free(port int) bool {
	before, err := filepath.Glob(fmt.Sprintf("/sys/devices/platform/vhci_hcd.0/usb*/*-%d", port+1))
	return err == nil && before == nil && portState(port) == portFree
}

// portState is the state of a port as the kernel writes it, "": it has none such.
func portState(port int) string {
	b, err := os.ReadFile(vhciStatus)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(b)) {
		// hub port sta spd dev sockfd local_busid
		var hub, state string
		var n int
		if _, err := fmt.Sscan(line, &hub, &n, &state); err == nil && n == port {
			return state
		}
	}
	return ""
}

// unplug pulls the device out, once. It returns the error of its line, if it had one.
func (p *plugged) unplug() error {
	p.pulled.Do(func() {
		err := os.WriteFile(vhciDetach, fmt.Append(nil, p.port), 0)
		_ = p.Close()
		if p.err = <-p.served; p.err == nil && err != nil {
			p.err = fmt.Errorf("unplug port %d: %w", p.port, err)
		}
	})
	return p.err
}

// until waits for something to be so. The error says what was not.
func until(ctx context.Context, what string, so func() bool) error {
	begun := time.Now()
	for !so() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: still not after %.1f s", what, time.Since(begun).Seconds())
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

// find waits until a backend lists a device with a serial number and a descriptor.
func find(ctx context.Context, b scanner.Backend, serial string) (found scanner.Info, err error) {
	err = until(ctx, b.Name()+" to list "+serial, func() bool {
		found, err = listed(b, serial)
		return err == nil && found.Descriptor != nil
	})
	return found, err
}

// listed returns a device as a backend lists it.
func listed(b scanner.Backend, serial string) (scanner.Info, error) {
	list, err := b.List()
	if err != nil {
		return scanner.Info{}, err
	}
	for _, info := range list {
		if info.Serial == serial {
			return info, nil
		}
	}
	return scanner.Info{}, fmt.Errorf("%s does not list %s", b.Name(), serial)
}

// known reports whether the kernel has a device with a serial number and has made up
// its mind about it: its interface is there.
func known(serial string) bool {
	numbers, err := filepath.Glob("/sys/bus/usb/devices/*/serial")
	if err != nil {
		return false
	}
	for _, file := range numbers {
		b, err := os.ReadFile(file)
		if err != nil || strings.TrimSpace(string(b)) != serial {
			continue
		}
		device := filepath.Dir(file)
		parts, err := filepath.Glob(device + "/" + filepath.Base(device) + ":*")
		return err == nil && len(parts) > 0
	}
	return false
}

// driver is the kernel's driver of a part of a device, "": none.
func driver(part string) string {
	l, err := os.Readlink("/sys/bus/usb/devices/" + part + "/driver")
	if err != nil {
		return ""
	}
	return filepath.Base(l)
}
