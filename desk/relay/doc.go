// Package relay stands in a branch whose line to the central server may be gone: it
// takes the journals of the branch's desks, shows each desk what the others have done,
// and hands everything on, in the order in which it came, when the central server answers.
// A desk that has no copy of the facts gets the relay's meanwhile.
//
// What it makes of an entry is provisional: it says what the branch should see until the
// central server has judged. No desk takes it for a receipt, and an entry is at home only
// when the central server has it. Entries stay their desks' own, byte for byte, in the
// chains that they were written in; so it makes no difference whether they come home by
// the relay, directly, or both ways.
//
// It does not know what a desk shows, how files are sealed, or who is at a terminal.
package relay
