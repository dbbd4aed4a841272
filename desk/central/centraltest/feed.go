package centraltest

import (
	"context"
	"encoding/hex"
	"errors"
	"reflect"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// feeder is a system with a feed.
type feeder interface {
	central.System
	central.Feeder
}

// rows are states by their keys.
type rows map[circ.Key]circ.Row

func (all rows) put(more []circ.Row) {
	for _, r := range more {
		all[r.Key()] = r
	}
}

// endless is how many pages no feed of the suite has.
const endless = 10000

// follow reads the feed to its end, and lays it over all.
func follow(t testing.TB, f central.Feeder, all rows, cursor string, n int) (next string) {
	t.Helper()
	for range endless {
		p, err := f.Since(t.Context(), cursor, n, 0)
		if err != nil {
			t.Fatalf("read the feed: %v", err)
		}
		if len(p.Rows) == 0 && !p.Complete {
			t.Fatal("a page without rows that is not the last")
		}
		all.put(p.Rows)
		if cursor = p.Next; p.Complete {
			return cursor
		}
	}
	t.Fatal("the feed has no end")
	return ""
}

// same checks that two ways led to the same state.
func same(t testing.TB, got, want rows) {
	t.Helper()
	for k, w := range want {
		if g, ok := got[k]; !ok || !reflect.DeepEqual(plain(t, g), plain(t, w)) {
			t.Errorf("%s %q is %v, not %v", k.Kind, k.ID, g, w)
		}
	}
	for k := range got {
		if _, ok := want[k]; !ok {
			t.Errorf("%s %q should not be there", k.Kind, k.ID)
		}
	}
}

// plain gives a row as it is kept.
func plain(t testing.TB, r circ.Row) string {
	t.Helper()
	b := journal.EncodeRow(r)
	if b == nil {
		t.Fatalf("%v cannot be written", r)
	}
	return string(b)
}

// feeds is what a feed promises.
var feeds = []story[feeder]{
	{"the feed has what the library holds", func(t *testing.T, s feeder) {
		all, want := rows{}, rows{}
		want.put(Library())
		cursor := follow(t, s, all, "", 7)
		for k, w := range want {
			if got := all[k]; got == nil || plain(t, got) != plain(t, w) {
				t.Errorf("%s %q is %v, not %v", k.Kind, k.ID, got, w)
			}
		}
		p, err := s.Since(t.Context(), cursor, 7, 0)
		if err != nil || len(p.Rows) != 0 || !p.Complete {
			t.Errorf("after the end: %d rows, complete %v, error %v", len(p.Rows), p.Complete, err)
		}
	}},
	{"what was done comes in the feed", func(t *testing.T, s feeder) {
		all := rows{}
		cursor := follow(t, s, all, "", 1000)
		d := newDesk(t, "d1")
		e := d.fact(out("2001", 1))
		deliver(t, s, e)
		news := rows{}
		follow(t, s, news, cursor, 1)
		for _, k := range e.Told[0].Touches() {
			if news[k] == nil {
				t.Errorf("%s %q is not in the feed", k.Kind, k.ID)
			}
		}
		it, ok := news[circ.Key{Kind: circ.KindItem, ID: string(item(1))}].(circ.Item)
		if !ok || it.Loan == "" {
			t.Errorf("the item in the feed is %+v", it)
		}
	}},
	{"small pages and large ones lead to the same state", func(t *testing.T, s feeder) {
		d := newDesk(t, "d1")
		for n := 1; n <= 10; n++ {
			deliver(t, s, d.fact(out("2001", n)))
		}
		small, large := rows{}, rows{}
		follow(t, s, small, "", 1)
		follow(t, s, large, "", 5000)
		same(t, small, large)
	}},
	{"a desk waits, and something is done elsewhere", func(t *testing.T, s feeder) {
		cursor := follow(t, s, rows{}, "", 1000)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		done := make(chan error, 1)
		e := newDesk(t, "d1").fact(out("2001", 1))
		go func() {
			_, err := s.Deliver(ctx, []journal.Entry{e})
			done <- err
		}()
		for { // a system may wait shorter than it is asked to
			p, err := s.Since(ctx, cursor, 100, 20*time.Second)
			if err != nil {
				t.Fatalf("read the feed: %v", err)
			}
			if cursor = p.Next; len(p.Rows) > 0 {
				break
			}
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	}},
	{"a desk that waits has gone", func(t *testing.T, s feeder) {
		cursor := follow(t, s, rows{}, "", 1000)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if p, err := s.Since(ctx, cursor, 10, 20*time.Second); err == nil && (len(p.Rows) > 0 || !p.Complete) {
			t.Errorf("page %+v", p)
		}
	}},
	{"a cursor of another store", func(t *testing.T, s feeder) {
		for _, cursor := range []string{"x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "\x00/?&n=2#é"} {
			if p, err := s.Since(t.Context(), cursor, 10, 0); !errors.Is(err, central.ErrCursor) {
				t.Errorf("cursor %q: error %v, %d rows", cursor, err, len(p.Rows))
			}
		}
		follow(t, s, rows{}, "", 100)
	}},
}

// fedGreeter is a system with chains and a feed.
type fedGreeter interface {
	greeter
	central.Feeder
}

// fedMarks is what a system promises that has both.
var fedMarks = []story[fedGreeter]{
	{"the mark of a desk is in the feed with the effects", func(t *testing.T, s fedGreeter) {
		d := newDesk(t, "d1")
		cursor := follow(t, s, rows{}, "", 1000)
		for n := range 3 {
			deliver(t, s, d.fact(out("2001", n+1)))
			news := rows{}
			cursor = follow(t, s, news, cursor, 1000)
			m := markOf(t, s, d.id)
			want := circ.Mark{Desk: d.id, Epoch: m.Epoch, Seq: m.Seq, Hash: hex.EncodeToString(m.Hash[:])}
			if got := news[want.Key()]; got != want {
				t.Errorf("the mark in the feed is %+v, not %+v", got, want)
			}
		}
	}},
}
