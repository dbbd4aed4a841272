package pos

import "circdesk/scanner"

// maker is a family of devices whose reports look alike.
type maker uint8

const (
	unknownMaker maker = iota
	handHeldMaker
	newlandMaker
	symbolMaker
)

// makers are the vendors whose reports are known. They say what is likelier where
// a report does not show it; lists of vendors age.
var makers = map[uint16]maker{
	0x0536: handHeldMaker, // Hand Held Products
	0x05F9: handHeldMaker, // Datalogic
	0x067E: handHeldMaker, // Intermec
	0x0C2E: handHeldMaker, // Metrologic, Honeywell
	0x23D0: handHeldMaker, // Youjie
	0x05E0: symbolMaker,   // Symbol, Zebra
	0x1EAB: newlandMaker,  // Newland
}

// isAIM reports whether a text begins with an AIM identifier.
func isAIM(b []byte) bool {
	if len(b) < 3 {
		return false
	}
	symbology, _ := scanner.AIM(string(b[:3]) + "?")
	return symbology != ""
}

// guess finds the form of a report that begins a scan, of a device without a
// descriptor. nil: of no known form.
func guess(report []byte, m maker) *form {
	if len(report) < 8 {
		return nil
	}
	if len(report) == documented {
		switch n := int(report[1]); {
		case report[0] == 2 && n <= handHeld.room && isAIM(report[2:]) && !within(report, 2, n):
			return &handHeld
		case report[0] == 2 && n <= shifted.room && isAIM(report[3:]) && !within(report, 3, n):
			return &shifted
		case report[0] == 2 && n <= handHeld.room && m != newlandMaker && (m == handHeldMaker || bare(report)):
			return &handHeld
		case report[0] == 2 && n <= newland.room && (m == newlandMaker || empty(report[2+n:2+newland.room])):
			return &newland
		case report[0] == 1 && n <= microscan.room && empty(report[2+n:]):
			return &microscan
		}
	}
	if n := int(report[0]); n < len(report) && (m == symbolMaker || empty(report[1+n:])) {
		return &symbol
	}
	return nil
}

// within reports whether the identifier at a place belongs to the n bytes of data
// that begin there: no data reach beyond them.
func within(report []byte, at, n int) bool {
	return n > 3 && at+n+3 <= len(report) && empty(report[at+n:at+n+3])
}

// bare reports whether a report has data where an identifier lies before them, and
// none in its place.
func bare(report []byte) bool { return empty(report[2:5]) && report[5] != 0 }

func empty(b []byte) bool { return len(trimNULs(b)) == 0 }
