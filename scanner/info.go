package scanner

import (
	"fmt"
	"strings"
	"unicode"
)

// Kind is how a device hands over what it reads.
type Kind string

const (
	Unknown  Kind = ""         // it does not say
	POS      Kind = "pos"      // a bar code scanner of HID's point of sale devices: reports that hold a scan
	Keyboard Kind = "keyboard" // an HID keyboard: reports that hold keys
	Serial   Kind = "serial"   // a serial line, also over USB and Bluetooth: bytes
)

// Access is whether this user may open a device.
type Access string

const (
	AccessUnknown Access = ""
	Allowed       Access = "allowed"
	Denied        Access = "denied"
)

// Info is one part of a device as the system lists it before anybody opens it.
// What the device says of itself is outside text, made into one line by [Name].
type Info struct {
	Backend string // who lists it, as [Backend.Name] says
	Path    string // what the backend opens: it names the socket rather than the device
	Device  string // what is plugged in and out as one; the same in every backend
	Part    string // which part of the device; the same in every backend, and of no other device
	Bus     string // "usb", "bluetooth", …; "": not told

	Vendor, Product                 uint16 // 0 and 0: none
	VendorName, ProductName, Serial string // "": not told

	Kind       Kind
	Descriptor []byte   // HID report descriptor; nil: not known
	Packet     int      // most bytes of one transfer; 0: not known, and reports come whole
	Access     Access   // of all Files together
	Files      []string // what must be readable and writable, the one to open first; nil: not known
}

// ID returns the name of a device in settings, vendor:product or
// vendor:product:serial, in lower case hexadecimal digits; "" where it has none.
func (i Info) ID() string {
	switch {
	case i.Vendor == 0 && i.Product == 0:
		return ""
	case i.Serial == "":
		return fmt.Sprintf("%04x:%04x", i.Vendor, i.Product)
	}
	return fmt.Sprintf("%04x:%04x:%s", i.Vendor, i.Product, i.Serial)
}

// maxName is the most characters of a [Name].
const maxName = 80

// Name makes one printable line of what a device says of itself: control
// characters and bytes that are no text are left out, white space is one blank,
// and at most 80 characters stay.
func Name(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == unicode.ReplacementChar, !unicode.IsPrint(r):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxName {
		return strings.TrimSpace(string(r[:maxName]))
	}
	return s
}
