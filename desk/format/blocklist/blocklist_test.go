package blocklist

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

func readAll(t testing.TB, file string) (out []string) {
	r := NewReader(strings.NewReader(file))
	for {
		l, err := r.Next()
		if err == io.EOF {
			return out
		}
		if bad, ok := errors.AsType[*BadLine](err); ok {
			out = append(out, bad.Error())
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%d %s %s", l.Number, l.Card, l.Code))
	}
}

func TestRead(t *testing.T) {
	for _, row := range []struct {
		name, file string
		want       []string
	}{
		{"a card", "99999338000 D\n", []string{"1 99999338000 D"}},
		{"no end of the last line", "99999338000 D", []string{"1 99999338000 D"}},
		{"a card on two lines", "1 L\n1 E\n", []string{"1 1 L", "2 1 E"}},
		{"the ends of Windows, a mark, and an empty line", "\ufeff1 L\r\n\r\n2 B\r\n", []string{"1 1 L", "3 2 B"}},
		{"a card with a blank in it", "A 17 B\n", []string{"1 A 17 B"}},
		{"no letter", "99999338000\n2 B\n", []string{"line 1: no letter after the card", "2 2 B"}},
		{"another letter", "1 X\n2 B\n", []string{"line 1: ends with none of L, E, B and D", "2 2 B"}},
		{"a line without an end", strings.Repeat("9", 9000) + " B\n2 B\n", []string{"line 1: longer than a line may be", "2 2 B"}},
		{"nothing", "", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := readAll(t, row.file); !slices.Equal(got, row.want) {
				t.Errorf("%q, not %q", got, row.want)
			}
		})
	}
}

func FuzzReader(f *testing.F) {
	f.Add("99999338000 D\r\n2 B\n")
	f.Add("\ufeff1\t L")
	f.Fuzz(func(t *testing.T, file string) {
		if got, most := len(readAll(t, file)), strings.Count(file, "\n")+1; got > most {
			t.Errorf("%d lines of %d", got, most)
		}
	})
}
