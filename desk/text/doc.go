// Package text makes outside text safe to show, to look up and to lay out.
//
// It knows Unicode: what is invisible, what reorders, what moves a cursor, which
// letters a person looking for a name would leave out, and how many columns of a
// terminal a text takes. It does not know what a text means, which field it came
// from, or any language.
package text
