//go:build linux

package main

import (
	"fmt"
	"strings"

	"circdesk/scanner"
	"circdesk/scanner/emulated/usbip"
	"circdesk/scanner/internal/descriptors"
	"circdesk/scanner/layout"
)

// model is a kind of emulated scanner: what it is, and how it sends a text.
type model struct {
	kind    scanner.Kind
	device  func(serial string) *usbip.Device
	reports func(t text) [][]byte
	closes  func(report []byte) bool               // whether a report is that with which a scan is complete
	half    func() (reports [][]byte, lost string) // the beginning of a scan whose end never comes, and its text
}

// text is what a scanner reads from a label.
type text struct {
	aim   string
	text  string
	quick bool // typed without releasing a key before the next, as many scanners do
}

const (
	vendorName = "Emulated Instruments"
	typedText  = "Typing Scanner"
	posText    = "POS Scanner"
)

// pos is a scanner of HID's point of sale devices, in the layout of Hand Held
// Products.
var pos = model{
	kind: scanner.POS,
	device: func(serial string) *usbip.Device {
		return &usbip.Device{
			Vendor: 0x0C2E, Product: 0x0B67, VendorName: vendorName, ProductName: posText, Serial: serial,
			Descriptor: descriptors.HandHeldPOS(), Packet: 64,
		}
	},
	reports: posReports,
	closes:  func(report []byte) bool { return report[63] == 0 },
	half: func() ([][]byte, string) {
		return posReports(text{aim: "]Q1", text: strings.Repeat("9", 200)})[:2], strings.Repeat("9", 2*room)
	},
}

// room is how many bytes of a text a report of a POS scanner holds.
const room = 56

// posReports are the reports of a scan: number, length, symbology, data, the maker's
// symbology, nothing, whether more follows.
func posReports(t text) (reports [][]byte) {
	for rest := t.text; ; {
		report := make([]byte, 64)
		n := min(len(rest), room)
		report[0], report[1] = 2, byte(n)
		copy(report[2:5], t.aim)
		copy(report[5:5+room], rest[:n])
		report[61] = '?'
		reports = append(reports, report)
		if rest = rest[n:]; rest == "" {
			return reports
		}
		report[63] = 1
	}
}

// keys is a scanner that types, on a keyboard of the United States.
var keys = model{
	kind: scanner.Keyboard,
	device: func(serial string) *usbip.Device {
		return &usbip.Device{
			Vendor: 0x05F9, Product: 0x2204, VendorName: vendorName, ProductName: typedText, Serial: serial,
			Keyboard: true, Descriptor: descriptors.Gryphon(), Packet: 8,
		}
	},
	reports: keyReports,
	closes:  func(report []byte) bool { return report[2] == byte(layout.Enter) },
	half:    func() ([][]byte, string) { return keyReports(text{text: "31234000123456"})[:9], "31234" },
}

// keyReports are the reports of a scan: every key is pressed and released, and Enter
// closes it. A quick scanner releases a key only where it must press it again, and
// at the end.
func keyReports(t text) (reports [][]byte) {
	last := byte(0)
	for _, r := range t.text + "\r" {
		mods, key := press(r)
		if last != 0 && (!t.quick || key == last) {
			reports = append(reports, make([]byte, 8))
		}
		reports = append(reports, []byte{mods, 0, key, 0, 0, 0, 0, 0})
		last = key
	}
	return append(reports, make([]byte, 8))
}

// press says how a character is typed. It panics where the keyboard has none such:
// the texts are ours.
func press(r rune) (mods, key byte) {
	if r == '\r' {
		return 0, byte(layout.Enter)
	}
	us, _ := layout.Find("us")
	for k := range layout.Key(0x65) {
		switch r {
		case us.Rune(k, layout.Plain):
			return 0, byte(k)
		case us.Rune(k, layout.Shift):
			return 2, byte(k)
		}
	}
	panic(fmt.Sprintf("no key for %q", r))
}

// label is the text of label n of the library: most are item numbers, some are what
// else lies on a desk. No two are alike.
func (m model) label(n int) text {
	t := text{aim: "]F0", text: fmt.Sprintf("31234%09d", n), quick: n%2 == 1}
	switch {
	case n%10 == 3:
		t.aim, t.text = "]A0", fmt.Sprintf("LIB-%05d $/+%%", n)
	case n%10 == 5 && m.kind == scanner.POS:
		t.aim, t.text = "]Q1", strings.Repeat(fmt.Sprintf("%07d/", n), 1+n/10%24)
	case n%10 == 6:
		t.aim, t.text = "]C0", fmt.Sprintf("Ab%04dzY.x", n)
	case n%10 == 9:
		t.aim, t.text = "]E0", fmt.Sprintf("978%010d", n)
	}
	return t
}

// scan is what a desk must make of a text that a scanner sends.
func (m model) scan(t text, source string) scanner.Scan {
	if m.kind == scanner.Keyboard {
		return scanner.Scan{Text: t.text, End: scanner.Enter, Source: source}
	}
	return scanner.Scan{Text: t.text, Symbology: t.aim, Source: source}
}
