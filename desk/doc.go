// Package desk is one clerk's work at one desk: scans become commands,
// commands become decisions, decisions become entries, and each ends as one
// word.
//
//	scan → label → command → decide (local) → entry, durable → word
//	                                └ asked: entry → uplink → receipt → final word
//
// A [Session] is owned by one goroutine, which [Session.Run] is. Screens and the
// plain mode send it [Input]s and hear [Outcome]s, [Notice]s and [State]s; they
// hold nothing of their own that matters.
//
// # The parts
//
//	money, text, policy  amounts; outside text; the library's rules as data
//	circ                 the engine: what may be done, and what happens then
//	journal              entries, verdicts, and what a store promises
//	local                what a desk knows and does by itself
//	central              the port to a central system; hub is ours
//	uplink               a desk's end of the line
//	label, operator      what was scanned; who is signed in
//	words, slip          what people read; what patrons take home
//	format, load         files of other systems, and how they come into the library
//
// It does not know which store keeps its entries, which system is at the other
// end of the line, how a screen looks, or how a scanner is attached.
package desk
