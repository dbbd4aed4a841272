// Package terminal runs a real program in a terminal that is drawn in memory: a pty, with an emulator behind it.
// Tests look at screens through it (screentest), and pictures for a manual are made of it (svg).
//
// It knows ptys, keys as bytes, cells, and the questions a program asks a terminal when it starts. It does not know
// any screen of ours, and nothing of it is in the program.
package terminal
