package policy

import (
	"bytes"
	_ "embed"
)

//go:embed sample.toml
var sampleTOML []byte

// SampleTOML gives the text of the sample rules, which shows all that can be
// written.
func SampleTOML() []byte { return bytes.Clone(sampleTOML) }

// Sample gives the sample rules: libraries main, east and kiosk; groups adult, child
// and staff; item types book, cd, dvd, map, laptop, textbook, bestseller and reference; in euro and Berlin.
func Sample() *Set { return own(sampleTOML) }

// Default gives rules for whoever brings no rules: the [BuiltIn] numbers for
// any group, item type and library, every day open. A zone that does not exist
// becomes UTC, a currency that is no code of ISO 4217 becomes XXX, which that
// standard has for "no currency".
func Default(currency, zone string) *Set {
	return own(defaultTOML(currency, zone))
}

// own parses a text of this package.
func own(text []byte) *Set {
	s, err := Parse(text)
	if err != nil {
		panic(err) // the text is ours: a test reads it
	}
	return s
}
