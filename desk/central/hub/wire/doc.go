// Package wire is what desk and hub say to each other over HTTP: paths, the JSON
// of requests and answers, the codes of errors. Client and server share it, so
// that neither imports the other.
//
// It knows the forms and how far they may go. It does not know who sends them,
// what an entry means, or how an answer is found.
package wire
