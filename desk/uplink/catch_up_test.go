package uplink_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/policy"
	"circdesk/desk/uplink"
	"circdesk/store/bolt"
)

// pages is a feed whose pages are given; cursors are their numbers.
type pages struct {
	central.System
	all   []central.Page
	asked func(i int) error // before page i is given; nil: nothing happens
}

func (p *pages) Since(_ context.Context, cursor string, _ int, _ time.Duration) (central.Page, error) {
	i := 0
	if cursor != "" {
		var err error
		if i, err = strconv.Atoi(cursor); err != nil {
			return central.Page{}, central.ErrCursor
		}
	}
	if p.asked != nil {
		if err := p.asked(i); err != nil {
			return central.Page{}, err
		}
	}
	if i >= len(p.all) {
		return central.Page{Next: cursor, Complete: true}, nil
	}
	page := p.all[i]
	page.Next, page.Complete = strconv.Itoa(i+1), i == len(p.all)-1
	return page, nil
}

func TestCatchingUp(t *testing.T) {
	book := func(i int, where string) circ.Row {
		return circ.Item{ID: circ.ItemID(fmt.Sprint("X", i)), Barcode: fmt.Sprint("3", i), Title: "T", Home: policy.LibraryID(where)}
	}
	key := func(i int) circ.Key { return book(i, "").Key() }
	feed := func() *pages {
		return &pages{all: []central.Page{
			{Rows: []circ.Row{book(1, "main"), book(2, "main"), book(3, "main")}},
			{Rows: []circ.Row{book(1, "east")}, Gone: []circ.Key{key(2)}},
			{Rows: []circ.Row{book(4, "main")}, Gone: []circ.Key{key(3)}},
			{Rows: []circ.Row{book(3, "west")}, Gone: []circ.Key{key(4)}},
		}}
	}
	whole := "X1 east, X3 west, cursor 4"
	for _, row := range []struct {
		name   string
		change func(p *pages, d *local.Desk)
		want   string
		err    error
	}{
		{"of a row the last page counts, and what is gone is gone", func(*pages, *local.Desk) {}, whole, nil},
		{"pages that come slowly are taken one by one", func(p *pages, d *local.Desk) {
			p.asked = func(i int) error {
				for ; i > 0; time.Sleep(time.Millisecond) {
					if at, err := d.Cursor(t.Context()); err != nil || at == strconv.Itoa(i) {
						return err
					}
				}
				return nil
			}
		}, whole, nil},
		{"what came before the line failed stays", func(p *pages, d *local.Desk) {
			p.asked = func(i int) error {
				if i == 2 {
					return errPulled
				}
				return nil
			}
		}, "X1 east, X3 main, cursor 2", errPulled},
		{"what somebody else has taken meanwhile is not taken back", func(p *pages, d *local.Desk) {
			p.asked = func(i int) error {
				if i == 0 {
					return d.Take(t.Context(), "", []circ.Row{book(1, "north")}, "9", true)
				}
				return nil
			}
		}, "X1 north, cursor 9", nil},
		{"a cursor that is not of the feed is left to who pulls next", func(p *pages, d *local.Desk) {
			fine(t, d.Take(t.Context(), "", []circ.Row{book(5, "main")}, "other", false))
		}, "X5 main, cursor other", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			j, err := bolt.OpenJournal(filepath.Join(t.TempDir(), "journal.db"), bolt.NoSync())
			fine(t, err)
			defer j.Close()
			c, err := bolt.OpenCache(filepath.Join(t.TempDir(), "cache.db"), bolt.NoSync())
			fine(t, err)
			defer c.Close()
			d, err := local.Open(t.Context(), local.Config{ID: "a", Zone: "UTC", Journal: j, Cache: c, Rules: policy.Default("EUR", "UTC"), Now: time.Now, NewID: func() circ.EntryID { return "e" }})
			fine(t, err)
			p := feed()
			row.change(p, d)
			if err := (uplink.Line{Desk: d, System: p}).CatchUp(t.Context(), time.Minute); !errors.Is(err, row.err) {
				t.Fatalf("it says %v", err)
			}
			got := ""
			fine(t, c.View(t.Context(), func(tx journal.CacheTx) error {
				for i := range 6 {
					found, err := tx.Read(t.Context(), []circ.Want{{Key: key(i)}})
					if err != nil {
						return err
					}
					for _, r := range found[0] {
						got += fmt.Sprintf("X%d %s, ", i, r.(circ.Item).Home)
					}
				}
				return nil
			}))
			at, err := d.Cursor(t.Context())
			fine(t, err)
			got += "cursor " + at
			if got != row.want {
				t.Errorf("there is %s, want %s", got, row.want)
			}
		})
	}
}
