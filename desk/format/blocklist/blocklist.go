// Package blocklist reads Evergreen's block list for work without a line: one
// card a line, a blank, and a letter that says why nobody may borrow with it. A
// card can have several lines.
//
// It knows lines and their letters. It does not know whose a card is, when the
// list was made, or what a desk does about it.
//
// Source: Evergreen, Open-ILS/src/support-scripts/offline-blocked-list.pl.in.
package blocklist

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Code says why a card is on the list.
type Code string

// The codes.
const (
	Lost      Code = "L" // the card was reported lost
	Expired   Code = "E"
	Barred    Code = "B"
	Penalized Code = "D" // too many overdue items, or too much owed
)

// Known reports whether it is one of the codes.
func (c Code) Known() bool { return c == Lost || c == Expired || c == Barred || c == Penalized }

// Line is one line of the list.
type Line struct {
	Number int // from 1
	Card   string
	Code   Code
}

// BadLine is a line that is none of a block list.
type BadLine struct {
	Number int
	Why    string
}

func (b *BadLine) Error() string { return fmt.Sprintf("line %d: %s", b.Number, b.Why) }

// longest is how long a line may be, in bytes.
const longest = 4096

// Reader reads a list line by line.
type Reader struct {
	src    *bufio.Reader
	number int
}

// NewReader reads from src; it reads nothing yet.
func NewReader(src io.Reader) *Reader { return &Reader{src: bufio.NewReaderSize(src, longest)} }

// Next gives the next line; blank ones are passed over. It ends with io.EOF. A
// [*BadLine] is no end: call again for the line after it. Any other error is a
// failure to read.
func (r *Reader) Next() (Line, error) {
	for {
		b, err := r.src.ReadSlice('\n')
		long := errors.Is(err, bufio.ErrBufferFull)
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = r.src.ReadSlice('\n')
		}
		if err != nil && err != io.EOF {
			return Line{}, fmt.Errorf("read line %d of the block list: %w", r.number+1, err)
		}
		if err == io.EOF && len(b) == 0 {
			return Line{}, io.EOF
		}
		r.number++
		if long {
			return Line{}, &BadLine{r.number, "longer than a line may be"}
		}
		s := string(b)
		if r.number == 1 {
			s = strings.TrimPrefix(s, "\ufeff")
		}
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		at := strings.LastIndexAny(s, " \t")
		if at < 0 {
			return Line{}, &BadLine{r.number, "no letter after the card"}
		}
		line := Line{Number: r.number, Card: strings.TrimSpace(s[:at]), Code: Code(s[at+1:])}
		if !line.Code.Known() {
			return Line{}, &BadLine{r.number, "ends with none of L, E, B and D"}
		}
		return line, nil
	}
}
