package plain

import (
	"context"
	"slices"
	"strings"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// conflictOf finds the conflict of a number in the last list; what is no number is an
// entry. A reply says what is wrong; neither: nothing was given.
func (d *Desk) conflictOf(which string) (id circ.EntryID, r *reply) {
	n, is := number(which)
	switch {
	case which == "":
		return "", nil
	case !is:
		return circ.EntryID(which), nil
	case d.list == nil, n > len(d.list.Conflicts):
		return "", d.stop(desk.NoSuchNumber, d.c.Words.Text(words.RefusalNoSuchNumber, "number", which))
	}
	return d.list.Conflicts[n-1].ID, nil
}

// onConflict is a command that names a conflict first.
func onConflict(do func(d *Desk, id circ.EntryID, rest string) (desk.Input, *reply)) func(*Desk, context.Context, string) (desk.Input, *reply) {
	return func(d *Desk, _ context.Context, rest string) (desk.Input, *reply) {
		which, rest, _ := strings.Cut(rest, " ")
		id, r := d.conflictOf(which)
		if id == "" {
			return nil, r
		}
		return do(d, id, strings.TrimSpace(rest))
	}
}

// settle settles a conflict: how, if the first word is an action, and why.
var settle = onConflict(func(_ *Desk, id circ.EntryID, rest string) (desk.Input, *reply) {
	in := desk.Settle{Entry: id, Why: rest}
	how, why, _ := strings.Cut(rest, " ")
	if a := circ.ConflictAction(how); slices.Contains(circ.ConflictActions(), a) {
		in.How, in.Why = a, strings.TrimSpace(why)
	}
	return in, nil
})

var assign = onConflict(func(_ *Desk, id circ.EntryID, rest string) (desk.Input, *reply) {
	return desk.Assign{Entry: id, Owner: rest}, nil
})

var reachOf = onConflict(func(_ *Desk, id circ.EntryID, rest string) (desk.Input, *reply) {
	if rest != "" && rest != "other" {
		return nil, nil
	}
	return desk.Contact{Entry: id, Other: rest == "other"}, nil
})

var callBack = onConflict(func(d *Desk, id circ.EntryID, rest string) (desk.Input, *reply) {
	in := desk.CallBackOn{Entry: id}
	if rest != "" {
		var wrong string
		if in.On, wrong = d.until(rest); wrong != "" {
			return nil, d.stop(desk.BadDate, d.c.Words.Text(words.RefusalBadDate, "text", text.Clean(rest, shownName)))
		}
	}
	return in, nil
})

// conflictPage lists one conflict of the last list, with both stories and what fits.
var conflictPage = onConflict(func(d *Desk, id circ.EntryID, _ string) (desk.Input, *reply) {
	if d.list == nil {
		return nil, d.stop(desk.NoSuchConflict, d.c.Words.Text(words.RefusalNoSuchConflict))
	}
	i := slices.IndexFunc(d.list.Conflicts, func(c desk.Conflict) bool { return c.ID == id })
	if i < 0 {
		return nil, d.stop(desk.NoSuchConflict, d.c.Words.Text(words.RefusalNoSuchConflict))
	}
	c, w, env := d.list.Conflicts[i], d.c.Words, d.env()
	r := d.says(desk.WordList, w.Text(words.ConflictsTitle, "class", w.ConflictClass(c.Class), "title", c.Called(w)))
	for _, f := range env.ConflictFacts(c) {
		r.out.Tell = append(r.out.Tell, desk.Said{Words: w.Text(f.Name) + ": " + f.Says})
	}
	return nil, r
})
