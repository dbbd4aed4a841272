// Package svg draws a terminal's screen as a picture for a manual.
//
// It knows cells, styles and palettes, and reversed, bold and 16-colour text as a terminal shows them. It does not
// know programs, keys, or what the words on the screen mean.
package svg
