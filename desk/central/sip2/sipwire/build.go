package sipwire

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"circdesk/desk/money"
)

// Builder makes one message for sending: every fixed part in its width, the
// fields in the protocol's order, required ones without a value where there is
// nothing to say, no byte of a value that would end it early. The first mistake
// stays and is what [Builder.Message] says.
type Builder struct {
	form   Form
	spec   *Spec
	header []byte
	set    []bool // by slot
	fields []Field
	money  string // the currency of all amounts so far
	err    error
}

// Build begins a message that the protocol knows.
func (f Form) Build(code Code) *Builder {
	b := &Builder{form: f, spec: byCode[string(code)]}
	if b.spec == nil {
		b.fail("not a message of the protocol: %.10q", code)
		b.spec = &Spec{Code: code}
	}
	if err := f.Check(); err != nil {
		b.fail("%w", err)
	}
	b.header = make([]byte, b.spec.width)
	for i := range b.header {
		b.header[i] = ' '
	}
	b.set = make([]bool, len(b.spec.Header))
	return b
}

func (b *Builder) fail(format string, args ...any) {
	if b.err == nil {
		b.err = fmt.Errorf(format, args...)
	}
}

// place returns where a part of one of these kinds goes, nil: nowhere.
func (b *Builder) place(p Part, kinds ...Kind) (dst []byte, k Kind) {
	at := 0
	for i, slot := range b.spec.Header {
		n := slot.Kind.Width()
		if slot.Part == p {
			if !slices.Contains(kinds, slot.Kind) {
				b.fail("the %s of a message %s is another kind of part", p, b.spec.Code)
				return nil, 0
			}
			b.set[i] = true
			return b.header[at : at+n], slot.Kind
		}
		at += n
	}
	b.fail("a message %s has no %s", b.spec.Code, p)
	return nil, 0
}

// Flag sets a part that is yes or no, in its alphabet.
func (b *Builder) Flag(p Part, yes bool) *Builder {
	dst, k := b.place(p, Binary, YesNo, YesNoOther)
	switch {
	case dst == nil:
	case k == Binary:
		dst[0] = binaryByte(yes)
	default:
		dst[0] = yesNoByte(yes)
	}
	return b
}

// Set sets a part that is a code, a version or a currency, as it is to stand
// there. U for unknown is set so, too.
func (b *Builder) Set(p Part, code string) *Builder {
	dst, k := b.place(p, YesNoOther, Char, Code1, Code2, Digits3, Currency, Version)
	switch {
	case dst == nil:
	case !k.looks([]byte(code)), blank([]byte(code)), strings.IndexByte(code, b.form.delimiter()) >= 0:
		b.fail("%.10q is not a %s of a message %s", code, p, b.spec.Code)
	case k == Currency && !b.oneCurrency(code):
	default:
		copy(dst, code)
	}
	return b
}

// Count sets a part that is a number, 9999 or 999 for more than there is room
// for. Counts that are not set stay blank: not counted here.
func (b *Builder) Count(p Part, n int) *Builder {
	if dst, k := b.place(p, Count, Digits3); dst != nil {
		appendNumber(dst[:0], n, k.Width())
	}
	return b
}

// Date sets a part that is a date, in local time. The zero Time is blank, which
// only an nb due date may be.
func (b *Builder) Date(p Part, t time.Time, local *time.Location) *Builder {
	return b.date(p, t, AppendDate(nil, t, local))
}

// DateUTC sets a part that is a date, in UTC.
func (b *Builder) DateUTC(p Part, t time.Time) *Builder { return b.date(p, t, AppendUTC(nil, t)) }

// NoDate sets a part that is a date to 18 zeros: a system without a clock says
// so to those that would take its time over.
func (b *Builder) NoDate(p Part) *Builder {
	if dst, _ := b.place(p, Date); dst != nil {
		copy(dst, "000000000000000000")
	}
	return b
}

func (b *Builder) date(p Part, t time.Time, written []byte) *Builder {
	dst, k := b.place(p, Date, DateOrNone)
	switch {
	case dst == nil:
	case blank(written) && (k == Date || !t.IsZero()):
		b.fail("no %s for a message %s", p, b.spec.Code)
	default:
		copy(dst, written)
	}
	return b
}

// Status sets the marks of a patron.
func (b *Builder) Status(s PatronStatus) *Builder {
	if dst, _ := b.place(PatronStatusPart, Status); dst != nil {
		s.Append(dst[:0])
	}
	return b
}

// List sets which list is wanted.
func (b *Builder) List(l List) *Builder {
	if dst, _ := b.place(WantedSummary, Summary); dst != nil {
		l.Append(dst[:0])
	}
	return b
}

// Field adds a field. Its text is written in the connection's character set; a
// delimiter or a control character in it becomes a blank, and what is longer
// than [MaxValue] is cut. Tags of extensions are taken, too.
func (b *Builder) Field(t Tag, text string) *Builder { return b.add(t, b.form.value(text)) }

// FieldBytes adds a field as it was read elsewhere on this connection, or in a
// character set of its own. It is made safe as text is.
func (b *Builder) FieldBytes(t Tag, value []byte) *Builder {
	return b.add(t, b.form.clean(slices.Clone(value)))
}

// FlagField adds a field that is Y or N.
func (b *Builder) FlagField(t Tag, yes bool) *Builder { return b.add(t, []byte{yesNoByte(yes)}) }

// DateField adds a field that is a date of 18 characters, in local time.
func (b *Builder) DateField(t Tag, at time.Time, local *time.Location) *Builder {
	return b.add(t, AppendDate(nil, at, local))
}

// Limit adds a field that is a number of four digits.
func (b *Builder) Limit(t Tag, n int) *Builder { return b.add(t, appendNumber(nil, n, 4)) }

// Amount adds a field that is an amount, and once its currency. All amounts of a
// message have one currency.
func (b *Builder) Amount(t Tag, a money.Amount) *Builder {
	if !money.IsCode(a.Currency) {
		b.fail("an amount in no currency for the field %s of a message %s", t, b.spec.Code)
		return b
	}
	if _, _, ok := b.spec.slot(CurrencyPart); ok {
		b.Set(CurrencyPart, a.Currency)
	} else if b.oneCurrency(a.Currency) && !b.has(CurrencyType) {
		b.Field(CurrencyType, a.Currency)
	}
	return b.add(t, AppendAmount(nil, a))
}

// oneCurrency reports whether a currency goes with those before it.
func (b *Builder) oneCurrency(code string) bool {
	if b.money != "" && b.money != code {
		b.fail("two currencies in a message %s: %s and %s", b.spec.Code, b.money, code)
		return false
	}
	b.money = code
	return true
}

func (b *Builder) has(t Tag) bool {
	return slices.ContainsFunc(b.fields, func(f Field) bool { return f.Tag == t })
}

func (b *Builder) add(t Tag, value []byte) *Builder {
	switch {
	case len(t) != 2 || !startsTag([]byte(t)) || t == SequenceTag || t == ChecksumTag:
		b.fail("not the tag of a field: %.10q", t)
	case b.has(t) && b.once(t):
		b.fail("the field %s is twice in a message %s", t, b.spec.Code)
	default:
		b.fields = append(b.fields, Field{Tag: t, Value: value})
	}
	return b
}

// once reports whether the protocol has a field at most once in this message.
func (b *Builder) once(t Tag) bool {
	return slices.ContainsFunc(b.spec.Fields, func(u Use) bool { return u.Tag == t && !u.Repeats })
}

// Message returns the message, without sequence number and checksum: see
// [Message.Sealed]. The error is the first mistake, or a part that is not set
// and may not be blank.
func (b *Builder) Message() (Message, error) {
	for i, slot := range b.spec.Header {
		if !b.set[i] && !slot.Kind.mayBeBlank() {
			b.fail("no %s for a message %s", slot.Part, b.spec.Code)
		}
	}
	if b.err != nil {
		return Message{}, fmt.Errorf("build SIP2 message: %w", b.err)
	}
	return Message{
		Code: b.spec.Code, Header: slices.Clone(b.header), Fields: b.ordered(),
		Delimiter: b.form.delimiter(), End: b.form.terminator(),
	}, nil
}

// ordered returns the fields in the protocol's order, those that it does not
// name behind them.
func (b *Builder) ordered() []Field {
	all := make([]Field, 0, len(b.fields)+len(b.spec.Fields))
	for _, u := range b.spec.Fields {
		n := len(all)
		for _, f := range b.fields {
			if f.Tag == u.Tag {
				all = append(all, f)
			}
		}
		if u.Required && len(all) == n {
			all = append(all, Field{Tag: u.Tag})
		}
	}
	for _, f := range b.fields {
		if !b.spec.Takes(f.Tag) {
			all = append(all, f)
		}
	}
	return all
}
