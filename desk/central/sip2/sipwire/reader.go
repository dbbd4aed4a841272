package sipwire

import (
	"errors"
	"fmt"
	"io"
)

// MaxMessage is how many bytes a message has at most, where a [Reader] is not
// told otherwise: enough for a patron with hundreds of items.
const MaxMessage = 64 << 10

// ErrTooLong is the error of a message that is longer than the reader's limit.
var ErrTooLong = errors.New("SIP2 message too long")

// Reader cuts what a peer sends into messages, however it was cut on its way.
// It holds no more than one message and one piece of what follows.
//
// CR ends a message, and a LF behind it is passed over. So are white space, delimiters,
// control characters and empty lines before a message. LF ends one as well
// where a message can end (behind a checksum or a delimiter, or behind the
// header of a message without fields), and everywhere on a connection that has
// not sent a CR yet; elsewhere it is part of a value.
type Reader struct {
	src       io.Reader
	max       int
	delimiter byte
	piece     [4096]byte
	held      []byte // what was read and not looked at yet, within piece
	line      []byte // the message so far
	skipping  bool   // within the rest of a message that was too long
	cr        bool   // the peer has sent a CR
	err       error  // what reading ended with, behind what is held; nil: nothing
}

// NewReader reads messages of at most max bytes from src, their terminators not
// counted; 0 is [MaxMessage]. A delimiter of 0 is [Delimiter].
func NewReader(src io.Reader, max int, delimiter byte) *Reader {
	if max <= 0 {
		max = MaxMessage
	}
	if delimiter == 0 {
		delimiter = Delimiter
	}
	return &Reader{src: src, max: max, delimiter: delimiter}
}

// Next returns the next message with its terminator, CR or LF. The bytes are
// the caller's.
//
// It ends with io.EOF between two messages and with io.ErrUnexpectedEOF within
// one. [ErrTooLong] comes as soon as the limit is passed, and the next call goes
// on behind that message. After any other error, a deadline that has passed,
// what there is of a message stays, and the next call reads on.
func (r *Reader) Next() ([]byte, error) {
	for {
		for i, c := range r.held {
			whole, err := r.take(c)
			if err != nil || whole {
				r.held = r.held[i+1:]
				return r.hand(c, err)
			}
		}
		r.held = nil
		if r.err != nil {
			return nil, r.stop()
		}
		r.read()
	}
}

// take adds a byte to the message. whole reports that it was the last.
func (r *Reader) take(c byte) (whole bool, err error) {
	ends := c == '\r' || c == '\n' && r.lfEnds()
	if c == '\r' {
		r.cr = true
	}
	switch {
	case r.skipping:
		r.skipping = !ends
		return false, nil
	case len(r.line) == 0 && (space(c) || c == r.delimiter): // what some send between messages
		return false, nil
	case ends:
		return true, nil
	case len(r.line) == r.max:
		r.skipping = true
		return false, ErrTooLong
	}
	r.line = append(r.line, c)
	return false, nil
}

// lfEnds reports whether a LF behind the message so far ends it.
func (r *Reader) lfEnds() bool {
	if !r.cr {
		return true
	}
	b := trimBlanks(r.line)
	n := len(b)
	if n < 2 {
		return false
	}
	if b[n-1] == r.delimiter {
		return true
	}
	if n >= 2+2+sumDigits && string(b[n-6:n-4]) == string(ChecksumTag) {
		if _, ok := ReadSum(b[n-sumDigits:]); ok {
			return true
		}
	}
	spec := byCode[string(b[:2])]
	return spec != nil && len(spec.Fields) == 0 && n == 2+spec.width
}

// hand gives out the message, or says that it is none.
func (r *Reader) hand(terminator byte, err error) ([]byte, error) {
	line := r.line
	r.line = r.line[:0]
	if err != nil {
		return nil, fmt.Errorf("read SIP2 message of more than %d bytes: %w", r.max, err)
	}
	whole := make([]byte, len(line)+1)
	whole[copy(whole, line)] = terminator
	return whole, nil
}

// stop says what reading has ended with. Only the end of the source stays.
func (r *Reader) stop() error {
	err := r.err
	if err != io.EOF {
		r.err = nil
		return fmt.Errorf("read SIP2 message: %w", err)
	}
	if len(r.line) > 0 || r.skipping {
		r.line, r.skipping = r.line[:0], false
		return io.ErrUnexpectedEOF
	}
	return io.EOF
}

// idleReads is how often in a row a source may give nothing and no error.
const idleReads = 100

// read reads what comes next.
func (r *Reader) read() {
	for range idleReads {
		n, err := r.src.Read(r.piece[:])
		r.held, r.err = r.piece[:n], err
		if n > 0 || err != nil {
			return
		}
	}
	r.err = io.ErrNoProgress
}
