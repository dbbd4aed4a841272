// Package probe finds out how a library system speaks SIP2: whether it is there,
// which messages it answers, how it writes, how fast it is, and which of the
// known profiles fits. It says only what changes nothing: login, status, patron,
// item, and the request to say something again.
//
// It knows what tells systems apart. It does not know a desk or its settings'
// file, and it is no test of a system: what a message does that it does not dare
// to say, it cannot tell.
package probe
