// Package names finds people by their names, in memory: by how a name or a word of
// it begins, by a part of it, and by a name with one wrong letter.
//
// It holds folded names (see [text.Fold]) and the ids of their records in sorted
// arrays, about 60 bytes a person, and is never written to a disk: a desk's file
// shows no name, so neither may an index beside it.
//
// It does not know what a person is, whether one is still there, or what the record
// says by now: whoever asks reads the records that it names and leaves out those that
// are no longer called so.
package names
