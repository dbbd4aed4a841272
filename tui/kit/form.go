package kit

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Input is one field of a form.
type Input struct {
	Key     string // what the value is called; one field each
	Label   string
	Value   string // at the start; the Value of a choice when there are Choices
	Note    string // stands under the field while it is being filled
	Secret  bool   // shown as dots: a PIN
	Choices []Choice
	Check   func(value string) string // what is wrong with the value, in words; nil or empty: nothing
}

// Choice is one of the values a field can have.
type Choice struct{ Value, Label string }

// Form is fields below each other. Tab, Shift+Tab, up, down and Enter move; nothing in a form sends it off: the
// screen binds an action to that and calls Submit, so a scan's Enter only moves to the next field.
type Form struct {
	inputs []Input
	edits  []edit
	wrong  []string
	at     int
}

// Moved is what came of an input to a form.
type Moved uint8

// The answers of [Form.Input].
const (
	NotUsed Moved = iota // the form has no use for the key
	Edited               // a value changed, or nothing did
	ToField              // another field
	PastEnd              // Enter on the last field: the clerk is through; what follows is for the screen to offer
)

// NewForm makes a form that stands in its first field.
func NewForm(inputs ...Input) *Form {
	f := &Form{inputs: slices.Clone(inputs), edits: make([]edit, len(inputs)), wrong: make([]string, len(inputs))}
	for i, in := range inputs {
		f.edits[i].secret = in.Secret
		f.edits[i].set(in.Value)
		if len(in.Choices) > 0 && f.chosen(i) < 0 {
			f.edits[i].set(in.Choices[0].Value)
		}
	}
	return f
}

// Value is what stands in the field; empty when there is no such field.
func (f *Form) Value(key string) string {
	for i, in := range f.inputs {
		if in.Key == key {
			return f.edits[i].text()
		}
	}
	return ""
}

// Set puts a value into the field with the key.
func (f *Form) Set(key, value string) {
	for i, in := range f.inputs {
		if in.Key == key {
			f.edits[i].set(value)
			f.wrong[i] = ""
		}
	}
}

// Reject puts a message to a field that was checked elsewhere, and goes there.
func (f *Form) Reject(key, message string) {
	for i, in := range f.inputs {
		if in.Key == key {
			f.wrong[i], f.at = message, i
		}
	}
}

// At is the key of the field being filled; empty for a form without fields.
func (f *Form) At() string {
	if len(f.inputs) == 0 {
		return ""
	}
	return f.inputs[f.at].Key
}

// Chooses tells whether the field being filled is one of choices: what is typed or scanned there is not for it.
func (f *Form) Chooses() bool { return len(f.inputs) > 0 && len(f.inputs[f.at].Choices) > 0 }

// Input puts text into the field and moves. Leaving a field checks it; a wrong value is told and holds nobody. In a
// field of choices the arrows and the space bar choose, and a message with other text is not used at all: no letter
// is a key where a scan may come.
func (f *Form) Input(m InputMsg) Moved {
	if len(f.inputs) == 0 || f.Chooses() && strings.TrimSpace(m.Text) != "" {
		return NotUsed
	}
	f.put(m.Text)
	switch m.Key {
	case "", KeyPaste:
		return Edited
	case KeyTab, KeyEnter, KeyLF, "down":
		last := f.at == len(f.inputs)-1
		f.leave()
		if last && m.Key != KeyTab {
			if m.Key == "down" {
				return Edited
			}
			return PastEnd
		}
		f.at = (f.at + 1) % len(f.inputs)
		return ToField
	case "shift+tab", "up":
		f.leave()
		if f.at == 0 && m.Key == "up" {
			return Edited
		}
		f.at = (f.at + len(f.inputs) - 1) % len(f.inputs)
		return ToField
	}
	if f.Chooses() {
		return f.turn(m.Key)
	}
	if f.edits[f.at].key(m.Key) {
		f.wrong[f.at] = ""
		return Edited
	}
	return NotUsed
}

func (f *Form) put(s string) {
	if s == "" {
		return
	}
	f.wrong[f.at] = ""
	if !f.Chooses() {
		f.edits[f.at].put(s)
		return
	}
	for range s {
		f.turn("right")
	}
}

func (f *Form) turn(key string) Moved {
	choices := f.inputs[f.at].Choices
	step := map[string]int{"left": len(choices) - 1, "right": 1}[key]
	if step == 0 {
		return NotUsed
	}
	f.edits[f.at].set(choices[(max(f.chosen(f.at), 0)+step)%len(choices)].Value)
	return Edited
}

// chosen is the index of the field's choice; -1 when the value is none of them.
func (f *Form) chosen(i int) int {
	return slices.IndexFunc(f.inputs[i].Choices, func(c Choice) bool { return c.Value == f.edits[i].text() })
}

func (f *Form) leave() { f.wrong[f.at] = f.check(f.at) }

func (f *Form) check(i int) string {
	if f.inputs[i].Check == nil {
		return ""
	}
	return f.inputs[i].Check(f.edits[i].text())
}

// Submit checks all fields. When all are right it gives their values by key; otherwise it goes to the first wrong
// one, and nothing is given.
func (f *Form) Submit() (values map[string]string, ok bool) {
	values, first := map[string]string{}, -1
	for i, in := range f.inputs {
		values[in.Key] = f.edits[i].text()
		if f.wrong[i] = f.check(i); f.wrong[i] != "" && first < 0 {
			first = i
		}
	}
	if first >= 0 {
		f.at = first
		return nil, false
	}
	return values, true
}

// View gives the form's lines, at most h and width columns wide, the field being filled always among them, and the
// place of the cursor in them; the cursor is nil without fields.
func (f *Form) View(look Look, width, h int) ([]string, *tea.Cursor) {
	labels := 0
	for _, in := range f.inputs {
		labels = max(labels, look.Len(typed(in.Label)))
	}
	labels = min(labels, width/3)
	room := max(width-labels-4, 1)
	var lines []string
	var cursor *tea.Cursor
	for i, in := range f.inputs {
		here := i == f.at
		mark := " "
		if here {
			mark = ">"
		}
		shown, x := f.shown(look, i, room)
		if here {
			cursor = tea.NewCursor(labels+3+x, len(lines))
			cursor.Blink = false
			shown = look.Paint(Field, look.Fit(shown, min(room, max(look.Len(shown)+1, 24))))
		}
		lines = append(lines, mark+look.Fit(typed(in.Label), labels)+"  "+shown)
		indent := strings.Repeat(" ", labels+3)
		if f.wrong[i] != "" {
			lines = append(lines, indent+look.Paint(Wrong, look.Cut("! "+typed(f.wrong[i]), room)))
		} else if here && in.Note != "" {
			lines = append(lines, indent+look.Paint(Quiet, look.Cut(typed(in.Note), room)))
		}
	}
	if cursor == nil {
		return lines, nil
	}
	top := max(min(cursor.Y-h/2, len(lines)-h), 0)
	lines = lines[top:min(top+max(h, 0), len(lines))]
	cursor.Y -= top
	return lines, cursor
}

func (f *Form) shown(look Look, i, room int) (string, int) {
	in := f.inputs[i]
	if len(in.Choices) == 0 {
		return f.edits[i].view(look, room)
	}
	if c := f.chosen(i); c >= 0 {
		return look.Cut("< "+typed(in.Choices[c].Label)+" >", room), 2
	}
	return "<  >", 2
}
