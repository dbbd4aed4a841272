package screen

import (
	"strconv"

	"circdesk/desk"
	"circdesk/tui/kit"
)

// kept is how many lines a list keeps.
const kept = 500

// wide is from how many columns on a list has more of them.
const wide = 110

// Lines is the list of what was scanned, growing upward from the scan line. The
// zero Lines is empty.
type Lines struct {
	table kit.Table
	said  map[string]desk.Outcome
	order []string
	wide  bool
}

// Put adds a line, or changes the one with the same key.
func (l *Lines) Put(env *Env, key string, o desk.Outcome) {
	if l.said == nil {
		l.Clear()
	}
	if _, known := l.said[key]; !known {
		l.order = append(l.order, key)
	}
	l.said[key] = o
	l.table.Put(l.row(env, key, o))
	if len(l.order) > kept+kept/4 {
		l.drop(env)
	}
}

// drop forgets the oldest.
func (l *Lines) drop(env *Env) {
	n := len(l.order) - kept
	for _, k := range l.order[:n] {
		delete(l.said, k)
	}
	l.order = append([]string(nil), l.order[n:]...)
	l.fill(env)
}

func (l *Lines) fill(env *Env) {
	rows := make([]kit.Row, len(l.order))
	for i, k := range l.order {
		rows[i] = l.row(env, k, l.said[k])
	}
	l.table.SetRows(rows)
}

// Has tells whether the line is there.
func (l *Lines) Has(key string) bool {
	_, ok := l.said[key]
	return ok
}

// Clear forgets all lines.
func (l *Lines) Clear() { *l = Lines{said: map[string]desk.Outcome{}, wide: l.wide} }

// Len is the number of lines.
func (l *Lines) Len() int { return len(l.order) }

// Row is the chosen line, or the last one.
func (l *Lines) Row() (desk.Outcome, bool) {
	key := l.table.Chosen()
	if key == "" && len(l.order) > 0 {
		key = l.order[len(l.order)-1]
	}
	o, ok := l.said[key]
	return o, ok
}

// Move moves the choice; Esc and a new scan end it.
func (l *Lines) Move(key string, page int) bool {
	if key == "esc" && l.table.Chosen() != "" {
		l.table.Choose("")
		return true
	}
	return l.table.Input(key, page)
}

// Unchoose shows the end of the list again.
func (l *Lines) Unchoose() {
	if l.table.Chosen() != "" {
		l.table.Choose("")
	}
}

func (l *Lines) row(env *Env, key string, o desk.Outcome) kit.Row {
	role := Role(o)
	rest := kit.Plain
	if !o.Final {
		rest = kit.Pending
	}
	number := Tail(barcode(o))
	if l.wide {
		number = barcode(o)
	}
	if aboutNoItem(o) {
		return kit.Row{Key: key, Long: true, Cells: []kit.Cell{{Text: env.SayWord(o), Role: role}, {Text: o.Text, Role: rest}}}
	}
	call, location := "", ""
	if o.Item != nil {
		call, location = o.Item.CallNumber, firstOf(o.Item.Place, string(o.Item.Location))
	}
	return kit.Row{Key: key, Cells: []kit.Cell{
		{Text: env.SayWord(o), Role: role},
		{Text: What(o), Role: rest},
		{Text: env.short(o), Role: rest},
		{Text: call, Role: kit.Quiet},
		{Text: location, Role: kit.Quiet},
		{Text: number, Role: kit.Quiet},
	}}
}

// aboutNoItem tells the outcomes of what is done with a patron, such as a
// payment, from those of scans.
func aboutNoItem(o desk.Outcome) bool {
	switch o.Word {
	case desk.WordStop, desk.WordCard, desk.WordItem, desk.WordAgain:
		return false
	}
	return o.Title == "" && o.Item == nil && o.Text != "" && o.Due.IsZero()
}

// View draws the list.
func (l *Lines) View(env *Env, width, h int) []string {
	if w := width >= wide; w != l.wide {
		l.wide = w
		l.fill(env)
	}
	number := 5
	if l.wide {
		number = 14
	}
	l.table.Upward = true
	l.table.Columns = []kit.Column{
		{Width: 8}, {Least: 22, Share: 2}, {Least: 30, Share: 3},
		{Least: 12, Drop: 2}, {Least: 10, Drop: 3}, {Width: number, Drop: 1},
	}
	return l.table.View(env.Look, width, h)
}

// Key is the key of an outcome's line.
func Key(o desk.Outcome) string { return strconv.FormatInt(o.N, 10) }

// sums tells whether an outcome only says how many of several things were done:
// each of them has a line of its own.
func sums(o desk.Outcome) bool {
	return aboutNoItem(o) && (o.Word == desk.WordUndone || o.Word == desk.WordRenewed)
}

// Each gives an outcome and all that came of it, with the key of its line. An
// outcome in Then without a number of its own is named after the one it came
// with.
func Each(o desk.Outcome, give func(key string, o desk.Outcome)) {
	then := o.Then
	o.Then = nil
	give(Key(o), o)
	for i, t := range then {
		if t.N == 0 || t.N == o.N {
			give(Key(o)+"/"+strconv.Itoa(i), t)
			continue
		}
		Each(t, give)
	}
}
