// Package money counts what a patron owes and pays: whole minor units of one
// currency.
//
// It knows the currencies of ISO 4217, how many decimals each has, and that two
// of them cannot be added. It does not know rates of exchange, rounding to
// coins, taxes, how a country likes its money written, or what a fee is for.
package money
