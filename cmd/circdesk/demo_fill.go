package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"circdesk/cmd/internal/sample"
	"circdesk/cmd/internal/server"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/load"
	"circdesk/desk/words"
)

// noteDemo says what library a demo's folder holds: it is set when all of it is
// there.
const noteDemo = "demo"

// The libraries of a demo.
const (
	demoSample = "sample"
	demoOwn    = "own"
)

// fill puts the library into the server, once, and says what there is to try. A
// start that was cut short is finished by the next one.
func (d *demo) fill(ctx context.Context, s *server.Server) (t tour, err error) {
	is, err := s.Note(ctx, noteDemo)
	if err != nil {
		return t, err
	}
	want := demoSample
	if d.own() {
		want = demoOwn
	}
	if is != "" && is != want {
		return t, d.tell(exitUsage, words.DemoOther, "folder", d.data)
	}
	if !d.own() {
		t = tour{library: sample.Library, Tour: sample.TheTour()}
		if is == want {
			return t, nil
		}
		return t, d.fillSample(ctx, s, want)
	}
	if is == "" { // before the first record: what is half loaded is ours
		if err := s.SetNote(ctx, noteDemo, want); err != nil {
			return t, err
		}
	}
	return d.fillOwn(ctx, s)
}

// fillSample puts the sample, whole or not at all.
func (d *demo) fillSample(ctx context.Context, s *server.Server, name string) error {
	rows, err := sample.Rows(time.Now())
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx journal.HubTx) error {
		if err := tx.Put(ctx, rows); err != nil {
			return err
		}
		return tx.SetNote(ctx, noteDemo, []byte(name))
	})
}

// fillOwn loads the user's files; of which there is none, the sample's plain
// records stand in.
func (d *demo) fillOwn(ctx context.Context, s *server.Server) (t tour, err error) {
	people := sample.TheTour()
	t.Operator, t.PIN, t.Manager, t.ManagerPIN = people.Operator, people.PIN, people.Manager, people.ManagerPIN
	options, err := d.patronOptions(nil, "")
	if err != nil {
		return t, err
	}
	stand, err := plainSample(d.patrons == "", d.titles == "")
	if err != nil {
		return t, err
	}
	if err := addMissing(ctx, s, stand); err != nil {
		return t, err
	}
	if d.patrons == "" {
		t.Lend = sample.TheTour().Lend
	} else if err := d.loadOwn(ctx, s, d.patrons, func(f *os.File) load.File { return load.PatronFile(d.patrons, f, options) }); err != nil {
		return t, err
	}
	if d.titles == "" {
		t.LendItem = sample.TheTour().LendItem
	} else if err := d.loadOwn(ctx, s, d.titles, func(f *os.File) load.File {
		return load.TitleFile(d.titles, f, load.TitleOptions{Trouble: d.trouble})
	}); err != nil {
		return t, err
	}
	if t.library, err = load.Home(ctx, s.Store); err != nil {
		return t, err
	}
	if d.patrons != "" {
		if t.Lend, t.Expired, err = firstCards(d.patrons); err != nil {
			return t, err
		}
	}
	if d.titles != "" {
		if t.LendItem, err = firstItem(d.titles); err != nil {
			return t, err
		}
	}
	return t, nil
}

func (d *demo) loadOwn(ctx context.Context, s *server.Server, path string, file func(*os.File) load.File) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = d.loadInto(ctx, s, path, file(f))
	return err
}

// plainSample gives people or titles of the sample, as if nobody had done
// anything yet.
func plainSample(people, titles bool) (out []circ.Row, err error) {
	rows, err := sample.Rows(time.Now())
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		switch r := r.(type) {
		case circ.Patron, circ.Card:
			if people {
				out = append(out, r)
			}
		case circ.Title:
			if titles {
				out = append(out, r)
			}
		case circ.Item:
			if titles {
				r.Loan, r.Held, r.Transit, r.Seen, r.Earlier = "", "", "", circ.Sighting{}, nil
				out = append(out, r)
			}
		}
	}
	return out, nil
}

// addMissing puts rows that are not there.
func addMissing(ctx context.Context, s *server.Server, rows []circ.Row) error {
	return s.Store.Update(ctx, func(tx journal.HubTx) error {
		wants := make([]circ.Want, 0, len(rows))
		for _, r := range rows {
			wants = append(wants, circ.ByKey(r.Key().Kind, r.Key().ID))
		}
		have, err := tx.Read(ctx, wants)
		if err != nil {
			return err
		}
		var fresh []circ.Row
		for i, r := range rows {
			if len(have[i]) == 0 {
				fresh = append(fresh, r)
			}
		}
		return tx.Put(ctx, fresh)
	})
}

// firstCards gives a card of a file that is valid, and one that has expired.
func firstCards(path string) (valid, expired string, err error) {
	err = rowsOf(path, func(f io.Reader) *load.Source { return load.Patrons(f, load.PatronOptions{}) }, func(r circ.Row) bool {
		if p, ok := r.(circ.Patron); ok {
			if p.Expires.IsZero() || p.Expires.After(time.Now()) {
				valid = firstOf(valid, p.Card)
			} else {
				expired = firstOf(expired, p.Card)
			}
		}
		return valid == "" || expired == ""
	})
	return valid, expired, err
}

// firstItem gives the first barcode of a file.
func firstItem(path string) (code string, err error) {
	err = rowsOf(path, func(f io.Reader) *load.Source { return load.Titles(f, load.TitleOptions{}) }, func(r circ.Row) bool {
		if it, ok := r.(circ.Item); ok {
			code = it.Barcode
		}
		return code == ""
	})
	return code, err
}

// mostLooked is how many records are looked at for something to try.
const mostLooked = 500

// rowsOf gives the first records of a file until more says no.
func rowsOf(path string, open func(io.Reader) *load.Source, more func(circ.Row) bool) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	n := 0
	for r, err := range open(f).Rows() {
		if err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
		if n++; n > mostLooked || !more(r) {
			return nil
		}
	}
	return nil
}
