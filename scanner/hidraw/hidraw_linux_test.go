package hidraw_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"circdesk/scanner"
	"circdesk/scanner/hidraw"
	"circdesk/scanner/internal/descriptors"
	"circdesk/scanner/internal/sysfs"
	"circdesk/scanner/watch"
)

// plug makes a machine with one raw node that is a named pipe: what is written into
// it, a report at a time, is what the device sends.
func plug(t testing.TB, descriptor []byte) (b *hidraw.Backend, info scanner.Info, device *os.File) {
	t.Helper()
	top := t.TempDir()
	folder := filepath.Join(top, "sys/devices/0003:0C2E:0B67.0001")
	node := filepath.Join(top, "dev/hidraw0")
	class := filepath.Join(top, "sys/class/hidraw/hidraw0")
	for _, folder := range []string{folder, filepath.Dir(node), class} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{
		os.WriteFile(filepath.Join(folder, "report_descriptor"), descriptor, 0o644),
		os.WriteFile(filepath.Join(folder, "uevent"), []byte("HID_ID=0003:00000C2E:00000B67\n"), 0o644),
		os.Symlink(folder, filepath.Join(class, "device")),
		syscall.Mkfifo(node, 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	device, err := os.OpenFile(node, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { device.Close() })
	b = &hidraw.Backend{Tree: sysfs.Tree{Sys: filepath.Join(top, "sys"), Dev: filepath.Join(top, "dev")}}
	list, err := b.List()
	if err != nil || len(list) != 1 {
		t.Fatalf("list %+v, %v", list, err)
	}
	return b, list[0], device
}

// report makes one of Hand Held Products' layout.
func report(data string) []byte {
	b := make([]byte, 64)
	b[0], b[1] = 2, byte(len(data))
	copy(b[2:], "]F0")
	copy(b[5:], data)
	return b
}

func TestRead(t *testing.T) {
	b, info, device := plug(t, descriptors.HandHeldPOS())
	if info.Backend != "hidraw" || info.Kind != scanner.POS || info.Vendor != 0x0C2E || b.Stamp() == "" {
		t.Errorf("info %+v", info)
	}
	p, err := b.Open(info, scanner.Setup{})
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, scanner.MinRead)
	if n, err := p.ReadTimeout(buf, time.Millisecond); n != 0 || err != nil {
		t.Errorf("with nothing to read: %d, %v", n, err)
	}
	want := report("31234000123456")
	if _, err := device.Write(want); err != nil {
		t.Fatal(err)
	}
	if n, err := p.ReadTimeout(buf, time.Second); err != nil || !slices.Equal(buf[:n], want) {
		t.Errorf("read %x, %v", buf[:n], err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if n, err := p.ReadTimeout(buf, time.Millisecond); n != 0 || !errors.Is(err, scanner.ErrGone) {
		t.Errorf("after Close: %d, %v", n, err)
	}
	if err := p.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
}

func TestUnplugged(t *testing.T) {
	b, info, _ := plug(t, descriptors.HandHeldPOS())
	// A pipe that nobody can write into any more reads as an end, for ever: what a
	// device that is gone must never do to its reader.
	info.Path = filepath.Join(t.TempDir(), "end")
	if err := os.WriteFile(info.Path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := b.Open(info, scanner.Setup{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for range 10 {
		if _, err = p.ReadTimeout(make([]byte, scanner.MinRead), time.Millisecond); err != nil {
			break
		}
	}
	if !errors.Is(err, scanner.ErrGone) {
		t.Errorf("got %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, row := range []struct {
		name string
		play func(t *testing.T, b *hidraw.Backend, info *scanner.Info)
		want error
	}{
		{"a program of ours reads it", func(t *testing.T, b *hidraw.Backend, info *scanner.Info) {
			p, err := b.Open(*info, scanner.Setup{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { p.Close() })
		}, scanner.ErrBusy},
		{"it is gone", func(_ *testing.T, _ *hidraw.Backend, info *scanner.Info) { info.Path += "9" }, scanner.ErrGone},
		{"nobody may", func(t *testing.T, _ *hidraw.Backend, info *scanner.Info) { nobodyMay(t, info.Path) }, fs.ErrPermission},
		{"a keyboard whose keys cannot be grabbed", func(t *testing.T, _ *hidraw.Backend, info *scanner.Info) {
			keys := filepath.Join(t.TempDir(), "event3")
			if err := os.WriteFile(keys, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			info.Kind, info.Files = scanner.Keyboard, []string{info.Path, keys}
		}, syscall.ENOTTY},
		{"a keyboard whose keys are gone", func(_ *testing.T, _ *hidraw.Backend, info *scanner.Info) {
			info.Kind, info.Files = scanner.Keyboard, []string{info.Path, info.Path + "9"}
		}, scanner.ErrGone},
	} {
		t.Run(row.name, func(t *testing.T) {
			b, info, _ := plug(t, descriptors.HandHeldPOS())
			whole := info
			row.play(t, b, &info)
			if _, err := b.Open(info, scanner.Setup{}); !errors.Is(err, row.want) {
				t.Errorf("got %v, want %v", err, row.want)
			}
			if row.want != scanner.ErrBusy && row.want != fs.ErrPermission {
				p, err := b.Open(whole, scanner.Setup{})
				if err != nil {
					t.Fatalf("what was refused is still open: %v", err)
				}
				p.Close()
			}
		})
	}
}

// nobodyMay takes all rights to a file away, and root's from the test.
func nobodyMay(t *testing.T, file string) {
	t.Helper()
	if err := os.Chmod(file, 0); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() != 0 {
		return
	}
	if err := syscall.Setresuid(0, 65534, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Setresuid(0, 0, 0); err != nil {
			t.Fatal(err)
		}
	})
}

func TestWriteReport(t *testing.T) {
	b, info, device := plug(t, descriptors.HandHeldPOS())
	p, err := b.Open(info, scanner.Setup{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := p.(scanner.ReportWriter).WriteReport([]byte{4, 0x40}); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 64)
	if n, err := device.Read(buf); err != nil || !slices.Equal(buf[:n], []byte{4, 0x40}) {
		t.Errorf("written %x, %v", buf[:n], err)
	}
	if err := p.(scanner.FeatureWriter).WriteFeature([]byte{0xFE, 1}); !errors.Is(err, syscall.ENOTTY) && !errors.Is(err, syscall.EINVAL) {
		t.Errorf("a pipe took a feature: %v", err)
	}
}

// run reads all devices of a machine until the test ends, as a desk does.
func run(t testing.TB, b *hidraw.Backend, give func(scanner.Scan)) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	opened := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		w := watch.Watcher{Backends: []scanner.Backend{b}, Again: -1, Notice: func(n watch.Notice) {
			if n.Event != watch.Plugged {
				t.Errorf("notice %+v", n)
				return
			}
			close(opened)
		}}
		if err := w.Run(ctx, give); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { cancel(); done.Wait() })
	<-opened
}

func TestAThousandScans(t *testing.T) {
	b, _, device := plug(t, descriptors.HandHeldPOS())
	scans := make(chan string)
	run(t, b, func(s scanner.Scan) { scans <- s.Text })
	for n := range 1000 {
		want := []byte("31234000000000")
		for i, n := 13, n; n > 0; i, n = i-1, n/10 {
			want[i] = byte('0' + n%10)
		}
		if _, err := device.Write(report(string(want))); err != nil {
			t.Fatal(err)
		}
		if got := <-scans; got != string(want) {
			t.Fatalf("scan %d: got %s, want %s", n, got, want)
		}
	}
}

// BenchmarkReport is the time from the last byte of a device's report to who takes
// the scan, through a real file of the system and all that a desk has in between. It
// tells the 99th of a hundred.
func BenchmarkReport(b *testing.B) {
	backend, _, device := plug(b, descriptors.HandHeldPOS())
	taken := make(chan time.Time, 1)
	run(b, backend, func(scanner.Scan) { taken <- time.Now() })
	r := report("31234000123456")
	times := make([]time.Duration, 0, b.N)
	for b.Loop() {
		begun := time.Now()
		if _, err := device.Write(r); err != nil {
			b.Fatal(err)
		}
		times = append(times, (<-taken).Sub(begun))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(times[len(times)-1].Microseconds()), "max-µs")
}
