package kit

import (
	"cmp"
	"slices"
	"strings"
)

// Footer is the line of keys at the foot of a screen: key and label of the actions that have a rank, the most
// important first, as many as the width holds, never one cut in half. An action that is off keeps its place.
func Footer(look Look, caps KeyCaps, width int, actions []Action) (line string, zones []Zone) {
	ranked := slices.DeleteFunc(slices.Clone(actions), func(a Action) bool { return a.Rank == 0 || len(a.Keys) == 0 })
	slices.SortStableFunc(ranked, func(a, b Action) int { return cmp.Compare(a.Rank, b.Rank) })
	var b strings.Builder
	used := 0
	for _, a := range ranked {
		key, label := caps.First(a), typed(a.Label)
		need := look.Len(key) + 1 + look.Len(label)
		gap := 2
		if used == 0 {
			gap = 1
		}
		if used+gap+need > width {
			break
		}
		b.WriteString(strings.Repeat(" ", gap))
		if a.OffBecause() != "" {
			b.WriteString(look.Paint(Quiet, key+" "+label))
		} else {
			b.WriteString(look.Paint(Hint, key) + " " + label)
		}
		zones = append(zones, Zone{From: used + gap, To: used + gap + need, Key: a.Keys[0]})
		used += gap + need
	}
	return b.String(), zones
}
