package marc

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Encode gives the record as ISO 2709 in UTF-8. Of its leader the lengths, the
// directory's shape and the character set are set anew; a leader that is too
// short is filled with blanks. It fails on what ISO 2709 cannot hold: a tag
// that is none, a delimiter within text, a field above 9,999 bytes or a record
// above 99,999.
func Encode(rec *Record) ([]byte, error) {
	var dir, data bytes.Buffer
	add := func(tag string, field []byte) error {
		switch {
		case !isTag(tag):
			return fmt.Errorf("encode field %q: no tag", tag)
		case !utf8.Valid(field):
			return fmt.Errorf("encode field %s: not UTF-8", tag)
		case len(field) > 9999:
			return fmt.Errorf("encode field %s: %d bytes, a field holds 9999", tag, len(field))
		case data.Len()+len(field) > longest:
			return fmt.Errorf("encode field %s: the record is longer than %d bytes", tag, longest)
		}
		fmt.Fprintf(&dir, "%s%04d%05d", tag, len(field), data.Len())
		data.Write(field)
		return nil
	}
	for _, c := range rec.Control {
		if !strings.HasPrefix(c.Tag, "00") || delimited(c.Value) {
			return nil, fmt.Errorf("encode field %q: no control field", c.Tag)
		}
		if err := add(c.Tag, append([]byte(c.Value), fieldEnd)); err != nil {
			return nil, err
		}
	}
	for _, f := range rec.Data {
		field, err := encodeField(f)
		if err != nil {
			return nil, err
		}
		if err := add(f.Tag, field); err != nil {
			return nil, err
		}
	}
	base := leaderLen + dir.Len() + 1
	length := base + data.Len() + 1
	if length > longest {
		return nil, fmt.Errorf("encode record: %d bytes, a record holds %d", length, longest)
	}
	leader := []byte(strings.Repeat(" ", leaderLen))
	copy(leader, rec.Leader)
	for i, c := range leader {
		if c < ' ' || c > '~' {
			leader[i] = ' '
		}
	}
	copy(leader[0:], fmt.Sprintf("%05d", length))
	copy(leader[9:], "a22")
	copy(leader[12:], fmt.Sprintf("%05d", base))
	copy(leader[20:], "4500")
	out := append(leader, dir.Bytes()...)
	out = append(out, fieldEnd)
	out = append(out, data.Bytes()...)
	return append(out, recordEnd), nil
}

func encodeField(f Field) ([]byte, error) {
	if strings.HasPrefix(f.Tag, "00") {
		return nil, fmt.Errorf("encode field %q: a control field has no subfields", f.Tag)
	}
	field := []byte{indicator([]byte{f.Ind1}, 0), indicator([]byte{f.Ind2}, 0)}
	for i, sub := range f.Subfields {
		switch {
		case delimited(sub.Value), sub.Code < ' ', sub.Code > '~':
			return nil, fmt.Errorf("encode field %s: subfield %d holds a delimiter or has no code", f.Tag, i+1)
		case sub.Code == ' ' && i == 0: // where [Reader] found it
			field = append(field, sub.Value...)
		default:
			field = append(append(field, subfieldTag, sub.Code), sub.Value...)
		}
	}
	return append(field, fieldEnd), nil
}

// delimited: one of the delimiters of ISO 2709 is in it.
func delimited(s string) bool {
	return strings.ContainsAny(s, "\x1D\x1E\x1F")
}
