package patroncsv

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	stdunicode "unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Reader reads the patrons of one source, row by row. It keeps no more than a
// row in memory.
type Reader struct {
	Table
	rows rows
	err  error // io.EOF or what reading failed with; then nothing follows
}

// Table makes patrons of rows whose columns have headings, wherever they come from.
type Table struct {
	Slashes Slashes // set it before the first row

	cols []column
}

// NewTable makes a table of its headings. Own headings may be nil. It fails with
// [ErrNoCardColumn] when no heading is one of a card.
func NewTable(headings []string, own Map) (*Table, error) {
	cols, err := columns(headings, own)
	if err != nil {
		return nil, err
	}
	return &Table{cols: cols}, nil
}

// NewReader reads the heading line of src. Own headings may be nil. It fails
// with [ErrNoCardColumn] when no heading is one of a card, which an empty
// source has none of.
func NewReader(src io.Reader, own Map) (*Reader, error) {
	r := &Reader{rows: rows{src: bufio.NewReaderSize(decoded(src), 2*longestRow), separator: ',', line: 1}}
	if err := r.findSeparator(); err != nil {
		return nil, fmt.Errorf("read the patron headings: %w", err)
	}
	fields, reason, err := r.rows.next()
	for err == nil && reason == "" && blank(fields) {
		fields, reason, err = r.rows.next()
	}
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("read the patron headings: %w", err)
	}
	if reason != "" {
		return nil, fmt.Errorf("read the patron headings: %s", reason)
	}
	line := make([]string, len(fields))
	for i, f := range fields {
		line[i] = text(f)
	}
	if r.cols, err = columns(line, own); err != nil {
		return nil, err
	}
	r.rows.width = len(r.cols)
	return r, nil
}

// decoded gives UTF-8 of a source in UTF-16 with its mark, and takes the mark
// off UTF-8. Anything else is passed on as it is.
func decoded(src io.Reader) io.Reader {
	return transform.NewReader(src, unicode.BOMOverride(transform.Nop))
}

// findSeparator takes the separator that the heading line holds most often. A
// first line "sep=;", which Excel writes, says it and is passed over.
func (r *Reader) findSeparator() error {
	w, err := r.rows.src.Peek(longestRow)
	if err != nil && err != io.EOF {
		return err
	}
	n := lineEnd(w)
	line := bytes.TrimRight(w[:n], "\r\n")
	if sep, ok := bytes.CutPrefix(line, []byte("sep=")); ok && len(sep) == 1 && bytes.ContainsAny(sep, ",;\t|") {
		r.rows.separator = sep[0]
		return r.rows.skipLine()
	}
	most := 0
	for _, sep := range []byte(",;\t") {
		count, inQuotes := 0, false
		for _, c := range line {
			if c == '"' {
				inQuotes = !inQuotes
			}
			if c == sep && !inQuotes {
				count++
			}
		}
		if count > most {
			most, r.rows.separator = count, sep
		}
	}
	return nil
}

// Unused gives the headings of columns that are not read, in their order: what
// is in them is not taken over.
func (r *Table) Unused() []string {
	var all []string
	for _, c := range r.cols {
		if c.field == Ignored {
			all = append(all, c.heading)
		}
	}
	return all
}

// Next gives the next patron; rows of nothing are passed over. It ends with
// io.EOF. A [*BadRow] is no end: call again for the row after it. Any other
// error is a failure to read the source, and stays.
func (r *Reader) Next() (*Patron, error) {
	for r.err == nil {
		line := r.rows.line
		fields, reason, err := r.rows.next()
		switch {
		case err == io.EOF:
			r.err = io.EOF
		case err != nil:
			r.err = fmt.Errorf("read patron row at line %d: %w", line, err)
		case reason != "":
			return nil, &BadRow{Line: line, Reason: reason}
		case blank(fields):
		default:
			return r.Patron(line, fields)
		}
	}
	return nil, r.err
}

// Patron reads one row, which stands at a line of its source. Empty fields beyond
// the last heading do no harm. What is no row of the table is a [*BadRow].
func (r *Table) Patron(line int, fields [][]byte) (*Patron, error) {
	count := len(fields)
	if count > len(r.cols) && blank(fields[len(r.cols):]) {
		fields = fields[:len(r.cols)]
	}
	if len(fields) != len(r.cols) {
		return nil, &BadRow{Line: line, Reason: WrongFieldCount, Fields: count, Want: len(r.cols)}
	}
	p := &Patron{Line: line}
	values := map[Field]string{}
	for _, own := range []bool{true, false} { // the library's own headings go first
		for i, c := range r.cols {
			if c.own == own && c.field != Ignored && values[c.field] == "" {
				values[c.field] = r.value(p, c, fields[i])
			}
		}
	}
	if values[Card] == "" {
		return nil, &BadRow{Line: line, Reason: NoCard}
	}
	p.Card, p.Family, p.Given, p.Middle = values[Card], values[Family], values[Given], values[Middle]
	p.Group, p.HomeLibrary = values[Group], values[HomeLibrary]
	p.Street, p.City, p.State, p.Postcode, p.Country = values[Street], values[City], values[State], values[Postcode], values[Country]
	p.Phone, p.Email, p.Language, p.Note = values[Phone], values[Email], values[Language], values[Note]
	p.Birth, p.Expires = values[Birth], values[Expires]
	return p, nil
}

// value reads one field; what cannot be read is noted in p.
func (r *Table) value(p *Patron, c column, b []byte) string {
	s := text(b)
	if c.field != Birth && c.field != Expires {
		return s
	}
	date, reason := readDate(s, r.Slashes)
	if reason != "" {
		p.Unread = append(p.Unread, Unread{Heading: c.heading, Value: s, Reason: reason})
	}
	return date
}

// text gives the text of a field: UTF-8, or Windows-1252 when it is not that.
func text(b []byte) string {
	s := string(b)
	if !utf8.Valid(b) {
		if decoded, err := charmap.Windows1252.NewDecoder().Bytes(b); err == nil {
			s = string(decoded)
		}
	}
	s = strings.Map(func(r rune) rune {
		if stdunicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}

// blank: nothing in any field.
func blank(fields [][]byte) bool {
	for _, f := range fields {
		if len(bytes.TrimSpace(f)) > 0 {
			return false
		}
	}
	return true
}
