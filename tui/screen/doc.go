// Package screen is the screens of a desk and the dialogs over them, one file
// each.
//
// It knows what a clerk does on each screen, what a typed line means there, and
// which facts stand where. It does not know the terminal, the keys of an action,
// or how a decision is made: a screen answers with [desk.Input]s to send, shows
// the [desk.Outcome]s it hears, and holds nothing that matters.
//
// # Where a new screen goes
//
// Write x.go with a type that is a [Screen] (embed nothing for what it does not
// have: [Plain] answers for it), name it in [All], and give its actions a line
// each in the list of package tui.
package screen
