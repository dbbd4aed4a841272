// Package local is what a desk knows and does by itself: its journal, its copy
// of the central system's facts, and the pending entries laid over that copy.
//
// It holds the laws of a desk's entries: an entry is durable before anybody
// hears of it; an asked one that got no answer is followed by one that says it
// stood or was withdrawn; after a restart an asked entry without an answer was
// never shown, and is withdrawn; a withdrawal that finds no room on the disk is
// written before anything else. An entry leaves the layer only when the copy
// holds the mark that the central system moved with its effects, and the feed
// was read to its end; when that system was set back, it comes back.
//
// It does not know how an entry is delivered, what was scanned, or what a clerk
// is told.
package local
