package kit

import (
	"cmp"
	"slices"
	"strings"
)

// KeyList is the lines of the list of keys that help shows: the actions under the title of their scope (titles by
// scope; none: no title line), each with its keys, label, and sentence, or why it is off. The Alt+digit beside a
// function key is left out: one sentence says it of all. No line is wider than width.
func KeyList(look Look, caps KeyCaps, width int, titles map[string]string, actions []Action) []string {
	column := 0
	for _, a := range actions {
		column = max(column, look.Len(allKeys(caps, a)))
	}
	column = min(column, width/3)
	labels := 0
	for _, a := range actions {
		labels = max(labels, look.Len(typed(a.Label)))
	}
	labels = min(labels, width/4)
	room := max(width-column-labels-5, 1)
	var lines []string
	for i, a := range actions {
		if i == 0 || a.Scope != actions[i-1].Scope {
			if i > 0 {
				lines = append(lines, "")
			}
			if t := titles[a.Scope]; t != "" {
				lines = append(lines, " "+look.Paint(Loud, look.Cut(typed(t), width-1)))
			}
		}
		role, off := Plain, a.OffBecause()
		if off != "" {
			role = Quiet
		}
		for i, says := range Wrap(look, cmp.Or(off, a.Help), room) {
			begins := strings.Repeat(" ", column+labels+5)
			if i == 0 {
				begins = " " + look.Paint(Hint, look.Fit(allKeys(caps, a), column)) + "  " + look.Paint(role, look.Fit(typed(a.Label), labels)) + "  "
			}
			lines = append(lines, begins+look.Paint(role, says))
		}
	}
	return lines
}

func allKeys(caps KeyCaps, a Action) string {
	var shown []string
	for _, k := range a.Keys {
		if !isTwin(k, a.Keys) {
			shown = append(shown, caps.Show(k))
		}
	}
	return strings.Join(shown, " ")
}

// isTwin tells whether a key is the Alt+digit beside one of the function keys F1 to F10.
func isTwin(key string, keys []string) bool {
	digit, alt := strings.CutPrefix(key, "alt+")
	if !alt || len(digit) != 1 {
		return false
	}
	if digit == "0" {
		digit = "10"
	}
	return slices.Contains(keys, "f"+digit)
}
