// Package replay plays scans from a file as if a scanner read them: for tests,
// for demonstrations, and for teaching without books.
//
// It knows the lines of such a file and how to wait between them. It does not
// know devices, keys, or what a scan means.
package replay
