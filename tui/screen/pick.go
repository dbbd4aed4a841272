package screen

import (
	"circdesk/desk"
	"circdesk/desk/words"
)

// Pick is where requests to be fetched from the shelves will be listed; until
// then it says so.
type Pick struct{ Plain }

// NewPick makes the screen.
func NewPick() *Pick { return &Pick{} }

// Place: an item is looked up.
func (*Pick) Place() desk.Place { return desk.AtItems }

// View says what is not there, and where the same is found.
func (*Pick) View(env *Env, width, h int) []string {
	return titled(env, width, h, words.PickTitle, words.PickNotYet)
}
