package keyboard

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/scanner"
	"circdesk/scanner/internal/descriptors"
	"circdesk/scanner/layout"
)

var at = time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)

func scan(text string) scanner.Scan {
	return scanner.Scan{Text: text, End: scanner.Enter, At: at}
}

// reports reads reports in hexadecimal digits, one a line.
func reports(s string) (list [][]byte) {
	for line := range strings.Lines(s) {
		if b := descriptors.Bytes(line); len(b) > 0 {
			list = append(list, b)
		}
	}
	return list
}

// typed returns the reports of a scanner that types a text on a keyboard: each key
// down and up again.
func typed(l *layout.Layout, text string) (list [][]byte) {
	for _, r := range text {
		mods, key := keyOf(l, r)
		list = append(list, []byte{mods, 0, key, 0, 0, 0, 0, 0}, make([]byte, 8))
	}
	return list
}

// keyOf finds the key of a character, and what must be held down.
func keyOf(l *layout.Layout, r rune) (mods, key byte) {
	switch r {
	case '\r':
		return 0, byte(layout.Enter)
	case '\t':
		return 0, byte(layout.Tab)
	}
	for k := byte(4); k <= 0x64; k++ {
		for level, mods := range []byte{0, 2, 0x40} {
			if l.Rune(layout.Key(k), layout.Level(level)) == r {
				return mods, k
			}
		}
	}
	panic("no key for " + string(r))
}

func named(name string) *layout.Layout {
	l, ok := layout.Find(name)
	if !ok {
		panic(name)
	}
	return l
}

// enter is Enter, pressed and released.
const enter = "\n00 00 28 00 00 00 00 00\n00 00 00 00 00 00 00 00\n"

// What a scanner sent that types every character as Alt and a number, of the label
// SIP-4-1.
const altLabel = `
04 00 62 60 5b 00 00 00
00 00 00 00 00 00 00 00
04 00 62 5f 5b 00 00 00
00 00 00 00 00 00 00 00
04 00 62 60 62 00 00 00
00 00 00 00 00 00 00 00
04 00 62 5c 5d 00 00 00
00 00 00 00 00 00 00 00
04 00 62 5d 5a 00 00 00
00 00 00 00 00 00 00 00
04 00 62 5c 5d 00 00 00
00 00 00 00 00 00 00 00
04 00 62 5c 61 00 00 00
00 00 00 00 00 00 00 00
`

func TestDecode(t *testing.T) {
	for _, row := range []struct {
		name       string
		descriptor []byte // nil: a Gryphon's
		setup      scanner.Setup
		reports    [][]byte
		want       []scanner.Scan
		left       string // unfinished text
	}{
		{name: "a book", reports: typed(named("us"), "31234000123456\r"), want: []scanner.Scan{scan("31234000123456")}},
		{name: "a book on QEMU's keyboard", descriptor: descriptors.QEMU(), reports: typed(named("us"), "31234000123456\r"), want: []scanner.Scan{scan("31234000123456")}},
		{name: "a keyboard without a descriptor", descriptor: []byte{}, reports: typed(named("us"), "aB-1\r"), want: []scanner.Scan{scan("aB-1")}},
		{name: "a keyboard that numbers its reports and does not tell", descriptor: []byte{}, reports: reports("02 00 00 04 00 00 00 00 00\n02 00 00 28 00 00 00 00 00"), want: []scanner.Scan{scan("a")}},
		{name: "a keyboard with numbered reports", descriptor: descriptors.NumberedKeyboard(), reports: reports("02 02 04 00 00 00 00 00\n03 e9 00\n02 00 28 00 00 00 00 00"), want: []scanner.Scan{scan("A")}},
		{name: "a keyboard with a bit for every key", descriptor: descriptors.Bytes("05 01 09 06 a1 01 05 07 19 e0 29 e7 15 00 25 01 75 01 95 08 81 02 19 00 29 2f 95 30 81 02 c0"), reports: reports("02 10 00 00 00 00 00\n00 00 00 00 00 00 00\n00 00 00 00 00 00 01"), want: []scanner.Scan{scan("A")}},
		{name: "capitals and signs", reports: typed(named("us"), "LIB-00042 $/+%.\r"), want: []scanner.Scan{scan("LIB-00042 $/+%.")}},
		{name: "the right Shift", reports: reports("20 00 04 00 00 00 00 00" + enter), want: []scanner.Scan{scan("A")}},
		{name: "equal digits need a release", reports: reports("00 00 1e 00 00 00 00 00\n00 00 1e 00 00 00 00 00\n00 00 00 00 00 00 00 00\n00 00 1e 00 00 00 00 00" + enter), want: []scanner.Scan{scan("11")}},
		{name: "different keys need none", reports: reports("00 00 1e 00 00 00 00 00\n00 00 1f 00 00 00 00 00\n00 00 1f 20 00 00 00 00" + enter), want: []scanner.Scan{scan("123")}},
		{name: "keys of one report in its order", reports: reports("00 00 20 1f 1e 00 00 00" + enter), want: []scanner.Scan{scan("321")}},
		{name: "a report that has no room is none", reports: reports("00 00 1e 00 00 00 00 00\n00 00 01 01 01 01 01 01\n00 00 1e 00 00 00 00 00" + enter), want: []scanner.Scan{scan("1")}},
		{name: "a short report is none", reports: reports("00 00 1e" + enter), want: nil},
		{name: "two scans, Enter and Tab", reports: typed(named("us"), "1\r2\t"), want: []scanner.Scan{scan("1"), {Text: "2", End: scanner.Tab, At: at}}},
		{name: "the keypad and its Enter", reports: reports("00 00 59 5a 62 63 54 55\n00 00 56 57 67 58 00 00"), want: []scanner.Scan{scan("120./*-+=")}},
		{name: "function keys and arrows are no text", reports: reports("00 00 3a 00 00 00 00 00\n00 00 4f 00 00 00 00 00\n00 00 53 1e 00 00 00 00" + enter), want: []scanner.Scan{scan("1")}},
		{name: "Escape and Backspace are data", reports: reports("00 00 29 2a 1e 00 00 00" + enter), want: []scanner.Scan{scan("\x1b\b1")}},
		{name: "GS as Ctrl and a bracket", reports: reports("01 00 30 00 00 00 00 00\n00 00 1e 00 00 00 00 00" + enter), want: []scanner.Scan{scan("\x1d1")}},
		{name: "Ctrl and J is a line feed", reports: reports("00 00 1e 00 00 00 00 00\n10 00 0d 00 00 00 00 00"), want: []scanner.Scan{{Text: "1", End: scanner.LineFeed, At: at}}},
		{name: "Ctrl and a digit gives nothing", reports: reports("01 00 1e 00 00 00 00 00" + enter), want: []scanner.Scan{scan(noText)}},
		{name: "a key with Alt gives nothing", reports: reports("04 00 04 00 00 00 00 00" + enter), want: []scanner.Scan{scan(noText)}},
		{name: "a key with Windows gives nothing", reports: reports("08 00 04 00 00 00 00 00" + enter), want: []scanner.Scan{scan(noText)}},
		{name: "a key with AltGr that gives nothing", reports: reports("40 00 04 00 00 00 00 00" + enter), want: []scanner.Scan{scan(noText)}},

		{name: "a German scanner", setup: scanner.Setup{Layout: "de"}, reports: typed(named("de"), "ZY-ß/ü$§@€\\|\r"), want: []scanner.Scan{scan("ZY-ß/ü$§@€\\|")}},
		{name: "a German scanner with Ctrl and Alt for AltGr", setup: scanner.Setup{Layout: "de"}, reports: reports("05 00 14 00 00 00 00 00" + enter), want: []scanner.Scan{scan("@")}},
		{name: "a French scanner", setup: scanner.Setup{Layout: "fr"}, reports: typed(named("fr"), "31234000123456-ABCDQMZW,;.éà\r"), want: []scanner.Scan{scan("31234000123456-ABCDQMZW,;.éà")}},
		{name: "a British scanner", setup: scanner.Setup{Layout: "uk"}, reports: typed(named("uk"), "12£@\"~#\\\r"), want: []scanner.Scan{scan("12£@\"~#\\")}},
		{name: "a dead key and a letter", setup: scanner.Setup{Layout: "fr"}, reports: reports("00 00 2f 00 00 00 00 00\n00 00 08 00 00 00 00 00" + enter), want: []scanner.Scan{scan("ê")}},
		{name: "a dead key and a blank", setup: scanner.Setup{Layout: "de"}, reports: reports("00 00 35 00 00 00 00 00\n00 00 2c 00 00 00 00 00" + enter), want: []scanner.Scan{scan("^")}},
		{name: "a dead key and a digit", setup: scanner.Setup{Layout: "de"}, reports: reports("00 00 35 00 00 00 00 00\n00 00 1e 00 00 00 00 00" + enter), want: []scanner.Scan{scan("^1")}},
		{name: "a dead key and Enter", setup: scanner.Setup{Layout: "de"}, reports: reports("00 00 35 00 00 00 00 00" + enter), want: []scanner.Scan{scan("^")}},
		{name: "two dead keys", setup: scanner.Setup{Layout: "de"}, reports: reports("00 00 35 00 00 00 00 00\n00 00 2e 00 00 00 00 00\n00 00 08 00 00 00 00 00" + enter), want: []scanner.Scan{scan("^é")}},

		{name: "Caps Lock pressed by the scanner", reports: reports("00 00 39 00 00 00 00 00\n00 00 04 1e 00 00 00 00\n02 00 05 20 00 00 00 00\n00 00 39 00 00 00 00 00\n00 00 04 00 00 00 00 00" + enter), want: []scanner.Scan{scan("A1b#a")}},
		{name: "a scanner that counts on Caps Lock", setup: scanner.Setup{Caps: true}, reports: typed(named("us"), "t 123\r"), want: []scanner.Scan{scan("T 123")}},
		{name: "Caps Lock changes letters only", setup: scanner.Setup{Caps: true, Layout: "de"}, reports: typed(named("de"), "ß1äÄ\r"), want: []scanner.Scan{scan("ß1Ää")}},

		{name: "Alt and numbers, three keys a report", reports: append(reports(altLabel), reports(enter)...), want: []scanner.Scan{scan("SIP-4-1")}},
		{name: "Alt and numbers, one key after the other", reports: reports(`00 00 53 00 00 00 00 00
			04 00 00 00 00 00 00 00
			04 00 62 00 00 00 00 00
			04 00 00 00 00 00 00 00
			04 00 5d 00 00 00 00 00
			04 00 00 00 00 00 00 00
			04 00 5a 00 00 00 00 00
			00 00 00 00 00 00 00 00
			04 00 62 00 00 00 00 00
			04 00 5d 00 00 00 00 00
			04 00 5e 00 00 00 00 00
			00 00 00 00 00 00 00 00` + enter), want: []scanner.Scan{scan("48")}},
		{name: "Alt and a number with a digit twice in one report", reports: reports("04 00 62 60 60 00 00 00\n00 00 00 00 00 00 00 00" + enter), want: []scanner.Scan{scan("X")}},
		{name: "Alt and 013 is Enter", reports: reports("00 00 1e 00 00 00 00 00\n04 00 62 59 5b 00 00 00\n00 00 00 00 00 00 00 00"), want: []scanner.Scan{scan("1")}},
		{name: "Alt and a number of Windows", reports: reports("04 00 62 5a 5b 60 00 00\n00 00 00 00 00 00 00 00\n04 00 62 59 5a 60 00 00\n00 00 00 00 00 00 00 00" + enter), want: []scanner.Scan{scan("î€")}},
		{name: "Alt and a number of DOS", reports: reports("04 00 59 5b 62 00 00 00\n00 00 00 00 00 00 00 00" + enter), want: []scanner.Scan{scan("é")}},
		{name: "Alt and a number that is none", reports: reports("04 00 61 61 61 00 00 00\n00 00 00 00 00 00 00 00" + enter), want: []scanner.Scan{scan(noText)}},
		{name: "Alt alone", reports: reports("04 00 00 00 00 00 00 00\n00 00 1e 00 00 00 00 00" + enter), want: []scanner.Scan{scan("1")}},

		{name: "a prefix, a symbology and a suffix", setup: scanner.Setup{Prefix: "~", Suffix: "#", Name: "desk 1"}, reports: typed(named("us"), "~]F0123#\r"), want: []scanner.Scan{{Symbology: "]F0", Text: "123", End: scanner.Enter, Source: "desk 1", At: at}}},
		{name: "a scan that has not ended", reports: typed(named("us"), "123"), left: "123"},
	} {
		t.Run(row.name, func(t *testing.T) {
			descriptor := row.descriptor
			if descriptor == nil {
				descriptor = descriptors.Gryphon()
			}
			d, err := New(scanner.Info{Descriptor: descriptor, Packet: 8}, row.setup)
			if err != nil {
				t.Fatal(err)
			}
			var got []scanner.Scan
			for _, b := range row.reports {
				got = append(got, d.Decode(b, at).Scans...)
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("got  %+v\nwant %+v", got, row.want)
			}
			if r := d.End(at); r.Lost != row.left || (r.Fault == scanner.Torn) != (row.left != "") {
				t.Errorf("left %+v", r)
			}
		})
	}
}

func TestNoSuchLayout(t *testing.T) {
	if _, err := New(scanner.Info{}, scanner.Setup{Layout: "dvorak"}); err == nil || !strings.Contains(err.Error(), `"dvorak": us, uk, de, fr`) {
		t.Errorf("got %v", err)
	}
}

func TestIdle(t *testing.T) {
	second := func(d *Decoder, n int) (r scanner.Reading) {
		for range 5 * n {
			r = d.Idle(200*time.Millisecond, at)
			if r.Fault != scanner.NoFault || r.Scans != nil || r.Text != "" {
				return r
			}
		}
		return r
	}
	for _, row := range []struct {
		name  string
		setup scanner.Setup
		begin [][]byte
		wait  int // seconds
		want  scanner.Reading
		then  string // of a scan after it
	}{
		{"a text waits a second", scanner.Setup{}, typed(named("us"), "12"), 1, scanner.Reading{}, "123"},
		{"a text that no key closes", scanner.Setup{}, typed(named("us"), "12"), 3, scanner.Reading{Fault: scanner.Unclosed, Lost: "12"}, "3"},
		{"a scanner that cannot send Enter", scanner.Setup{Pause: time.Second}, typed(named("us"), "12"), 2, scanner.Reading{Scans: []scanner.Scan{{Text: "12", At: at}}}, "3"},
		{"a dead key that nothing follows", scanner.Setup{Layout: "de"}, reports("00 00 35 00 00 00 00 00"), 1, scanner.Reading{Text: "^", More: true}, "^3"},
		{"nothing was begun", scanner.Setup{Pause: time.Second}, nil, 60, scanner.Reading{}, "3"},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, err := New(scanner.Info{Descriptor: descriptors.Gryphon()}, row.setup)
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range row.begin {
				d.Decode(b, at)
			}
			r := second(d, row.wait)
			if r.Fault != row.want.Fault || r.Lost != row.want.Lost || r.Text != row.want.Text || !slices.Equal(r.Scans, row.want.Scans) {
				t.Errorf("got %+v", r)
			}
			var got []scanner.Scan
			for _, b := range typed(named("us"), "3\r") {
				got = append(got, d.Decode(b, at).Scans...)
			}
			if len(got) != 1 || got[0].Text != row.then {
				t.Errorf("then %+v", got)
			}
		})
	}
}

// However a scanner presses and releases its keys, and whatever lies between its
// reports, the scans are the same.
func TestAnyWayToPressGivesTheSameScans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := named(rapid.SampledFrom(layout.Names()).Draw(t, "layout"))
		text := rapid.StringOf(rapid.RuneFrom([]rune("0123456789ABCYZ-./ %$+abqz"))).Draw(t, "text") + "\r"
		info := scanner.Info{Descriptor: descriptors.Gryphon(), Packet: rapid.SampledFrom([]int{0, 3, 8, 64}).Draw(t, "packet")}
		d, err := New(info, scanner.Setup{Layout: l.Name()})
		if err != nil {
			t.Fatal(err)
		}
		var got []scanner.Scan
		send := func(report []byte) {
			cut := len(report)
			if info.Packet > 0 {
				cut = info.Packet
			}
			for b := range slices.Chunk(report, cut) {
				got = append(got, d.Decode(b, at).Scans...)
				if rapid.IntRange(0, 9).Draw(t, "pause") == 0 {
					got = append(got, d.Idle(patience-1, at).Scans...)
				}
			}
		}
		var held []byte // keys that are down, the mods of the last
		var mods byte
		for _, r := range text {
			m, key := keyOf(l, r)
			room := len(held) < 6 && m == mods && !slices.Contains(held, key)
			if !room || rapid.Bool().Draw(t, "release") {
				switch {
				case slices.Contains(held, key) || rapid.Bool().Draw(t, "by a report"):
					send(make([]byte, 8))
				}
				held = nil
			}
			held, mods = append(held, key), m
			report := make([]byte, 8)
			report[0] = m
			copy(report[2:], held)
			send(report)
		}
		want := []scanner.Scan{scan(strings.TrimSuffix(text, "\r"))}
		if text == "\r" {
			want = nil
		}
		if symbology, rest := scanner.AIM(text); symbology != "" {
			t.Skip(rest)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

// Whatever a device sends, little is kept and the decoder goes on.
func FuzzDecode(f *testing.F) {
	f.Add(descriptors.Gryphon(), 8, "us", slices.Concat(typed(named("us"), "312-A\r")...), 8)
	f.Add(descriptors.NumberedKeyboard(), 8, "de", slices.Concat(reports("02 02 04 00 00 00 00 00\n02 00 28 00 00 00 00 00")...), 8)
	f.Add([]byte(nil), 0, "fr", slices.Concat(reports(altLabel)...), 8)
	f.Fuzz(func(t *testing.T, descriptor []byte, packet int, name string, stream []byte, size int) {
		if size < 1 || size > scanner.MinRead {
			return
		}
		d, err := New(scanner.Info{Descriptor: descriptor, Packet: packet}, scanner.Setup{Layout: name})
		if err != nil {
			return
		}
		text, given := 0, 0
		for b := range slices.Chunk(stream, size) {
			r := d.Decode(b, at)
			text += len(r.Text)
			for _, s := range r.Scans {
				given += len(s.Text) + s.Cut
				if s.Text == "" || len(s.Text) > scanner.MaxText {
					t.Errorf("scan %+v", s)
				}
			}
			if len(d.number) > maxDigits || len(d.before) > 256 {
				t.Fatalf("%d digits, %d reports are kept", len(d.number), len(d.before))
			}
		}
		if given > text {
			t.Errorf("%d bytes of scans of %d typed", given, text)
		}
		d.End(at)
		for range 20 {
			if r := d.Idle(time.Second, at); r.Fault != scanner.NoFault || r.Scans != nil {
				t.Errorf("after the end: %+v", r)
			}
		}
	})
}
