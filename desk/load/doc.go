// Package load turns what files of other systems hold into records of the
// library, and puts them into the central server's store: titles with their
// items from MARC, patrons with their cards from a table, blocks from a list.
//
// A [Source] is the records of one file: [Titles], [Patrons] and [Blocks] make one. [Into]
// carries out a load as a whole and writes the one entry that names the file, its
// hash and the counts; until that entry stands the load is not finished, and
// loading the same file again finishes it.
//
// # Ids
//
// An id follows from what the file says, so the same file gives the same records:
// that of a title from its control number, of an item from its barcode, of a
// patron from the card. A title without a control number, or with one that
// another title of the file has, gets its id from its own words. An item or a
// patron that the library knows by that barcode or card keeps the id it has.
//
// # A record that is there already
//
// What the file says of it counts, and what it cannot know stays:
//
//   - of a title nothing stays
//   - of an item where it is stays: on loan, held, under way, last seen, given to
//     staff
//   - of a patron stays what the file leaves empty, and the card that is valid
//     when the one in the file was replaced here; a record that was merged into
//     another, or taken back, stays as it is
//   - a card stays as it is: whose it is, and whether it is lost. A person of the
//     file whose card a desk gave to somebody of another name is named, and left out
//
// An address that was edited at a desk is the file's again after a load of a file
// that has one: whoever loads a file says that it knows better. Records that the
// file does not have stay.
//
// It knows barcodes, cards and control numbers, and how records of two sources
// become one. It does not know a store's files, a screen, or what a group, a type
// or a library's code is to the rules: codes are kept as the source has them.
package load
