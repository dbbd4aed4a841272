// Package reach lets a command of this program ask the desk that runs on the
// same folder: one process holds the files, the others ask it.
//
// The desk listens on the loopback interface and writes where, with a token,
// into a file of its folder that only its owner can read. A call sends the words
// of a command line; what the desk writes comes back piece by piece, and the
// exit code last. It knows no command.
package reach
