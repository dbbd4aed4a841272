package hubserver

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/hub/wire"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
)

// pageSize is how many rows a page has when nobody says.
const pageSize = 1000

// feed gives a page, at once or as soon as there is something in it.
func (s *site) feed(w http.ResponseWriter, r *http.Request) error {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return malformed("the query cannot be read")
	}
	n, err := number(q, "n", pageSize, 1, wire.MaxPage)
	if err != nil {
		return err
	}
	ms, err := number(q, "wait", 0, 0, int(wire.MaxWait.Milliseconds()))
	if err != nil {
		return err
	}
	said, err := libraryOf(q)
	if err != nil {
		return err
	}
	var of scope
	if err := s.server.Store.View(r.Context(), func(tx journal.HubTx) (err error) {
		of, err = s.server.scopeFor(r.Context(), tx, said)
		return err
	}); err != nil {
		return err
	}
	cursor, err := of.read(q.Get("cursor"))
	if err != nil {
		return err
	}
	page, err := s.page(r.Context(), cursor, n, time.Duration(ms)*time.Millisecond)
	if err != nil {
		return err
	}
	page = of.page(page)
	rows, err := wire.RowsOf(page.Rows)
	if err != nil {
		return err
	}
	return s.answer(w, r, wire.Page{Rows: rows, Gone: page.Gone, Next: of.sign(page.Next), Complete: page.Complete})
}

// libraryOf reads where a desk says that it stands.
func libraryOf(q url.Values) (policy.LibraryID, error) {
	lib := q.Get("library")
	if len(lib) > mostLibrary {
		return "", malformed("library has at most %d bytes", mostLibrary)
	}
	return policy.LibraryID(lib), nil
}

const mostLibrary = 200

// number reads a number of a query.
func number(q url.Values, name string, without, least, most int) (int, error) {
	if !q.Has(name) {
		return without, nil
	}
	n, err := strconv.Atoi(q.Get(name))
	if err != nil || n < least || n > most {
		return 0, malformed("%s is a number from %d to %d", name, least, most)
	}
	return n, nil
}

// placeOf reads from where a desk's own entries are asked for, and how many.
func placeOf(r *http.Request) (m journal.Mark, n int, err error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return m, 0, malformed("the query cannot be read")
	}
	for name, to := range map[string]*uint64{"epoch": &m.Epoch, "after": &m.Seq} {
		if *to, err = strconv.ParseUint(q.Get(name), 10, 64); err != nil {
			return m, 0, malformed("%s is a number", name)
		}
	}
	n, err = number(q, "n", central.BatchSize, 1, central.BatchSize)
	return m, n, err
}

// page reads the feed, and waits while there is nothing in it.
func (s *site) page(ctx context.Context, cursor string, n int, wait time.Duration) (central.Page, error) {
	over := time.NewTimer(wait)
	defer over.Stop()
	look := time.NewTicker(s.look)
	defer look.Stop()
	for {
		written := s.store.Written()
		p, err := s.server.since(ctx, cursor, n)
		if err != nil || len(p.Rows) > 0 || !p.Complete || wait <= 0 {
			return p, err
		}
		select {
		case <-written:
		case <-look.C:
		case <-over.C:
			return p, nil
		case <-s.closing:
			return p, nil
		case <-ctx.Done():
			return p, ctx.Err()
		}
	}
}

// since reads the feed once. A cursor that only the store finds fault with is
// [central.ErrCursor].
func (s *Server) since(ctx context.Context, cursor string, n int) (central.Page, error) {
	p, err := s.Since(ctx, cursor, n, 0)
	if err == nil || cursor == "" || errors.Is(err, central.ErrCursor) || ctx.Err() != nil {
		return p, err
	}
	sound := s.Store.View(ctx, func(tx journal.HubTx) error {
		_, _, _, err := tx.Since(ctx, "", 1)
		return err
	})
	if sound == nil {
		return p, errors.Join(central.ErrCursor, err)
	}
	return p, err
}
