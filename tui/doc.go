// Package tui runs the screens of a desk in a terminal.
//
// It knows the frame around every screen: the status line, the function keys,
// the last word, the scan line, questions and what lies over a screen; which key
// does what ([Actions] is the one list); and how what the session says becomes a
// frame without the session ever waiting. It does not know rules, stores or the
// line: it sends [desk.Input]s and shows what comes back, and nothing that
// matters is lost when it is killed.
package tui
