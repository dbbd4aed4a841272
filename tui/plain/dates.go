package plain

import (
	"context"
	"strings"
	"time"

	"circdesk/desk"
	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/tui/screen"
)

// dated is a command that takes a date, a code and why.
func dated(read func(*Desk, string) (time.Time, string), make func(at time.Time, code, why string) desk.Input) func(*Desk, context.Context, string) (desk.Input, *reply) {
	return func(d *Desk, _ context.Context, rest string) (desk.Input, *reply) {
		typed, rest := splitDate(rest)
		code, why, _ := strings.Cut(rest, " ")
		if typed == "" || code == "" {
			return nil, nil
		}
		at, wrong := read(d, typed)
		if wrong != "" {
			return nil, d.stop(desk.BadDate, d.c.Words.Text(words.RefusalBadDate, "text", text.Clean(typed, shownName)))
		}
		return make(at, code, strings.TrimSpace(why)), nil
	}
}

// until reads an instant that is still to come: RFC 3339, or a day as the screens
// read it, with a time of day or to its end.
func (d *Desk) until(s string) (time.Time, string) {
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at.UTC(), ""
	}
	return screen.UntilMoment(d.env(), s)
}

var setDue = dated((*Desk).until, func(at time.Time, code, why string) desk.Input {
	return desk.SetDue{Text: code, Due: at, Why: why}
})

var correctReturn = dated((*Desk).moment, func(at time.Time, code, why string) desk.Input {
	return desk.CorrectReturn{Text: code, In: at, Why: why}
})
