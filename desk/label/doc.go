// Package label tells a library card from an item and both from an ISBN, by the
// number alone.
//
// It knows the patterns of a library's own numbers, the check digits of the trade,
// and the numbers that stand beside a library's own: ISBN, ISSN, EAN and UPC with
// their add-ons, Follett's short numbers, Sierra's record numbers; and how Codabar,
// Code 39, MSI and Plessey are read.
//
//	[Rules.Classify]  where to look a code up: for the session
//	[Rules.Decode]    all that a code shows: for whoever sets a reader up
//
// It does not know whether such a card or item exists: what it says is where to look
// first.
package label
