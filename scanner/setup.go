package scanner

import (
	"strings"
	"time"
)

// Setup is how a scanner is programmed, as far as that cannot be seen. The zero
// Setup fits most.
type Setup struct {
	Name   string        // for [Scan.Source]; "": nothing, or what the device is called
	Kind   Kind          // Unknown: as its descriptor says
	Layout string        // the keyboard that it types on: us, uk, de, fr; "": us
	Host   string        // the keyboard that the computer takes it for; "": the same, or what a text shows for certain
	Caps   bool          // it counts on Caps Lock being on
	Prefix string        // left out where a scan begins with it; "": none
	Suffix string        // left out where a scan ends with it; "": none
	Line   string        // of a serial line: "9600,8,n,1"; "": that
	Pause  time.Duration // closes a text that no key closed, for a scanner that cannot send Enter; 0: never
}

// Scan makes a scan of all that came until the end: it leaves out the suffix, the
// prefix and the AIM identifier, in this order, each only where something is left
// then. A symbology that came by itself is the scan's, and an identifier in the
// text is left out only where it is the same. Of a text whose last bytes are
// missing already, more says how many; its suffix is not looked for.
func (s Setup) Scan(symbology, text string, more int, end End, at time.Time) Scan {
	if more == 0 {
		text = strip(text, strings.TrimSuffix, s.Suffix)
	}
	text = strip(text, strings.TrimPrefix, s.Prefix)
	if told, rest := AIM(text); symbology == "" || told == symbology {
		symbology, text = told, rest
	}
	text, cut := Bound(text)
	return Scan{Text: text, Cut: cut + more, Symbology: symbology, End: end, Source: s.Name, At: at.UTC()}
}

// Room is how many bytes a text may have before [Setup.Scan] must cut it.
func (s Setup) Room() int { return MaxText + len(s.Prefix) + len("]C1") + len(s.Suffix) }

// strip leaves an affix out unless nothing would be left.
func strip(s string, trim func(s, affix string) string, affix string) string {
	if t := trim(s, affix); t != "" {
		return t
	}
	return s
}
