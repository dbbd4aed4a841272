package scanner

import (
	"time"
	"unicode/utf8"
)

// MaxText is the length of the longest text of a scan in bytes.
const MaxText = 4096

// Scan is one text as a device read it or a person typed it. It is outside
// text: nothing in it was looked at, besides what the fields say.
type Scan struct {
	Text      string    // what was read, without what closed it
	Cut       int       // bytes of an over-long text that are not in Text; 0: it is whole
	Symbology string    // AIM identifier as ISO/IEC 15424 writes it, "]C1"; "": not told
	End       End       // what closed it
	Source    string    // which device, for people and logs
	At        time.Time // when it was complete, UTC
	Typed     string    // all that came, where Text is not that but what the scanner meant; "": Text is as it came
	Mended    Mending   // why it is not
}

// Mending is why a text is not what the scanner sent, before it was mended.
type Mending string

const (
	Unmended    Mending = ""
	CapsLock    Mending = "caps_lock" // capitals and small letters had changed places
	OtherLayout Mending = "layout"    // the scanner and the computer take their keys for those of different countries
)

// End is what closed a scan.
type End string

const (
	Whole    End = ""       // nothing: the device gives whole scans
	Enter    End = "enter"  // carriage return
	LineFeed End = "ctrl+j" // line feed
	Tab      End = "tab"
	Paste    End = "paste" // the end of a paste
)

// Bound returns a text of at most [MaxText] bytes and how many bytes it left
// out. It cuts before a character rather than within one.
func Bound(s string) (text string, cut int) {
	if len(s) <= MaxText {
		return s, 0
	}
	n := MaxText
	for n > MaxText-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n], len(s) - n
}
