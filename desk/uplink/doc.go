// Package uplink is a desk's end of the line to its central system: it delivers
// what the desk has written, keeps the desk's copy fresh, and says whether the
// line is there.
//
// It does not know what was scanned or decided, what a clerk sees, or which
// central system it talks to.
package uplink
