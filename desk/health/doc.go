// Package health says whether a desk would survive an outage that begins now, and what
// is missing.
//
// It knows which questions are asked, and how a fact answers one. It does not know how
// the facts are come by, in which words an answer is said, or what is done about it.
package health
