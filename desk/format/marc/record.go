package marc

import (
	"fmt"
	"iter"
)

// A Record is one MARC 21 record as it was read. All text is Unicode in
// normalization form C, whatever the source's character set was, and free of
// control characters but tab, line feed, carriage return and the two marks of
// non-sorting text (U+0098 and U+009C).
type Record struct {
	Number   int    // counts from 1 over all records of the source, bad ones too
	Offset   int64  // where it begins in the source, in bytes
	Leader   string // 24 characters; "" when a MARCXML record has none
	Control  []Control
	Data     []Field
	Warnings []Warning // what was guessed, replaced or dropped; nil: nothing
}

// Control is a field without subfields: those whose tag begins with 00.
type Control struct {
	Tag   string // three characters
	Value string
}

// Field is a field of subfields.
type Field struct {
	Tag        string // three characters
	Ind1, Ind2 byte   // a blank is ' '
	Subfields  []Subfield
}

// Subfield is one part of a field. Text that stood before the first subfield
// is kept with the code ' '.
type Subfield struct {
	Code  byte
	Value string
}

// Warning says what of a record was not as it should be. The record was read
// all the same.
type Warning struct {
	Record int    // its [Record.Number]
	Tag    string // the field; "" for the record as a whole
	Bytes  []byte // what could not be read, as it stood; nil: no bytes to show
	Reason string // for the systems librarian
}

// mostBytes is how many bytes a warning prints.
const mostBytes = 16

func (w Warning) String() string {
	s := fmt.Sprintf("record %d", w.Record)
	if w.Tag != "" {
		s += " field " + w.Tag
	}
	s += ": " + w.Reason
	switch {
	case len(w.Bytes) > mostBytes:
		s += fmt.Sprintf(" (% X … and %d more)", w.Bytes[:mostBytes], len(w.Bytes)-mostBytes)
	case len(w.Bytes) > 0:
		s += fmt.Sprintf(" (% X)", w.Bytes)
	}
	return s
}

// ControlValue gives the value of the first control field with the tag, or "".
func (r *Record) ControlValue(tag string) string {
	for _, c := range r.Control {
		if c.Tag == tag {
			return c.Value
		}
	}
	return ""
}

// Fields gives the data fields with the tag, in the order of the record.
func (r *Record) Fields(tag string) iter.Seq[Field] {
	return func(yield func(Field) bool) {
		for _, f := range r.Data {
			if f.Tag == tag && !yield(f) {
				return
			}
		}
	}
}

// Value gives the first subfield with the code, or "".
func (f Field) Value(code byte) string {
	for _, s := range f.Subfields {
		if s.Code == code {
			return s.Value
		}
	}
	return ""
}

// Values gives all subfields with the code, in the order of the field.
func (f Field) Values(code byte) []string {
	var all []string
	for _, s := range f.Subfields {
		if s.Code == code {
			all = append(all, s.Value)
		}
	}
	return all
}

func (r *Record) warn(tag, reason string, b []byte) {
	r.Warnings = append(r.Warnings, Warning{Record: r.Number, Tag: tag, Bytes: b, Reason: reason})
}
