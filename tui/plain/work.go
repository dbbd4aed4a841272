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

// no takes, at a check-in, what is missing.
func no(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	return desk.No{Missing: rest}, nil
}

func incomplete(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	code, missing, _ := strings.Cut(rest, " ")
	if missing = strings.TrimSpace(missing); missing == "" {
		return nil, nil
	}
	return desk.Incomplete{Text: code, Missing: missing}, nil
}

func giveUp(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	code, as, _ := strings.Cut(rest, " ")
	switch s := circ.ItemState(strings.TrimSpace(as)); {
	case code == "":
	case s == "", s == circ.ItemDamaged, s == circ.ItemWithdrawn:
		return desk.GiveUp{Text: code, As: s}, nil
	}
	return nil, nil
}

// call takes what notice takes behind the code, but for how: by phone.
func call(d *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	code, rest, _ := strings.Cut(rest, " ")
	if code == "" {
		return nil, nil
	}
	return calls(d, desk.Call{Text: code}, rest)
}

// sent takes what a notice is about, how it was sent, a date behind "until", and a text.
func sent(d *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	var in desk.Call
	first, rest, _ := strings.Cut(rest, " ")
	if !isChannel(first) {
		of := first
		first, rest, _ = strings.Cut(strings.TrimSpace(rest), " ")
		if in.Text = of; of == "fee" {
			n, ok := number(first)
			if !ok {
				return nil, nil
			}
			in.Text, in.N = "", n
			first, rest, _ = strings.Cut(strings.TrimSpace(rest), " ")
		}
	}
	if !isChannel(first) {
		return nil, nil
	}
	in.By = circ.Channel(first)
	return calls(d, in, rest)
}

func isChannel(s string) bool { return slices.Contains(circ.Channels(), circ.Channel(s)) }

// calls takes a date behind "until", and what was said.
func calls(d *Desk, in desk.Call, rest string) (desk.Input, *reply) {
	in.Note = strings.TrimSpace(rest)
	if dated, is := strings.CutPrefix(in.Note, "until "); is {
		var typed string
		if typed, in.Note = splitDate(strings.TrimSpace(dated)); typed == "" {
			return nil, nil
		}
		at, wrong := d.until(typed)
		if wrong != "" {
			return nil, d.stop(desk.BadDate, d.c.Words.Text(words.RefusalBadDate, "text", text.Clean(typed, shownName)))
		}
		in.Again = at
	}
	return in, nil
}

func bill(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	code, rest, _ := strings.Cut(rest, " ")
	amount, note, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if amount == "" {
		return nil, nil
	}
	return desk.Bill{Text: code, Amount: amount, Note: strings.TrimSpace(note)}, nil
}

func parts(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	code, named, _ := strings.Cut(rest, " ")
	if code == "" {
		return nil, nil
	}
	return desk.SetParts{Text: code, Parts: strings.TrimSpace(named)}, nil
}

func addItem(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	code, title, _ := strings.Cut(rest, " ")
	if title = strings.TrimSpace(title); title == "" {
		return nil, nil
	}
	return desk.AddItem{Text: code, Title: title}, nil
}

func worklist(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	kind := desk.WorkKind(rest)
	for _, k := range append(desk.WorkKinds(), "") {
		if k == kind {
			return desk.Worklist{Kind: kind}, nil
		}
	}
	return nil, nil
}

// Work is a row of the worklist in JSON. Its names are for scripts: never renamed.
type Work struct {
	Kind       string `json:"kind"`
	Since      string `json:"since"`
	Barcode    string `json:"barcode"`
	Title      string `json:"title,omitempty"`
	CallNumber string `json:"call_number,omitempty"`
	Text       string `json:"text,omitempty"` // the parts that are missing; what is wrong
	Person     string `json:"person,omitempty"`
	Phone      string `json:"phone,omitempty"`
	Times      int    `json:"times,omitempty"` // searched for, or called
	Last       string `json:"last,omitempty"`
	Step       string `json:"step"`
	Next       string `json:"next,omitempty"` // when the step is due; empty: now
}

// WorkOf makes a row of the worklist what it is in JSON.
func WorkOf(w desk.Work) Work {
	return Work{
		Kind: string(w.Kind), Since: instant(w.Since), Barcode: w.Barcode, Title: w.Title, CallNumber: w.CallNumber, Text: w.Text,
		Person: w.Person, Phone: w.Phone, Times: w.Times, Last: instant(w.Last), Step: string(w.Step), Next: instant(w.Next),
	}
}
