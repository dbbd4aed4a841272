// Package reader reads one scanner: it opens it, hands what comes to a decoder,
// and closes it, all in one goroutine.
//
// It knows the loop around [scanner.Port] and when a device is gone. It does not
// know which devices there are, how they are reached, or what a scan means.
package reader
