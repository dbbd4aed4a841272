// Package storetest is the test that every store passes: whether it keeps what
// package store promises, and what the contract in package journal says of
// ledgers, books and feeds. Random histories run against a plain map; ids are
// hostile throughout.
//
// A store's own test calls [RunStore] and those of [RunLedger], [RunBook],
// [RunFeed] and [RunHub] that fit it. What open gives is used for all tests of
// one call, may hold other things already, and is closed by whoever opened it.
//
// It knows the contract alone. It does not know files, databases or locks: what
// only one store can suffer is tested beside that store.
package storetest
