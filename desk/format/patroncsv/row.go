package patroncsv

import (
	"bufio"
	"bytes"
	"io"
)

// longestRow is how many bytes a row may have.
const longestRow = 1 << 16

// rows splits a source into rows of fields, as RFC 4180 has it: a field in
// quotes may hold separators, line breaks and doubled quotes. It keeps no more
// than a row in memory, and a row that it cannot split costs one line.
type rows struct {
	src       *bufio.Reader // of more than longestRow
	separator byte
	width     int // how many fields a row has; 0: not known yet
	line      int // the one that is read next, counted from 1
}

// next gives the fields of the next row, or the reason why it cannot be split;
// then one line has been consumed. A row that swallows others is such a row.
// The error is io.EOF after the last row, or what reading failed with.
func (r *rows) next() (fields [][]byte, reason Reason, err error) {
	w, err := r.src.Peek(longestRow)
	if err != nil && err != io.EOF {
		return nil, "", err
	}
	if len(w) == 0 {
		return nil, "", io.EOF
	}
	fields, n, reason := split(w, r.separator, err == io.EOF)
	if reason == "" && r.swallows(w[:n], len(fields)) {
		reason = BadQuote
	}
	if reason != "" {
		return nil, reason, r.skipLine()
	}
	fields = cloned(fields)
	r.line += max(lines(w[:n]), 1)
	_, err = r.src.Discard(n)
	return fields, "", err
}

// swallows says whether a row over several lines is rather one with a quote too
// many or too few, and the others are rows of their own:
//
//  1. it has not as many fields as it should
//  2. one of its further lines would be a row by itself, not begun by the end of
//     a quoted field; of tables of one or two columns nobody can tell
//
// Better a patron whose note looks like a row is named as bad than patrons
// disappear into a note.
func (r *rows) swallows(row []byte, fields int) bool {
	if r.width == 0 {
		return false
	}
	for at := lineEnd(row); at < len(row); {
		if fields != r.width {
			return true
		}
		end := at + lineEnd(row[at:])
		separator := []byte{r.separator}
		first, rest, _ := bytes.Cut(row[at:end], separator)
		if r.width > 2 && 2+bytes.Count(rest, separator) == r.width && bytes.IndexByte(first, '"') < 0 {
			return true
		}
		at = end
	}
	return false
}

// skipLine consumes up to the end of the line, however long it is.
func (r *rows) skipLine() error {
	for {
		w, err := r.src.Peek(longestRow)
		if len(w) == 0 {
			if err == io.EOF {
				return nil
			}
			return err
		}
		n := lineEnd(w)
		ended := w[n-1] == '\n' || w[n-1] == '\r'
		if _, err := r.src.Discard(n); err != nil {
			return err
		}
		if ended {
			r.line++
			return nil
		}
	}
}

// lineEnd says how many bytes the first line of b has, its end with it. A line
// that does not end in b is all of b.
func lineEnd(b []byte) int {
	end := bytes.IndexAny(b, "\r\n")
	switch {
	case end < 0:
		return len(b)
	case b[end] == '\r' && end+1 < len(b) && b[end+1] == '\n':
		return end + 2
	}
	return end + 1
}

// split cuts the first row out of w and says how many bytes it takes with its
// line end. last says that nothing follows w.
func split(w []byte, separator byte, last bool) (fields [][]byte, n int, reason Reason) {
	at := 0
	for {
		var field []byte
		var size int
		var ok bool
		if at < len(w) && w[at] == '"' {
			if field, size, ok = quoted(w[at:], separator, last); !ok {
				return nil, 0, BadQuote
			}
		} else {
			for at+size < len(w) && w[at+size] != separator && w[at+size] != '\n' && w[at+size] != '\r' {
				size++
			}
			field = w[at : at+size]
		}
		fields = append(fields, field)
		at += size
		switch {
		case at == len(w) && last:
			return fields, at, ""
		case at == len(w):
			return nil, 0, RowTooLong
		case w[at] == separator:
			at++
		case w[at] == '\r' && at+1 < len(w) && w[at+1] == '\n':
			return fields, at + 2, ""
		default:
			return fields, at + 1, ""
		}
	}
}

// quoted reads a field in quotes at the start of w. ok is false when it does
// not end, or when something follows its end that is neither a separator nor a
// line end: then a quote is missing somewhere.
func quoted(w []byte, separator byte, last bool) (field []byte, size int, ok bool) {
	for at := 1; ; {
		end := bytes.IndexByte(w[at:], '"')
		if end < 0 {
			return nil, 0, false
		}
		field = append(field, w[at:at+end]...)
		at += end + 1
		if at < len(w) && w[at] == '"' {
			field = append(field, '"')
			at++
			continue
		}
		switch {
		case at == len(w):
			return field, at, last
		case w[at] == separator, w[at] == '\n', w[at] == '\r':
			return field, at, true
		}
		return nil, 0, false
	}
}

// lines counts the lines of a row: a CR by itself ends one too.
func lines(b []byte) int {
	return bytes.Count(b, []byte("\n")) + bytes.Count(b, []byte("\r")) - bytes.Count(b, []byte("\r\n"))
}

func cloned(fields [][]byte) [][]byte {
	for i := range fields {
		fields[i] = bytes.Clone(fields[i])
	}
	return fields
}
