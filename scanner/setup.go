package scanner

import "time"

// Setup is how a scanner is programmed, as far as that cannot be seen. The zero
// Setup fits most.
type Setup struct {
	Name   string        // for [Scan.Source]; "": [Info.ID]
	Kind   Kind          // Unknown: as its descriptor says
	Layout string        // the keyboard that it types on: us, uk, de, fr; "": us
	Caps   bool          // it counts on Caps Lock being on
	Prefix string        // left out where a scan begins with it; "": none
	Suffix string        // left out where a scan ends with it; "": none
	Line   string        // of a serial line: "9600,8,n,1"; "": that
	Pause  time.Duration // closes a text that no key closed, for a scanner that cannot send Enter; 0: never
}
