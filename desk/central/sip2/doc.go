// Package sip2 makes a central system of one that speaks SIP2, which nearly every
// library system does: a small pool of connections, the profiles that say how each
// system wants to be spoken to, and a [Client] that tells it what a desk did.
//
// SIP2 knows no entries, no marks and no feed, and a change that is said twice is done
// twice. So the client keeps a store of its own: how far the system has come with the
// desk, the receipts, what was seen at the system, and, before it is said, what is
// being said. An entry is judged by the desk's own engine, the events that it comes
// to are put into the system's words ([planner]), each is said at most once, and what
// got no answer is looked into before anything else is said. What the system refuses
// although it has happened stands, with an objection.
//
// It knows which message an event comes to, who signs in where, what may be said
// again and what never, and what a system's codes mean. It does not know the bytes of
// a message, which [circdesk/desk/central/sip2/sipwire] does, what is allowed at a
// desk, or when a desk delivers.
//
// Sources: 3M Standard Interchange Protocol 2.00, document revision 2.12
// (2006); what systems in use were seen to do with it.
package sip2
