// Package scanner says what a scan is and what a device that gives scans
// promises; the folders below it read the devices.
//
// It knows texts, how they ended, and the AIM identifiers of symbologies. It does
// not know what a text means: neither cards nor items, libraries nor patrons.
package scanner
