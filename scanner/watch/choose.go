package watch

import (
	"path/filepath"
	"slices"

	"circdesk/scanner"
)

// choice is a part of a device that shall be read.
type choice struct {
	part   string
	wanted Wanted         // zero: nobody named it
	ways   []scanner.Info // the same part as the backends list it, the best first
}

// choose says which of the parts that are there shall be read. lists are those of
// the backends, the best first; a device that is not there any more is in none.
//
//   - Of a device that is named with a kind, the parts of that kind.
//   - Of a device that is named without one, all parts that can be read; a part that
//     does not say what it is only if there is no other.
//   - Of a device that nobody named, the parts that say that they are a bar code
//     scanner, unless only is set.
//   - Of a device that is named with a backend, nothing that another backend lists.
func choose(lists [][]scanner.Info, wanted []Wanted, only bool) (choices []choice) {
	readable := make(map[string]bool) // devices that have a part of a known kind
	for _, i := range slices.Concat(lists...) {
		if i.Kind != scanner.Unknown {
			readable[i.Device] = true
		}
	}
	for _, i := range slices.Concat(lists...) {
		w, named := find(wanted, i)
		switch {
		case named && w.Setup.Kind != scanner.Unknown && i.Kind != w.Setup.Kind && i.Kind != scanner.Unknown,
			named && i.Kind == scanner.Unknown && readable[i.Device],
			!named && (only || i.Kind != scanner.POS || elsewhere(wanted, i)):
			continue
		}
		n := slices.IndexFunc(choices, func(c choice) bool { return c.part == i.Part })
		if n < 0 {
			choices = append(choices, choice{part: i.Part, wanted: w})
			n = len(choices) - 1
		}
		choices[n].ways = append(choices[n].ways, i)
	}
	return choices
}

// find returns who of those that the settings name a part belongs to: the one that
// names the serial number before the one that does not.
func find(wanted []Wanted, i scanner.Info) (w Wanted, ok bool) {
	for _, next := range wanted {
		if next.is(i) && (!ok || w.Serial == "" && next.Serial != "") {
			w, ok = next, true
		}
	}
	return w, ok
}

// elsewhere reports whether the settings name a part for whatever backend lists it.
func elsewhere(wanted []Wanted, i scanner.Info) bool {
	return slices.ContainsFunc(wanted, func(w Wanted) bool {
		w.Backend = ""
		return w.is(i)
	})
}

// ports returns the serial ports that the settings name and no list has: a list may
// not know them, and a path may be a link to one that it knows by another name.
func ports(list []scanner.Info, wanted []Wanted, backend string) (more []scanner.Info, resolved []Wanted) {
	for _, w := range wanted {
		if w.Path != "" {
			if path, err := filepath.EvalSymlinks(w.Path); err == nil {
				w.Path = path
			}
			if !slices.ContainsFunc(list, func(i scanner.Info) bool { return i.Path == w.Path }) {
				more = append(more, scanner.Info{Backend: backend, Path: w.Path, Device: w.Path, Part: w.Path, Kind: scanner.Serial})
			}
		}
		resolved = append(resolved, w)
	}
	return more, resolved
}
