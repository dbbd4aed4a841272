package replay

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"circdesk/scanner"
)

func TestParse(t *testing.T) {
	long := strings.Repeat("9", scanner.MaxText)
	for _, row := range []struct {
		name string
		text string
		want []Step
		err  string // part of the error
	}{
		{"a card and a book", "21112000698132\n30234000517861\n", []Step{{Text: "21112000698132"}, {Text: "30234000517861"}}, ""},
		{"no line end at the end", "1\n2", []Step{{Text: "1"}, {Text: "2"}}, ""},
		{"as Windows writes it", "\ufeff1\r\n2\r\n", []Step{{Text: "1"}, {Text: "2"}}, ""},
		{"white space around", "  T 12 \t\n", []Step{{Text: "T 12"}}, ""},
		{"comments and empty lines", "# a card\n\n  # more\n1\n", []Step{{Text: "1"}}, ""},
		{"a pause", "1\n@250ms\n2\n", []Step{{Text: "1"}, {Pause: 250 * time.Millisecond}, {Text: "2"}}, ""},
		{"a code that begins like a comment", "\\#1\n\\@1\n\\\\1\n", []Step{{Text: "#1"}, {Text: "@1"}, {Text: "\\1"}}, ""},
		{"a code with white space around", "  \\ 12 \r\n", []Step{{Text: " 12 "}}, ""},
		{"the longest scan", long, []Step{{Text: long}}, ""},
		{"nothing", "", nil, ""},

		{"a scan that is too long", "1\n" + long + "9\n", nil, "line 2"},
		{"a pause without a unit", "1\n\n@250\n", nil, "line 3"},
		{"a pause of a day", "@24h\n", nil, "line 1"},
		{"a pause back in time", "@-1s\n", nil, "line 1"},
		{"a backslash alone", "\\\n", nil, "line 1"},
		{"a file without an end", strings.Repeat("1\n", maxFile), nil, "bytes"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := Parse(strings.NewReader(row.text))
			if !slices.Equal(got, row.want) {
				t.Errorf("got %+v", got)
			}
			if (err != nil) != (row.err != "") || err != nil && !strings.Contains(err.Error(), row.err) {
				t.Errorf("error %v, want %q", err, row.err)
			}
		})
	}
}

func TestParseTellsAReadError(t *testing.T) {
	if _, err := Parse(iotest.ErrReader(io.ErrUnexpectedEOF)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1\n@1s\n#\n\\#2\r\n", "@", "\\", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		steps, err := Parse(strings.NewReader(s))
		if err != nil && steps != nil {
			t.Errorf("an error and %d steps", len(steps))
		}
		for _, step := range steps {
			if (step.Pause == 0) == (step.Text == "") || step.Pause < 0 || len(step.Text) > scanner.MaxText {
				t.Errorf("%q has the step %+v", s, step)
			}
		}
	})
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "scans.txt")
	if _, err := Open(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if err := os.WriteFile(path, []byte("@1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), path+": line 1") {
		t.Errorf("a file that cannot be read: %v", err)
	}
	if err := os.WriteFile(path, []byte("123\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := Open(path)
	if err != nil || !slices.Equal(p.Steps, []Step{{Text: "123"}}) || p.Source != path {
		t.Errorf("got %+v, %v", p, err)
	}
}

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		p := &Player{
			Steps:  []Step{{Text: "1"}, {Pause: 250 * time.Millisecond}, {Text: "]F02"}, {Text: strings.Repeat("9", scanner.MaxText+5)}},
			Source: "demo",
			Gap:    time.Second,
		}
		var got []scanner.Scan
		if err := p.Run(t.Context(), func(s scanner.Scan) { got = append(got, s) }); err != nil {
			t.Fatal(err)
		}
		at := func(d time.Duration) time.Time { return start.Add(d).UTC() }
		want := []scanner.Scan{
			{Text: "1", Source: "demo", At: at(time.Second)},
			{Text: "2", Symbology: "]F0", Source: "demo", At: at(2250 * time.Millisecond)},
			{Text: strings.Repeat("9", scanner.MaxText), Cut: 5, Source: "demo", At: at(3250 * time.Millisecond)},
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %+v", got)
		}
	})
}

func TestRunEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		p := &Player{Steps: []Step{{Text: "1"}, {Pause: time.Hour}, {Text: "2"}}}
		n := 0
		start := time.Now()
		if err := p.Run(ctx, func(scanner.Scan) { n++ }); err != nil || n != 1 || time.Since(start) != time.Minute {
			t.Errorf("%d scans, %v", n, err)
		}
		if err := p.Run(ctx, func(scanner.Scan) { n++ }); err != nil || n != 1 {
			t.Errorf("after the end %d scans, %v", n, err)
		}
	})
}

var _ scanner.Device = (*Player)(nil)
