package plain

import (
	"context"
	"slices"
	"strings"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/tui/screen"
)

// fields are the names in FIELD=VALUE of :register; :edit takes those of an
// address alone.
var fields = []string{
	"card", "family", "given", "birth", "street", "postcode", "city", "phone", "email", "language", "group", "expires", "note",
}

var contact = []string{"street", "postcode", "city", "phone", "email", "language"}

// values reads FIELD=VALUE …: a value goes on until the next field, and may
// stand in quotes. False: it is not written so.
func values(s string, known []string) (map[string]string, bool) {
	out := map[string]string{}
	at := ""
	for _, word := range strings.Fields(s) {
		name, value, is := strings.Cut(word, "=")
		switch {
		case is && slices.Contains(known, name):
			if _, twice := out[name]; twice {
				return nil, false
			}
			at, out[name] = name, value
		case at == "":
			return nil, false
		default:
			out[at] += " " + word
		}
	}
	for name, v := range out {
		if n := len(v); n >= 2 && (v[0] == '"' || v[0] == '\'') && v[n-1] == v[0] {
			out[name] = v[1 : n-1]
		}
	}
	return out, len(out) > 0
}

// env is what the forms of the screens are read in.
func (d *Desk) env() *screen.Env {
	return &screen.Env{Words: d.c.Words, Zone: d.c.Zone(), Now: d.c.Now()}
}

// wrong says which field is not as it should be.
func (d *Desk) wrong(field, why string) *reply {
	return d.stop(WrongUsage, text.Clean(field, shownName)+": "+why)
}

func register(d *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	v, ok := values(rest, fields)
	if !ok {
		return nil, nil
	}
	for _, needed := range []string{"card", "family"} {
		if strings.TrimSpace(v[needed]) == "" {
			return nil, d.wrong(needed, d.c.Words.Text(words.FormNeeded))
		}
	}
	p, field, why := screen.Registration(d.env(), v)
	if why != "" {
		return nil, d.wrong(field, why)
	}
	return desk.Register{Patron: p}, nil
}

func edit(d *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	v, ok := values(rest, contact)
	if !ok {
		return nil, nil
	}
	if why := screen.EmailWrong(d.env(), v["email"]); why != "" {
		return nil, d.wrong("email", why)
	}
	given := func(name string) *string {
		if s, ok := v[name]; ok {
			return &s
		}
		return nil
	}
	return desk.Edit{Contact: circ.Contact{
		Street: given("street"), Postcode: given("postcode"), City: given("city"),
		Phone: given("phone"), Email: given("email"), Language: given("language"),
	}}, nil
}

// card renews the patron's card until a date, or replaces it by a number.
func card(d *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	what, value, _ := strings.Cut(rest, " ")
	value = strings.TrimSpace(value)
	switch {
	case value == "":
		return nil, nil
	case what == "replace":
		return desk.ReplaceCard{Number: value}, nil
	case what != "renew":
		return nil, nil
	}
	until, wrong := screen.UntilEndOf(d.env(), value)
	if wrong != "" {
		return nil, d.stop(desk.BadDate, d.c.Words.Text(words.RefusalBadDate, "text", text.Clean(value, shownName)))
	}
	return desk.RenewCard{Until: until}, nil
}

// link ties another person, by card, to the open patron.
func link(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	kind, other, _ := strings.Cut(rest, " ")
	other = strings.TrimSpace(other)
	k := circ.LinkKind(kind)
	if other == "" || k != circ.Guarantor && k != circ.Pickup {
		return nil, nil
	}
	return desk.Link{Card: other, Kind: k}, nil
}

// splitDate cuts a date, with or without a time of day, from what follows it.
func splitDate(s string) (date, rest string) {
	date, rest, _ = strings.Cut(s, " ")
	clock, after, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if _, err := time.Parse("15:04", clock); err == nil {
		return date + " " + clock, strings.TrimSpace(after)
	}
	return date, strings.TrimSpace(rest)
}

// moment reads an instant: RFC 3339, or a day as the screens read it, with or
// without a time of day.
func (d *Desk) moment(s string) (at time.Time, wrong string) {
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at.UTC(), ""
	}
	if at, err := time.ParseInLocation("2006-01-02T15:04", s, d.c.Zone()); err == nil {
		return at.UTC(), ""
	}
	return screen.Moment(d.env(), s)
}
