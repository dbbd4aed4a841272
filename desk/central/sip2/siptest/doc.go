// Package siptest is a small library system that speaks SIP2, and what can go
// wrong on the way to it, for tests of those that call one.
//
// A [Library] is real: it has patrons, items, loans, requests and fees, with the
// simple rules of a real system, answers over sockets or pipes, and counts what
// it did, so that a test can ask what the library really has. A [Dialect] is
// data: what systems in use were measured to do otherwise than the protocol. A
// [Proxy] stands between the two ends and loses, cuts, holds back, doubles and
// garbles what its script says.
//
// It has a codec of its own, written from the protocol and from what was
// measured, so that a mistake of ours does not meet itself. It does not know our
// wire, our engine or our server, and it is no reference for the protocol:
// what no dialect was seen to do it does in the plainest way.
package siptest
