package plain

import (
	"context"
	"strings"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/tui/screen"
)

// ofItem takes "item CODE" off the beginning; no code: it does not begin so.
func ofItem(rest string) (code, more string) {
	after, is := strings.CutPrefix(rest, "item ")
	if !is {
		return "", rest
	}
	code, more, _ = strings.Cut(strings.TrimSpace(after), " ")
	return code, strings.TrimSpace(more)
}

// alert takes what it is on, when it is shown and until when first, then its text.
func alert(d *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	var in desk.Alert
	in.Code, rest = ofItem(rest)
	if word, more, _ := strings.Cut(rest, " "); moment(word) {
		in.Shown, rest = circ.Moment(word), strings.TrimSpace(more)
	}
	if after, is := strings.CutPrefix(rest, "until "); is {
		value, more, _ := strings.Cut(strings.TrimSpace(after), " ")
		until, wrong := screen.UntilEndOf(d.env(), value)
		if wrong != "" {
			return nil, d.stop(desk.BadDate, d.c.Words.Text(words.RefusalBadDate, "text", text.Clean(value, shownName)))
		}
		in.Until, rest = until, strings.TrimSpace(more)
	}
	if rest == "" {
		return nil, nil
	}
	in.Text = rest
	return in, nil
}

func moment(word string) bool {
	switch circ.Moment(word) {
	case circ.AtLoan, circ.AtReturn, circ.AtBoth:
		return true
	}
	return false
}

// unalert ends the only alert, or the one of that number.
func unalert(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	var in desk.EndAlert
	if in.Code, rest = ofItem(rest); rest == "" {
		return in, nil
	}
	n, ok := number(rest)
	if !ok {
		return nil, nil
	}
	in.N = n
	return in, nil
}

// alertLines are alerts with the numbers that :unalert takes.
func (d *Desk) alertLines(alerts []circ.Alert) (out []string) {
	for i, a := range alerts {
		out = append(out, numbered(i+1, screen.AlertLine(d.env(), a)))
	}
	return out
}
