// Package layout says which character a key gives on which keyboard: a scanner
// that types sends keys, and what they say depends on the country it was made for.
//
// It knows the keys of HID's keyboard page, four layouts, and dead keys. It does
// not know reports, modifiers that are no level, or scans.
package layout
