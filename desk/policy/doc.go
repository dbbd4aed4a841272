// Package policy is the library's rules as data: which terms hold for a group
// of patrons and a type of item at a library, when a library is open, when a loan
// is due, what being late costs in money or in days, what happens when something
// stands against a loan, and what a desk may do with the items of a location.
//
// It knows groups, item types, libraries, locations, desks, opening hours, terms of a
// schedule and zones, and the text (TOML) that a circulation head writes them in;
// what in that text is wrong, and what is hardly meant. It does not know a patron,
// an item or a loan, what has been borrowed so far, which operator has which
// right, what a clerk calls a reason, or what time it is: every time is the
// caller's.
//
// # Which row wins
//
// Each number is resolved by itself: of the rows that fit the question and give
// the number, the most specific wins. A row for a location beats any without
// one, then a row for a library, then for a group, then for an item type; of
// rows for the same four the later wins. Where no row gives the number
// [default] does, and where that is silent, [BuiltIn]. The order is Koha's
// (Koha/CirculationRules.pm: branch before patron category before item type, a
// blank is a wildcard), with the location, which Koha does not ask for, in
// front. [Terms.Trace] names the winner of each number.
//
// What a desk may do and has ([Set.Desk]) is resolved in the same way, by desk,
// location, the library of the item and that of the desk.
//
// Limits on what a person has or owes (loans, requests, max_owed) count all of
// it, so a row that gives one may name a group and a library only. Koha declares
// such a scope for each of its rules in the same way.
package policy
