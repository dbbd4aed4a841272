// Package label tells a library card from an item and both from an ISBN, by the
// number alone.
//
// It knows the patterns of a library's own numbers, the 14-digit numbers with
// their check digit, and ISBNs in every form a scanner reads them. It does not
// know whether such a card or item exists: what it says is where to look first.
package label
