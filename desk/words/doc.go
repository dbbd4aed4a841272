// Package words is what people read: every reason, route, notice, label, question and
// error, in one table for each language, for the screens, the plain mode and the command
// line alike.
//
// It knows the codes of the engine and of the rules (circ, policy), how a library writes
// days, times and amounts, and which texts there are. It does not know when a text is
// shown, where it stands on a screen, who reads it, or what a record holds: names come
// from the caller, see [Names].
//
// # How a text is written
//
// A language is a file of rows, en.toml. A row is one text, or two where the text counts
// something:
//
//	conflicts = { one = "{n} conflict", other = "{n} conflicts" }
//
// A name in braces is replaced by the caller's value. A stretch in double square brackets
// is left out, brackets and all, when a value inside it is empty: "on loan to {who}[[, due
// {due}]]". A value is outside text: it becomes one clean line, and what it says is never
// read as a row again.
//
// # How a text is added
//
// Write the row in en.toml, under the screen or the command that shows it, and a constant
// in keys_<area>.go (a new file for a new area) whose name is the row's path, a capital for
// each of its words, and whose comment names the values in the order of the row, {n} first
// where the row counts:
//
//	StatusNoLine Key = "status.no_line" // {since}
//
// The tests find a row without a constant, a constant without a row, a name or a comment
// that does not match, and a caller that gives other values than the row asks for. Rows
// that are named by a code (a reason, a step, a word) have no constants: their section is
// in the list in code.go, and a test compares it with the codes.
package words
