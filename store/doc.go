// Package store states once what every store of package journal promises;
// storetest is the test of it, and bolt and postgres are the stores.
//
// Durable: Update returns nil only when all that its function wrote is on the
// disk. Whole: a function that returns an error, panics or ends its goroutine
// leaves nothing behind, and its neighbours lose nothing by it. Again: the
// function may run twice, so it sets its results and never adds to them, sends,
// prints or counts. Known: a context that ends before the function has begun is
// honoured; after that the caller gets the true result.
//
// Exact: ids, names and places in an index are any bytes of any length. They
// never collide, and order is that of the bytes, never of a language. Checked:
// what was damaged on the disk is an error that names the place, never a value.
// One at a time: a file belongs to one process, and one from a later version is
// refused; both errors say the way out.
//
// A function begins no other transaction of its store and waits for none: an
// Update inside an Update, or one that a View waits for, may wait for ever.
//
// A store knows entries, receipts, records and the lines of their indexes. It
// does not know what any of them means.
package store
