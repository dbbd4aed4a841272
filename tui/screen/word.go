package screen

import (
	"circdesk/desk"
	"circdesk/tui/kit"
)

// Role is how the word of an outcome looks. A word that is not final yet is
// pending, whatever it is.
func Role(o desk.Outcome) kit.Role {
	if !o.Final {
		return kit.Pending
	}
	switch o.Word {
	case desk.WordOut, desk.WordIn, desk.WordUsed, desk.WordPaid:
		return kit.Good
	case desk.WordHold:
		return kit.Held
	case desk.WordTransit:
		return kit.Transit
	case desk.WordRenewed:
		return kit.Renewed
	case desk.WordAsk:
		return kit.Ask
	case desk.WordStop:
		return kit.Stop
	case desk.WordQueued:
		return kit.Quiet
	}
	return kit.Info
}

// Sound is what an outcome sounds like.
func Sound(o desk.Outcome) kit.Sound {
	switch {
	case o.Differs:
		return kit.SoundStop
	case o.Word == desk.WordHold, o.Word == desk.WordStaff, o.Word == desk.WordCard:
		return kit.SoundHeld
	case o.Word == desk.WordTransit:
		return kit.SoundTransit
	case o.Word == desk.WordAsk:
		return kit.SoundAsk
	case o.Word == desk.WordStop:
		return kit.SoundStop
	case o.Word == desk.WordAgain:
		return kit.SoundDouble
	}
	return kit.SoundGood
}

// Loud tells whether an outcome is answered with the one loud word. The others
// are lists, modes, and what waits behind a question.
func Loud(w desk.Word) bool {
	switch w {
	case desk.WordAsk, desk.WordQueued, desk.WordList, desk.WordMode:
		return false
	}
	return true
}

// Listed tells whether an outcome becomes a line of the list.
func Listed(w desk.Word) bool { return Loud(w) && w != desk.WordPatron && w != desk.WordDone }
