package keyboard

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/encoding/charmap"

	"circdesk/scanner"
	"circdesk/scanner/hidreport"
	"circdesk/scanner/layout"
	"circdesk/scanner/wedge"
)

// noText stands for a key that must give a character and gives none on this
// layout: a scan that holds it must not look whole.
const noText = "\uFFFD"

const (
	patience  = 500 * time.Millisecond // for the character after a dead key, and the rest of a report
	maxDigits = 8                      // of a number that is typed while Alt is down; more than any has
)

// Decoder makes scans of reports. It is a [scanner.Decoder].
//
// The keys are those that a report holds down and the one before did not. Enter,
// and what else closes a scan, is that of a [wedge.Line].
type Decoder struct {
	line   *wedge.Line
	layout *layout.Layout
	known  *hidreport.Descriptor // nil: the reports are those that every keyboard can send
	forms  []form
	joiner hidreport.Joiner

	before map[uint8][]layout.Key // the keys that were down, by the report's number
	mods   byte
	caps   bool
	dead   rune          // waits for the character after it; 0: none
	number []byte        // digits typed while Alt is down
	idle   time.Duration // since the last report
}

// New makes a decoder for a device. The error names a layout that there is none of.
func New(info scanner.Info, setup scanner.Setup) (*Decoder, error) {
	l, ok := layout.Find(setup.Layout)
	if !ok {
		return nil, fmt.Errorf("no keyboard layout %q: %s", setup.Layout, strings.Join(layout.Names(), ", "))
	}
	d := &Decoder{line: wedge.NewLine(setup), layout: l, caps: setup.Caps, before: make(map[uint8][]layout.Key)}
	if parsed, err := hidreport.Parse(info.Descriptor); err == nil {
		if forms := formsOf(&parsed); len(forms) > 0 {
			d.known, d.forms = &parsed, forms
			d.joiner = hidreport.Joiner{Descriptor: &parsed, Packet: info.Packet}
		}
	}
	return d, nil
}

// Decode is [scanner.Decoder.Decode].
func (d *Decoder) Decode(data []byte, at time.Time) scanner.Reading {
	d.idle = 0
	var text strings.Builder
	if report := d.joiner.Join(data); report != nil {
		if number, s, ok := d.read(report); ok {
			d.types(&text, number, s)
		}
	}
	return d.line.Type(text.String(), at)
}

// read returns which keys a report says are down. It is not ok where it does not
// say.
func (d *Decoder) read(report []byte) (number uint8, s state, ok bool) {
	if d.known == nil {
		s, ok = boot(report)
		return 0, s, ok
	}
	if d.known.Numbered {
		if len(report) == 0 {
			return 0, state{}, false
		}
		number = report[0]
	}
	for i := range d.forms {
		if d.forms[i].number == number {
			s, ok = d.forms[i].read(report)
			return number, s, ok
		}
	}
	return number, state{}, false
}

// types writes what is typed by going over to the state.
func (d *Decoder) types(text *strings.Builder, number uint8, s state) {
	if s.modless {
		s.mods = d.mods
	}
	if d.mods&alt != 0 && s.mods&alt == 0 {
		text.WriteString(d.typedNumber())
	}
	keys := pressed(s.keys, d.before[number])
	d.before[number], d.mods = s.keys, s.mods
	for _, k := range keys {
		if digit, ok := keypadDigit(k); ok && numbering(s.mods) {
			if len(d.number) < maxDigits {
				d.number = append(d.number, digit)
			}
			continue
		}
		if k == layout.CapsLock {
			d.caps = !d.caps
			continue
		}
		d.key(text, k, s.mods)
	}
}

// numbering reports whether digits of the keypad are those of a number: Alt is down
// and does not stand for AltGr.
func numbering(mods byte) bool { return mods&alt != 0 && mods&(ctrl|altGr|gui) == 0 }

// level says what the modifiers choose. Ctrl and Alt together are AltGr, as Windows
// has it.
func level(mods byte) layout.Level {
	switch {
	case mods&altGr != 0 || mods&ctrl != 0 && mods&alt != 0:
		return layout.AltGr
	case mods&shift != 0:
		return layout.Shift
	}
	return layout.Plain
}

// key writes what one key types.
func (d *Decoder) key(text *strings.Builder, k layout.Key, mods byte) {
	if s, ok := same(k); ok {
		d.alone(text)
		text.WriteString(s)
		return
	}
	l := level(mods)
	r := d.layout.Rune(k, l)
	switch {
	case r == 0 && d.layout.Rune(k, layout.Plain) == 0:
		return // a key that types nothing on this keyboard: F5, an arrow
	case r == 0, mods&gui != 0, mods&alt != 0 && l != layout.AltGr:
		d.alone(text)
		text.WriteString(noText)
		return
	case mods&ctrl != 0 && l != layout.AltGr:
		d.alone(text)
		text.WriteString(control(r))
		return
	case d.caps:
		r = d.capital(k, l)
	}
	d.character(text, r)
}

// character writes a character, or keeps it where it is that of a dead key.
func (d *Decoder) character(text *strings.Builder, r rune) {
	switch {
	case layout.Dead(r):
		d.alone(text)
		d.dead = r
	case d.dead != 0:
		text.WriteString(layout.Compose(d.dead, r))
		d.dead = 0
	default:
		text.WriteRune(r)
	}
}

// alone writes the accent of a dead key that nothing it goes with came after.
func (d *Decoder) alone(text *strings.Builder) {
	if d.dead != 0 {
		text.WriteString(layout.Compose(d.dead, 0))
		d.dead = 0
	}
}

// same returns what keys type that type the same on every layout.
func same(k layout.Key) (string, bool) {
	if digit, ok := keypadDigit(k); ok {
		return string(rune(digit)), true
	}
	switch k {
	case layout.Enter, layout.KeypadEnd:
		return "\r", true
	case layout.Tab:
		return "\t", true
	case layout.Escape:
		return "\x1b", true
	case layout.Backspace:
		return "\b", true
	case layout.KeypadDiv:
		return "/", true
	case layout.KeypadMul:
		return "*", true
	case layout.KeypadSub:
		return "-", true
	case layout.KeypadAdd:
		return "+", true
	case layout.KeypadDot:
		return ".", true
	case layout.KeypadSame:
		return "=", true
	}
	return "", false
}

// keypadDigit returns the digit of a key of the keypad. A scanner counts on Num
// Lock being on.
func keypadDigit(k layout.Key) (byte, bool) {
	switch {
	case k >= layout.Keypad1 && k < layout.Keypad0:
		return byte('1' + k - layout.Keypad1), true
	case k == layout.Keypad0:
		return '0', true
	}
	return 0, false
}

// control returns the control character that a character gives with Ctrl: scanners
// send GS and the like in this way.
func control(r rune) string {
	if r = unicode.ToUpper(r); r >= '@' && r <= '_' {
		return string(r - '@')
	}
	return noText
}

// capital returns what a key gives while Caps Lock is on: it changes letters only.
func (d *Decoder) capital(k layout.Key, l layout.Level) rune {
	small, large := d.layout.Rune(k, layout.Plain), d.layout.Rune(k, layout.Shift)
	switch letter := unicode.IsLower(small) && unicode.ToUpper(small) == large; {
	case letter && l == layout.Plain:
		return large
	case letter && l == layout.Shift:
		return small
	}
	return d.layout.Rune(k, l)
}

// typedNumber returns the character whose number was typed while Alt was down. As
// Windows has it a number that begins with 0 is of code page 1252, another of code
// page 437; below 32 both are taken for the control characters that scanners mean.
func (d *Decoder) typedNumber() string {
	digits := string(d.number)
	d.number = nil
	if digits == "" {
		return ""
	}
	n, err := strconv.ParseUint(digits, 10, 8)
	switch {
	case err != nil:
		return noText
	case n < 0x80:
		return string(rune(n))
	case digits[0] == '0':
		return string(charmap.Windows1252.DecodeByte(byte(n)))
	}
	return string(charmap.CodePage437.DecodeByte(byte(n)))
}

// Idle is [scanner.Decoder.Idle].
func (d *Decoder) Idle(waited time.Duration, at time.Time) scanner.Reading {
	if d.idle += waited; d.idle >= patience {
		d.joiner.Drop()
		if d.dead != 0 {
			var text strings.Builder
			d.alone(&text)
			return d.line.Type(text.String(), at)
		}
	}
	return d.line.Idle(waited, at)
}

// End is [scanner.Decoder.End].
func (d *Decoder) End(at time.Time) scanner.Reading {
	d.dead, d.number = 0, nil
	d.joiner.Drop()
	return d.line.End(at)
}
