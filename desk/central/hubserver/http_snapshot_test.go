package hubserver

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"circdesk/desk/central/centraltest"
	"circdesk/desk/central/hub/wire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// walking is a store whose transactions are each a [Walker].
type walking struct {
	journal.Store[journal.HubTx]
	fails bool // after the first piece
}

func (w walking) View(ctx context.Context, fn func(journal.HubTx) error) error {
	return w.Store.View(ctx, func(tx journal.HubTx) error { return fn(walk{tx, w.fails}) })
}

type walk struct {
	journal.HubTx
	fails bool
}

func (w walk) all(ctx context.Context) (rows []circ.Row, cursor string, err error) {
	for complete := false; !complete && err == nil; {
		var more []circ.Row
		more, cursor, complete, err = w.Since(ctx, cursor, 1000)
		rows = append(rows, more...)
	}
	slices.SortFunc(rows, func(a, b circ.Row) int { return compare(a.Key(), b.Key()) })
	return rows, cursor, err
}

func compare(a, b circ.Key) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

func (w walk) Newest(ctx context.Context) (string, error) {
	_, cursor, err := w.all(ctx)
	return cursor, err
}

func (w walk) Walk(ctx context.Context, after circ.Key, n int) ([]circ.Row, error) {
	if w.fails && after != (circ.Key{}) {
		return nil, errors.New("disk on fire")
	}
	rows, _, err := w.all(ctx)
	rows = slices.DeleteFunc(rows, func(r circ.Row) bool { return compare(r.Key(), after) <= 0 })
	return rows[:min(n, len(rows), 50)], err
}

func TestASnapshotReadInPiecesIsTheSame(t *testing.T) {
	s := newServer(t)
	want, cursor := taken(t, s)
	s.Store = walking{s.Store, false}
	got, next := taken(t, s)
	if !slices.Equal(got, want) || next != cursor || len(got) != len(centraltest.Library()) {
		t.Errorf("%d rows up to %q, not %d up to %q", len(got), next, len(want), cursor)
	}
}

func taken(t testing.TB, s *Server) (keys []circ.Key, cursor string) {
	t.Helper()
	cursor, err := s.Snapshot(t.Context(), func(rows []circ.Row) error {
		for _, r := range rows {
			keys = append(keys, r.Key())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys, cursor
}

func TestASnapshotThatFailsHalfwayHasNoEnd(t *testing.T) {
	c := newServer(t).Config
	c.Store, c.Now = walking{c.Store, true}, time.Now
	w := ask(t, HTTP{Server: New(c)}.Handler(), "GET", "/v1/snapshot", "", nil)
	var last wire.Line
	rows := 0
	for text := range bytes.Lines(w.Body.Bytes()) {
		last = wire.Line{}
		if err := json.Unmarshal(text, &last); err != nil {
			t.Fatal(err)
		}
		if last.Row != nil {
			rows++
		}
	}
	if last.Error == nil || last.Error.Code != wire.Internal || last.Error.ID == "" || rows != 50 {
		t.Errorf("after %d rows the last line is %+v", rows, last)
	}
}

func TestASnapshotThatCannotBeginIsAnError(t *testing.T) {
	s := New(Config{Store: faulty{view: func() error { return errors.New("disk on fire") }}, Rules: centraltest.Rules(), Now: time.Now})
	w := ask(t, HTTP{Server: s}.Handler(), "GET", "/v1/snapshot", "", map[string]string{"Accept-Encoding": "gzip"})
	complaint(t, w, wire.Internal)
	if got := w.Header().Get("Content-Encoding"); got != "" {
		t.Errorf("an error that is compressed: %q", got)
	}
}
