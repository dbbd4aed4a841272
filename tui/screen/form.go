package screen

import (
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// The actions of a form.
const (
	ScopeForm  = "form"
	ActionSave = "form.save"
	ActionBack = "form.back"
)

// Form is a dialog that asks for values and sends what is made of them. It
// stays open until the answer is there, so that what was typed is not lost
// when the desk says no.
type Form struct {
	title, note string
	verb        string // what saving does, for its key
	form        *kit.Form
	make        func(env *Env, values map[string]string) (in []desk.Input, field, wrong string)
	codes       map[string]bool // fields that codes are scanned into
	secret      []string        // fields that are emptied once they were sent
	public      bool            // nothing of a patron is in it
	enters      string          // the field whose end saves, where saving costs nothing; empty: none
	waiting     bool
	passing     bool   // text went on to the scan line, and is not closed there
	wrong       string // what the desk said
}

// NewForm makes a form; verb is what saving does, in one or two words. make gives
// what to send for the values, or a field and what is wrong with it.
func NewForm(title, note, verb string, make func(env *Env, values map[string]string) (in []desk.Input, field, wrong string), inputs ...kit.Input) *Form {
	return &Form{title: title, note: note, verb: verb, form: kit.NewForm(inputs...), make: make, codes: map[string]bool{}}
}

// Codes names the fields that a code may be scanned into. What is scanned into
// any other field goes to the session.
func (f *Form) Codes(fields ...string) *Form {
	for _, k := range fields {
		f.codes[k] = true
	}
	return f
}

// Verb is what saving does, in one or two words.
func (f *Form) Verb() string { return f.verb }

// Scopes are a form's: no other key means anything while it is open.
func (*Form) Scopes() []string { return []string{ScopeForm} }

// Private tells whether it may show a patron.
func (f *Form) Private() bool { return !f.public }

// Input fills the form. A scan that a scanner wrote into a field that is not
// for codes is taken out again and handed back.
func (f *Form) Input(env *Env, in kit.InputMsg) (kit.InputMsg, Wish) {
	at := f.form.At()
	if f.waiting && (in.Text != "" || kit.Closes(in.Key)) {
		return in, Wish{}
	}
	if f.form.Chooses() && (strings.TrimSpace(in.Text) != "" || f.passing && kit.Closes(in.Key)) {
		f.passing = !kit.Closes(in.Key) // half a scan: its end follows it
		return in, Wish{}
	}
	if kit.Closes(in.Key) && !f.codes[at] {
		f.form.Input(kit.InputMsg{Text: in.Text})
		if rest, scan := env.Scanned(f.form.Value(at)); scan != "" {
			f.form.Set(at, rest)
			return kit.InputMsg{Text: scan, Key: in.Key}, Wish{}
		}
		in.Text = ""
		if at == f.enters {
			wish, _ := f.Do(env, ActionSave)
			return kit.InputMsg{}, wish
		}
	}
	f.wrong = ""
	if f.form.Input(in) == kit.NotUsed {
		return kit.InputMsg{Key: in.Key}, Wish{}
	}
	return kit.InputMsg{}, Wish{}
}

// Do saves or leaves.
func (f *Form) Do(env *Env, action string) (Wish, bool) {
	if action != ActionSave {
		return Wish{}, true
	}
	if f.waiting {
		return Wish{}, false
	}
	values, ok := f.form.Submit()
	if !ok {
		return Wish{}, false
	}
	in, field, wrong := f.make(env, values)
	if wrong != "" {
		f.form.Reject(field, wrong)
		return Wish{}, false
	}
	f.waiting = true
	for _, k := range f.secret {
		f.form.Set(k, "")
	}
	return Wish{Send: in}, false
}

// Hear closes the form when what it sent was done, and otherwise says why not.
func (f *Form) Hear(_ *Env, o desk.Outcome) (Wish, bool) {
	if !o.Final {
		return Wish{}, false
	}
	f.waiting = false
	if o.Word != desk.WordStop {
		return Wish{}, true
	}
	f.wrong = o.Text
	if len(o.Reasons) > 0 {
		f.wrong = o.Reasons[0].Words
	}
	return Wish{}, false
}

// View draws the form under its title.
func (f *Form) View(env *Env, width, h int) ([]string, *tea.Cursor) {
	look := env.Look
	head := []string{" " + look.Paint(kit.Loud, look.Cut(Clean(f.title), width-1)), ""}
	if f.note != "" {
		head = append(head, " "+look.Paint(kit.Quiet, look.Cut(Clean(f.note), width-1)), "")
	}
	foot := []string{"", look.Cut(" "+f.key(env, ActionSave, f.verb)+"   "+f.key(env, ActionBack, env.Words.Text(words.LabelCancel)), width)}
	if f.waiting {
		foot[1] = " " + look.Paint(kit.Pending, look.Cut(env.Words.Text(words.BarLoading), width-1))
	}
	if f.wrong != "" {
		foot[0] = " " + look.Paint(kit.Wrong, look.Cut(Clean(f.wrong), width-1))
	}
	lines, cursor := f.form.View(look, width, max(h-len(head)-len(foot), 1))
	if cursor != nil {
		cursor.Y += len(head)
	}
	return append(append(head, lines...), foot...), cursor
}

// key is a key and what it does.
func (f *Form) key(env *Env, action, label string) string {
	return env.Look.Paint(kit.Hint, env.KeyOf(action)) + " " + Clean(label)
}

// needed is a check: something must be there.
func needed(env *Env) func(string) string {
	word := env.Words.Text(words.FormNeeded)
	return func(s string) string {
		if strings.TrimSpace(s) == "" {
			return word
		}
		return ""
	}
}

// dateWords is how people here write dates.
func dateWords(env *Env, past bool) kit.DateWords {
	d := kit.DateWords{
		Today:    strings.Fields(env.Words.Text(words.TypedToday)),
		Tomorrow: strings.Fields(env.Words.Text(words.TypedTomorrow)),
		Past:     past,
	}
	for i, name := range strings.Fields(env.Words.Text(words.TypedWeekdays)) {
		if i < len(d.Weekdays) {
			d.Weekdays[i] = []string{name}
		}
	}
	return d
}

// ReadDay reads a day as people type it; wrong is what is wrong with it, in
// words.
func ReadDay(env *Env, s string, past bool) (day time.Time, wrong string) {
	zone := env.Zone
	if zone == nil {
		zone = time.UTC
	}
	day, err := kit.ParseDate(s, env.Now.In(zone), dateWords(env, past))
	if fault, ok := errors.AsType[*kit.DateError](err); ok {
		switch fault.Fault {
		case kit.DateNoSuchDay:
			return day, env.Words.Text(words.FormNoSuchDay)
		case kit.DateTooFar:
			return day, env.Words.Text(words.FormTooFar)
		}
		return day, env.Words.Text(words.FormBadDate)
	}
	return day, ""
}
