// Package central is the port to a central system: what a desk needs of it.
// One method is needed, [System.Deliver]; what only some systems can do are
// further small interfaces, for which a caller asks.
//
// It knows entries, receipts and rows. It does not know HTTP, SIP2 or any
// system by name, when a desk calls it, or what becomes of an answer.
package central
