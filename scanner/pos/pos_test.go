package pos

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/scanner"
	"circdesk/scanner/hidreport"
	"circdesk/scanner/internal/descriptors"
)

var at = time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)

// report makes a report of 64 bytes: what stands at which byte.
func report(parts map[int]string) []byte {
	b := make([]byte, 64)
	for n, s := range parts {
		copy(b[n:], s)
	}
	return b
}

// handHeldReport is one of Hand Held Products' layout.
func handHeldReport(aim, data string, more bool) []byte {
	b := report(map[int]string{0: "\x02", 1: string(rune(len(data))), 2: aim, 5: data, 61: "?"})
	if more {
		b[63] = 1
	}
	return b
}

// handHeldScan is a scan in as many reports as it needs.
func handHeldScan(aim, data string) (reports [][]byte) {
	for len(data) > 56 {
		reports = append(reports, handHeldReport(aim, data[:56], true))
		data = data[56:]
	}
	return append(reports, handHeldReport(aim, data, false))
}

func scan(symbology, text string) scanner.Scan {
	return scanner.Scan{Symbology: symbology, Text: text, At: at}
}

func handHeld64() scanner.Info {
	return scanner.Info{Vendor: 0x0C2E, Descriptor: descriptors.HandHeldPOS(), Packet: 64}
}

// all decodes reports and gathers what came of them.
func all(d scanner.Decoder, reports ...[]byte) (scans []scanner.Scan, faults []scanner.Fault, lost string) {
	for _, b := range reports {
		r := d.Decode(b, at)
		scans = append(scans, r.Scans...)
		if r.Fault != scanner.NoFault {
			faults = append(faults, r.Fault)
		}
		lost += r.Lost
	}
	return scans, faults, lost
}

// What a Voyager 1602g answered when it was asked for its revision, and a boarding
// pass as an LSR118 read it, in its two reports.
var (
	voyager = [][]byte{
		report(map[int]string{0: "\x02\x38]X0", 5: "Product Name: Voyager 1602g\r\nBoot Revision: : 8992\r\nSoft", 61: "?\x00\x01"}),
		report(map[int]string{0: "\x02\x09]X0", 5: "um: N/A\r\n", 61: "?"}),
		report(map[int]string{0: "\x02\x08]Z6", 5: "REVINF\x06.", 61: "6"}),
	}
	boardingPass = [][]byte{
		report(map[int]string{0: "\x02\x38]Q0", 5: "M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23  ", 60: " s\x00\x01"}),
		report(map[int]string{0: "\x02\x04]Q0", 5: "1234", 61: "s"}),
	}
)

func TestDecode(t *testing.T) {
	long := strings.Repeat("0123456789", 12)
	for _, row := range []struct {
		name    string
		info    scanner.Info
		setup   scanner.Setup
		reports [][]byte
		want    []scanner.Scan
		faults  []scanner.Fault
		lost    string
	}{
		{name: "a book in Codabar", info: handHeld64(), reports: handHeldScan("]F0", "31234000123456"), want: []scanner.Scan{scan("]F0", "31234000123456")}},
		{name: "two books", info: handHeld64(), reports: slices.Concat(handHeldScan("]F0", "1"), handHeldScan("]C0", "2")), want: []scanner.Scan{scan("]F0", "1"), scan("]C0", "2")}},
		{name: "a boarding pass in two reports", info: handHeld64(), reports: boardingPass, want: []scanner.Scan{scan("]Q0", "M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23   1234")}},
		{name: "a scan in three reports", info: handHeld64(), reports: handHeldScan("]Q1", long), want: []scanner.Scan{scan("]Q1", long)}},
		{name: "the answers to commands are no scans", info: handHeld64(), reports: voyager},
		{name: "a Bookland number of a maker whose answers look otherwise", info: scanner.Info{Vendor: 0x05E0, Descriptor: descriptors.HandHeldPOS()}, reports: handHeldScan("]X0", "9780306406157"), want: []scanner.Scan{scan("]X0", "9780306406157")}},
		{name: "no symbology", info: handHeld64(), reports: handHeldScan("\x00\x00\x00", "123"), want: []scanner.Scan{scan("", "123")}},
		{name: "a symbology that is none", info: handHeld64(), reports: handHeldScan("???", "123"), want: []scanner.Scan{scan("", "123")}},
		{name: "the symbology in the data", info: handHeld64(), reports: handHeldScan("\x00\x00\x00", "]C0123"), want: []scanner.Scan{scan("]C0", "123")}},
		{name: "the symbology in both", info: handHeld64(), reports: handHeldScan("]C0", "]C0123"), want: []scanner.Scan{scan("]C0", "123")}},
		{name: "data that look like another symbology", info: handHeld64(), reports: handHeldScan("]Q1", "]C0123"), want: []scanner.Scan{scan("]Q1", "]C0123")}},
		{name: "Enter behind the data", info: handHeld64(), reports: handHeldScan("]F0", "123\r"), want: []scanner.Scan{{Symbology: "]F0", Text: "123", End: scanner.Enter, At: at}}},
		{name: "CR LF behind the data", info: handHeld64(), reports: handHeldScan("]F0", "123\r\n"), want: []scanner.Scan{{Symbology: "]F0", Text: "123", End: scanner.Enter, At: at}}},
		{name: "Tab behind the data", info: handHeld64(), reports: handHeldScan("]F0", "123\t"), want: []scanner.Scan{{Symbology: "]F0", Text: "123", End: scanner.Tab, At: at}}},
		{name: "lines in a 2D code", info: handHeld64(), reports: handHeldScan("]Q1", "1\r2\r3\r"), want: []scanner.Scan{{Symbology: "]Q1", Text: "1\r2\r3", End: scanner.Enter, At: at}}},
		{name: "NULs are data where the count says so", info: handHeld64(), reports: handHeldScan("]d1", "1\x002\x00"), want: []scanner.Scan{scan("]d1", "1\x002\x00")}},
		{name: "a prefix and a suffix", info: handHeld64(), setup: scanner.Setup{Prefix: "~", Suffix: "#", Name: "desk 1"}, reports: handHeldScan("]F0", "~123#\r"), want: []scanner.Scan{{Symbology: "]F0", Text: "123", End: scanner.Enter, Source: "desk 1", At: at}}},
		{name: "a report without data", info: handHeld64(), reports: handHeldScan("]F0", "")},
		{name: "a report that holds no scan", info: handHeld64(), reports: [][]byte{{2}, handHeldReport("]F0", "1", false)}, faults: []scanner.Fault{scanner.Torn}, want: []scanner.Scan{scan("]F0", "1")}},

		{name: "62 bytes a report", info: scanner.Info{Descriptor: descriptors.PlainPOS()}, reports: [][]byte{report(map[int]string{0: "\x02\x03]F0123"})[:62]}, want: []scanner.Scan{scan("]F0", "123")}},
		{name: "a descriptor without a count", info: scanner.Info{Descriptor: descriptors.Bytes("05 8c 09 02 a1 01 75 08 95 08 09 fe 81 02 c0")}, reports: [][]byte{[]byte("123\x00\x00\x00\x00\x00")}, want: []scanner.Scan{scan("", "123")}},
		{name: "a count of two bytes", info: scanner.Info{Descriptor: descriptors.Bytes("05 8c 09 02 a1 01 75 10 95 01 05 01 09 3b 81 02 05 8c 75 08 95 04 09 fe 81 02 c0")}, reports: [][]byte{[]byte("\x03\x00123\x00")}, want: []scanner.Scan{scan("", "123")}},
		{name: "symbology and data in one field", info: scanner.Info{Descriptor: descriptors.Bytes("05 8c 09 02 a1 01 75 08 95 08 09 fb 09 fc 09 fd 09 fe 81 02 c0")}, reports: [][]byte{[]byte("]C012345")}, want: []scanner.Scan{scan("]C0", "12345")}},
		{name: "data that begin within a byte", info: scanner.Info{Descriptor: descriptors.Bytes("05 8c 09 02 a1 01 75 04 95 01 81 03 75 08 95 02 09 fe 81 02 75 04 95 01 81 03 c0")}, reports: [][]byte{{0x10, 0x23, 0x03}}, want: []scanner.Scan{scan("", "12")}},
		{name: "a report in eight transfers", info: scanner.Info{Vendor: 0x0C2E, Descriptor: descriptors.HandHeldPOS(), Packet: 8}, reports: slices.Collect(slices.Chunk(handHeldReport("]F0", "31234000123456", false), 8)), want: []scanner.Scan{scan("]F0", "31234000123456")}},

		{name: "a count beyond the report's room", info: handHeld64(), reports: [][]byte{report(map[int]string{0: "\x02\xff]F0123456"})}, faults: []scanner.Fault{scanner.Torn}, lost: "123456" + strings.Repeat("\x00", 50)},
		{name: "a report shorter than its count", info: handHeld64(), reports: [][]byte{handHeldReport("]F0", "31234000123456", false)[:12]}, faults: []scanner.Fault{scanner.Torn}},
		{name: "a report of another number", info: handHeld64(), reports: [][]byte{{9, 1, 2, 3, 4, 5, 6, 7, 8}}, faults: []scanner.Fault{scanner.Unreadable}},
		{name: "the rest is another scan's", info: handHeld64(), reports: slices.Concat(handHeldScan("]Q1", long)[:2], handHeldScan("]F0", "123")), want: []scanner.Scan{scan("]F0", "123")}, faults: []scanner.Fault{scanner.Torn}, lost: long[:112]},
		{name: "a scan that does not end", info: handHeld64(), reports: append(slices.Repeat([][]byte{handHeldReport("]Q1", long[:56], true)}, 150), slices.Concat(handHeldScan("]Q1", "tail"), handHeldScan("]F0", "1"))...), want: []scanner.Scan{scan("]F0", "1")}, faults: []scanner.Fault{scanner.TooLong}, lost: strings.Repeat(long[:56], 147)},
		{name: "a scan longer than the longest text", info: handHeld64(), reports: handHeldScan("]Q1", strings.Repeat("9", 5000)), want: []scanner.Scan{{Symbology: "]Q1", Text: strings.Repeat("9", scanner.MaxText), Cut: 5000 - scanner.MaxText, At: at}}},

		{name: "no descriptor: a known maker's layout", info: scanner.Info{Vendor: 0x0C2E}, reports: boardingPass, want: []scanner.Scan{scan("]Q0", "M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23   1234")}},
		{name: "no descriptor: an unknown maker", info: scanner.Info{}, reports: boardingPass, want: []scanner.Scan{scan("]Q0", "M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23   1234")}},
		{name: "no descriptor: no symbology", info: scanner.Info{}, reports: handHeldScan("\x00\x00\x00", "31234000123456"), want: []scanner.Scan{scan("", "31234000123456")}},
		{name: "no descriptor: one byte more before the symbology", info: scanner.Info{}, reports: [][]byte{report(map[int]string{0: "\x02\x0e\x00]F031234000123456"})}, want: []scanner.Scan{scan("]F0", "31234000123456")}},
		{name: "no descriptor: Newland", info: scanner.Info{Vendor: 0x1EAB}, reports: [][]byte{report(map[int]string{0: "\x02\x0e31234000123456", 62: "j"})}, want: []scanner.Scan{scan("", "31234000123456")}},
		{name: "no descriptor: Newland's layout of an unknown maker", info: scanner.Info{}, reports: [][]byte{report(map[int]string{0: "\x02\x0e31234000123456", 62: "j"})}, want: []scanner.Scan{scan("", "31234000123456")}},
		{name: "no descriptor: Newland with the symbology in the data", info: scanner.Info{}, reports: [][]byte{report(map[int]string{0: "\x02\x11]F031234000123456", 62: "j"})}, want: []scanner.Scan{scan("]F0", "31234000123456")}},
		{name: "no descriptor: Newland in two reports", info: scanner.Info{Vendor: 0x1EAB}, reports: [][]byte{report(map[int]string{0: "\x02\x38" + long[:56], 63: "\x01"}), report(map[int]string{0: "\x02\x02ab"})}, want: []scanner.Scan{scan("", long[:56]+"ab")}},
		{name: "no descriptor: Microscan", info: scanner.Info{}, reports: [][]byte{report(map[int]string{0: "\x01\x11]A031234000123456"})}, want: []scanner.Scan{scan("]A0", "31234000123456")}},
		{name: "no descriptor: Symbol", info: scanner.Info{Vendor: 0x05E0}, reports: [][]byte{report(map[int]string{0: "\x0e31234000123456"})}, want: []scanner.Scan{scan("", "31234000123456")}},
		{name: "no descriptor: something else", info: scanner.Info{}, reports: [][]byte{bytes.Repeat([]byte{0xA5}, 64), bytes.Repeat([]byte{2}, 64), {2, 3, 4}}, faults: slices.Repeat([]scanner.Fault{scanner.Unreadable}, 3)},
		{name: "a descriptor that cannot be read is none", info: scanner.Info{Descriptor: []byte{0xC0}}, reports: boardingPass, want: []scanner.Scan{scan("]Q0", "M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23   1234")}},
		{name: "a keyboard's descriptor is none of these", info: scanner.Info{Descriptor: descriptors.Gryphon()}, reports: boardingPass, want: []scanner.Scan{scan("]Q0", "M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23   1234")}},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := New(row.info, row.setup)
			scans, faults, lost := all(d, row.reports...)
			if !slices.Equal(scans, row.want) {
				t.Errorf("scans %+v\nwant  %+v", scans, row.want)
			}
			if !slices.Equal(faults, row.faults) || lost != row.lost {
				t.Errorf("faults %q, lost %q, want %q, %q", faults, lost, row.faults, row.lost)
			}
			if r := d.End(at); r.Fault != scanner.NoFault {
				t.Errorf("and something was left: %+v", r)
			}
		})
	}
}

func TestGivingUp(t *testing.T) {
	parts := handHeldScan("]Q1", strings.Repeat("0123456789", 12))
	begin := func(d *Decoder) { d.Decode(parts[0], at) }
	for _, row := range []struct {
		name string
		play func(*Decoder) scanner.Reading
		want scanner.Fault
		then int // scans of the rest
	}{
		{"the rest comes late", func(d *Decoder) scanner.Reading { begin(d); return d.Idle(patience-1, at) }, scanner.NoFault, 1},
		{"the rest does not come", func(d *Decoder) scanner.Reading { begin(d); d.Idle(patience/2, at); return d.Idle(patience/2, at) }, scanner.Torn, 0},
		{"the device is gone", func(d *Decoder) scanner.Reading { begin(d); return d.End(at) }, scanner.Torn, 0},
		{"it is given up once", func(d *Decoder) scanner.Reading { begin(d); d.End(at); return d.Idle(time.Hour, at) }, scanner.NoFault, 0},
		{"nothing was begun", func(d *Decoder) scanner.Reading { return d.Idle(time.Hour, at) }, scanner.NoFault, 0},
		{"a report in transfers whose rest does not come", func(d *Decoder) scanner.Reading {
			d.joiner.Packet = 8
			d.Decode(parts[0][:8], at)
			return d.Idle(patience, at)
		}, scanner.Torn, 0},
		{"waiting begins anew with each report", func(d *Decoder) scanner.Reading {
			begin(d)
			d.Idle(patience-1, at)
			d.Decode(parts[1], at)
			return d.Idle(patience-1, at)
		}, scanner.NoFault, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := New(handHeld64(), scanner.Setup{})
			if r := row.play(d); r.Fault != row.want || r.Scans != nil {
				t.Errorf("got %+v", r)
			}
			if row.then == 1 {
				if scans, _, _ := all(d, parts[2]); len(scans) != 1 {
					t.Errorf("then %+v", scans)
				}
			}
		})
	}
}

// However reports are cut into transfers, and whatever lies between them in time
// as long as something comes, the scans are the same.
func TestAnySplitGivesTheSameScans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		packet := rapid.SampledFrom([]int{0, 8, 16, 32, 63, 64}).Draw(t, "packet")
		var want []scanner.Scan
		var transfers [][]byte
		for range rapid.IntRange(1, 4).Draw(t, "scans") {
			aim := rapid.SampledFrom([]string{"]F0", "]C1", "]Q1"}).Draw(t, "symbology")
			text := rapid.StringOfN(rapid.RuneFrom([]rune("0123456789ABC-/ ~é")), 1, 150, 300).Draw(t, "text")
			want = append(want, scan(aim, text))
			for _, r := range handHeldScan(aim, text) {
				n := len(r)
				if packet > 0 {
					n = packet
				}
				transfers = append(transfers, slices.Collect(slices.Chunk(r, n))...)
			}
		}
		info := handHeld64()
		info.Packet = packet
		d := New(info, scanner.Setup{})
		var got []scanner.Scan
		for _, b := range transfers {
			r := d.Decode(b, at)
			got = append(got, r.Scans...)
			if rapid.Bool().Draw(t, "pause") {
				r = d.Idle(patience-1, at)
			}
			if r.Fault != scanner.NoFault {
				t.Fatalf("fault %q", r.Fault)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %+v\nwant %+v", got, want)
		}
	})
}

func TestSignals(t *testing.T) {
	padded := make([]byte, 64)
	copy(padded, "\xfd\x03\x16\x07\r")
	for _, row := range []struct {
		name       string
		descriptor []byte
		want       map[scanner.Signal][]byte
	}{
		{"beeps of a report", descriptors.HandHeldPOS(), map[scanner.Signal][]byte{
			scanner.GoodRead: {4, 0x40}, scanner.BadRead: {4, 0x20}, scanner.NotOnFile: {4, 0x20},
		}},
		{"commands only", descriptors.Bytes("05 8c 09 02 a1 01 85 fd 06 66 ff 75 08 95 01 09 21 91 02 95 3e 09 22 92 82 01 c0"), map[scanner.Signal][]byte{
			scanner.GoodRead: padded,
		}},
		{"a lamp and no numbers", descriptors.Bytes("05 8c 09 02 a1 01 75 01 95 01 09 7d 91 02 95 07 91 03 c0"), map[scanner.Signal][]byte{
			scanner.GoodRead: {0, 1},
		}},
		{"no output reports", descriptors.PlainPOS(), nil},
		{"a keyboard's lamps are no signals", descriptors.Gryphon(), nil},
		{"a descriptor that cannot be read", []byte{0xC0}, nil},
		{"a stream without room", descriptors.Bytes("05 8c 09 02 a1 01 85 fd 06 66 ff 75 08 95 01 09 21 91 02 95 02 09 22 92 82 01 c0"), nil},
		{"a stream without a length", descriptors.Bytes("05 8c 09 02 a1 01 85 fd 06 66 ff 75 08 95 3e 09 22 92 82 01 c0"), nil},
	} {
		if got := Signals(row.descriptor); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: %x", row.name, got)
		}
	}
}

func TestRedirection(t *testing.T) {
	for _, row := range []struct {
		name       string
		descriptor []byte
		on         bool
		want       []byte
	}{
		{"reports instead of keys", descriptors.HandHeldPOS(), true, []byte{0xFE, 1}},
		{"keys again", descriptors.HandHeldPOS(), false, []byte{0xFE, 0}},
		{"no such switch", descriptors.PlainPOS(), true, nil},
		{"a descriptor that cannot be read", []byte{0xC0}, true, nil},
	} {
		if got := Redirection(row.descriptor, row.on); !bytes.Equal(got, row.want) {
			t.Errorf("%s: %x", row.name, got)
		}
	}
}

// Whatever a device sends, a scan is never more than what it sent, nothing is kept
// for ever, and the decoder goes on.
func FuzzDecode(f *testing.F) {
	f.Add(descriptors.HandHeldPOS(), 64, uint16(0x0C2E), slices.Concat(boardingPass...), 64)
	f.Add(descriptors.HandHeldPOS(), 8, uint16(0x0C2E), slices.Concat(boardingPass...), 8)
	f.Add(descriptors.PlainPOS(), 0, uint16(0), handHeldReport("]F0", "1", false), 62)
	f.Add([]byte(nil), 0, uint16(0x1EAB), report(map[int]string{0: "\x02\x0e31234000123456"}), 64)
	f.Add([]byte(nil), 0, uint16(0x05E0), report(map[int]string{0: "\x0e31234000123456"}), 64)
	f.Fuzz(func(t *testing.T, descriptor []byte, packet int, vendor uint16, stream []byte, size int) {
		if size < 1 || size > scanner.MinRead {
			return
		}
		d := New(scanner.Info{Vendor: vendor, Descriptor: descriptor, Packet: packet}, scanner.Setup{})
		sent, given := 0, 0
		for b := range slices.Chunk(stream, size) {
			sent += len(b)
			r := d.Decode(b, at)
			for _, s := range r.Scans {
				given += len(s.Text) + s.Cut
				if s.Text == "" || len(s.Text) > scanner.MaxText {
					t.Errorf("scan %+v", s)
				}
			}
			if len(d.text) > maxBegun+hidreport.MaxReport {
				t.Fatalf("%d bytes are kept", len(d.text))
			}
		}
		if given > sent {
			t.Errorf("%d bytes of scans of %d bytes", given, sent)
		}
		d.End(at)
		if r := d.Idle(time.Hour, at); r.Fault != scanner.NoFault {
			t.Errorf("after the end: %+v", r)
		}
	})
}
