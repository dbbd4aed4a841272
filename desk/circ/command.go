package circ

import (
	"encoding/json"
	"fmt"
)

// A Command asks for something to be done. Commands are plain structs, one
// file each; fields tagged private name a person or hold free text and travel
// in the entry's sealed field.
type Command interface {
	Name() string // travels: never renamed
	// lacks says what Decide needs to know.
	lacks(l *lacking)
	decide(t *trial)
}

// commands makes an empty command of each name.
var commands = []func() Command{
	func() Command { return &CheckOut{} },
	func() Command { return &CheckIn{} },
	func() Command { return &Use{} },
	func() Command { return &Renew{} },
	func() Command { return &Place{} },
	func() Command { return &CancelRequest{} },
	func() Command { return &MoveRequest{} },
	func() Command { return &Shelve{} },
	func() Command { return &TakeOff{} },
	func() Command { return &BlockPatron{} },
	func() Command { return &Unblock{} },
	func() Command { return &AddAlert{} },
	func() Command { return &EndAlert{} },
	func() Command { return &Register{} },
	func() Command { return &Edit{} },
	func() Command { return &RenewCard{} },
	func() Command { return &ReplaceCard{} },
	func() Command { return &LinkPatrons{} },
	func() Command { return &MergePatrons{} },
	func() Command { return &SetDue{} },
	func() Command { return &CorrectReturn{} },
	func() Command { return &RecallLoan{} },
	func() Command { return &LiftRecall{} },
	func() Command { return &Lose{} },
	func() Command { return &Claim{} },
	func() Command { return &Find{} },
	func() Command { return &WriteOff{} },
	func() Command { return &MarkItem{} },
	func() Command { return &Incomplete{} },
	func() Command { return &GiveUp{} },
	func() Command { return &NoteCall{} },
	func() Command { return &SetParts{} },
	func() Command { return &AddItem{} },
	func() Command { return &Charge{} },
	func() Command { return &Pay{} },
	func() Command { return &Waive{} },
	func() Command { return &Refund{} },
	func() Command { return &DisputeFee{} },
	func() Command { return &RestoreFee{} },
	func() Command { return &OpenDrawer{} },
	func() Command { return &CloseDrawer{} },
	func() Command { return &Undo{} },
	func() Command { return &LoadNote{} },
	func() Command { return &SettleConflict{} },
	func() Command { return &AssignConflict{} },
	func() Command { return &CallBack{} },
	func() Command { return &SeeContact{} },
	func() Command { return &CarryConflict{} },
}

// ByItself reports whether a command is nobody's work at a desk, and needs no operator.
func ByItself(c Command) bool {
	switch CommandValue(c).(type) {
	case LoadNote, CarryConflict:
		return true
	}
	return false
}

// NewCommand gives an empty command to decode into: always a pointer. A name
// of a later version gives an [UnknownCommand].
func NewCommand(name string) Command {
	for _, f := range commands {
		if c := f(); c.Name() == name {
			return c
		}
	}
	return &UnknownCommand{As: name}
}

// UnknownCommand is a command of a later version, kept byte for byte.
type UnknownCommand struct {
	As  string
	Raw json.RawMessage
}

func (u UnknownCommand) Name() string { return u.As }

// MarshalJSON gives back what was read.
func (u UnknownCommand) MarshalJSON() ([]byte, error) {
	if u.Raw == nil {
		return nil, fmt.Errorf("encode command %q of a later version: nothing was read", u.As)
	}
	return u.Raw, nil
}

// UnmarshalJSON keeps what is read.
func (u *UnknownCommand) UnmarshalJSON(b []byte) error {
	u.Raw = append(json.RawMessage(nil), b...)
	return nil
}

func (UnknownCommand) lacks(*lacking) {}
func (u UnknownCommand) decide(t *trial) {
	t.refuse(Remark{Reason: NotUnderstood, Text: u.As})
}
