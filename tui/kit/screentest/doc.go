// Package screentest looks at screens in tests: as golden files, and through a real terminal.
//
// It knows terminals: keys as bytes, cells, the questions a program asks a terminal when it starts. It does not
// know any screen of ours, and nothing of it is in the program.
package screentest
