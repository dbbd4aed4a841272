package usbip

import (
	"encoding/binary"
	"time"
	"unicode/utf16"
)

// Device is an HID device of one interface with one endpoint, as it says of itself.
// It is not changed while it is on a line.
type Device struct {
	Vendor, Product                 uint16
	VendorName, ProductName, Serial string // "": it has none
	Keyboard                        bool   // it says that it is a keyboard that a BIOS understands
	Descriptor                      []byte // HID report descriptor
	Packet                          uint16 // most bytes of one packet to the host
	Interval                        uint8  // milliseconds from one packet to the next; 0: as fast as the host asks

	// Mute is what the device never answers; the zero Mute answers all.
	Mute Mute
	// Written is told every report that the host writes to the device; nil: nobody.
	// It is called by the goroutine of [Link.Run].
	Written func(Report)
	// Sending is told every report just before its last byte goes to the host; nil:
	// nobody. It is called by a goroutine of [Link.Run].
	Sending func(report []byte)
}

// Mute is what a device does not answer.
type Mute struct {
	Names      bool // its names: the texts
	Descriptor bool // its report descriptor
	Writes     bool // reports that are written to it
}

// Report is a report that the host wrote.
type Report struct {
	Feature bool // else it is an output report
	Data    []byte
}

// takes is how long data takes to go to the host.
func (d *Device) takes(bytes int) time.Duration {
	packet := int(max(d.Packet, 1))
	packets := max(1, (bytes+packet-1)/packet)
	return time.Duration(packets) * time.Duration(d.Interval) * time.Millisecond
}

// Control requests: USB 2.0, tables 9-3 to 9-5, and HID 1.11, section 7.
const (
	toHost         = 0x80
	class          = 0x20
	toInterface    = 0x01
	toEndpoint     = 0x02
	getStatus      = 0
	clearFeature   = 1
	setFeature     = 3
	getDescriptor  = 6
	setConfigured  = 9
	setInterface   = 11
	setReport      = 9
	setIdle        = 10
	setProtocol    = 11
	outputReport   = 2
	featureReport  = 3
	deviceDesc     = 1
	configDesc     = 2
	stringDesc     = 3
	hidDesc        = 0x21
	reportDesc     = 0x22
	english        = 0x0409
	vendorString   = 1
	productString  = 2
	serialString   = 3
	inEndpoint     = 0x81
	hidClass       = 3
	bootInterface  = 1
	keyboardBoots  = 1
	maxStringRunes = 126
)

// control answers a control request. It answers with what the host shall have, and
// not ok to what the device does not take; silent means that it answers nothing at
// all.
func (d *Device) control(s setup, data []byte) (answer []byte, ok, silent bool) {
	switch {
	case s.request == getDescriptor && s.kind&toHost != 0 && s.kind&class == 0:
		answer, ok = d.descriptor(byte(s.value>>8), byte(s.value))
		silent = d.Mute.Names && s.value>>8 == stringDesc || d.Mute.Descriptor && s.value>>8 == reportDesc
	case s.request == getStatus && s.kind&toHost != 0 && s.kind&class == 0:
		answer, ok = []byte{0, 0}, true
	case s.kind == class|toInterface && s.request == setReport:
		ok, silent = true, d.Mute.Writes
		if d.Written != nil && !silent {
			d.Written(Report{Feature: s.value>>8 == featureReport, Data: data})
		}
	case s.kind == class|toInterface:
		ok = s.request == setIdle || s.request == setProtocol
	case s.kind == 0:
		ok = s.request == setConfigured || s.request == setFeature || s.request == clearFeature
	case s.kind == toInterface:
		ok = s.request == setInterface
	case s.kind == toEndpoint:
		ok = s.request == clearFeature
	}
	return answer[:min(len(answer), s.length)], ok, silent
}

// descriptor returns one of the device's descriptors; ok false: it has none such.
func (d *Device) descriptor(kind, index byte) (b []byte, ok bool) {
	switch kind {
	case deviceDesc:
		return d.device(), true
	case configDesc:
		return d.configuration(), true
	case stringDesc:
		return d.text(index)
	case hidDesc:
		return d.hid(), true
	case reportDesc:
		return d.Descriptor, true
	}
	return nil, false
}

func (d *Device) device() []byte {
	b := []byte{18, deviceDesc, 0x00, 0x02, 0, 0, 0, 64}
	b = binary.LittleEndian.AppendUint16(b, d.Vendor)
	b = binary.LittleEndian.AppendUint16(b, d.Product)
	b = append(b, 0x00, 0x01) // its release
	for i, s := range []string{d.VendorName, d.ProductName, d.Serial} {
		if s == "" {
			b = append(b, 0)
		} else {
			b = append(b, byte(i+1))
		}
	}
	return append(b, 1)
}

func (d *Device) configuration() []byte {
	sub, protocol := byte(0), byte(0)
	if d.Keyboard {
		sub, protocol = bootInterface, keyboardBoots
	}
	b := []byte{9, configDesc, 0, 0, 1, 1, 0, 0x80, 50}
	b = append(b, 9, 4, 0, 0, 1, hidClass, sub, protocol, 0)
	b = append(b, d.hid()...)
	b = append(b, 7, 5, inEndpoint, 3, byte(d.Packet), byte(d.Packet>>8), max(d.Interval, 1))
	binary.LittleEndian.PutUint16(b[2:], uint16(len(b)))
	return b
}

func (d *Device) hid() []byte {
	b := []byte{9, hidDesc, 0x11, 0x01, 0, 1, reportDesc}
	return binary.LittleEndian.AppendUint16(b, uint16(len(d.Descriptor)))
}

// text returns one of the device's texts, or the language that they are in.
func (d *Device) text(index byte) (b []byte, ok bool) {
	var units []uint16
	switch index {
	case 0:
		units = []uint16{english}
	case vendorString:
		units = utf16.Encode([]rune(d.VendorName))
	case productString:
		units = utf16.Encode([]rune(d.ProductName))
	case serialString:
		units = utf16.Encode([]rune(d.Serial))
	default:
		return nil, false
	}
	units = units[:min(len(units), maxStringRunes)]
	b = []byte{byte(2 + 2*len(units)), stringDesc}
	for _, u := range units {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b, true
}
