// Package hub is the client of our own central server: central.System,
// Greeter, Feeder, Searcher and Snapshotter over HTTP and JSON.
//
// It knows the paths, how long an answer may take and how large it may be, and
// turns a server's no into the errors of package central. It does not know what
// an entry means, when to call again after an error, or how the server finds its
// answers.
package hub
