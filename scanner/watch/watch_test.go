package watch_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"circdesk/scanner"
	"circdesk/scanner/internal/descriptors"
	"circdesk/scanner/internal/pipe"
	"circdesk/scanner/reader"
	"circdesk/scanner/watch"
)

func TestParse(t *testing.T) {
	for _, row := range []struct {
		name string
		want watch.Wanted // zero: an error
	}{
		{"0c2e:0b67", watch.Wanted{Vendor: 0x0C2E, Product: 0x0B67}},
		{"0C2E:0B67:SN 01:2", watch.Wanted{Vendor: 0x0C2E, Product: 0x0B67, Serial: "SN 01:2"}},
		{"0c2e:0000", watch.Wanted{Vendor: 0x0C2E}},
		{"COM3", watch.Wanted{Path: "COM3", Setup: scanner.Setup{Kind: scanner.Serial}}},
		{`\\.\COM12`, watch.Wanted{Path: `\\.\COM12`, Setup: scanner.Setup{Kind: scanner.Serial}}},
		{"/dev/ttyUSB0", watch.Wanted{Path: "/dev/ttyUSB0", Setup: scanner.Setup{Kind: scanner.Serial}}},
		{"0000:0000", watch.Wanted{}},
		{"c2e:0b67", watch.Wanted{}},
		{"0c2e:0b6g", watch.Wanted{}},
		{"0c2e", watch.Wanted{}},
		{"+c2e:0b67", watch.Wanted{}},
		{"COM", watch.Wanted{}},
		{"COMPUTER", watch.Wanted{}},
		{"/dev/", watch.Wanted{}},
		{"", watch.Wanted{}},
	} {
		got, err := watch.Parse(row.name)
		if got != row.want || (err != nil) != (row.want == watch.Wanted{}) {
			t.Errorf("%q: %+v, %v", row.name, got, err)
		}
		if err == nil && !strings.EqualFold(got.String(), row.name) {
			t.Errorf("%q is called %q", row.name, got)
		}
	}
}

// report makes one of Hand Held Products' layout.
func report(aim, data string, more byte) []byte {
	b := make([]byte, 64)
	b[0], b[1], b[63] = 2, byte(len(data)), more
	copy(b[2:], aim)
	copy(b[5:], data)
	return b
}

// pos, keys, port and mouse are devices at a socket.
func pos(socket, serial string) *pipe.Device {
	return &pipe.Device{Info: scanner.Info{
		Path: socket + ":1.0", Part: socket + ":1.0", Device: socket, Serial: serial,
		Vendor: 0x0C2E, Product: 0x0B67, Kind: scanner.POS, Descriptor: descriptors.HandHeldPOS(),
	}}
}

func keys(socket string) *pipe.Device {
	return &pipe.Device{Info: scanner.Info{
		Path: socket + ":1.0", Part: socket + ":1.0", Device: socket,
		Vendor: 0x05F9, Product: 0x2204, Kind: scanner.Keyboard, Descriptor: descriptors.Gryphon(),
	}}
}

func port(path string) *pipe.Device {
	return &pipe.Device{Info: scanner.Info{Path: path, Part: path, Device: path, Kind: scanner.Serial}}
}

func mouse(socket string) *pipe.Device {
	return &pipe.Device{Info: scanner.Info{
		Path: socket + ":1.0", Part: socket + ":1.0", Device: socket, Vendor: 0x046D, Product: 1, Descriptor: descriptors.Mouse(),
	}}
}

// typed sends digits and Enter as keys.
func typed(d *pipe.Device, digits string) {
	for _, r := range digits + "\r" {
		key := byte(0x28)
		if r != '\r' {
			key = byte(0x1E + (r-'0'+9)%10)
		}
		d.Send([]byte{0, 0, key, 0, 0, 0, 0, 0})
		d.Send(make([]byte, 8))
	}
}

// desk is a watcher at work and what came of it.
type desk struct {
	*testing.T
	pipe, other *pipe.Backend
	watcher     watch.Watcher

	mu      sync.Mutex
	scans   []string
	notices []string
	last    watch.Notice
}

// play runs a watcher while a play goes on. Time stands still but for its waits.
func play(t *testing.T, setup func(*watch.Watcher), plays ...func(*desk)) *desk {
	t.Helper()
	var d *desk
	synctest.Test(t, func(t *testing.T) {
		d = &desk{T: t, pipe: &pipe.Backend{}, other: &pipe.Backend{Called: "other"}}
		d.watcher = watch.Watcher{Backends: []scanner.Backend{d.pipe, d.other}, Notice: d.notice}
		setup(&d.watcher)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		begin := func() {
			go func() { ended <- d.watcher.Run(ctx, d.scan) }()
			d.wait(time.Second)
		}
		if len(plays) > 1 { // the first is before the beginning
			plays[0](d)
			plays = plays[1:]
		}
		begin()
		for _, play := range plays {
			play(d)
			d.wait(2 * time.Second)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return d
}

func (d *desk) wait(t time.Duration) {
	time.Sleep(t)
	synctest.Wait()
}

func (d *desk) scan(s scanner.Scan) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.scans = append(d.scans, s.Source+" "+s.Symbology+s.Text)
}

func (d *desk) notice(n watch.Notice) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := n.Name + " " + string(n.Event)
	if n.Back {
		s += " again"
	}
	if n.Reading.Fault != scanner.NoFault {
		s += " " + string(n.Reading.Fault)
	}
	d.notices = append(d.notices, s)
	d.last = n
}

// named is a watcher that the settings give scanners to.
func named(names ...string) func(*watch.Watcher) {
	return func(w *watch.Watcher) {
		for _, name := range names {
			wanted, err := watch.Parse(name)
			if err != nil {
				panic(err)
			}
			w.Wanted = append(w.Wanted, wanted)
		}
	}
}

func TestWatch(t *testing.T) {
	p, k, m, s := pos("1-1", ""), keys("1-2"), mouse("1-3"), port("/dev/no-such-port")
	denied, other := pos("1-1", ""), pos("1-1", "")
	denied.Deny(true)
	first, second := pos("1-1", "A"), pos("1-2", "B")
	twin := pos("1-2", "")
	both := keys("1-4")
	both.Info.Vendor, both.Info.Product = 0x0536, 0x01CA
	side := pos("1-4", "")
	side.Info.Vendor, side.Info.Product, side.Info.Part, side.Info.Path = 0x0536, 0x01CA, "1-4:1.1", "1-4:1.1"

	for _, row := range []struct {
		name    string
		setup   func(*watch.Watcher)
		plays   []func(*desk)
		scans   []string
		notices []string
	}{
		{"a scanner that says what it is", named(), []func(*desk){
			func(d *desk) { d.pipe.Plug(p) },
			func(d *desk) { p.Send(report("]F0", "1", 0)) },
		}, []string{"0c2e:0b67 ]F01"}, []string{"0c2e:0b67 plugged"}},
		{"what nobody named is left alone", func(w *watch.Watcher) { w.OnlyWanted = true }, []func(*desk){
			func(d *desk) { d.pipe.Plug(p) },
			func(d *desk) { p.Send(report("]F0", "1", 0)) },
		}, nil, nil},
		{"keyboards, mice and ports are not opened", named(), []func(*desk){
			func(d *desk) { d.pipe.Plug(k); d.pipe.Plug(m); d.pipe.Plug(s) },
			func(d *desk) {
				if k.Send([]byte{0}) || m.Send([]byte{0}) || s.Send([]byte{0}) {
					d.Error("one is open")
				}
			},
		}, nil, nil},
		{"a keyboard that is named", named("05f9:2204"), []func(*desk){
			func(d *desk) { d.pipe.Plug(k) },
			func(d *desk) { typed(k, "123") },
		}, []string{"05f9:2204 123"}, []string{"05f9:2204 plugged"}},
		{"a scanner that has a name", func(w *watch.Watcher) {
			w.Wanted = []watch.Wanted{{Vendor: 0x05F9, Product: 0x2204, Setup: scanner.Setup{Name: "desk 1", Prefix: "9"}}}
		}, []func(*desk){
			func(d *desk) { d.pipe.Plug(k) },
			func(d *desk) { typed(k, "9123") },
		}, []string{"desk 1 123"}, []string{"desk 1 plugged"}},
		{"another of the kind that is named is left alone", named("0c2e:0b67:B"), []func(*desk){
			func(d *desk) { d.watcher.OnlyWanted = true; d.pipe.Plug(first); d.pipe.Plug(second) },
			func(d *desk) {
				if first.Send([]byte{0}) {
					d.Error("it is open")
				}
				second.Send(report("]F0", "2", 0))
			},
		}, []string{"0c2e:0b67:B ]F02"}, []string{"0c2e:0b67:B plugged"}},
		{"a scanner that is named and not there", named("05f9:2204", "0c2e:0b67"), []func(*desk){
			func(d *desk) {},
			func(d *desk) { d.pipe.Plug(p); d.wait(time.Minute) },
		}, nil, []string{"05f9:2204 missing", "0c2e:0b67 missing", "0c2e:0b67 plugged"}},
		{"a port that is named and listed", func(w *watch.Watcher) {
			named("/dev/no-such-port")(w)
			w.Backends = []scanner.Backend{w.Backends[0]}
		}, []func(*desk){
			func(d *desk) { d.pipe.Called = "serial"; d.pipe.Plug(s) },
			func(d *desk) { s.Send([]byte("12\r")) },
		}, []string{"/dev/no-such-port 12"}, []string{"/dev/no-such-port plugged"}},
		{"a port that is named and comes later", func(w *watch.Watcher) {
			named("/dev/no-such-port")(w)
			w.Backends = []scanner.Backend{w.Backends[0]}
		}, []func(*desk){
			func(d *desk) { d.pipe.Called = "serial" },
			func(d *desk) { d.wait(5 * time.Second) },
			func(d *desk) { d.pipe.Plug(s); d.wait(longest) },
			func(d *desk) { s.Send([]byte("12\r")) },
		}, []string{"/dev/no-such-port 12"}, []string{"/dev/no-such-port missing", "/dev/no-such-port plugged"}},

		{"plugged in while it runs", named(), []func(*desk){
			func(d *desk) {},
			func(d *desk) { d.pipe.Plug(p) },
			func(d *desk) { p.Send(report("]F0", "1", 0)) },
		}, []string{"0c2e:0b67 ]F01"}, []string{"0c2e:0b67 plugged"}},
		{"pulled out and plugged in again", named(), []func(*desk){
			func(d *desk) { d.pipe.Plug(p) },
			func(d *desk) { p.Send(report("]F0", "1", 0)); d.pipe.Unplug(p) },
			func(d *desk) { d.pipe.Plug(p) },
			func(d *desk) { p.Send(report("]F0", "2", 0)) },
		}, []string{"0c2e:0b67 ]F01", "0c2e:0b67 ]F02"}, []string{"0c2e:0b67 plugged", "0c2e:0b67 unplugged", "0c2e:0b67 plugged again"}},
		{"pulled out and plugged in at once", named(), []func(*desk){
			func(d *desk) { d.pipe.Plug(p) },
			func(d *desk) { d.pipe.Unplug(p); d.pipe.Plug(p) },
			func(d *desk) { p.Send(report("]F0", "2", 0)) },
		}, []string{"0c2e:0b67 ]F02"}, []string{"0c2e:0b67 plugged", "0c2e:0b67 unplugged", "0c2e:0b67 plugged again"}},
		{"pulled out and plugged in elsewhere", named(), []func(*desk){
			func(d *desk) { d.pipe.Plug(first) },
			func(d *desk) {
				d.pipe.Unplug(first)
				moved := pos("2-7", "A")
				d.pipe.Plug(moved)
				d.wait(2 * time.Second)
				moved.Send(report("]F0", "1", 0))
			},
		}, []string{"0c2e:0b67:A ]F01"}, []string{"0c2e:0b67:A plugged", "0c2e:0b67:A unplugged", "0c2e:0b67:A plugged again"}},
		{"pulled out in the middle of a scan", named(), []func(*desk){
			func(d *desk) { d.pipe.Plug(p) },
			func(d *desk) { p.Send(report("]Q1", strings.Repeat("1", 56), 1)); d.pipe.Unplug(p) },
		}, nil, []string{"0c2e:0b67 plugged", "0c2e:0b67 faulted torn", "0c2e:0b67 unplugged"}},

		{"a device that sends nothing but faults", named(), []func(*desk){
			func(d *desk) { d.pipe.Plug(p) },
			func(d *desk) {
				for range 1000 {
					p.Send([]byte{99})
					d.wait(time.Millisecond)
				}
			},
		}, nil, []string{"0c2e:0b67 plugged", "0c2e:0b67 faulted unreadable", "0c2e:0b67 faulted unreadable"}},
		{"two scanners at once", named(), []func(*desk){
			func(d *desk) { d.pipe.Plug(first) },
			func(d *desk) { d.pipe.Plug(second) },
			func(d *desk) {
				first.Send(report("]F0", "1", 0))
				d.wait(0)
				second.Send(report("]F0", "2", 0))
				d.wait(0)
				first.Send(report("]F0", "3", 0))
			},
		}, []string{"0c2e:0b67:A ]F01", "0c2e:0b67:B ]F02", "0c2e:0b67:A ]F03"}, []string{"0c2e:0b67:A plugged", "0c2e:0b67:B plugged"}},
		{"two that do not differ have two names", named(), []func(*desk){
			func(d *desk) { d.pipe.Plug(p) },
			func(d *desk) { d.pipe.Plug(twin) },
			func(d *desk) { twin.Send(report("]F0", "2", 0)) },
		}, []string{"0c2e:0b67@1-2:1.0 ]F02"}, []string{"0c2e:0b67 plugged", "0c2e:0b67@1-2:1.0 plugged"}},

		{"no permission, and then there is", named(), []func(*desk){
			func(d *desk) { d.pipe.Plug(denied) },
			func(d *desk) { d.wait(time.Minute); denied.Deny(false) },
			func(d *desk) { d.wait(longest); denied.Send(report("]F0", "1", 0)) },
		}, []string{"0c2e:0b67 ]F01"}, []string{"0c2e:0b67 no_permission", "0c2e:0b67 plugged"}},
		{"permission that comes a moment later is not missed", named(), []func(*desk){
			func(d *desk) {
				denied.Deny(true)
				d.pipe.Plug(denied)
				time.AfterFunc(300*time.Millisecond, func() { denied.Deny(false) })
			},
			func(d *desk) {},
		}, nil, []string{"0c2e:0b67 plugged"}},
		{"no permission one way, but another", named(), []func(*desk){
			func(d *desk) { denied.Deny(true); d.pipe.Plug(denied); d.other.Plug(other) },
			func(d *desk) { other.Send(report("]F0", "1", 0)) },
		}, []string{"0c2e:0b67 ]F01"}, []string{"0c2e:0b67 plugged"}},
		{"both ways: the first", named(), []func(*desk){
			func(d *desk) { d.pipe.Plug(p); d.other.Plug(other) },
			func(d *desk) {
				if other.Send([]byte{0}) {
					d.Error("both are open")
				}
				p.Send(report("]F0", "1", 0))
			},
		}, []string{"0c2e:0b67 ]F01"}, []string{"0c2e:0b67 plugged"}},
		{"the settings name the way", func(w *watch.Watcher) {
			w.Wanted = []watch.Wanted{{Vendor: 0x0C2E, Product: 0x0B67, Backend: "other", Setup: scanner.Setup{Name: "desk 1"}}}
		}, []func(*desk){
			func(d *desk) { d.pipe.Plug(p); d.other.Plug(other) },
			func(d *desk) { other.Send(report("]F0", "1", 0)) },
		}, []string{"desk 1 ]F01"}, []string{"desk 1 plugged"}},
		{"another program has it", named(), []func(*desk){
			func(d *desk) {
				d.pipe.Plug(p)
				if _, err := d.pipe.Open(p.Info, scanner.Setup{}); err != nil {
					d.Fatal(err)
				}
			},
			func(d *desk) { d.wait(time.Minute) },
		}, nil, []string{"0c2e:0b67 busy"}},
		{"a layout that there is none of", func(w *watch.Watcher) {
			w.Wanted = []watch.Wanted{{Vendor: 0x05F9, Product: 0x2204, Setup: scanner.Setup{Layout: "klingon"}}}
		}, []func(*desk){
			func(d *desk) { d.pipe.Plug(k) },
			func(d *desk) { d.wait(time.Minute) },
		}, nil, []string{"05f9:2204 failed"}},

		{"a device that types and sends reports: nobody named it", named(), []func(*desk){
			func(d *desk) { d.pipe.Plug(both); d.pipe.Plug(side) },
			func(d *desk) {
				if both.Send([]byte{0}) {
					d.Error("the keyboard is open")
				}
			},
		}, nil, []string{"0536:01ca plugged"}},
		{"a device that types and sends reports: it is named", named("0536:01ca"), []func(*desk){
			func(d *desk) { d.pipe.Plug(both); d.pipe.Plug(side) },
			func(d *desk) { typed(both, "12"); d.wait(0); side.Send(report("]F0", "3", 0)) },
		}, []string{"0536:01ca 12", "0536:01ca ]F03"}, []string{"0536:01ca plugged", "0536:01ca plugged again"}},
		{"a device that types and sends reports: its keyboard is named", func(w *watch.Watcher) {
			w.Wanted = []watch.Wanted{{Vendor: 0x0536, Product: 0x01CA, Setup: scanner.Setup{Kind: scanner.Keyboard}}}
		}, []func(*desk){
			func(d *desk) { d.pipe.Plug(both); d.pipe.Plug(side) },
			func(d *desk) {
				if side.Send([]byte{0}) {
					d.Error("the other is open")
				}
				typed(both, "12")
			},
		}, []string{"0536:01ca 12"}, []string{"0536:01ca plugged"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := play(t, row.setup, row.plays...)
			if !slices.Equal(d.scans, row.scans) {
				t.Errorf("scans %q\nwant  %q", d.scans, row.scans)
			}
			if !slices.Equal(d.notices, row.notices) {
				t.Errorf("notices %q\nwant    %q", d.notices, row.notices)
			}
		})
	}
}

// longest is a little more than the longest pause between two tries.
const longest = 20 * time.Second

func TestSignal(t *testing.T) {
	p, k := pos("1-1", ""), keys("1-2")
	d := play(t, named("05f9:2204"),
		func(d *desk) { d.pipe.Plug(p); d.pipe.Plug(k) },
		func(d *desk) {
			for _, row := range []struct {
				source string
				want   bool
			}{{"0c2e:0b67", true}, {"05f9:2204", false}, {"nobody", false}} {
				if got := d.watcher.Signal(row.source, scanner.GoodRead); got != row.want {
					d.Errorf("%s: %v", row.source, got)
				}
			}
		},
		func(d *desk) {
			d.pipe.Unplug(p)
			d.wait(time.Second)
			if d.watcher.Signal("0c2e:0b67", scanner.GoodRead) {
				d.Error("a scanner that is gone took a signal")
			}
		})
	if got := p.Written(); len(got) != 1 || got[0][1] != 0x40 {
		t.Errorf("written %x", got)
	}
	_ = d
}

// broken is a backend that has no list.
type broken struct{ err error }

func (broken) Name() string                    { return "broken" }
func (b broken) List() ([]scanner.Info, error) { return nil, b.err }
func (broken) Open(scanner.Info, scanner.Setup) (scanner.Port, error) {
	return nil, scanner.ErrGone
}

func TestABackendThatDoesNotWorkIsToldOnce(t *testing.T) {
	for _, err := range []error{fmt.Errorf("no cgo: %w", errors.ErrUnsupported), errors.New("no bus")} {
		p := pos("1-1", "")
		d := play(t, func(w *watch.Watcher) { w.Backends = append(w.Backends, broken{err}) },
			func(d *desk) { d.pipe.Plug(p) },
			func(d *desk) { d.wait(time.Minute); p.Send(report("]F0", "1", 0)) })
		slices.Sort(d.notices)
		if !slices.Equal(d.notices, []string{"0c2e:0b67 plugged", "broken no_backend"}) || len(d.scans) != 1 {
			t.Errorf("%v: notices %q, scans %q", err, d.notices, d.scans)
		}
	}
}

// slow is a backend whose list takes a minute.
type slow struct{ *pipe.Backend }

func (s slow) List() ([]scanner.Info, error) {
	time.Sleep(time.Minute)
	return s.Backend.List()
}

func TestADeviceThatDoesNotAnswerHoldsNobodyUp(t *testing.T) {
	p := pos("1-1", "")
	d := play(t, func(w *watch.Watcher) { w.Backends[1] = slow{w.Backends[1].(*pipe.Backend)} },
		func(d *desk) { d.pipe.Plug(p) },
		func(d *desk) { p.Send(report("]F0", "1", 0)) },
		func(d *desk) {
			if len(d.scans) != 1 {
				d.Errorf("scans %q", d.scans)
			}
		})
	if len(d.scans) != 1 {
		t.Errorf("scans %q", d.scans)
	}
}

func TestStepsOfAllDevices(t *testing.T) {
	p := pos("1-1", "")
	var mu sync.Mutex
	raw := 0
	play(t, func(w *watch.Watcher) {
		w.Step = func(s reader.Step) {
			mu.Lock()
			defer mu.Unlock()
			raw += len(s.Raw)
		}
	}, func(d *desk) { d.pipe.Plug(p) }, func(d *desk) { p.Send(report("]F0", "1", 0)) })
	if raw != 64 {
		t.Errorf("%d bytes", raw)
	}
}

// Whoever is plugged in and out, and when: every scan that was sent whole to an open
// device comes once, in the order of its device, and nothing else does.
func TestNoScanIsLost(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		type act struct {
			device int
			what   string
			pause  time.Duration
		}
		acts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) act {
			return act{
				rapid.IntRange(0, 2).Draw(t, "device"),
				rapid.SampledFrom([]string{"plug", "plug", "unplug", "scan", "scan", "scan", "half"}).Draw(t, "what"),
				time.Duration(rapid.IntRange(0, 3000).Draw(t, "ms")) * time.Millisecond,
			}
		}), 1, 30).Draw(rt, "acts")
		var want [3][]string
		d := play(t, named("05f9:2204"), func(d *desk) {}, func(d *desk) {
			devices := []*pipe.Device{pos("1-1", "A"), pos("1-2", "B"), pos("1-3", "C")}
			plugged := make([]bool, 3)
			half := make([]bool, 3)
			for n, a := range acts {
				device := devices[a.device]
				switch a.what {
				case "plug":
					if !plugged[a.device] {
						d.pipe.Plug(device)
						plugged[a.device] = true
					}
				case "unplug":
					if plugged[a.device] {
						d.pipe.Unplug(device)
						plugged[a.device], half[a.device] = false, false
					}
				case "half":
					half[a.device] = device.Send(report("]Q1", strings.Repeat("9", 56), 1)) // and the rest never comes
				case "scan":
					text := fmt.Sprint(n)
					if half[a.device] {
						d.wait(time.Second)
						half[a.device] = false
					}
					if device.Send(report("]F0", text, 0)) {
						want[a.device] = append(want[a.device], "0c2e:0b67:"+device.Info.Serial+" ]F0"+text)
					}
				}
				d.wait(a.pause)
			}
		})
		for n, serial := range []string{"A", "B", "C"} {
			var got []string
			for _, s := range d.scans {
				if strings.HasPrefix(s, "0c2e:0b67:"+serial) {
					got = append(got, s)
				}
			}
			if !slices.Equal(got, want[n]) {
				rt.Fatalf("device %s: got %q, want %q", serial, got, want[n])
			}
		}
	})
}

var _ scanner.Signaller = (*watch.Watcher)(nil)

// shaky is a backend whose devices are open for a moment only.
type shaky struct{ *pipe.Backend }

type shakyPort struct{ scanner.Port }

func (shakyPort) ReadTimeout([]byte, time.Duration) (int, error) { return 0, scanner.ErrGone }

func (s shaky) Open(info scanner.Info, setup scanner.Setup) (scanner.Port, error) {
	p, err := s.Backend.Open(info, setup)
	if err != nil {
		return nil, err
	}
	return shakyPort{p}, nil
}

func TestADeviceThatComesAndGoesIsTriedLessOften(t *testing.T) {
	d := play(t, func(w *watch.Watcher) { w.Backends[0] = shaky{w.Backends[0].(*pipe.Backend)} },
		func(d *desk) { d.pipe.Plug(pos("1-1", "")) },
		func(d *desk) { d.wait(time.Minute) })
	if n := len(d.notices); n < 4 || n > 20 {
		t.Errorf("%d notices in a minute: %q", n, d.notices)
	}
}

func TestList(t *testing.T) {
	backend, other, ports := &pipe.Backend{}, &pipe.Backend{Called: "other"}, &pipe.Backend{Called: "serial"}
	backend.Plug(pos("1-1", ""))
	backend.Plug(keys("1-2"))
	other.Plug(pos("1-1", ""))
	other.Plug(mouse("1-3"))
	ports.Plug(port("/dev/one"))
	w := watch.Watcher{
		Backends: []scanner.Backend{backend, broken{errors.ErrUnsupported}, other, ports},
		Wanted:   []watch.Wanted{{Path: "/dev/two"}},
	}
	found, err := w.List()
	if !errors.Is(err, errors.ErrUnsupported) || !strings.HasPrefix(err.Error(), "broken: ") {
		t.Errorf("error %v", err)
	}
	var got []string
	for _, f := range found {
		s := f.Ways[0].Part
		for _, way := range f.Ways {
			s += " " + way.Backend
		}
		got = append(got, fmt.Sprint(s, " ", f.Read))
	}
	want := []string{"1-1:1.0 pipe other true", "1-2:1.0 pipe false", "1-3:1.0 other false", "/dev/one serial false", "/dev/two serial true"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
