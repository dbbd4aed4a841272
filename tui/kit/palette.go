package kit

import (
	"cmp"
	"strings"

	"circdesk/desk/text"
)

// Palette lists every action within reach, to be found by typing. It starts with nothing chosen, so the Enter of a
// scan that was under way runs nothing, and Enter never runs what costs money, overrides or destroys: such an
// action shows its key instead.
type Palette struct {
	Prompt  string // stands before what is typed
	actions []Action
	line    ScanLine
	chosen  int // index among the found; -1: none
	top     int
}

// Picked is what came of a key given to a palette. At most one of Run and Shut is set.
type Picked struct {
	Run  string // id of the action to run; the palette is over
	Shut bool   // Esc: the palette is over
	Line Closed // a line that fits no action and may be a scan: it belongs to the scan queue; the palette stays
	Key  string // a key it has no use for
}

// NewPalette opens a palette on the actions.
func NewPalette(prompt string, actions []Action) *Palette {
	return &Palette{Prompt: prompt, actions: actions, chosen: -1}
}

// Input filters, moves and picks. Every closed line that ran nothing comes back, in order.
func (p *Palette) Input(m InputMsg) []Picked {
	found := p.Found()
	if m.Text == "" {
		switch m.Key {
		case "esc":
			return []Picked{{Shut: true}}
		case "up", "down", "pgup", "pgdown":
			p.move(m.Key, len(found))
			return nil
		}
	}
	before := p.line.Text()
	lines, key := p.line.Input(InputMsg{Text: m.Text, Key: passing(m.Key)})
	if now := p.line.Text(); now != before && len(lines) == 0 {
		p.chosen, p.top = -1, 0
		if now != "" && len(p.Found()) > 0 {
			p.chosen = 0
		}
	}
	var out []Picked
	for _, l := range lines { // a paste of lines, or a line without end
		out = append(out, Picked{Line: l})
	}
	switch {
	case m.Key == KeyEnter || m.Key == KeyLF || m.Key == KeyTab:
		out = append(out, p.enter(m.Key)...)
	case key == "esc":
		out = append(out, Picked{Shut: true})
	case key != "":
		out = append(out, Picked{Key: key})
	}
	return out
}

// passing leaves the keys that pick to the palette and everything else to the line.
func passing(key string) string {
	if key == KeyEnter || key == KeyLF || key == KeyTab {
		return ""
	}
	return key
}

func (p *Palette) enter(key string) []Picked {
	found := p.Found()
	if len(found) == 0 {
		lines, _ := p.line.Input(InputMsg{Key: key})
		p.chosen, p.top = -1, 0
		var out []Picked
		for _, l := range lines {
			out = append(out, Picked{Line: l})
		}
		return out
	}
	if key != KeyEnter || p.chosen < 0 || p.chosen >= len(found) {
		return nil
	}
	a := found[p.chosen]
	if a.Grave() || a.OffBecause() != "" {
		return nil
	}
	return []Picked{{Run: a.ID}}
}

func (p *Palette) move(key string, n int) {
	switch key {
	case "up":
		p.chosen--
	case "down":
		p.chosen++
	case "pgup":
		p.chosen -= 10
	case "pgdown":
		p.chosen += 10
	}
	p.chosen = max(min(p.chosen, n-1), 0)
	if n == 0 {
		p.chosen = -1
	}
}

// Found is the actions that contain every word typed, in label, sentence or id, without regard to case and accents.
func (p *Palette) Found() []Action {
	words := strings.Fields(text.Fold(p.line.Text()))
	if len(words) == 0 {
		if strings.TrimSpace(p.line.Text()) != "" {
			return nil
		}
		return p.actions
	}
	var found []Action
	for _, a := range p.actions {
		in := text.Fold(a.Label + " " + a.Help + " " + a.ID)
		if containsAll(in, words) {
			found = append(found, a)
		}
	}
	return found
}

func containsAll(s string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(s, w) {
			return false
		}
	}
	return true
}

// View gives h lines: what is typed, then the found actions with their keys and why they are off.
func (p *Palette) View(look Look, caps KeyCaps, width, h int) []string {
	out := make([]string, max(h, 0))
	if h < 1 {
		return out
	}
	p.line.Prompt = p.Prompt
	out[0] = p.line.View(look, width, "")
	found := p.Found()
	rows := h - 1
	if p.chosen >= 0 {
		p.top = max(min(p.top, p.chosen), p.chosen-rows+1)
	}
	p.top = max(min(p.top, len(found)-rows), 0)
	for i := range rows {
		at := p.top + i
		if at >= len(found) {
			break
		}
		out[i+1] = p.row(look, caps, width, found[at], at == p.chosen)
	}
	return out
}

func (p *Palette) row(look Look, caps KeyCaps, width int, a Action, chosen bool) string {
	label, keys := p.columns(look, caps, width)
	name, key := look.Fit(typed(a.Label), label)+"  ", look.Fit(caps.First(a), keys)+"  "
	room := width - 3 - look.Len(name) - look.Len(key)
	off := a.OffBecause()
	switch {
	case chosen:
		return look.Paint(Selected, look.Fit(" > "+name+key+look.Cut(typed(cmp.Or(off, a.Help)), room), width))
	case off != "":
		return "   " + look.Paint(Quiet, name+key+look.Cut(typed(off), room))
	}
	return "   " + name + look.Paint(Hint, strings.TrimRight(key, " ")) + key[len(strings.TrimRight(key, " ")):] + look.Cut(typed(a.Help), room)
}

// columns are how wide labels and keys are, of all actions: nothing moves while somebody types.
func (p *Palette) columns(look Look, caps KeyCaps, width int) (label, keys int) {
	for _, a := range p.actions {
		label, keys = max(label, look.Len(typed(a.Label))), max(keys, look.Len(caps.First(a)))
	}
	return max(min(label, width/4), 1), min(keys, width/6)
}

// CursorX is the column of the cursor on the palette's first line.
func (p *Palette) CursorX(look Look, width int) int {
	p.line.Prompt = p.Prompt
	return p.line.Cursor(look, width, 0, "").X
}
