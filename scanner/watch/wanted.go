package watch

import (
	"fmt"
	"strconv"
	"strings"

	"circdesk/scanner"
)

// Wanted is a scanner that the settings name: by vendor and product, or by the path
// of its serial port.
type Wanted struct {
	Vendor, Product uint16
	Serial          string // "": any of that vendor and product
	Path            string // of a serial port: "COM3", "/dev/ttyS0"; "": vendor and product name it
	Backend         string // "": any
	Setup           scanner.Setup
}

// Parse reads the name of a scanner: vendor:product in hexadecimal digits, with
// :serial behind it if one of several is meant, or the path of a serial port.
func Parse(name string) (Wanted, error) {
	vendor, rest, ok := strings.Cut(name, ":")
	product, serial, _ := strings.Cut(rest, ":")
	v, errV := strconv.ParseUint(vendor, 16, 16)
	p, errP := strconv.ParseUint(product, 16, 16)
	switch {
	case ok && errV == nil && errP == nil && len(vendor) == 4 && len(product) == 4 && v+p > 0:
		return Wanted{Vendor: uint16(v), Product: uint16(p), Serial: serial}, nil
	case isPort(name):
		return Wanted{Path: name, Setup: scanner.Setup{Kind: scanner.Serial}}, nil
	}
	return Wanted{}, fmt.Errorf("%.60q names no scanner: vendor:product or vendor:product:serial as 0c2e:0b67:A1, or the path of a serial port", name)
}

// isPort reports whether a name is the path of a serial port.
func isPort(name string) bool {
	number, isCOM := strings.CutPrefix(strings.ToUpper(strings.TrimPrefix(name, `\\.\`)), "COM")
	if _, err := strconv.ParseUint(number, 10, 8); isCOM && err == nil {
		return true
	}
	return len(name) > len("/dev/") && strings.HasPrefix(name, "/dev/")
}

// String returns the name that [Parse] reads.
func (w Wanted) String() string {
	if w.Path != "" {
		return w.Path
	}
	return scanner.Info{Vendor: w.Vendor, Product: w.Product, Serial: w.Serial}.ID()
}

// is reports whether a part of a device is of the scanner that is named.
func (w Wanted) is(i scanner.Info) bool {
	if w.Backend != "" && w.Backend != i.Backend {
		return false
	}
	if w.Path != "" {
		return i.Kind == scanner.Serial && i.Path == w.Path
	}
	return w.Vendor == i.Vendor && w.Product == i.Product && (w.Serial == "" || w.Serial == i.Serial)
}

// kind is the kind as which a part is read.
func (w Wanted) kind(i scanner.Info) scanner.Kind {
	if w.Setup.Kind != scanner.Unknown {
		return w.Setup.Kind
	}
	return i.Kind
}
