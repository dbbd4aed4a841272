// Package patroncsv reads people from a table of text: a heading line, then a
// line for each patron, with commas, semicolons or tabs between the fields, in
// UTF-8, UTF-16 with its mark, or Windows-1252.
//
// The headings say what a column holds; the common systems' names for them are
// built in, a library's own are a [Map]. A row that cannot be read is a
// [*BadRow] that loses nothing of the row after it. A field that cannot be read
// is named in [Patron.Unread] and left unknown, and the patron is read all the
// same.
//
// It knows headings, rows and dates. It does not know whether a card is valid
// or is there twice, which patron group or library a code means, or what day
// it is.
package patroncsv
