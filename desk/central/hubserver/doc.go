// Package hubserver is the central system of our own: it judges what desks
// deliver with the same engine as they, keeps the library's state, and feeds it
// back to them.
//
// It holds the server's side of the protocol: entries of a chain are taken in
// order and once; effects, receipt and mark move in one transaction, so no
// entry can block the ones behind it. It does not know what a desk's screen
// shows, nor which store keeps its state.
package hubserver
