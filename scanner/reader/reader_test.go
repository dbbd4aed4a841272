package reader_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"circdesk/scanner"
	"circdesk/scanner/internal/descriptors"
	"circdesk/scanner/internal/pipe"
	"circdesk/scanner/reader"
)

// report makes one of Hand Held Products' layout.
func report(aim, data string, more byte) []byte {
	b := make([]byte, 64)
	b[0], b[1], b[63] = 2, byte(len(data)), more
	copy(b[2:], aim)
	copy(b[5:], data)
	return b
}

// desk is a device, who reads it, and what came.
type desk struct {
	t       *testing.T
	backend *pipe.Backend
	device  *pipe.Device
	reader  reader.Reader
	signals chan scanner.Signal

	mu      sync.Mutex
	scans   []string
	faults  []scanner.Fault
	takes   []scanner.Signal
	opened  int
	lastRaw []byte
}

func newDesk(t *testing.T, info scanner.Info, setup scanner.Setup) *desk {
	t.Helper()
	info.Path, info.Part, info.Device = "1-1:1.0", "1-1:1.0", "1-1"
	d := &desk{t: t, backend: &pipe.Backend{}, device: &pipe.Device{Info: info}, signals: make(chan scanner.Signal, 1)}
	d.backend.Plug(d.device)
	decoder, err := reader.Decoder(info, setup)
	if err != nil {
		t.Fatal(err)
	}
	d.reader = reader.Reader{
		Backend: d.backend, Info: info, Setup: setup, Decoder: decoder, Signals: d.signals,
		Opened: func(takes []scanner.Signal) { d.note(func() { d.opened++; d.takes = takes }) },
		Step: func(s reader.Step) {
			d.note(func() {
				if s.Reading.Fault != scanner.NoFault {
					d.faults = append(d.faults, s.Reading.Fault)
				}
				d.lastRaw = bytes.Clone(s.Raw)
			})
		},
	}
	return d
}

func (d *desk) note(do func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	do()
}

// run runs the reader until its end.
func (d *desk) run(ctx context.Context) error {
	return d.reader.Run(ctx, func(s scanner.Scan) { d.note(func() { d.scans = append(d.scans, s.Symbology+s.Text) }) })
}

// play runs the reader while the play goes on, and returns its error.
func (d *desk) play(play func()) error {
	ctx, cancel := context.WithCancel(d.t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- d.run(ctx) }()
	synctest.Wait()
	play()
	synctest.Wait()
	cancel()
	return <-ended
}

func pos() scanner.Info {
	return scanner.Info{Vendor: 0x0C2E, Product: 0x0B67, Kind: scanner.POS, Descriptor: descriptors.HandHeldPOS(), Packet: 64}
}

func keys() scanner.Info {
	return scanner.Info{Vendor: 0x05F9, Product: 0x2204, Kind: scanner.Keyboard, Descriptor: descriptors.Gryphon(), Packet: 8}
}

func TestRun(t *testing.T) {
	for _, row := range []struct {
		name   string
		info   scanner.Info
		setup  scanner.Setup
		again  time.Duration
		play   func(*desk)
		scans  []string
		faults []scanner.Fault
		gone   bool
	}{
		{name: "two books", info: pos(), play: func(d *desk) {
			d.device.Send(report("]F0", "31234000123456", 0))
			d.device.Send(report("]F0", "31234000123457", 0))
		}, scans: []string{"]F031234000123456", "]F031234000123457"}},
		{name: "a book typed", info: keys(), play: func(d *desk) {
			for _, key := range []byte{0x20, 0, 0x1e, 0, 0x28, 0} {
				d.device.Send([]byte{0, 0, key, 0, 0, 0, 0, 0})
			}
		}, scans: []string{"31"}},
		{name: "a serial line", info: scanner.Info{Kind: scanner.Serial}, play: func(d *desk) {
			d.device.Send([]byte("]F0312"))
			d.device.Send([]byte("34\r\n5"))
		}, scans: []string{"]F031234"}, faults: []scanner.Fault{scanner.Torn}},
		{name: "a device that says nothing", play: func(d *desk) { d.device.Send(report("]F0", "1", 0)) }, scans: []string{"]F01"}},
		{name: "the settings know better", info: keys(), setup: scanner.Setup{Kind: scanner.Serial}, play: func(d *desk) { d.device.Send([]byte("12\r")) }, scans: []string{"12"}},
		{name: "nothing for an hour", info: pos(), play: func(d *desk) {
			time.Sleep(time.Hour)
			d.device.Send(report("]F0", "1", 0))
		}, scans: []string{"]F01"}},
		{name: "half a scan for a second", info: pos(), play: func(d *desk) {
			d.device.Send(report("]F0", strings.Repeat("1", 56), 1))
			time.Sleep(time.Second)
			d.device.Send(report("]F0", "2", 0))
		}, scans: []string{"]F02"}, faults: []scanner.Fault{scanner.Torn}},
		{name: "half a scan for a moment", info: pos(), play: func(d *desk) {
			d.device.Send(report("]F0", strings.Repeat("1", 56), 1))
			time.Sleep(300 * time.Millisecond)
			d.device.Send(report("]F0", "2", 0))
		}, scans: []string{"]F0" + strings.Repeat("1", 56) + "2"}},
		{name: "unplugged", info: pos(), play: func(d *desk) {
			d.device.Send(report("]F0", "1", 0))
			d.backend.Unplug(d.device)
		}, scans: []string{"]F01"}, gone: true},
		{name: "unplugged in a scan", info: pos(), play: func(d *desk) {
			d.device.Send(report("]F0", strings.Repeat("1", 56), 1))
			d.backend.Unplug(d.device)
		}, faults: []scanner.Fault{scanner.Torn}, gone: true},
		{name: "the end in a scan", info: pos(), play: func(d *desk) { d.device.Send(report("]F0", strings.Repeat("1", 56), 1)) }, faults: []scanner.Fault{scanner.Torn}},
		{name: "a text without Enter", info: keys(), play: func(d *desk) {
			d.device.Send([]byte{0, 0, 0x20, 0, 0, 0, 0, 0})
			time.Sleep(3 * time.Second)
		}, faults: []scanner.Fault{scanner.Unclosed}},
		{name: "what lies before a presentation scanner", info: pos(), play: func(d *desk) {
			for range 10 {
				d.device.Send(report("]F0", "1", 0))
				time.Sleep(300 * time.Millisecond)
			}
			d.device.Send(report("]F0", "2", 0))
			d.device.Send(report("]F0", "1", 0))
			time.Sleep(400 * time.Millisecond)
			d.device.Send(report("]F0", "1", 0))
		}, scans: []string{"]F01", "]F02", "]F01"}},
		{name: "the same book twice where every scan counts", info: pos(), again: -1, play: func(d *desk) {
			d.device.Send(report("]F0", "1", 0))
			d.device.Send(report("]F0", "1", 0))
		}, scans: []string{"]F01", "]F01"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, row.info, row.setup)
				d.reader.Again = row.again
				err := d.play(func() { row.play(d) })
				if !slices.Equal(d.scans, row.scans) || !slices.Equal(d.faults, row.faults) {
					t.Errorf("scans %q, faults %q\nwant  %q, %q", d.scans, d.faults, row.scans, row.faults)
				}
				if errors.Is(err, scanner.ErrGone) != row.gone || err != nil && !row.gone {
					t.Errorf("error %v", err)
				}
				if d.opened != 1 || d.device.Send([]byte{1}) {
					t.Errorf("opened %d times, or still open", d.opened)
				}
			})
		})
	}
}

func TestRunDoesNotOpen(t *testing.T) {
	for _, row := range []struct {
		name string
		play func(*desk)
		want error
	}{
		{"no permission", func(d *desk) { d.device.Deny(true) }, fs.ErrPermission},
		{"not there", func(d *desk) { d.backend.Unplug(d.device) }, scanner.ErrGone},
		{"another has it", func(d *desk) {
			if _, err := d.backend.Open(d.device.Info, scanner.Setup{}); err != nil {
				d.t.Fatal(err)
			}
		}, scanner.ErrBusy},
	} {
		d := newDesk(t, pos(), scanner.Setup{})
		row.play(d)
		if err := d.run(t.Context()); !errors.Is(err, row.want) || d.opened != 0 || !strings.HasPrefix(err.Error(), "open pipe 1-1:1.0: ") {
			t.Errorf("%s: %v", row.name, err)
		}
	}
	d := newDesk(t, pos(), scanner.Setup{})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.run(ended); err != nil || d.opened != 0 {
		t.Errorf("after the end: %v, opened %d times", err, d.opened)
	}
}

func TestSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, pos(), scanner.Setup{})
		var steps []reader.Step
		d.reader.Step = func(s reader.Step) {
			s.Raw = bytes.Clone(s.Raw)
			steps = append(steps, s)
		}
		first, second := report("]Q1", strings.Repeat("1", 56), 1), report("]Q1", "23\r", 0)
		if err := d.play(func() { d.device.Send(first); d.device.Send(second) }); err != nil {
			t.Fatal(err)
		}
		if len(steps) != 2 || !bytes.Equal(steps[0].Raw, first) || !bytes.Equal(steps[1].Raw, second) || steps[0].Info.Path != "1-1:1.0" {
			t.Fatalf("steps %+v", steps)
		}
		if r := steps[0].Reading; r.Text != strings.Repeat("1", 56) || r.Symbology != "]Q1" || !r.More || r.Scans != nil {
			t.Errorf("first %+v", r)
		}
		if r := steps[1].Reading; r.Text != "23\r" || r.More || len(r.Scans) != 1 || r.Scans[0].At != steps[1].At.UTC() {
			t.Errorf("second %+v", r)
		}
	})
}

func TestSignals(t *testing.T) {
	good, bad := []byte{4, 0x40}, []byte{4, 0x20}
	for _, row := range []struct {
		name  string
		info  scanner.Info
		setup scanner.Setup
		ask   []scanner.Signal
		takes []scanner.Signal
		want  [][]byte
	}{
		{"good and bad", pos(), scanner.Setup{}, []scanner.Signal{scanner.GoodRead, scanner.BadRead}, []scanner.Signal{scanner.GoodRead, scanner.BadRead, scanner.NotOnFile}, [][]byte{good, bad}},
		{"a keyboard takes none", keys(), scanner.Setup{}, nil, nil, nil},
		{"a signal that nobody knows", pos(), scanner.Setup{}, []scanner.Signal{"dance"}, []scanner.Signal{scanner.GoodRead, scanner.BadRead, scanner.NotOnFile}, nil},
		{"reports instead of keys, and keys again", pos(), scanner.Setup{Kind: scanner.POS}, []scanner.Signal{scanner.GoodRead}, []scanner.Signal{scanner.GoodRead, scanner.BadRead, scanner.NotOnFile}, [][]byte{{0xFE, 1}, good, {0xFE, 0}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, row.info, row.setup)
				err := d.play(func() {
					for _, s := range row.ask {
						d.device.Send(report("]F0", "1", 0))
						begun := time.Now()
						d.signals <- s
						for len(d.signals) > 0 {
							time.Sleep(time.Millisecond)
						}
						if time.Since(begun) > 25*time.Millisecond {
							t.Errorf("a signal after a scan took %v", time.Since(begun))
						}
					}
				})
				if err != nil || !slices.Equal(d.takes, row.takes) || !reflect.DeepEqual(d.device.Written(), row.want) {
					t.Errorf("error %v, takes %q, written %x", err, d.takes, d.device.Written())
				}
			})
		})
	}
}

// Who does not answer once is not asked for every scan.
func TestASignalThatIsNotTakenIsTheLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, pos(), scanner.Setup{})
		d.device.Deafen(true)
		err := d.play(func() {
			for range 3 {
				d.device.Send(report("]F0", "1", 0))
				select {
				case d.signals <- scanner.GoodRead:
				default: // the one before was not fetched
				}
				time.Sleep(time.Second)
			}
		})
		if err != nil || len(d.device.Written()) != 1 || len(d.scans) != 3 {
			t.Errorf("error %v, written %x, scans %q", err, d.device.Written(), d.scans)
		}
	})
}

func TestDecoder(t *testing.T) {
	if _, err := reader.Decoder(keys(), scanner.Setup{Layout: "klingon"}); err == nil || !strings.Contains(err.Error(), "klingon") {
		t.Errorf("got %v", err)
	}
}

var _ scanner.Device = (*reader.Reader)(nil)
