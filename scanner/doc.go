// Package scanner says what a scan is and what a device that gives scans
// promises; the folders below it read the devices.
//
//	scan.go      a scan
//	device.go    who gives scans
//	info.go      a device as it lies there, before anybody opens it
//	backend.go   how devices are found, opened and read: [Backend], [Port]
//	decoder.go   how scans are made of what was read: [Decoder], [Reading], [Fault]
//	setup.go     how a scanner is programmed: [Setup]
//
// A backend (folders hid, hidraw, serial) finds and opens devices and knows nothing
// of scans. A decoder (pos, keyboard, and wedge for lines) makes scans and knows
// nothing of devices. A [circdesk/scanner/reader.Reader] joins one of each, and a
// [circdesk/scanner/watch.Watcher] keeps as many readers as there are scanners.
// Folder setup finds out how a scanner is programmed, and wedge reads what comes
// through the terminal.
//
// It knows texts, how they ended, and the AIM identifiers of symbologies. It does
// not know what a text means: neither cards nor items, libraries nor patrons.
package scanner
