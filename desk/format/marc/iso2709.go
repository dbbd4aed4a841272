package marc

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
)

// ISO 2709 as MARC 21 uses it: a leader of 24 characters, a directory of 12 for
// each field (tag, length, start), the fields, each with its terminator, and
// the terminator of the record.
const (
	leaderLen   = 24
	entryLen    = 12
	longest     = 99999 // a record's length has five digits
	window      = 1 << 17
	recordEnd   = 0x1D
	fieldEnd    = 0x1E
	subfieldTag = 0x1F
)

// isoSource cuts records of ISO 2709 out of a stream.
type isoSource struct {
	src *bufio.Reader
	at  int64
}

func (s *isoSource) next(rec *Record) error {
	if err := s.skipFiller(); err != nil {
		return err
	}
	rec.Offset = s.at
	raw, reason, err := s.cut()
	if err != nil {
		return err
	}
	bad := func(reason string) error { return &BadRecord{Offset: rec.Offset, Reason: reason} }
	if reason != "" {
		return bad(reason)
	}
	reason = parseISO(rec, raw)
	if err := s.discard(len(raw)); err != nil {
		return err
	}
	if reason != "" {
		return bad(reason)
	}
	return nil
}

// skipFiller passes over what some systems put between records: line ends,
// blanks, NUL, the end-of-file mark of CP/M, and a byte order mark.
func (s *isoSource) skipFiller() error {
	for {
		b, err := s.src.Peek(3)
		if len(b) == 0 {
			return err
		}
		n := 0
		switch {
		case bytes.Equal(b, []byte("\xEF\xBB\xBF")):
			n = 3
		case bytes.IndexByte([]byte(" \t\r\n\x00\x1A"), b[0]) >= 0:
			n = 1
		default:
			return nil
		}
		if err := s.discard(n); err != nil {
			return err
		}
	}
}

func (s *isoSource) discard(n int) error {
	done, err := s.src.Discard(n)
	s.at += int64(done)
	return err
}

// cut gives the bytes of the record that begins here, its terminator with it
// where it has one, without consuming them. A reason says that there is none;
// then what cannot be read has been consumed.
func (s *isoSource) cut() (raw []byte, reason string, err error) {
	if raw := s.cutByLength(); raw != nil {
		return raw, "", nil
	}
	w, err := s.src.Peek(longest + leaderLen)
	if err != nil && err != io.EOF {
		return nil, "", err
	}
	ended := err == io.EOF
	n, garbage := frame(w)
	switch {
	case garbage > 0:
		return nil, fmt.Sprintf("%d bytes that are no record", garbage), s.discard(garbage)
	case n > 0:
		return w[:n], "", nil
	case ended && bytes.HasSuffix(bytes.TrimSpace(w), []byte{fieldEnd}):
		return bytes.TrimSpace(w), "", nil // perhaps all of it but the last byte: the directory will tell
	case ended:
		return nil, fmt.Sprintf("the source ends inside this record, after %d bytes", len(w)), s.discard(len(w))
	}
	skipped, err := s.skipPastEnd()
	return nil, fmt.Sprintf("no end within the %d bytes that a record may have; passed over %d", longest, skipped), err
}

// cutByLength gives the record if the length in its leader is credible: the
// terminator is there, and none before it.
func (s *isoSource) cutByLength() []byte {
	head, _ := s.src.Peek(leaderLen)
	n, ok := digits(head, 0, 5)
	if !ok || n <= leaderLen {
		return nil
	}
	raw, _ := s.src.Peek(n)
	if len(raw) < n || bytes.IndexByte(raw, recordEnd) != n-1 {
		return nil
	}
	return raw
}

// frame finds the end of the record that w begins with when its leader's length
// is not credible by itself; n is 0 when there is none. garbage > 0 says that
// a record begins only there.
//
//  1. the terminator is where the leader says, but another one is before it:
//     that one ends the record if a leader follows it, else it is a stray one
//  2. a leader follows a field's end: the record lost its terminator there
//  3. a record that fits the terminator begins after something that is none
//  4. else the first terminator ends it
func frame(w []byte) (n, garbage int) {
	end := bytes.IndexByte(w, recordEnd)
	said, ok := digits(w, 0, 5)
	if ok && said > leaderLen && said <= len(w) && end >= 0 && end < said-1 &&
		w[said-1] == recordEnd && !isLeader(bytes.TrimLeft(w[end+1:], " \r\n")) {
		return said, 0
	}
	upTo := end
	if upTo < 0 {
		upTo = len(w)
	}
	upTo = min(upTo, longest)
	for i := leaderLen; i+leaderLen <= upTo; i++ {
		if w[i-1] == fieldEnd && isLeader(w[i:]) {
			return i, 0
		}
	}
	if end < 0 || end >= longest {
		return 0, 0
	}
	if !isLeader(w) {
		for i := 1; i+leaderLen <= end; i++ {
			if length, ok := digits(w, i, 5); ok && i+length == end+1 && isLeader(w[i:]) {
				return 0, i
			}
		}
	}
	return end + 1, 0
}

// isLeader says whether b begins as a record would: strict, since it looks for
// one in the middle of things.
func isLeader(b []byte) bool {
	if len(b) < leaderLen {
		return false
	}
	for _, c := range b[:leaderLen] {
		if c < ' ' || c > '~' {
			return false
		}
	}
	length, ok := digits(b, 0, 5)
	base, okBase := digits(b, 12, 5)
	return ok && okBase && b[10] == '2' && b[11] == '2' &&
		base > leaderLen && base < length && (base-leaderLen-1)%entryLen == 0
}

// skipPastEnd consumes up to and with the next terminator, or to the end.
func (s *isoSource) skipPastEnd() (skipped int64, err error) {
	from := s.at
	for {
		w, err := s.src.Peek(4096)
		if err != nil && err != io.EOF {
			return s.at - from, err
		}
		end := bytes.IndexByte(w, recordEnd)
		if end >= 0 {
			err := s.discard(end + 1)
			return s.at - from, err
		}
		if derr := s.discard(len(w)); derr != nil || err == io.EOF {
			return s.at - from, derr
		}
	}
}

// entry is one line of the directory.
type entry struct {
	tag        string
	start, len int // within the data
	ok         bool
}

// parseISO reads the record's bytes into rec. A reason says why they are none.
func parseISO(rec *Record, raw []byte) (reason string) {
	body := bytes.TrimSuffix(raw, []byte{recordEnd})
	if said, ok := digits(raw, 0, 5); !ok || said != len(raw) {
		rec.warn("", fmt.Sprintf("the leader says %.5q bytes, the record has %d", raw, len(raw)), nil)
	}
	dirEnd := bytes.IndexByte(body, fieldEnd)
	if len(body) < leaderLen || dirEnd >= 0 && dirEnd < leaderLen {
		return "shorter than a leader"
	}
	if dirEnd < 0 {
		return "no field ends in it"
	}
	if (dirEnd-leaderLen)%entryLen != 0 {
		return fmt.Sprintf("a directory of %d bytes, which is not a multiple of %d", dirEnd-leaderLen, entryLen)
	}
	leader, unknown := text(body[:leaderLen], true)
	rec.Leader = leader
	if unknown != nil {
		rec.warn("", "leader: "+replaced, unknown)
	}
	data := body[dirEnd+1:]
	entries, reason := directory(rec, body[leaderLen:dirEnd], data)
	if reason != "" {
		return reason
	}
	inUTF8 := body[9] == 'a'
	for _, e := range entries {
		parseField(rec, e.tag, bytes.TrimSuffix(data[e.start:e.start+e.len], []byte{fieldEnd}), inUTF8)
	}
	return ""
}

// directory reads the directory and says where in data each field is. Where it
// points beside the fields, but names as many as there are, they are taken in
// the order they stand.
func directory(rec *Record, dir, data []byte) (entries []entry, reason string) {
	agrees, starts := true, true
	for ; len(dir) > 0; dir = dir[entryLen:] {
		length, okLen := digits(dir, 3, 4)
		start, okStart := digits(dir, 7, 5)
		e := entry{tag: string(dir[:3]), start: start, len: length}
		if !isTag(e.tag) {
			return nil, fmt.Sprintf("%q in the directory is no tag", e.tag)
		}
		e.ok = okLen && okStart && length > 0 && start+length <= len(data) &&
			bytes.IndexByte(data[start:start+length], fieldEnd) == length-1
		agrees = agrees && e.ok
		starts = starts && okStart
		entries = append(entries, e)
	}
	if agrees {
		return entries, ""
	}
	ends := fieldEnds(data)
	if len(ends) != len(entries) {
		return nil, fmt.Sprintf("the directory names %d fields, the record has %d", len(entries), len(ends))
	}
	rec.warn("", "the directory points beside the fields: taken in the order they stand", nil)
	order := make([]int, len(entries))
	for i := range order {
		order[i] = i
	}
	if starts {
		slices.SortStableFunc(order, func(a, b int) int { return entries[a].start - entries[b].start })
	}
	from := 0
	for i, end := range ends {
		entries[order[i]].start, entries[order[i]].len = from, end-from
		from = end
	}
	return entries, ""
}

// fieldEnds gives where each field of data ends, its terminator with it. What
// follows the last terminator is a field if it is more than filler.
func fieldEnds(data []byte) []int {
	var ends []int
	for i, c := range data {
		if c == fieldEnd {
			ends = append(ends, i+1)
		}
	}
	last := 0
	if len(ends) > 0 {
		last = ends[len(ends)-1]
	}
	if len(bytes.TrimSpace(data[last:])) > 0 {
		ends = append(ends, len(data))
	}
	return ends
}

// parseField adds the field whose bytes, without the terminator, are b.
func parseField(rec *Record, tag string, b []byte, leaderUTF8 bool) {
	inUTF8 := isUTF8(b, leaderUTF8)
	if leaderUTF8 && !inUTF8 {
		rec.warn(tag, notUTF8, nil)
	}
	read := func(b []byte) string {
		s, unknown := text(b, inUTF8)
		if unknown != nil {
			rec.warn(tag, replaced, unknown)
		}
		return s
	}
	if tag[:2] == "00" {
		rec.Control = append(rec.Control, Control{Tag: tag, Value: read(b)})
		return
	}
	head, rest, _ := bytes.Cut(b, []byte{subfieldTag})
	f := Field{Tag: tag, Ind1: indicator(head, 0), Ind2: indicator(head, 1)}
	switch {
	case len(head) > 2:
		rec.warn(tag, "text before the first subfield: kept under the code ' '", nil)
		f.Subfields = append(f.Subfields, Subfield{Code: ' ', Value: read(head[2:])})
	case len(head) < 2:
		rec.warn(tag, "fewer than two indicators", nil)
	}
	for len(rest) > 0 {
		var part []byte
		part, rest, _ = bytes.Cut(rest, []byte{subfieldTag})
		if len(part) == 0 {
			rec.warn(tag, "a subfield without a code and text", nil)
			continue
		}
		code, value := part[0], part[1:]
		if code <= ' ' || code > '~' {
			rec.warn(tag, "a subfield code that is none: kept under the code ' '", bytes.Clone(part[:1]))
			code = ' '
		}
		f.Subfields = append(f.Subfields, Subfield{Code: code, Value: read(value)})
	}
	rec.Data = append(rec.Data, f)
}

// indicator gives the indicator at i, a blank for what cannot be one.
func indicator(head []byte, i int) byte {
	if i < len(head) && head[i] > ' ' && head[i] <= '~' {
		return head[i]
	}
	return ' '
}

// isTag: three digits or letters.
func isTag(tag string) bool {
	if len(tag) != 3 {
		return false
	}
	for _, c := range []byte(tag) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

// digits reads the number of n digits that b has at from.
func digits(b []byte, from, n int) (number int, ok bool) {
	if from+n > len(b) {
		return 0, false
	}
	for _, c := range b[from : from+n] {
		if c < '0' || c > '9' {
			return 0, false
		}
		number = number*10 + int(c-'0')
	}
	return number, true
}
