// Package marc reads MARC 21 bibliographic records: ISO 2709 in UTF-8 and in
// MARC-8, and MARCXML.
//
// Real records are messy, and a desk needs their barcodes all the same. So
// what a record says of itself (its length, where its fields are, its
// character set) is believed only where the bytes agree; what had to be
// guessed or replaced is named in [Record.Warnings], and a record that cannot
// be read is a [*BadRecord] that loses nothing of the one after it.
//
// It knows records, fields, character sets, and where the common systems put
// title, author, barcode and call number. It does not know what an item is to
// the desk, which library or item type a code means, or where a record goes
// once it is read.
//
// Sources: MARC 21 Specifications for Record Structure, Character Sets, and
// Exchange Media (Library of Congress), the MARCXML schema of the same house.
package marc
