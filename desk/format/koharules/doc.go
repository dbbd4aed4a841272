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
// It knows Koha's names of rules and our keys. It does not know which branches,
// categories and item types there are, when a library opens, or what becomes of
// the text.
package koharules
