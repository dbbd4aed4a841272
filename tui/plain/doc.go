// Package plain is the desk line by line: a line in, an outcome out, for screen
// readers, dumb terminals, scripts and tests.
//
// A line is a scan, or a command that begins with a colon; [commands] is the one
// list of them. With JSON every line gives exactly one object on one line. It
// knows how lines are read and outcomes are written. It does not know rules,
// stores or the line to the central system: it sends [desk.Input]s, as the
// screens do, and writes nothing but final outcomes.
package plain
