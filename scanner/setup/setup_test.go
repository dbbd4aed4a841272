package setup

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/scanner"
	"circdesk/scanner/internal/descriptors"
	"circdesk/scanner/layout"
	"circdesk/scanner/reader"
	"circdesk/scanner/wedge"
)

var at = time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)

const book = "31234000123456"

// letters are a text character by character, eight milliseconds apart.
func letters(text string) (came []Arrival) {
	for i, r := range []rune(text) {
		came = append(came, Arrival{at.Add(time.Duration(i) * 8 * time.Millisecond), []byte(string(r))})
	}
	return came
}

// retyped is what a text of one keyboard becomes on another.
func retyped(text, from, to string) string {
	f, _ := layout.Find(from)
	t, _ := layout.Find(to)
	s, ok := layout.Retype(text, f, t)
	if !ok {
		panic(text)
	}
	return s
}

var every = []string{"us", "uk", "de", "fr"}

func TestTyped(t *testing.T) {
	speed := func(n int) wedge.Speed {
		return wedge.Speed{Characters: n, Median: 8 * time.Millisecond, Longest: 8 * time.Millisecond}
	}
	alike := every[:3] // digits are the same keys there
	for _, row := range []struct {
		name string
		code string
		came []Arrival
		want Finding
		err  error
	}{
		{"a scanner as it should be", book, letters(book + "\r"), Finding{Layouts: alike, End: scanner.Enter, Speed: speed(14)}, nil},
		{"in one piece", book, []Arrival{{at, []byte(book + "\r\n")}}, Finding{Layouts: alike, End: scanner.Enter, Speed: wedge.Speed{Characters: 14}}, nil},
		{"Tab", book, letters(book + "\t"), Finding{Layouts: alike, End: scanner.Tab, Speed: speed(14)}, nil},
		{"no key", book, letters(book), Finding{Layouts: alike, Speed: speed(14)}, nil},
		{"a prefix and a suffix", book, letters("~" + book + "##\n"), Finding{Setup: scanner.Setup{Prefix: "~", Suffix: "##"}, Layouts: every[:1], End: scanner.LineFeed, Speed: speed(17)}, nil},
		{"a symbology", book, letters("]F0" + book + "\r"), Finding{Symbology: "]F0", Layouts: every[:2], End: scanner.Enter, Speed: speed(17)}, nil},
		{"a prefix and a symbology", book, letters("~]F0" + book + "\r"), Finding{Setup: scanner.Setup{Prefix: "~"}, Symbology: "]F0", Layouts: every[:1], End: scanner.Enter, Speed: speed(18)}, nil},
		{"start and stop", book, letters("A" + book + "B\r"), Finding{StartStop: true, Layouts: alike, End: scanner.Enter, Speed: speed(16)}, nil},
		{"without the check digit", book, letters(book[:13] + "\r"), Finding{CheckLeftOut: true, Layouts: alike, End: scanner.Enter, Speed: speed(13)}, nil},
		{"Caps Lock", "T 12345-ab", letters("]a0t 12345-AB\r"), Finding{CapsLock: true, Symbology: "]A0", End: scanner.Enter, Speed: speed(13)}, nil},
		{"a French computer", book, letters(retyped(book, "us", "fr") + "\r"), Finding{Setup: scanner.Setup{Host: "fr"}, Layouts: alike, End: scanner.Enter, Speed: speed(14)}, nil},
		{"a French computer and a code that tells", "LIB-0004Z", letters(retyped("LIB-0004Z", "us", "fr") + "\r"), Finding{Setup: scanner.Setup{Host: "fr"}, Layouts: []string{"us", "uk"}, End: scanner.Enter, Speed: speed(9)}, nil},
		{"a French scanner", book, letters(retyped(book, "fr", "us") + "\r"), Finding{Setup: scanner.Setup{Host: "us", Layout: "fr"}, Layouts: []string{"fr"}, End: scanner.Enter, Speed: speed(14)}, nil},
		{"a prefix on a German computer", "LIB-00042", letters(retyped(";LIB-00042", "us", "de") + "\r"), Finding{Setup: scanner.Setup{Host: "de", Prefix: ";"}, Layouts: []string{"us", "uk"}, End: scanner.Enter, Speed: speed(10)}, nil},
		{"a prefix and a symbology on a German computer", book, letters(retyped("~]F0"+book, "us", "de") + "\r"), Finding{Setup: scanner.Setup{Host: "de", Prefix: "~"}, Symbology: "]F0", Layouts: every[:1], End: scanner.Enter, Speed: speed(18)}, nil},
		{"a symbology on a German computer", book, letters(retyped("]F0"+book, "us", "de") + "\r"), Finding{Setup: scanner.Setup{Host: "de"}, Symbology: "]F0", Layouts: []string{"us", "uk"}, End: scanner.Enter, Speed: speed(17)}, nil},
		{"Caps Lock, digits and a symbology", book, letters("]f0" + book + "\r"), Finding{CapsLock: true, Symbology: "]F0", End: scanner.Enter, Speed: speed(17)}, nil},
		{"a code of zeros behind a symbology", "00000000", letters("]F000000000\r"), Finding{Symbology: "]F0", Layouts: every[:2], End: scanner.Enter, Speed: speed(11)}, nil},
		{"another code", book, letters("9780306406157\r"), Finding{}, ErrOther},
		{"a short code", "12345", letters("12345\r"), Finding{}, ErrShort},
		{"nothing", book, nil, Finding{}, ErrNothing},
		{"Enter alone", book, letters("\r"), Finding{}, ErrNothing},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, text, err := Typed(row.code, row.came)
			if !errors.Is(err, row.err) || text != all(row.came) || !reflect.DeepEqual(got, row.want) {
				t.Errorf("got %+v, %v\nwant %+v", got, err, row.want)
			}
		})
	}
}

// reports are the reports of a scanner that types a text, eight milliseconds apart.
func reports(name, text string) (came []Arrival) {
	l, _ := layout.Find(name)
	add := func(b ...byte) {
		came = append(came, Arrival{at.Add(time.Duration(len(came)) * 4 * time.Millisecond), append(b, make([]byte, 8-len(b))...)})
	}
	for _, r := range text {
		if r == '\r' {
			add(0, 0, byte(layout.Enter))
			add()
			continue
		}
		sent := false
		for k := byte(4); k <= 0x64 && !sent; k++ {
			for level, held := range []byte{0, 2, 0x40} {
				if l.Rune(layout.Key(k), layout.Level(level)) == r && !sent {
					add(held, 0, k)
					add()
					sent = true
				}
			}
		}
		if !sent {
			panic("no key for " + string(r))
		}
	}
	return came
}

func TestRead(t *testing.T) {
	keys := scanner.Info{Kind: scanner.Keyboard, Descriptor: descriptors.Gryphon()}
	pos := scanner.Info{Kind: scanner.POS, Descriptor: descriptors.HandHeldPOS()}
	report := make([]byte, 64)
	copy(report, "\x02\x10]F0~"+book+"\r")
	speed := func(n int) wedge.Speed {
		return wedge.Speed{Characters: n, Median: 8 * time.Millisecond, Longest: 8 * time.Millisecond}
	}
	for _, row := range []struct {
		name string
		info scanner.Info
		code string
		came []Arrival
		want Finding
		text string
		err  error
	}{
		{"digits", keys, book, reports("us", book+"\r"), Finding{Setup: scanner.Setup{Kind: scanner.Keyboard}, Layouts: every[:3], End: scanner.Enter, Speed: speed(14)}, book, nil},
		{"a French scanner", keys, book, reports("fr", "-"+book+"\r"), Finding{Setup: scanner.Setup{Kind: scanner.Keyboard, Layout: "fr", Prefix: "-"}, Layouts: every[3:], End: scanner.Enter, Speed: speed(15)}, "6#!@#$)))!@#$%^", nil},
		{"a German scanner", keys, "ZY-12345", reports("de", "ZY-12345\r"), Finding{Setup: scanner.Setup{Kind: scanner.Keyboard, Layout: "de"}, Layouts: []string{"de"}, End: scanner.Enter, Speed: speed(8)}, "YZ/12345", nil},
		{"a scanner that counts on Caps Lock", keys, "T 12345", reports("us", "t 12345\r"), Finding{Setup: scanner.Setup{Kind: scanner.Keyboard, Caps: true}, Layouts: every[:3], CapsLock: true, End: scanner.Enter, Speed: speed(7)}, "t 12345", nil},
		{"no Enter", keys, book, reports("us", book), Finding{Setup: scanner.Setup{Kind: scanner.Keyboard, Pause: pause}, Layouts: every[:3], Speed: speed(14)}, book, nil},
		{"another code", keys, "9780306406157", reports("us", book+"\r"), Finding{}, book, ErrOther},
		{"nothing", keys, book, nil, Finding{}, "", ErrNothing},
		{"a short code", keys, "123", reports("us", "123\r"), Finding{}, "123", ErrShort},
		{"reports of scans", pos, book, []Arrival{{at, report}}, Finding{Setup: scanner.Setup{Kind: scanner.POS, Prefix: "~"}, Symbology: "]F0", End: scanner.Enter, Speed: wedge.Speed{Characters: 16}}, "]F0~" + book, nil},
		{"a serial line", scanner.Info{Kind: scanner.Serial}, book, letters("\x02]C0" + book + "\x03"), Finding{Setup: scanner.Setup{Kind: scanner.Serial, Prefix: "\x02", Suffix: "\x03", Pause: pause}, Symbology: "]C0", Speed: speed(19)}, "\x02]C0" + book + "\x03", nil},
		{"another code in a report", pos, "9780306406157", []Arrival{{at, report}}, Finding{}, "]F0~" + book, ErrOther},
		{"half a report", pos, book, []Arrival{{at, report[:9]}}, Finding{}, "", ErrNothing},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, text, err := Read(row.code, row.info, row.came)
			if !errors.Is(err, row.err) || text != row.text || !reflect.DeepEqual(got, row.want) {
				t.Errorf("got %+v, %q, %v\nwant %+v", got, text, err, row.want)
			}
		})
	}
}

// What was found for one code reads every other code of the scanner.
func TestTheFindingReadsOtherCodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringOfN(rapid.RuneFrom([]rune("0123456789")), 14, 14, -1)
		affix := rapid.SampledFrom([]string{"", "~", "#", "x-"})
		name := rapid.SampledFrom(every[:3]).Draw(t, "layout")
		prefix, suffix := affix.Draw(t, "prefix"), affix.Draw(t, "suffix")
		symbology := rapid.SampledFrom([]string{"", "]F0"}).Draw(t, "symbology")
		send := func(code string) []Arrival { return reports(name, prefix+symbology+code+suffix+"\r") }
		known, other := digits.Draw(t, "known"), digits.Draw(t, "other")
		info := scanner.Info{Kind: scanner.Keyboard, Descriptor: descriptors.Gryphon()}
		f, text, err := Read(known, info, send(known))
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		d, err := reader.Decoder(info, f.Setup)
		if err != nil {
			t.Fatal(err)
		}
		var scans []scanner.Scan
		for _, a := range send(other) {
			scans = append(scans, d.Decode(a.Bytes, a.At).Scans...)
		}
		if len(scans) != 1 || scans[0].Text != other || scans[0].Symbology != symbology {
			t.Fatalf("with %+v: %+v, want %q", f, scans, other)
		}
	})
}

func FuzzTyped(f *testing.F) {
	f.Add(book, "~]F0"+book+"#\r", 3)
	f.Add("T 12345", "]a0t 12345\r", 1)
	f.Fuzz(func(t *testing.T, code, text string, cut int) {
		if cut < 0 || cut > len(text) {
			return
		}
		found, said, err := Typed(code, []Arrival{{at, []byte(text[:cut])}, {at, []byte(text[cut:])}})
		if said != text || err != nil && !reflect.DeepEqual(found, Finding{}) {
			t.Errorf("%+v, %q, %v", found, said, err)
		}
	})
}

func all(came []Arrival) (text string) {
	for _, a := range came {
		text += string(a.Bytes)
	}
	return text
}
