package keyboard

import (
	"slices"

	"circdesk/scanner/hidreport"
	"circdesk/scanner/layout"
)

// Modifiers as a bit mask, in the order of their usages from E0 on.
const (
	ctrl  = 1<<0 | 1<<4
	shift = 1<<1 | 1<<5
	alt   = 1 << 2
	gui   = 1<<3 | 1<<7
	altGr = 1 << 6
)

const (
	firstModifier hidreport.Usage = hidreport.PageKeyboard<<16 | 0xE0
	lastModifier  hidreport.Usage = hidreport.PageKeyboard<<16 | 0xE7

	rollOver layout.Key = 1 // more keys are down than the report has room for
	firstKey layout.Key = 4 // below it are errors
)

// state is which keys are down.
type state struct {
	mods    byte
	modless bool         // the report does not tell of modifiers
	keys    []layout.Key // in the order of the report
}

// form says where in an input report the keys stand.
type form struct {
	number  uint8
	modless bool // it has no modifiers
	fields  []hidreport.Field
}

// formsOf returns the forms of all reports of a keyboard.
func formsOf(d *hidreport.Descriptor) (forms []form) {
	for i := range d.Fields {
		f := &d.Fields[i]
		typing := f.Application == hidreport.DesktopKeyboard || f.Application == hidreport.DesktopKeypad
		if f.Way != hidreport.Input || !typing || f.Usage(0).Page() != hidreport.PageKeyboard {
			continue
		}
		n := slices.IndexFunc(forms, func(o form) bool { return o.number == f.Report })
		if n < 0 {
			forms = append(forms, form{number: f.Report, modless: true})
			n = len(forms) - 1
		}
		forms[n].fields = append(forms[n].fields, *f)
		if _, ok := f.Find(firstModifier + 1); ok && f.Variable {
			forms[n].modless = false
		}
	}
	return forms
}

// read returns which keys are down. It is not ok where the report does not say: it
// is too short, or more keys are down than it can name.
func (f *form) read(report []byte) (s state, ok bool) {
	s.modless = f.modless
	for i := range f.fields {
		field := &f.fields[i]
		for n := range field.Count {
			v, ok := field.Value(report, n)
			if !ok {
				return state{}, false
			}
			u := field.Usage(n)
			if !field.Variable {
				u = field.Usage(int(v) - int(field.Least))
			} else if v == 0 {
				continue
			}
			if !s.down(u) {
				return state{}, false
			}
		}
	}
	return s, true
}

// down adds a key. It is not ok where the key says that the report is none.
func (s *state) down(u hidreport.Usage) (ok bool) {
	switch k := layout.Key(u); {
	case u.Page() != hidreport.PageKeyboard || u&0xFF00 != 0:
		return true
	case u >= firstModifier && u <= lastModifier:
		s.mods |= 1 << (u - firstModifier)
	case k >= firstKey:
		s.keys = append(s.keys, k)
	case k >= rollOver:
		return false
	}
	return true
}

// Of the report that every keyboard can send: modifiers, a byte of nothing, six
// keys. Some put a number before it.
const (
	bootKeys   = 2
	bootLength = 8
)

// boot reads a report of a keyboard without a descriptor.
func boot(report []byte) (s state, ok bool) {
	if len(report) == bootLength+1 {
		report = report[1:]
	}
	if len(report) != bootLength {
		return state{}, false
	}
	s.mods = report[0]
	for _, b := range report[bootKeys:] {
		if !s.down(hidreport.PageKeyboard<<16 | hidreport.Usage(b)) {
			return state{}, false
		}
	}
	return s, true
}

// pressed returns the keys that are down now and were not before, in the order of
// the report. A key that the report names twice was pressed twice.
func pressed(now, before []layout.Key) (keys []layout.Key) {
	before = slices.Clone(before)
	for _, k := range now {
		if i := slices.Index(before, k); i >= 0 {
			before = slices.Delete(before, i, i+1)
			continue
		}
		keys = append(keys, k)
	}
	return keys
}
