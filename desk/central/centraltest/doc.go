// Package centraltest is the one suite that every central system passes: what
// package central promises, told as a desk would meet it.
//
// It knows the port, the engine that the desk of its stories decides with, and a
// small library that the system must hold. It does not know the system: what
// only some can do is tried where a system can, and nowhere skipped.
package centraltest
