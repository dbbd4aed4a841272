// Package koharules reads the circulation rules of a Koha library, as its database
// exports the table circulation_rules to CSV: columns branchcode, categorycode,
// itemtype, rule_name and rule_value, and a line for each rule (Koha 20.05 and
// later; kohastructure.sql, Koha/CirculationRules.pm). It writes them as the rules
// of our own, in TOML.
//
// An empty field, NULL, \N or * stands for any. Koha's order of precedence is
// ours: branch before category before item type. What has no counterpart is named
// with its line and the reason, and left out; nothing is guessed.
//
// What being late costs is as in C4/Overdues.pm (CalcFine) and C4/Circulation.pm
// (_calculate_new_debar_dt): without a chargeperiod nothing; intervals that are over,
// unless chargeperiod_charge_at is 1; a cap of nothing is none. Some of it stands
// elsewhere in Koha, in its preferences, and ours takes one way: once the grace has
// passed all days count (FinesIncludeGracePeriod), closed time does not (finesCalendar),
// the closed days of a suspension do (SuspensionsCalendar). Koha counts whole hours, and
// the first as soon as it begins; ours counts time. MaxFine, of all fees of a person,
// and the default price of an item type are not in the table either.
//
// A unit and an interval are taken over from less specific rows, and what those say
// is written again where it means something else. Where two rows that are neither
// more nor less specific than each other meet, each has the unit of its own.
//
// It knows Koha's names of rules and our keys. It does not know which branches,
// categories and item types there are, when a library opens, or what becomes of
// the text.
package koharules
