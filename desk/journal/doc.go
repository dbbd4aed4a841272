// Package journal is what is written down of a desk's work: entries, their
// encoding and hash chain, receipts, and what a transaction of a store may do.
//
// An entry is one thing done at one desk, final once written. What it says of a
// person (fields tagged private, free text) is one separable field, sealed with
// a key that stands beside it; the chain hashes the sealed form, so destroying
// the key later unlinks the person and the chain still verifies.
//
// It knows the engine's types and no rule: [Judge] asks the engine. It does not
// know bbolt, HTTP or screens.
package journal
