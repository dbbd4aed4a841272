// Package sipserver answers self-checks, sorters, PC-booking systems and other machines
// that speak SIP2, on the central server of our own.
//
// Each terminal is a desk of its own: it has an id and a chain of entries, and what it
// does is decided by the same engine as what a clerk does, with the terminal's rights. A
// reply to a change is sent when the change is durable. The same request is never
// carried out twice: not on one connection (same number and same bytes), and not where a
// terminal asks again on another one (see [request.twice]).
//
// What is sent with no block has happened already: it is a fact with its own dates, and
// what stood against it is an objection, never a refusal.
//
// It knows SIP2's messages, codes and habits, who may log in, and what a machine shows
// and prints. It does not know a rule, how the wire's bytes are made (sipwire does), or
// which store is behind the server. Nothing of a patron is in its log.
package sipserver
