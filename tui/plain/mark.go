package plain

import (
	"context"
	"strings"

	"circdesk/desk"
)

// mark is a command that says something of an item; one of an item that is not on
// loan takes why, too.
func mark(as desk.Marking, why bool) func(*Desk, context.Context, string) (desk.Input, *reply) {
	return func(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
		code, note, _ := strings.Cut(rest, " ")
		if code == "" || note != "" && !why {
			return nil, nil
		}
		return desk.Mark{Text: code, As: as, Note: strings.TrimSpace(note)}, nil
	}
}
