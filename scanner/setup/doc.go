// Package setup works out how a scanner is programmed from one scan of a code that
// is known.
//
// It knows what prefixes, suffixes, keyboards of other countries, Caps Lock and
// missing check digits look like. It does not know how to ask for a scan, where the
// bytes come from, or where the answer is kept.
package setup
