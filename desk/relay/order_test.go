package relay_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/policy"
	"circdesk/desk/relay"
	"circdesk/store/bolt"
)

// taker is a central server that takes what it is given.
type taker struct {
	came  []circ.EntryID
	first func() // nil: nothing is done when the first comes
}

func (c *taker) Deliver(_ context.Context, es []journal.Entry) (rs []journal.Receipt, err error) {
	for _, e := range es {
		c.came = append(c.came, e.Act.ID)
		rs = append(rs, journal.Receipt{Entry: e.Act.ID, Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq, Verdict: journal.Applied, Events: e.Told})
	}
	if c.first != nil {
		c.first()
		c.first = nil
	}
	return rs, nil
}

func (c *taker) Recorded(context.Context, journal.Mark, int) ([]central.Recorded, error) {
	return nil, nil
}

func (c *taker) Anew(_ context.Context, other journal.Mark) (uint64, error) {
	return 0, fmt.Errorf("nothing parts after %v", other)
}

// chains writes entries of desks, each behind the last of its desk.
type chains struct {
	t    *testing.T
	ends map[circ.DeskID]journal.Mark
}

func (c chains) next(desk circ.DeskID) journal.Entry {
	c.t.Helper()
	at := c.ends[desk]
	e, err := journal.Entry{
		Act: circ.Act{
			ID: circ.EntryID(fmt.Sprint(desk, at.Seq+1)), Desk: desk, Library: "main", Operator: "ana", Zone: "Europe/Berlin",
			At: time.Date(2026, 3, 2, 9, int(at.Seq), 0, 0, time.UTC), Command: circ.CheckIn{Item: "X1"},
		},
		Epoch: 1, Seq: at.Seq + 1, Prev: at.Hash, Mode: journal.Fact,
	}.Finish()
	fine(c.t, err)
	c.ends[desk] = journal.Mark{Desk: desk, Epoch: 1, Seq: e.Seq, Hash: e.Hash()}
	return e
}

// What comes to the relay while it hands on is handed on in its order, too.
func TestWhatComesMeanwhileIsHandedOnInItsOrder(t *testing.T) {
	rules, err := policy.Parse([]byte(yardRules))
	fine(t, err)
	dir := inMemory(t)
	j, err := bolt.OpenJournal(filepath.Join(dir, "journal.db"), bolt.NoSync(), bolt.Unchecked())
	fine(t, err)
	defer func() { fine(t, j.Close()) }()
	cache, err := bolt.OpenCache(filepath.Join(dir, "cache.db"), bolt.NoSync(), bolt.Unchecked())
	fine(t, err)
	defer func() { fine(t, cache.Close()) }()
	d, err := local.Open(t.Context(), local.Config{ID: "relay", Library: "main", Zone: "Europe/Berlin", Journal: j, Cache: cache, Rules: rules, Now: time.Now, NewID: newID})
	fine(t, err)
	r, err := relay.Open(t.Context(), relay.Config{Desk: d})
	fine(t, err)
	defer r.Close()
	written := chains{t, map[circ.DeskID]journal.Mark{}}
	takes := func(desks ...circ.DeskID) {
		t.Helper()
		for _, id := range desks {
			_, err := r.Take(t.Context(), []journal.Entry{written.next(id)})
			fine(t, err)
		}
	}
	takes("a", "b")
	c := &taker{first: func() { takes("b", "a", "b") }}
	for range 2 { // what comes meanwhile is due again
		fine(t, r.HandOn(t.Context(), c))
	}
	var came []string
	for _, id := range c.came {
		came = append(came, string(id))
	}
	if want := []string{"a1", "b1", "b2", "a2", "b3"}; !slices.Equal(came, want) {
		t.Errorf("it was handed on as %s, and done as %s", strings.Join(came, " "), strings.Join(want, " "))
	}
}
