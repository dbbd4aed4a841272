package watch

import (
	"errors"
	"fmt"
	"slices"

	"circdesk/scanner"
)

// Found is a part of a device that is plugged in, and how it can be reached.
type Found struct {
	Ways []scanner.Info // as the backends list it, the best first
	Read bool           // a [Watcher] with these settings reads it
}

// List returns all that the backends list, part by part, for a person who looks for
// a scanner. The error joins those of the backends that have no list; what the
// others have is there.
func (w *Watcher) List() (found []Found, err error) {
	lists := make([][]scanner.Info, len(w.Backends))
	var errs []error
	for i, b := range w.Backends {
		list, err := b.List()
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", b.Name(), err))
			continue
		}
		lists[i] = list
	}
	for _, i := range slices.Concat(lists...) {
		n := slices.IndexFunc(found, func(f Found) bool { return f.Ways[0].Part == i.Part })
		if n < 0 {
			found = append(found, Found{})
			n = len(found) - 1
		}
		found[n].Ways = append(found[n].Ways, i)
	}
	for _, c := range w.chosen(lists) {
		n := slices.IndexFunc(found, func(f Found) bool { return f.Ways[0].Part == c.part })
		if n < 0 { // a port that the settings name and nobody lists
			found = append(found, Found{Ways: c.ways})
			n = len(found) - 1
		}
		found[n].Read = true
	}
	return found, errors.Join(errs...)
}
