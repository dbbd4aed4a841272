package kit

import "strings"

// KeyList is the lines of the list of keys that help shows: the actions under the title of their scope (titles by
// scope; none: no title line), each with its keys, label, sentence, and why it is off. No line is wider than width.
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
	labels = min(labels, width/3)
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
		line := " " + look.Paint(Hint, look.Fit(allKeys(caps, a), column)) + "  "
		if off := a.OffBecause(); off != "" {
			line += look.Paint(Quiet, look.Fit(typed(a.Label), labels)+"  "+look.Cut(typed(off), width-column-labels-5))
		} else {
			line += look.Fit(typed(a.Label), labels) + "  " + look.Cut(typed(a.Help), width-column-labels-5)
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return lines
}

func allKeys(caps KeyCaps, a Action) string {
	shown := make([]string, len(a.Keys))
	for i, k := range a.Keys {
		shown[i] = caps.Show(k)
	}
	return strings.Join(shown, " ")
}
