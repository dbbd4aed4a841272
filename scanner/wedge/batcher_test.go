package wedge

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/scanner"
)

func scan(text string, end scanner.End) scanner.Scan { return scanner.Scan{Text: text, End: end} }

// bare is a scan without its time.
func bare(scans []scanner.Scan) []scanner.Scan {
	for i := range scans {
		scans[i].At = time.Time{}
	}
	return scans
}

func TestType(t *testing.T) {
	long := strings.Repeat("9", scanner.MaxText)
	for _, row := range []struct {
		name  string
		b     Batcher
		text  string
		want  []scanner.Scan
		after string // still pending
	}{
		{"a scan that ends with Enter", Batcher{}, "123\r", []scanner.Scan{scan("123", scanner.Enter)}, ""},
		{"a scan that ends with ctrl+j", Batcher{}, "123\n", []scanner.Scan{scan("123", scanner.LineFeed)}, ""},
		{"a scan that ends with Tab", Batcher{}, "123\t", []scanner.Scan{scan("123", scanner.Tab)}, ""},
		{"a scan that ends with both", Batcher{}, "123\r\n456\r\n", []scanner.Scan{scan("123", scanner.Enter), scan("456", scanner.Enter)}, ""},
		{"a scan that has not ended", Batcher{}, "123", nil, "123"},
		{"Enter alone", Batcher{}, "\r\r\n\t", nil, ""},
		{"nothing", Batcher{}, "", nil, ""},
		{"white space is data", Batcher{}, " T 12 \r", []scanner.Scan{scan(" T 12 ", scanner.Enter)}, ""},
		{"controls are data", Batcher{}, "\x02123\x1d4\x03\r", []scanner.Scan{scan("\x02123\x1d4\x03", scanner.Enter)}, ""},
		{"bytes that are no text are data", Batcher{}, "\xff\xe4\r", []scanner.Scan{scan("\xff\xe4", scanner.Enter)}, ""},
		{"a symbology", Batcher{}, "]F0123\r", []scanner.Scan{{Text: "123", Symbology: "]F0", End: scanner.Enter}}, ""},
		{"a prefix and a suffix", Batcher{Prefix: "~", Suffix: "#"}, "~123#\r", []scanner.Scan{scan("123", scanner.Enter)}, ""},
		{"a prefix, a symbology and a suffix", Batcher{Prefix: "~", Suffix: "#"}, "~]F0123#\r", []scanner.Scan{{Text: "123", Symbology: "]F0", End: scanner.Enter}}, ""},
		{"a typed number has no prefix", Batcher{Prefix: "~", Suffix: "#"}, "123\r", []scanner.Scan{scan("123", scanner.Enter)}, ""},
		{"a prefix is left out once", Batcher{Prefix: "1"}, "1123\r", []scanner.Scan{scan("123", scanner.Enter)}, ""},
		{"a prefix alone is not lost", Batcher{Prefix: "~"}, "~\r", []scanner.Scan{scan("~", scanner.Enter)}, ""},
		{"a prefix and suffix alone are not lost", Batcher{Prefix: "~", Suffix: "#"}, "~#\r", []scanner.Scan{scan("~", scanner.Enter)}, ""},
		{"the device's name", Batcher{Source: "desk 1"}, "123\r", []scanner.Scan{{Text: "123", End: scanner.Enter, Source: "desk 1"}}, ""},
		{"the longest scan", Batcher{}, long + "\r", []scanner.Scan{scan(long, scanner.Enter)}, ""},
		{"the longest scan with all that is left out", Batcher{Prefix: "~~", Suffix: "##"}, "~~]F0" + long + "##\r", []scanner.Scan{{Text: long, Symbology: "]F0", End: scanner.Enter}}, ""},
		{"a scan that is too long", Batcher{}, long + "12345\r6\r", []scanner.Scan{{Text: long, Cut: 5, End: scanner.Enter}, scan("6", scanner.Enter)}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := bare(row.b.Type(row.text))
			if !slices.Equal(got, row.want) {
				t.Errorf("got %+v, want %+v", got, row.want)
			}
			if row.b.Pending() != row.after {
				t.Errorf("pending %q, want %q", row.b.Pending(), row.after)
			}
		})
	}
}

func TestPaste(t *testing.T) {
	for _, row := range []struct {
		name  string
		typed string
		paste string
		want  []scanner.Scan
	}{
		{"one number", "", "123", []scanner.Scan{scan("123", scanner.Paste)}},
		{"a list", "", "123\r\n456\n\n789", []scanner.Scan{scan("123", scanner.Enter), scan("456", scanner.LineFeed), scan("789", scanner.Paste)}},
		{"columns of a table", "", "123\tRose\n", []scanner.Scan{scan("123", scanner.Tab), scan("Rose", scanner.LineFeed)}},
		{"the rest of a number", "12", "3", []scanner.Scan{scan("123", scanner.Paste)}},
		{"nothing", "", "", nil},
		{"nothing behind a number", "12", "", []scanner.Scan{scan("12", scanner.Paste)}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var b Batcher
			got := bare(append(b.Type(row.typed), b.Paste(row.paste)...))
			if !slices.Equal(got, row.want) {
				t.Errorf("got %+v, want %+v", got, row.want)
			}
		})
	}
}

func TestTake(t *testing.T) {
	b := Batcher{}
	b.Type(strings.Repeat("9", scanner.MaxText+100))
	if got := b.Take(); !strings.HasPrefix(got, "999") {
		t.Errorf("took %.20q", got)
	}
	if got := bare(b.Type("1\r")); !slices.Equal(got, []scanner.Scan{scan("1", scanner.Enter)}) {
		t.Errorf("then %+v", got)
	}
}

func TestTimeIsUTC(t *testing.T) {
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, time.FixedZone("", 7200))
	b := Batcher{Now: func() time.Time { return at }}
	if got := b.Type("1\r")[0].At; got != at.UTC() {
		t.Errorf("got %v", got)
	}
	before := time.Now()
	if got := new(Batcher).Type("1\r")[0].At; got.Before(before) || got.Location() != time.UTC {
		t.Errorf("got %v", got)
	}
}

// However the bytes are split on their way, the scans are the same, and no byte
// is lost that is not counted.
func TestAnySplitGivesTheSameScans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.OneOf(
			rapid.SampledFrom([]string{"\r", "\n", "\t", "\r\n", "~", "#", "]C1", "21112000698132", "é", "📚", "\xff"}),
			rapid.StringN(0, 5, -1),
			rapid.Map(rapid.IntRange(scanner.MaxText-6, scanner.MaxText+6), func(n int) string { return strings.Repeat("9", n) }),
		)
		s := strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "")
		setup := Batcher{
			Prefix: rapid.SampledFrom([]string{"", "~"}).Draw(t, "prefix"),
			Suffix: rapid.SampledFrom([]string{"", "#", "9#"}).Draw(t, "suffix"),
		}
		whole, split := setup, setup
		want := bare(whole.Type(s))
		var got []scanner.Scan
		for rest := s; rest != ""; {
			n := min(len(rest), rapid.OneOf(rapid.IntRange(1, 4), rapid.IntRange(1, 5000)).Draw(t, "bytes"))
			got = append(got, bare(split.Type(rest[:n]))...)
			rest = rest[n:]
		}
		if !slices.Equal(got, want) || split.Pending() != whole.Pending() {
			t.Fatalf("split: %+v, whole: %+v", got, want)
		}
		if setup.Prefix != "" || setup.Suffix != "" {
			return
		}
		bytes := 0
		for _, scan := range want {
			bytes += len(scan.Symbology) + len(scan.Text) + scan.Cut
		}
		closed := s[:strings.LastIndexAny(s, "\r\n\t")+1]
		if data := len(closed) - strings.Count(closed, "\r") - strings.Count(closed, "\n") - strings.Count(closed, "\t"); bytes != data {
			t.Fatalf("%d of %d bytes", bytes, data)
		}
	})
}

func FuzzType(f *testing.F) {
	f.Add("123\r\n]F0456\t", 3)
	f.Add("\r\xffé", 2)
	f.Fuzz(func(t *testing.T, s string, at int) {
		if at < 0 || at > len(s) {
			return
		}
		var whole, split Batcher
		want := bare(whole.Type(s))
		if got := bare(append(split.Type(s[:at]), split.Type(s[at:])...)); !slices.Equal(got, want) {
			t.Errorf("split at %d: %+v, whole: %+v", at, got, want)
		}
	})
}
