// Package circ is the engine of the circulation desk: five pure functions over
// the facts of a case.
//
//   - [Lacks] says which lookups a case still needs, from a closed list.
//   - [Decide] answers a command that has not happened yet.
//   - [Record] fits what has already happened into what others did meanwhile.
//   - [Retract] undoes what an entry applied; [Redo] does again what an undo
//     took back.
//   - [Case.Apply] is the only place where an event changes a record.
//
// The same engine runs at the desk without a line and at the central server;
// from the same facts both give the same answer.
//
// It knows loans, requests, fees, drawers, items, alerts, uses in the library and
// people. It knows no clock, file, network, goroutine or chance: the time is the act's,
// and every id that an event makes is derived from the act's id (see [NewID]). It does
// not know which store a record came from, who may see it, or what a clerk calls a
// reason.
//
// # Laws of events
//
// An event names every record it writes and every value it sets, so Apply is
// local (a record's next value depends on its old one and the event alone),
// idempotent (twice is once: nothing is counted up) and total (an event of a
// later version changes nothing and is kept byte for byte). An event also
// carries the values it overwrites, in fields named Was…: [Retract] reads them
// there. They are no part of what was done, and [Same] ignores them.
//
// # What follows a loan
//
// An overdue fee, the fees for what is lost and a suspension are told by a clerk, at
// a return, a renewal or where something is said to be lost, and follow their loan
// from then on: [Record] and [Retract] only ever lessen them, by what the loan is
// now. Nobody is billed or suspended for what nobody at a desk has told. What was
// paid stays booked; where a fee comes to less, the rest is credit.
//
// A fee for a request or a card is told as it is placed or given out, and stands or
// falls with that; a recall shortens a loan, and what is told after it goes beyond it.
//
// # What a drawer holds
//
// From its opening to its close a drawer is in one shift, and every movement of money
// names the shift that it is of. What is expected in a shift is counted from them. A
// shift that is closed never changes: what is told of it later, and what is taken back
// of it, is of the next one, and names the shift it was told in; so is money that was
// taken after it was counted, where the close arrives late. The id of a shift is made of
// its drawer and a number, not of an entry: two desks without a line that open the same
// drawer mean one shift, and there is a next one before anybody has opened it. Only a
// close of which nobody was told is taken back.
package circ
