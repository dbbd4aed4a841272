package marc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Reader reads the records of one source, ISO 2709 or MARCXML: the first bytes
// tell. It keeps no more than one record in memory (99,999 bytes of ISO 2709,
// one mebibyte of MARCXML).
type Reader struct {
	src     *bufio.Reader
	format  source // nil: nothing was read yet
	records int    // how many were met, bad ones too
	err     error  // io.EOF or what reading failed with; then nothing follows
}

// A source cuts records out of a stream.
type source interface {
	// next reads the next record into rec, whose Number is set. It gives io.EOF
	// after the last one, and a *BadRecord for one that cannot be read; any
	// other error is of the stream.
	next(rec *Record) error
}

// BadRecord is a record that could not be read. It has been passed over: the
// next call of [Reader.Next] goes on with the record after it.
type BadRecord struct {
	Number int    // counts from 1 over all records of the source
	Offset int64  // where it begins, in bytes; of MARCXML after conversion to UTF-8
	Reason string // for the systems librarian
}

func (b *BadRecord) Error() string {
	return fmt.Sprintf("MARC record %d at byte %d: %s", b.Number, b.Offset, b.Reason)
}

// NewReader reads records from r. A byte order mark and white space before the
// first record are passed over. Nothing is read before the first [Reader.Next].
func NewReader(r io.Reader) *Reader {
	return &Reader{src: bufio.NewReaderSize(&stubborn{src: r}, window)}
}

// Next gives the next record. It ends with io.EOF. A [*BadRecord] is no end:
// call again for the one after it. Any other error is a failure to read the
// source, and stays.
func (r *Reader) Next() (*Record, error) {
	if r.err != nil {
		return nil, r.err
	}
	if r.format == nil {
		format, err := sniff(r.src)
		if err != nil {
			return nil, r.fail(err)
		}
		r.format = format
	}
	rec := &Record{Number: r.records + 1}
	err := r.format.next(rec)
	if bad, ok := errors.AsType[*BadRecord](err); ok {
		r.records++
		bad.Number = r.records
		return nil, bad
	}
	if err != nil {
		return nil, r.fail(err)
	}
	r.records++
	return rec, nil
}

func (r *Reader) fail(err error) error {
	if err == io.EOF {
		r.err = io.EOF
	} else {
		r.err = fmt.Errorf("read MARC record %d: %w", r.records+1, err)
	}
	return r.err
}

// sniff tells the format from the first bytes.
func sniff(src *bufio.Reader) (source, error) {
	head, err := src.Peek(1024)
	if err != nil && err != io.EOF {
		return nil, err
	}
	rest := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n\x00")
	wide := bytes.HasPrefix(head, []byte("\xFE\xFF")) || bytes.HasPrefix(head, []byte("\xFF\xFE"))
	if wide || bytes.HasPrefix(rest, []byte("<")) {
		return newXMLSource(src, head)
	}
	return &isoSource{src: src}, nil
}

// stubborn repeats the first error of its source, so that an error met while
// looking ahead is still there when the bytes before it are used up.
type stubborn struct {
	src io.Reader
	err error
}

func (s *stubborn) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.src.Read(p)
	s.err = err
	return n, err
}
