// Package bolt keeps the stores of package journal in bbolt files: a desk's
// journal and its cache, and the server's store on one machine.
//
// A file is held by one process at a time. Updates that wait at the same moment
// share one commit; an Update alone waits for nobody. Entries, receipts and
// records carry a checksum each, and entries are read back against their hash,
// since bbolt has no checksum on data pages: what is damaged is an error that
// names the place, never a value.
//
// A journal and a cache may be sealed: their values with keys that stand in the
// file, wrapped for the desk's key, which does not, and for the server's recovery
// key; what their keys say of people and things behind a keyed hash.
//
// It knows entries, receipts, records and the lines of their indexes. It does
// not know what any of them means, and no rule of the desk.
package bolt
