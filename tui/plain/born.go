package plain

import (
	"context"

	"circdesk/desk"
	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/tui/screen"
)

// born asks whether the open patron was born on a day, written as people here write days.
func born(d *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	if rest == "" {
		return nil, nil
	}
	day, wrong := screen.BirthDay(d.env(), rest)
	if wrong != "" {
		return nil, d.stop(desk.BadDate, d.c.Words.Text(words.RefusalBadDate, "text", text.Clean(rest, shownName)))
	}
	return desk.Born{Date: day}, nil
}
