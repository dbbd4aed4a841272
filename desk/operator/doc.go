// Package operator signs in those who work at a desk: every entry names one.
//
// It knows names, the rights that each was given, PINs as Argon2id hashes, and a
// file that lists them. It does not know what a right allows (the engine says
// so), who sits at which desk, how long a sign-in lasts, or the PINs themselves.
package operator
