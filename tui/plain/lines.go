package plain

import (
	"bufio"
	"io"
	"strings"
)

// longestLine is how much of a line is read, in bytes: more than any code or
// command has, so that what is cut off is refused for its length.
const longestLine = 16 << 10

// reader reads lines of any length in bounded memory.
type reader struct{ src *bufio.Reader }

func newReader(src io.Reader) *reader { return &reader{bufio.NewReaderSize(src, longestLine)} }

// next gives the next line without its end. A line that is too long is cut. The
// last line may lack its end.
func (r *reader) next() (string, error) {
	b, err := r.src.ReadSlice('\n')
	line := strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r")
	for err == bufio.ErrBufferFull {
		_, err = r.src.ReadSlice('\n')
	}
	if err == io.EOF && line != "" {
		err = nil
	}
	return line, err
}
