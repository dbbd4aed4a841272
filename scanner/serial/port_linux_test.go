package serial_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/creack/pty"

	"circdesk/scanner"
	"circdesk/scanner/internal/sysfs"
	"circdesk/scanner/reader"
	"circdesk/scanner/serial"
)

// A terminal of the system is a serial port that can be written into at its other
// end.
func TestRead(t *testing.T) {
	device, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	info := scanner.Info{Path: tty.Name(), Kind: scanner.Serial}
	setup := scanner.Setup{Name: "port", Line: "19200,7,e,1", Prefix: "~"}
	decoder, err := reader.Decoder(info, setup)
	if err != nil {
		t.Fatal(err)
	}
	scans, opened, ended := make(chan scanner.Scan), make(chan struct{}), make(chan error, 1)
	r := reader.Reader{Backend: &serial.Backend{}, Info: info, Setup: setup, Decoder: decoder, Opened: func([]scanner.Signal) { close(opened) }}
	go func() { ended <- r.Run(t.Context(), func(s scanner.Scan) { scans <- s }) }()
	<-opened
	for _, row := range []struct {
		sent string
		want []string
		end  scanner.End
	}{
		{"31234000123456\r\n", []string{"31234000123456"}, scanner.Enter},
		{"~]F031234000123456\r", []string{"31234000123456"}, scanner.Enter},
		{"1\n2\n", []string{"1", "2"}, scanner.LineFeed},
		{"3\t", []string{"3"}, scanner.Tab},
	} {
		if _, err := device.Write([]byte(row.sent)); err != nil {
			t.Fatal(err)
		}
		for _, want := range row.want {
			if s := <-scans; s.Text != want || s.End != row.end || s.Source != "port" {
				t.Errorf("%q: got %+v", row.sent, s)
			}
		}
	}
	device.Close() // the plug is pulled
	if err := <-ended; !errors.Is(err, scanner.ErrGone) {
		t.Errorf("the end: %v", err)
	}
}

func TestQuiet(t *testing.T) {
	device, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	defer tty.Close()
	p, err := (&serial.Backend{}).Open(scanner.Info{Path: tty.Name()}, scanner.Setup{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if n, err := p.ReadTimeout(make([]byte, 64), time.Nanosecond); n != 0 || err != nil {
		t.Errorf("with nothing to read: %d, %v", n, err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if _, err := p.ReadTimeout(make([]byte, 64), time.Millisecond); !errors.Is(err, scanner.ErrGone) {
		t.Errorf("after Close: %v", err)
	}
}

func TestList(t *testing.T) {
	top := t.TempDir()
	for _, folder := range []string{"sys/bus/usb/devices", "sys/class/tty/ttyS0", "sys/devices/pnp0"} {
		if err := os.MkdirAll(filepath.Join(top, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{
		os.Symlink(filepath.Join(top, "sys/devices/pnp0"), filepath.Join(top, "sys/class/tty/ttyS0/device")),
		os.WriteFile(filepath.Join(top, "sys/class/tty/ttyS0/type"), []byte("4\n"), 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	b := &serial.Backend{Tree: sysfs.Tree{Sys: filepath.Join(top, "sys"), Dev: "/dev"}}
	list, err := b.List()
	if err != nil || len(list) != 1 || list[0].Path != "/dev/ttyS0" || list[0].Backend != "serial" || b.Stamp() == "" {
		t.Errorf("got %+v, %v", list, err)
	}
	// Where there is no /sys the system is asked: it may have any ports, in order.
	b.Tree = sysfs.Tree{Sys: filepath.Join(top, "none")}
	list, err = b.List()
	if err != nil || b.Stamp() != "" || !slices.IsSortedFunc(list, func(a, b scanner.Info) int { return slices.Compare([]byte(a.Path), []byte(b.Path)) }) {
		t.Errorf("got %+v, %v", list, err)
	}
	for _, i := range list {
		if i.Kind != scanner.Serial || i.Backend != "serial" {
			t.Errorf("%+v", i)
		}
	}
}

var _ scanner.Stamper = (*serial.Backend)(nil)
