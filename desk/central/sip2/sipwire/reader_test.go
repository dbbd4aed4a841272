package sipwire

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// all reads to the end; errors stand between the messages.
func all(r *Reader) []string {
	var got []string
	for {
		b, err := r.Next()
		switch {
		case err == io.EOF:
			return got
		case errors.Is(err, ErrTooLong):
			got = append(got, "too long")
		case err != nil:
			got = append(got, err.Error())
		default:
			got = append(got, string(b))
		}
	}
}

func TestReader(t *testing.T) {
	for _, row := range []struct {
		name string
		sent string
		want string // messages between slashes
	}{
		{"CR", "941\r9900802.00\r", "941\r/9900802.00\r"},
		{"CR and LF", "941\r\n9900802.00\r\n", "941\r/9900802.00\r"},
		{"LF alone", "941\n9300CNa|COb\n9900802.00\n", "941\n/9300CNa|COb\n/9900802.00\n"},
		{"all three", "941\r97\r\n36Y20261126    120000AO|AA|\n941\r", "941\r/97\r/36Y20261126    120000AO|AA|\n/941\r"},
		{"LF behind a checksum, after CR", "941\r9300CNa|COsecretAY1AZF4F1\n941\r", "941\r/9300CNa|COsecretAY1AZF4F1\n/941\r"},
		{"LF behind a header without fields, after CR", "941\r9900802.00\n941\r", "941\r/9900802.00\n/941\r"},
		{"LF within a text, after CR", "941\r36Y20261126    120000AFone\ntwo|\r", "941\r/36Y20261126    120000AFone\ntwo|\r"},
		{"LF within a header, after CR", "941\r36Y\n20261126\r", "941\r/36Y\n20261126\r"},
		{"two LF and CR", "941\n\n\r941\r", "941\n/941\r"},
		{"empty lines and blanks", "\r\n\r \n\t\x00 941\r\r\r", "941\r"},
		{"blanks behind", "941 \r", "941 \r"},
		{"a message cut off", "941\r9300CNa", "941\r/" + io.ErrUnexpectedEOF.Error()},
		{"nothing", "", ""},
		{"nothing but empty lines", "\r\n\r\n  ", ""},
		{"what is no message comes whole, too", "Problems handling the request: x\r941\r", "Problems handling the request: x\r/941\r"},
		{"as long as may be", strings.Repeat("9", 40) + "\r941\r", strings.Repeat("9", 40) + "\r/941\r"},
		{"a byte longer", strings.Repeat("9", 41) + "\r941\r", "too long/941\r"},
		{"much longer", strings.Repeat("9", 10000) + "\r941\r", "too long/941\r"},
		{"longer, and cut off", "941\r" + strings.Repeat("9", 10000), "941\r/too long/" + io.ErrUnexpectedEOF.Error()},
		{"longer, in lines that LF ends", "941\n" + strings.Repeat("9", 100) + "\n941\n", "941\n/too long/941\n"},
		{"two that are too long", strings.Repeat("9", 100) + "\r" + strings.Repeat("8", 100) + "\r941\r", "too long/too long/941\r"},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, n := range []int{1, 2, 3, 5, 4096} {
				r := NewReader(&trickle{src: strings.NewReader(row.sent), n: n}, 40, 0)
				if got := strings.Join(all(r), "/"); got != row.want {
					t.Errorf("%d bytes at a time: %q, want %q", n, got, row.want)
				}
			}
		})
	}
}

func TestReaderOfAnotherDelimiter(t *testing.T) {
	r := NewReader(strings.NewReader("941\r9300CNa^\n9300CNa|\n9300\r"), 0, '^')
	if got := strings.Join(all(r), "/"); got != "941\r/9300CNa^\n/9300CNa|\n9300\r" {
		t.Errorf("%q", got)
	}
}

// A deadline that has passed loses nothing of a message: the next call reads on.
func TestADeadlineLosesNothing(t *testing.T) {
	src := &late{pieces: []string{"9300CN", "", "desk|COse", "", "", "cret|\r94", "", "1\r"}}
	r := NewReader(src, 0, 0)
	var got []string
	timeouts := 0
	for {
		b, err := r.Next()
		if err == io.EOF {
			break
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			timeouts++
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(b))
	}
	if timeouts != 4 || strings.Join(got, "/") != "9300CNdesk|COsecret|\r/941\r" {
		t.Errorf("%d deadlines, %q", timeouts, got)
	}
}

// late gives pieces; an empty one is a deadline that has passed.
type late struct{ pieces []string }

func (l *late) Read(p []byte) (int, error) {
	if len(l.pieces) == 0 {
		return 0, io.EOF
	}
	piece := l.pieces[0]
	l.pieces = l.pieces[1:]
	if piece == "" {
		return 0, os.ErrDeadlineExceeded
	}
	return copy(p, piece), nil
}

func TestReaderOfSources(t *testing.T) {
	for _, row := range []struct {
		name string
		src  io.Reader
		want string
	}{
		{"data with the end", iotest.DataErrReader(strings.NewReader("941\r97\r")), "941\r/97\r"},
		{"a failure", io.MultiReader(strings.NewReader("941\r9"), iotest.ErrReader(errors.New("reset"))), "941\r/read SIP2 message: reset"},
		{"a source that gives nothing", io.MultiReader(strings.NewReader("941\r"), &nothing{}), "941\r/read SIP2 message: " + io.ErrNoProgress.Error()},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := NewReader(row.src, 0, 0)
			var got []string
			for range strings.Count(row.want, "/") + 1 {
				b, err := r.Next()
				if err != nil {
					got = append(got, err.Error())
					continue
				}
				got = append(got, string(b))
			}
			if strings.Join(got, "/") != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}

type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, nil }

// checkReader holds that a stream is cut alike however it comes, that nothing
// longer than the limit comes out or is held, and that nothing is lost but white
// space.
func checkReader(t interface{ Fatalf(string, ...any) }, stream []byte, max, n int) {
	max, n = 1+int(uint(max)%200), 1+int(uint(n)%64)
	want := all(NewReader(bytes.NewReader(stream), max, 0))
	r := NewReader(&trickle{src: bytes.NewReader(stream), n: n}, max, 0)
	var got []string
	for {
		b, err := r.Next()
		if len(r.line) > max || cap(r.line) > 2*max+64 {
			t.Fatalf("holds %d of %d bytes", cap(r.line), max)
		}
		if err == io.EOF {
			break
		}
		switch {
		case errors.Is(err, ErrTooLong):
			got = append(got, "too long")
		case err != nil:
			got = append(got, err.Error())
		default:
			got = append(got, string(b))
			if len(b) > max+1 || len(b) < 2 || space(b[0]) || b[len(b)-1] != '\r' && b[len(b)-1] != '\n' || bytes.IndexByte(b[:len(b)-1], '\r') >= 0 {
				t.Fatalf("%q is no message of at most %d bytes", b, max)
			}
		}
	}
	if strings.Join(got, "/") != strings.Join(want, "/") {
		t.Fatalf("%q at %d bytes a time: %q, all at once: %q", stream, n, got, want)
	}
}

func TestAnyStreamIsCutAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkReader(t, bytes.Join([][]byte{wild().Draw(t, "a"), wild().Draw(t, "b")}, []byte("\r")),
			rapid.IntRange(0, 199).Draw(t, "max"), rapid.IntRange(0, 63).Draw(t, "piece"))
	})
}

func FuzzReader(f *testing.F) {
	for _, s := range []string{"941\r\n97\r", "941\n9300CNa|\n", "\r\r\n \x00941 \r", "36Y\n|\n\r", strings.Repeat("9", 300) + "\r941\r"} {
		f.Add([]byte(s), 40, 3)
	}
	f.Fuzz(func(t *testing.T, stream []byte, max, n int) { checkReader(t, stream, max, n) })
}
