package centraltest

import (
	"cmp"
	"errors"
	"testing"

	"circdesk/desk/central"
	"circdesk/desk/circ"
)

// snapshotter is a system with a feed and snapshots.
type snapshotter interface {
	feeder
	central.Snapshotter
}

// take takes a snapshot, and checks that its rows stand in the order of their
// keys, each once.
func take(t testing.TB, s central.Snapshotter) (all rows, cursor string) {
	t.Helper()
	all = rows{}
	var last circ.Key
	cursor, err := s.Snapshot(t.Context(), func(piece []circ.Row) error {
		for _, r := range piece {
			k := r.Key()
			if cmp.Or(cmp.Compare(last.Kind, k.Kind), cmp.Compare(last.ID, k.ID)) >= 0 {
				t.Errorf("%s %q comes after %s %q", k.Kind, k.ID, last.Kind, last.ID)
			}
			last = k
		}
		all.put(piece)
		return nil
	})
	if err != nil {
		t.Fatalf("take a snapshot: %v", err)
	}
	return all, cursor
}

var errFull = errors.New("no room")

// snapshots is what a snapshot promises.
var snapshots = []story[snapshotter]{
	{"a snapshot and the feed after it are the state", func(t *testing.T, s snapshotter) {
		d := newDesk(t, "d1")
		deliver(t, s, d.fact(out("2001", 1)), d.fact(out("2002", 2)), d.fact(in(1)))
		got, cursor := take(t, s)
		want := rows{}
		follow(t, s, want, "", 1000)
		same(t, got, want)
		deliver(t, s, d.fact(out("2002", 1)), d.fact(in(2)))
		follow(t, s, got, cursor, 2)
		follow(t, s, want, "", 1000)
		same(t, got, want)
	}},
	{"something is done while a snapshot is taken", func(t *testing.T, s snapshotter) {
		d := newDesk(t, "d1")
		got, done := rows{}, false
		cursor, err := s.Snapshot(t.Context(), func(piece []circ.Row) error {
			got.put(piece)
			if !done {
				done = true
				deliver(t, s, d.fact(out("2001", 1)), d.fact(out("2002", 60)))
			}
			return nil
		})
		if err != nil || !done {
			t.Fatalf("take a snapshot: %v", err)
		}
		want := rows{}
		follow(t, s, got, cursor, 3)
		follow(t, s, want, "", 1000)
		same(t, got, want)
	}},
	{"the desk has no room for a snapshot", func(t *testing.T, s snapshotter) {
		if cursor, err := s.Snapshot(t.Context(), func([]circ.Row) error { return errFull }); !errors.Is(err, errFull) || cursor != "" {
			t.Errorf("cursor %q, error %v", cursor, err)
		}
		take(t, s)
	}},
}
