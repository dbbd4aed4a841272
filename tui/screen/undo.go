package screen

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// The scope and the actions of the undo list.
const (
	ScopeUndo  = "undo"
	ActionMark = "undo.mark"
	ActionUndo = "undo.take_back"
	ActionShut = "undo.close"
)

// Undo lists what was done today at this desk, to be marked and taken back.
type Undo struct {
	past    map[string]desk.Past
	order   []string
	marked  map[string]bool
	table   kit.Table
	known   bool
	waiting bool
	wrong   string
}

// NewUndo makes the list, and what to send to fill it.
func NewUndo() (*Undo, desk.Input) {
	return &Undo{marked: map[string]bool{}}, desk.Undo{}
}

// Scopes are its own; every other key goes on to mean what it does.
func (*Undo) Scopes() []string { return []string{ScopeUndo} }

// Private: the list names titles and people.
func (*Undo) Private() bool { return true }

// Input moves the choice. Text goes to the scan line.
func (u *Undo) Input(_ *Env, in kit.InputMsg) (kit.InputMsg, Wish) {
	if in.Text == "" && u.table.Input(in.Key, 10) {
		return kit.InputMsg{}, Wish{}
	}
	return in, Wish{}
}

// Do marks the chosen line and goes to the next, or takes back what is marked;
// without a mark, the chosen line.
func (u *Undo) Do(env *Env, action string) (Wish, bool) {
	switch action {
	case ActionMark:
		u.mark(env)
		return Wish{}, false
	case ActionUndo:
		in := u.marks()
		if len(in) == 0 || u.waiting {
			return Wish{}, false
		}
		u.waiting = true
		return send(desk.Undo{Entries: in}), false
	}
	return Wish{}, true
}

func (u *Undo) mark(env *Env) {
	key := u.table.Chosen()
	if p, ok := u.past[key]; ok && !p.Undone {
		u.marked[key] = !u.marked[key]
		u.table.Put(u.row(env, key, p))
	}
	u.table.Input("down", 1)
}

// marks are the marked entries, newest first as they are listed.
func (u *Undo) marks() []circ.EntryID {
	var in []circ.EntryID
	for _, k := range u.order {
		if u.marked[k] {
			in = append(in, u.past[k].Entry)
		}
	}
	if p, ok := u.past[u.table.Chosen()]; ok && len(in) == 0 && !p.Undone {
		in = append(in, p.Entry)
	}
	return in
}

// Hear takes the list, and tells what became of what was taken back.
func (u *Undo) Hear(env *Env, o desk.Outcome) (Wish, bool) {
	switch {
	case !o.Final:
		return Wish{}, false
	case !u.waiting && (o.Word == desk.WordList || o.Undoable != nil):
		u.fill(env, o.Undoable)
		return Wish{}, false
	case o.Word == desk.WordStop && len(o.Then) == 0:
		u.waiting, u.known = false, true
		u.wrong = o.Text
		return Wish{}, false
	case len(o.Then) > 0:
		return Wish{Open: Report(env, o.Text, o.Then)}, true
	}
	return Wish{}, u.waiting
}

func (u *Undo) fill(env *Env, past []desk.Past) {
	u.known, u.past, u.order = true, map[string]desk.Past{}, nil
	rows := make([]kit.Row, 0, len(past))
	for _, p := range past {
		key := string(p.Entry)
		u.past[key] = p
		u.order = append(u.order, key)
		rows = append(rows, u.row(env, key, p))
	}
	u.table.SetRows(rows)
	if len(u.order) > 0 {
		u.table.Choose(u.order[0])
	}
}

func (u *Undo) row(env *Env, key string, p desk.Past) kit.Row {
	mark, role := "", kit.Plain
	if u.marked[key] {
		mark = "*"
	}
	state := ""
	if p.Undone {
		state, role = env.Words.Text(words.UndoUndone), kit.Quiet
	}
	return kit.Row{Key: key, Cells: []kit.Cell{
		{Text: mark, Role: kit.Loud}, {Text: strconv.Itoa(p.N), Role: kit.Quiet}, {Text: env.Words.Clock(p.At, env.Zone), Role: kit.Quiet},
		{Text: env.Words.Word(string(p.Word)), Role: Role(desk.Outcome{Final: true, Word: p.Word})}, {Text: p.Text, Role: role}, {Text: state, Role: kit.Quiet},
	}}
}

// View draws the list.
func (u *Undo) View(env *Env, width, h int) ([]string, *tea.Cursor) {
	w := env.Words
	n := 0
	for _, on := range u.marked {
		if on {
			n++
		}
	}
	marked := ""
	if n > 0 {
		marked = w.N(words.UndoMarked, n)
	}
	head := []string{titleLine(env, width, w.Text(words.UndoTitle), marked), quiet(env, width, w.Text(words.UndoKeys, "mark", env.KeyOf(ActionMark), "undo", env.KeyOf(ActionUndo)))}
	switch {
	case u.waiting || !u.known:
		head[1] = " " + env.Look.Paint(kit.Pending, w.Text(words.BarLoading))
	case u.wrong != "":
		head[1] = " " + env.Look.Paint(kit.Wrong, env.Look.Cut(Clean(u.wrong), width-1))
	case len(u.order) == 0:
		return append(head[:1], quiet(env, width, w.Text(words.UndoNone))), nil
	}
	u.table.Columns = []kit.Column{{Width: 1}, {Width: 4, Right: true}, {Width: 5}, {Width: 8}, {Least: 30, Share: 9}, {Width: 8, Drop: 1}}
	return append(head, u.table.View(env.Look, width, max(h-len(head), 0))...), nil
}
