package hidreport

import "fmt"

// Usage says what a value is for: a page in the upper 16 bits, a number on that
// page in the lower.
type Usage uint32

// Page returns the usage's page.
func (u Usage) Page() uint16 { return uint16(u >> 16) }

// String returns page and number in hexadecimal digits, "8c:fe".
func (u Usage) String() string { return fmt.Sprintf("%02x:%02x", u.Page(), uint16(u)) }

// Pages.
const (
	PageDesktop  = 0x01
	PageKeyboard = 0x07
	PageLEDs     = 0x08
	PageScanner  = 0x8C // bar code scanners of the point of sale usage tables
)

// Usages that scanners have.
const (
	DesktopKeyboard Usage = PageDesktop<<16 | 0x06
	DesktopKeypad   Usage = PageDesktop<<16 | 0x07
	ByteCount       Usage = PageDesktop<<16 | 0x3B

	GoodReadLED       Usage = PageScanner<<16 | 0x7D
	ErrorBeep         Usage = PageScanner<<16 | 0x85
	GoodReadBeep      Usage = PageScanner<<16 | 0x86
	NotOnFileBeep     Usage = PageScanner<<16 | 0x87
	Symbology1        Usage = PageScanner<<16 | 0xFB // the characters of an AIM identifier
	Symbology2        Usage = PageScanner<<16 | 0xFC
	Symbology3        Usage = PageScanner<<16 | 0xFD
	DecodedData       Usage = PageScanner<<16 | 0xFE
	DecodedDataGoesOn Usage = PageScanner<<16 | 0xFF

	// Of Hand Held Products and its heirs.
	OutputRedirection Usage = 0xFF66<<16 | 0x03 // a feature: 1 sends scans as reports instead of keys
	StreamLength      Usage = 0xFF66<<16 | 0x21 // how many bytes of commands follow
	StreamData        Usage = 0xFF66<<16 | 0x22 // commands
)
