package load

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
)

// memory is what the store remembers of the last load under a name: more than
// the entry says, and nothing that cannot be found out again by loading.
type memory struct {
	Kind   circ.Kind                `json:"kind"`
	Name   string                   `json:"name"`
	Hash   string                   `json:"hash"`
	Reader int                      `json:"reader"` // [reader] of the program that loaded it
	How    string                   `json:"how"`    // the options it was read with
	Counts Counts                   `json:"counts"`
	Homes  map[policy.LibraryID]int `json:"homes,omitempty"` // how many of its items each library has
}

// reader is the version of what is made of a file: one more whenever a file that
// was loaded before should be loaded again.
const reader = 1

const (
	noteLoads = "loads" // []memory as JSON, the newest last
	keptLoads = 50
	keptHomes = 100 // the libraries of most items, for each file
)

// same reports whether a file was read in the same way.
func (m memory) same(o memory) bool {
	return m.Hash == o.Hash && m.How == o.How && m.Reader == reader
}

func (m memory) of(kind circ.Kind, name string) bool { return m.Kind == kind && m.Name == name }

func memories(ctx context.Context, n journal.Notes) (all []memory, err error) {
	v, err := n.Note(ctx, noteLoads)
	if err != nil || v == nil {
		return nil, err
	}
	if err := json.Unmarshal(v, &all); err != nil {
		return nil, fmt.Errorf("read the note of loads: %w", err)
	}
	return all, nil
}

// recall gives what is remembered under a name.
func recall(ctx context.Context, n journal.Notes, kind circ.Kind, name string) (m memory, known bool, err error) {
	all, err := memories(ctx, n)
	i := slices.IndexFunc(all, func(m memory) bool { return m.of(kind, name) })
	if err != nil || i < 0 {
		return memory{}, false, err
	}
	return all[i], true, nil
}

// remember keeps a load in place of the last one under its name.
func remember(ctx context.Context, s journal.Store[journal.HubTx], m memory) error {
	m.Reader = reader
	err := s.Update(ctx, func(tx journal.HubTx) error {
		all, err := memories(ctx, tx)
		if err != nil {
			return err
		}
		all = append(slices.DeleteFunc(all, func(o memory) bool { return o.of(m.Kind, m.Name) }), m)
		v, err := json.Marshal(all[max(len(all)-keptLoads, 0):])
		if err != nil {
			return err
		}
		return tx.SetNote(ctx, noteLoads, v)
	})
	if err != nil {
		return fmt.Errorf("remember the load: %w", err)
	}
	return nil
}

// Home gives the library that most items of the files loaded belong to, for a
// desk that nobody has told where it stands: "" when no file named one. Of
// libraries with as many items it is the first by name.
func Home(ctx context.Context, s journal.Store[journal.HubTx]) (home policy.LibraryID, err error) {
	err = s.View(ctx, func(tx journal.HubTx) error {
		all, err := memories(ctx, tx)
		if err != nil {
			return err
		}
		items := map[policy.LibraryID]int{}
		for _, m := range all {
			for library, n := range m.Homes {
				items[library] += n
			}
		}
		home = ""
		for _, library := range ranked(items) {
			home = library
			break
		}
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("look which library has most items: %w", err)
	}
	return home, nil
}

// ranked gives the libraries, that of most items first.
func ranked(items map[policy.LibraryID]int) []policy.LibraryID {
	return slices.SortedFunc(maps.Keys(items), func(a, b policy.LibraryID) int {
		return cmp.Or(cmp.Compare(items[b], items[a]), cmp.Compare(a, b))
	})
}

// most gives the libraries of most items.
func most(items map[policy.LibraryID]int) map[policy.LibraryID]int {
	kept := map[policy.LibraryID]int{}
	for _, library := range ranked(items)[:min(len(items), keptHomes)] {
		kept[library] = items[library]
	}
	return kept
}
