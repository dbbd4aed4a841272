// Package server is the central server on a data folder, for `circdesk serve`
// and for a desk that has no other.
//
// It knows where the store, the rules and the operators are, and how the server
// is put on a listener. It does not know the protocol, which is hubserver's, or
// any rule.
package server
