package hidreport

import (
	"circdesk/scanner"
)

// Bounds of what [Parse] reads; real scanners stay far below. The kernel's own
// bound on a descriptor is the same.
const (
	MaxDescriptor = 4096            // bytes of a descriptor
	MaxReport     = scanner.MinRead // bytes of a report, its number included
	maxFields     = 256             // fields of all reports
	maxSpans      = 256             // usages or ranges of usages of one field
	maxDepth      = 32              // collections in one another, globals put aside
)

// Way is which way a report goes.
type Way uint8

const (
	Input   Way = iota // to the host
	Output             // to the device
	Feature            // both, on demand
)

// Field is a row of values of one size in a report. Room without values is no
// field.
type Field struct {
	Way    Way
	Report uint8 // the report's number; 0: reports have none
	Bit    int   // where the first value begins, from the beginning of the report, its number included
	Size   int   // bits of one value, 1 to 32
	Count  int   // how many values

	Variable bool  // every value has its own usage; else it is a list, and a value says which usage is on
	Least    int32 // the value that stands for the first usage of a list

	Application Usage // of the outermost collection, 0: none
	spans       []span
}

// span is a usage, or a range of them.
type span struct{ from, to Usage }

// Descriptor is what a device says of its reports.
type Descriptor struct {
	Numbered bool    // every report begins with a byte that is its number
	Fields   []Field // as they stand in the descriptor
	lengths  map[key]int
}

// key names a report.
type key struct {
	way    Way
	number uint8
}

// Usage returns the usage of a field's value: of the value i in a field of
// variables, of the value with the number i in a list. It is 0 where there is
// none. The last usage of a field of variables is that of all values behind it.
func (f *Field) Usage(i int) Usage {
	if i < 0 || len(f.spans) == 0 {
		return 0
	}
	for _, s := range f.spans {
		n := int(s.to-s.from) + 1
		if i < n {
			return s.from + Usage(i)
		}
		i -= n
	}
	if f.Variable {
		return f.spans[len(f.spans)-1].to
	}
	return 0
}

// Find returns the first value of a field that has a usage, ok false: none has.
func (f *Field) Find(u Usage) (i int, ok bool) {
	for _, s := range f.spans {
		if u >= s.from && u <= s.to {
			i += int(u - s.from)
			return i, !f.Variable || i < f.Count
		}
		i += int(s.to-s.from) + 1
	}
	return 0, false
}

// Value returns the value i of a field, ok false where the report ends before it.
func (f *Field) Value(report []byte, i int) (v uint32, ok bool) {
	return Bits(report, f.Bit+i*f.Size, f.Size)
}

// Bits returns up to 32 bits of a report, the lowest first as HID has it. It is
// not ok where the report ends before them.
func Bits(report []byte, bit, size int) (v uint32, ok bool) {
	if bit < 0 || size < 1 || size > 32 || bit+size > 8*len(report) {
		return 0, false
	}
	for n := 0; n < size; n++ {
		at := bit + n
		v |= uint32(report[at/8]>>(at%8)&1) << n
	}
	return v, true
}

// SetBit sets one bit of a report. A bit behind its end is left alone.
func SetBit(report []byte, bit int) {
	if bit >= 0 && bit < 8*len(report) {
		report[bit/8] |= 1 << (bit % 8)
	}
}

// Length returns how many bytes a report has, its number included; 0: there is no
// such report.
func (d *Descriptor) Length(way Way, number uint8) int { return d.lengths[key{way, number}] }

// Has reports whether a field of a report that goes this way has the usage.
func (d *Descriptor) Has(way Way, u Usage) bool {
	for i := range d.Fields {
		if d.Fields[i].Way == way {
			if _, ok := d.Fields[i].Find(u); ok {
				return true
			}
		}
	}
	return false
}

// Kind says what a device is: one that sends scans, one that types, or neither.
func (d *Descriptor) Kind() scanner.Kind {
	keys := false
	for i := range d.Fields {
		f := &d.Fields[i]
		if f.Way != Input {
			continue
		}
		if _, ok := f.Find(DecodedData); ok {
			return scanner.POS
		}
		typing := f.Application == DesktopKeyboard || f.Application == DesktopKeypad
		keys = keys || typing && !f.Variable && f.Usage(0).Page() == PageKeyboard
	}
	if keys {
		return scanner.Keyboard
	}
	return scanner.Unknown
}

// Kind says what a device with this descriptor is; see [Descriptor.Kind]. One that
// cannot be read is [scanner.Unknown].
func Kind(descriptor []byte) scanner.Kind {
	d, err := Parse(descriptor)
	if err != nil {
		return scanner.Unknown
	}
	return d.Kind()
}
