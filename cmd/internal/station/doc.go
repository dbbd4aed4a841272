// Package station puts a desk together: its stores, its copy of the facts, the
// line to the central system, and the session.
//
// It knows in which order they begin and end. It does not know what shows the
// session, which central system there is, or how a command line names things.
package station
