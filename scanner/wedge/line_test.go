package wedge

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/scanner"
)

var at = time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)

func TestLine(t *testing.T) {
	for _, row := range []struct {
		name  string
		setup scanner.Setup
		text  string
		want  []scanner.Scan
		after string // still pending
	}{
		{"CR LF", scanner.Setup{}, "123\r\n456\r\n", []scanner.Scan{scan("123", scanner.Enter), scan("456", scanner.Enter)}, ""},
		{"LF", scanner.Setup{}, "123\n456", []scanner.Scan{scan("123", scanner.LineFeed)}, "456"},
		{"Tab", scanner.Setup{}, "123\t", []scanner.Scan{scan("123", scanner.Tab)}, ""},
		{"STX and ETX", scanner.Setup{Prefix: "\x02", Suffix: "\x03"}, "\x02123\x03\x02456\x03", []scanner.Scan{scan("123", scanner.Whole), scan("456", scanner.Whole)}, ""},
		{"STX, ETX and CR", scanner.Setup{Prefix: "\x02", Suffix: "\x03"}, "\x02123\x03\r", []scanner.Scan{scan("123", scanner.Whole)}, ""},
		{"a printable suffix closes nothing", scanner.Setup{Suffix: "#"}, "12#3#\r", []scanner.Scan{scan("12#3", scanner.Enter)}, ""},
		{"a suffix that ends in CR", scanner.Setup{Suffix: "#\r"}, "123\r", []scanner.Scan{scan("123", scanner.Enter)}, ""},
		{"a symbology", scanner.Setup{Name: "port"}, "]F0123\r", []scanner.Scan{{Symbology: "]F0", Text: "123", End: scanner.Enter, Source: "port"}}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := NewLine(row.setup)
			r := l.Decode([]byte(row.text), at)
			for _, s := range r.Scans {
				if s.At != at {
					t.Errorf("at %v", s.At)
				}
			}
			if got := bare(r.Scans); !slices.Equal(got, row.want) || r.Text != row.text || r.More != (row.after != "") {
				t.Errorf("got %+v", r)
			}
			if end := l.End(at); end.Lost != row.after || (end.Fault == scanner.Torn) != (row.after != "") {
				t.Errorf("left %+v", end)
			}
			if end := l.End(at); end.Fault != scanner.NoFault {
				t.Errorf("left twice: %+v", end)
			}
		})
	}
}

func TestLineWaits(t *testing.T) {
	for _, row := range []struct {
		name  string
		setup scanner.Setup
		waits []time.Duration
		want  []scanner.Scan
		fault scanner.Fault
	}{
		{"a moment", scanner.Setup{}, []time.Duration{patience - 1}, nil, scanner.NoFault},
		{"too long in one", scanner.Setup{}, []time.Duration{patience}, nil, scanner.Unclosed},
		{"too long in pieces", scanner.Setup{}, []time.Duration{patience / 2, patience / 2}, nil, scanner.Unclosed},
		{"a pause that closes", scanner.Setup{Pause: time.Second}, []time.Duration{time.Second}, []scanner.Scan{scan("12", scanner.Whole)}, scanner.NoFault},
		{"less than the pause", scanner.Setup{Pause: time.Second}, []time.Duration{time.Second - 1}, nil, scanner.NoFault},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := NewLine(row.setup)
			l.Decode([]byte("1"), at)
			if r := l.Idle(patience-1, at); row.setup.Pause == 0 && r.Fault != scanner.NoFault {
				t.Errorf("before: %+v", r)
			}
			l = NewLine(row.setup)
			l.Decode([]byte("12"), at)
			var r scanner.Reading
			for _, wait := range row.waits {
				r = l.Idle(wait, at)
			}
			if !slices.Equal(bare(r.Scans), row.want) || r.Fault != row.fault || (r.Lost == "12") != (row.fault != scanner.NoFault) {
				t.Errorf("got %+v", r)
			}
		})
	}
}

// However the bytes of a line are split, the scans are the same.
func TestAnySplitOfALineGivesTheSameScans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("123\x02\x03#~\r\n\té"))).Draw(t, "text")
		setup := rapid.SampledFrom([]scanner.Setup{{}, {Prefix: "\x02", Suffix: "\x03"}, {Prefix: "~", Suffix: "#"}, {Suffix: "#\x03"}}).Draw(t, "setup")
		whole, split := NewLine(setup), NewLine(setup)
		want := whole.Decode([]byte(text), at).Scans
		var got []scanner.Scan
		for rest := []byte(text); len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "bytes")
			got = append(got, split.Decode(rest[:n], at).Scans...)
			got = append(got, split.Idle(patience-1, at).Scans...)
			rest = rest[n:]
		}
		if !slices.Equal(got, want) || split.End(at).Lost != whole.End(at).Lost {
			t.Fatalf("split %+v, whole %+v", got, want)
		}
	})
}
