package hidreport

import (
	"errors"
	"fmt"
	"slices"
)

// Why a descriptor is refused.
var (
	errShort      = errors.New("the descriptor ends in an item")
	errDescriptor = fmt.Errorf("the descriptor has more than %d bytes", MaxDescriptor)
	errReport     = fmt.Errorf("a report has more than %d bytes", MaxReport)
	errFields     = fmt.Errorf("there are more than %d fields", maxFields)
	errUsages     = fmt.Errorf("a field has more than %d usages", maxSpans)
	errDepth      = fmt.Errorf("more than %d collections in one another", maxDepth)
	errOpen       = errors.New("a collection does not end")
	errClosed     = errors.New("the end of a collection that has not begun")
	errStack      = errors.New("values are taken back that were not put aside")
	errSize       = errors.New("a value has more than 32 bits")
	errNumber     = errors.New("a report's number is not 1 to 255")
)

// Kinds of items: tag and type, without the bits for the length.
const (
	itemInput         = 0x80
	itemOutput        = 0x90
	itemFeature       = 0xB0
	itemCollection    = 0xA0
	itemEndCollection = 0xC0

	itemPage         = 0x04
	itemLeast        = 0x14
	itemSize         = 0x74
	itemReportNumber = 0x84
	itemCount        = 0x94
	itemPush         = 0xA4
	itemPop          = 0xB4

	itemUsage    = 0x08
	itemUsageMin = 0x18
	itemUsageMax = 0x28

	longItem = 0xFE

	application = 1 // a kind of collection
)

// globals hold until another item changes them.
type globals struct {
	page   uint16
	size   uint32
	count  uint32
	number uint8
	least  int32
}

// local is a usage, or one end of a range of them, before its page is known.
type local struct {
	usage uint32
	full  bool // it carries its page
	what  byte // itemUsage, itemUsageMin, itemUsageMax
}

// walker reads a descriptor item by item.
type walker struct {
	d        Descriptor
	now      globals
	aside    []globals
	locals   []local
	depth    int
	app      Usage // of the collection at depth 1
	position map[key]int
}

// Parse reads a report descriptor. It refuses one that is cut, that does not add
// up, or that is beyond all measure; items that mean nothing to a scanner are
// passed over.
func Parse(b []byte) (Descriptor, error) {
	if len(b) > MaxDescriptor {
		return Descriptor{}, errDescriptor
	}
	w := walker{position: make(map[key]int)}
	for at := 0; at < len(b); {
		n, err := w.item(b[at:])
		if err != nil {
			return Descriptor{}, fmt.Errorf("item at byte %d: %w", at, err)
		}
		at += n
	}
	if w.depth > 0 {
		return Descriptor{}, errOpen
	}
	w.finish()
	return w.d, nil
}

// item reads the item at the beginning of b and returns its length.
func (w *walker) item(b []byte) (int, error) {
	if b[0] == longItem {
		if len(b) < 3 || len(b) < 3+int(b[1]) {
			return 0, errShort
		}
		return 3 + int(b[1]), nil
	}
	n := int(b[0] & 3)
	if n == 3 {
		n = 4
	}
	if len(b) < 1+n {
		return 0, errShort
	}
	var v uint32
	for i := range n {
		v |= uint32(b[1+i]) << (8 * i)
	}
	return 1 + n, w.do(b[0]&^3, v, n)
}

// do does what an item of n bytes says.
func (w *walker) do(what byte, v uint32, n int) error {
	switch what {
	case itemInput:
		return w.field(Input, v)
	case itemOutput:
		return w.field(Output, v)
	case itemFeature:
		return w.field(Feature, v)
	case itemCollection:
		return w.begin(v)
	case itemEndCollection:
		return w.end()

	case itemPage:
		w.now.page = uint16(v)
	case itemLeast:
		w.now.least = signed(v, n)
	case itemSize:
		w.now.size = v
	case itemCount:
		w.now.count = v
	case itemReportNumber:
		if v < 1 || v > 255 {
			return errNumber
		}
		w.now.number = uint8(v)
		w.d.Numbered = true
	case itemPush:
		if len(w.aside) == maxDepth {
			return errDepth
		}
		w.aside = append(w.aside, w.now)
	case itemPop:
		if len(w.aside) == 0 {
			return errStack
		}
		w.now = w.aside[len(w.aside)-1]
		w.aside = w.aside[:len(w.aside)-1]

	case itemUsage, itemUsageMin, itemUsageMax:
		if len(w.locals) == 2*maxSpans {
			return errUsages
		}
		w.locals = append(w.locals, local{usage: v, full: n == 4, what: what})
	}
	return nil
}

// signed extends the sign of a value of n bytes.
func signed(v uint32, n int) int32 {
	switch n {
	case 1:
		return int32(int8(v))
	case 2:
		return int32(int16(v))
	}
	return int32(v)
}

func (w *walker) begin(kind uint32) error {
	if w.depth == maxDepth {
		return errDepth
	}
	spans, err := w.spans()
	if err != nil {
		return err
	}
	if w.depth == 0 {
		w.app = 0
		if kind == application && len(spans) > 0 {
			w.app = spans[0].from
		}
	}
	w.depth++
	return nil
}

func (w *walker) end() error {
	if w.depth == 0 {
		return errClosed
	}
	w.depth--
	if w.depth == 0 {
		w.app = 0
	}
	w.locals = nil
	return nil
}

// field takes in a field of the flags given.
func (w *walker) field(way Way, flags uint32) error {
	spans, err := w.spans()
	if err != nil {
		return err
	}
	if w.now.count == 0 || w.now.size == 0 {
		return nil
	}
	k := key{way, w.now.number}
	bit := w.position[k]
	end := uint64(bit) + uint64(w.now.size)*uint64(w.now.count)
	if end > 8*(MaxReport-1) { // less the number, which comes in finish
		return errReport
	}
	w.position[k] = int(end)
	if constant := flags&1 != 0; constant {
		return nil // room, no values
	}
	if w.now.size > 32 {
		return errSize
	}
	if len(w.d.Fields) == maxFields {
		return errFields
	}
	w.d.Fields = append(w.d.Fields, Field{
		Way: way, Report: w.now.number, Bit: bit, Size: int(w.now.size), Count: int(w.now.count),
		Variable: flags&2 != 0, Least: w.now.least, Application: w.app, spans: spans,
	})
	return nil
}

// spans returns the usages that were named since the last field or collection,
// and forgets them. Their page is the one that holds now, unless they carry one. A
// range that has only one end, or ends before it begins, is none.
func (w *walker) spans() ([]span, error) {
	var spans []span
	var low *Usage
	for _, l := range w.locals {
		u := Usage(l.usage)
		if !l.full {
			u = Usage(w.now.page)<<16 | Usage(uint16(l.usage))
		}
		switch l.what {
		case itemUsage:
			spans = append(spans, span{u, u})
		case itemUsageMin:
			low = &u
		case itemUsageMax:
			if low != nil && *low <= u && low.Page() == u.Page() {
				spans = append(spans, span{*low, u})
			}
			low = nil
		}
	}
	if len(spans) > maxSpans {
		return nil, errUsages
	}
	w.locals = nil
	return slices.Clip(spans), nil
}

// finish makes room for the numbers of reports, and reckons lengths.
func (w *walker) finish() {
	number := 0
	if w.d.Numbered {
		number = 8
	}
	for i := range w.d.Fields {
		w.d.Fields[i].Bit += number
	}
	w.d.lengths = make(map[key]int, len(w.position))
	for k, bits := range w.position {
		w.d.lengths[k] = (number + bits + 7) / 8
	}
}
