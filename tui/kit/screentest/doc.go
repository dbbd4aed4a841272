// Package screentest looks at screens in tests: as golden files, and through a real terminal.
//
// It knows golden files and how a test ends. It does not know terminals, which the package terminal does, nor
// any screen of ours, and nothing of it is in the program.
package screentest
