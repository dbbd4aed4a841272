// Package slip lays out what a patron takes home, as plain text that a file or
// any receipt printer takes.
//
// It knows the 40 columns of a slip and what stands where. It does not know a
// printer, a patron's record or who else waits for an item: only what it is
// given is on the slip, and that is nothing but what the patron may read.
package slip
