package wedge

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/scanner"
	"circdesk/scanner/layout"
)

func TestRead(t *testing.T) {
	for _, row := range []struct {
		name  string
		setup scanner.Setup
		text  string
		want  string // with the symbology
		why   scanner.Mending
	}{
		{"a number", scanner.Setup{}, "31234000123456", "31234000123456", ""},
		{"a symbology, a prefix and a suffix", scanner.Setup{Prefix: "~", Suffix: "#"}, "~]F0123#", "]F0123", ""},

		{"Caps Lock: Code 39", scanner.Setup{}, "]a0t 123", "]A0T 123", scanner.CapsLock},
		{"Caps Lock: Codabar", scanner.Setup{}, "]f0A31234000123456B", "]F0a31234000123456b", scanner.CapsLock},
		{"Caps Lock behind a prefix", scanner.Setup{Prefix: "~"}, "~]c1lIB", "]C1Lib", scanner.CapsLock},
		{"a symbology with a small letter", scanner.Setup{}, "]e0abc", "]e0abc", ""},
		{"small letters without a symbology", scanner.Setup{}, "t 123", "t 123", ""},
		{"an identifier and nothing behind it", scanner.Setup{}, "]a0", "]a0", ""},

		{"a French computer", scanner.Setup{}, "\"&é\"'ààà&é\"'(-", "31234000123456", scanner.OtherLayout},
		{"a French computer and too few digits", scanner.Setup{}, "LIB)àààé", "LIB)àààé", ""},
		{"a French computer and Code 39", scanner.Setup{}, "LIB)àààé&", "LIB-00021", scanner.OtherLayout},
		{"a French computer and a prefix", scanner.Setup{Prefix: "-", Suffix: "="}, ")\"&é\"'ààà&é\"'(-=", "31234000123456", scanner.OtherLayout},
		{"a French computer and digits without accents", scanner.Setup{}, "\"&\"'(-_&\"'", "3134568134", scanner.OtherLayout},
		{"a line of dashes", scanner.Setup{}, "--------------", "--------------", ""},
		{"French words", scanner.Setup{}, "déjà vu", "déjà vu", ""},
		{"French capitals", scanner.Setup{}, "ÉTÉ", "ÉTÉ", ""},
		{"a French typist's number", scanner.Setup{}, "à 12345", "à 12345", ""},
		{"a German computer", scanner.Setup{}, "LIBß00042", "LIB-00042", scanner.OtherLayout},
		{"a German computer and Y", scanner.Setup{}, "ZYß12345", "YZ-12345", scanner.OtherLayout},
		{"German words", scanner.Setup{}, "Straße 12345", "Straße 12345", ""},
		{"German capitals", scanner.Setup{}, "ÄRZTE 12345", "ÄRZTE 12345", ""},
		{"a French scanner on an American computer", scanner.Setup{}, "#!@#$)))!@#$%^", "31234000123456", scanner.OtherLayout},
		{"a French scanner that the settings name", scanner.Setup{Layout: "fr"}, "#!@#$)))!@#$%^", "31234000123456", scanner.OtherLayout},
		{"an American scanner that the settings name", scanner.Setup{Layout: "us"}, "#!@#$)))!@#$%^", "#!@#$)))!@#$%^", ""},
		{"which keyboard is not certain", scanner.Setup{}, "Yàààéà&Ω", "Yàààéà&Ω", ""},

		{"the settings name both", scanner.Setup{Host: "de", Layout: "us"}, "Zß1", "Y-1", scanner.OtherLayout},
		{"the settings name the computer's", scanner.Setup{Host: "fr"}, "àé", "02", scanner.OtherLayout},
		{"the settings name the same twice", scanner.Setup{Host: "fr", Layout: "fr"}, "àé", "àé", ""},
		{"what the settings name changes nothing", scanner.Setup{Host: "de"}, "123", "123", ""},
		{"what the settings name has no such key", scanner.Setup{Host: "de"}, "Ω", "Ω", ""},
		{"the settings name nothing that there is", scanner.Setup{Host: "klingon", Layout: "vulcan"}, "é1", "é1", ""},
		{"the prefix is typed back, too", scanner.Setup{Host: "de", Prefix: "-"}, "ßZ", "Y", scanner.OtherLayout},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := Read(row.setup, row.text, 0, scanner.Enter, at)
			if s.Symbology+s.Text != row.want || s.Mended != row.why {
				t.Errorf("got %q %q, %q", s.Symbology, s.Text, s.Mended)
			}
			if (s.Typed == row.text) != (row.why != "") || row.why == "" && s.Typed != "" {
				t.Errorf("typed %q", s.Typed)
			}
			b := Batcher{Prefix: row.setup.Prefix, Suffix: row.setup.Suffix, Layout: row.setup.Layout, Host: row.setup.Host, Mend: true, Now: func() time.Time { return at }}
			if got := b.Type(row.text + "\r"); !slices.Equal(got, []scanner.Scan{s}) {
				t.Errorf("gathered: %+v, want %+v", got, s)
			}
		})
	}
}

// What is typed as it was meant stays as it is: nothing that a keyboard of the
// United States types is mended but signs and impossible symbologies.
func TestPlainTextIsNotMended(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("0123456789ABCXYZabcxyz-. $/+%:]"))).Draw(t, "text")
		if inverted(text) {
			return
		}
		if s, why := typedBack(scanner.Setup{}, text); s != text || why != scanner.Unmended {
			t.Fatalf("%q became %q: %s", text, s, why)
		}
	})
}

// A number of a scanner that types American comes right on every keyboard that
// there is a table for, and nothing else comes instead.
func TestNumbersAreMendedOnEveryKeyboard(t *testing.T) {
	us, _ := layout.Find("us")
	rapid.Check(t, func(t *rapid.T) {
		host, _ := layout.Find(rapid.SampledFrom(layout.Names()).Draw(t, "host"))
		number := rapid.StringOfN(rapid.RuneFrom([]rune("0123456789")), 14, 14, -1).Draw(t, "number")
		typed, ok := layout.Retype(number, us, host)
		if !ok {
			t.Fatal("digits are no keys")
		}
		got, _ := typedBack(scanner.Setup{}, typed)
		few := len(slices.Compact(slices.Sorted(slices.Values([]rune(number))))) < fewestKinds
		if got != number && !(few && got == typed) {
			t.Fatalf("%q typed on %s is %q and became %q", number, host.Name(), typed, got)
		}
	})
}

func TestSpeed(t *testing.T) {
	ms := func(gaps ...int) (times []time.Time) {
		now := at
		for _, gap := range gaps {
			now = now.Add(time.Duration(gap) * time.Millisecond)
			times = append(times, now)
		}
		return times
	}
	for _, row := range []struct {
		name    string
		times   []time.Time
		want    Speed
		scanned bool
		remote  bool
	}{
		{"a scanner", ms(0, 8, 8, 9, 8, 16, 8), Speed{7, 8 * time.Millisecond, 16 * time.Millisecond}, true, true},
		{"a scanner with a hole", ms(0, 2, 2, 2, 119, 2, 2), Speed{7, 2 * time.Millisecond, 119 * time.Millisecond}, true, true},
		{"a scanner over a line", ms(0, 0, 0, 200, 0, 0, 0), Speed{7, 0, 200 * time.Millisecond}, false, true},
		{"a person", ms(0, 110, 90, 140, 95, 130, 100), Speed{7, 110 * time.Millisecond, 140 * time.Millisecond}, false, false},
		{"a short text", ms(0, 2, 2), Speed{3, 2 * time.Millisecond, 2 * time.Millisecond}, false, false},
		{"one character", ms(0), Speed{Characters: 1}, false, false},
		{"nothing", nil, Speed{}, false, false},
		{"a clock that goes back", ms(0, -50, 2, 2, 2, 2, 2), Speed{7, 2 * time.Millisecond, 2 * time.Millisecond}, true, true},
	} {
		got := NewSpeed(row.times)
		if got != row.want || got.Scanned(false) != row.scanned || got.Scanned(true) != row.remote {
			t.Errorf("%s: %+v, %v, %v", row.name, got, got.Scanned(false), got.Scanned(true))
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("\"&é\"'ààà&é\"'(-", "", "")
	f.Add("]a0t 123", "~", "fr")
	f.Fuzz(func(t *testing.T, text, prefix, host string) {
		s := Read(scanner.Setup{Prefix: prefix, Host: host}, text, 0, scanner.Enter, at)
		if s.Mended == scanner.Unmended && s.Typed != "" || len(s.Text) > scanner.MaxText || len(s.Typed) > scanner.MaxText {
			t.Errorf("%+v", s)
		}
		if s.Mended != scanner.Unmended && !strings.HasPrefix(text, s.Typed) {
			t.Errorf("%q is lost: %+v", text, s)
		}
	})
}
