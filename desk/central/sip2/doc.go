// Package sip2 is a desk's way to a central system that speaks SIP2, which
// nearly every library system does: one connection, a small pool of them, and
// the profiles that say how each system wants to be spoken to.
//
// It knows who signs in where, what may be said again by itself and what never,
// and what is known of a change that got no answer: that it was done, that it was
// refused, or that nobody knows. It does not know the bytes of a message, which
// [circdesk/desk/central/sip2/sipwire] does, or any entry, patron or rule of a
// desk.
//
// Sources: 3M Standard Interchange Protocol 2.00, document revision 2.12
// (2006); what systems in use were seen to do with it.
package sip2
