// Package wedge makes scans of keystrokes and pastes: of scanners that type like
// a keyboard, and of people who do.
//
// It knows the keys that close a scan, prefixes and suffixes. It knows no clock
// while it gathers: how fast the keys come never decides what a scan contains. It
// does not know terminals, which keys are commands, or what a text means.
package wedge
