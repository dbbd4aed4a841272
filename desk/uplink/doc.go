// Package uplink is a desk's end of the line to its central system: it delivers
// what the desk has written, fills the desk's copy and keeps it fresh, refills a
// system that was set back, and says whether the line is there. Where a relay stands
// in the branch, the desk's journal is handed to it, too, what the others do is laid
// over the copy, and what the desk did behind that is not delivered before it.
//
// What was begun before the line came or went is given up with it, and says
// nothing of the line since. A desk that cannot write, and a system that answers
// and takes no entries, are no line that is gone.
//
// It does not know what was scanned or decided, what a clerk sees, or which
// central system it talks to.
package uplink
