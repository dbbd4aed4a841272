// Package evergreenrules reads the circulation rules of an Evergreen library, as
// its database exports their tables to CSV with headings, and writes them as the
// rules of our own, in TOML.
//
// The tables are config.circ_matrix_matchpoint and what it names:
// config.rule_circ_duration, config.rule_recurring_fine, config.rule_max_fine,
// actor.org_unit, permission.grp_tree and asset.copy_location. They are told apart
// by their columns, as Open-ILS/src/sql/Pg has them (002.schema.config.sql,
// 006.schema.permissions.sql, 100.circ_matrix.sql).
//
// In Evergreen, as with us, each number comes from the weightiest row that gives it
// (action.find_circ_matrix_matchpoint); but there a patron group weighs more than an
// organization unit, and a row of either holds for all below it. The rules written
// here say the same in our order, with more rows where that takes more. The weights
// are those that Evergreen has when nobody sets others.
//
// What has no counterpart is named with its file, its line and the reason, and left
// out; nothing is guessed. The package knows Evergreen's columns and our keys. It
// does not know when a library opens, what may be lent at once (limit sets), or what
// becomes of the text.
package evergreenrules
