package pos

import "circdesk/scanner/hidreport"

// bits are the place of a value in a report; size 0: the report has none.
type bits struct{ at, size int }

func (b bits) of(report []byte) (uint32, bool) { return hidreport.Bits(report, b.at, b.size) }

// form says what stands where in an input report that holds scanned data.
type form struct {
	number uint8 // of the report, its first byte; 0: it has none
	count  bits  // how many bytes of data there are; none: NULs fill the report up
	aim    [3]bits
	data   int // bit of the first byte
	room   int // bytes of data at most
	more   bits
}

// byteAt is the place of a whole byte.
func byteAt(n int) bits { return bits{8 * n, 8} }

// Layouts that makers document, all of 64 bytes.
var (
	// Honeywell, Hand Held Products, Metrologic, Access-IS, Datalogic.
	handHeld = form{number: 2, count: byteAt(1), aim: [3]bits{byteAt(2), byteAt(3), byteAt(4)}, data: 8 * 5, room: 56, more: bits{8 * 63, 1}}
	// The same with a byte more before the identifier: some of Zebra.
	shifted = form{number: 2, count: byteAt(1), aim: [3]bits{byteAt(3), byteAt(4), byteAt(5)}, data: 8 * 6, room: 56, more: bits{8 * 63, 1}}
	// Newland: the identifier, if any, is in the data.
	newland = form{number: 2, count: byteAt(1), data: 8 * 2, room: 56, more: bits{8 * 63, 1}}
	// Microscan.
	microscan = form{number: 1, count: byteAt(1), data: 8 * 2, room: 62}
	// Symbol: neither a number nor an identifier.
	symbol = form{count: byteAt(0), data: 8 * 1, room: 63}
)

// documented is the length of the layouts above.
const documented = 64

// formsOf returns the forms of all reports that hold scanned data.
func formsOf(d *hidreport.Descriptor) []form {
	var forms []form
	for i := range d.Fields {
		f := &d.Fields[i]
		first, ok := f.Find(hidreport.DecodedData)
		if !ok || f.Way != hidreport.Input || f.Size != 8 || !f.Variable {
			continue
		}
		form := form{number: f.Report, data: f.Bit + 8*first}
		for n := first; n < f.Count && f.Usage(n) == hidreport.DecodedData; n++ {
			form.room++
		}
		form.count = place(d, f.Report, hidreport.ByteCount)
		for n, u := range []hidreport.Usage{hidreport.Symbology1, hidreport.Symbology2, hidreport.Symbology3} {
			form.aim[n] = place(d, f.Report, u)
		}
		form.more = place(d, f.Report, hidreport.DecodedDataGoesOn)
		forms = append(forms, form)
	}
	return forms
}

// place returns where the first value of an input report with a usage stands.
func place(d *hidreport.Descriptor, report uint8, u hidreport.Usage) bits {
	for i := range d.Fields {
		f := &d.Fields[i]
		if f.Way != hidreport.Input || f.Report != report || !f.Variable {
			continue
		}
		if n, ok := f.Find(u); ok {
			return bits{f.Bit + n*f.Size, f.Size}
		}
	}
	return bits{}
}

// symbology returns the AIM identifier of a report; "": it has none.
func (f *form) symbology(report []byte) string {
	var s [3]byte
	for i, b := range f.aim {
		v, ok := b.of(report)
		if !ok || v > 0x7F {
			return ""
		}
		s[i] = byte(v)
	}
	if !isAIM(s[:]) {
		return ""
	}
	return string(s[:])
}

// goesOn reports whether the device says that more follows.
func (f *form) goesOn(report []byte) bool {
	v, _ := f.more.of(report)
	return v != 0
}

// text returns the data of a report. It is not ok where the report tells of more
// data than it has, unless more follows: then what is missing was never there.
func (f *form) text(report []byte) (text []byte, ok bool) {
	n := f.room
	count, counted := f.count.of(report)
	if counted {
		n = int(min(count, uint32(f.room)))
	}
	text = make([]byte, 0, n)
	for i := range n {
		v, ok := hidreport.Bits(report, f.data+8*i, 8)
		if !ok {
			return nil, false
		}
		text = append(text, byte(v))
	}
	if !counted {
		return trimNULs(text), f.count.size == 0
	}
	return text, count <= uint32(f.room) || f.goesOn(report)
}

func trimNULs(b []byte) []byte {
	for len(b) > 0 && b[len(b)-1] == 0 {
		b = b[:len(b)-1]
	}
	return b
}
