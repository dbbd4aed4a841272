package hubserver

import (
	"context"
	"errors"
	"slices"
	"strings"

	"circdesk/desk/central"
	"circdesk/desk/central/segment"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
)

// scope is what a desk gets of all facts.
type scope struct {
	copy  policy.Copy
	libs  []policy.LibraryID // whose items; nil: of all
	named string             // [policy.Copy.Name]; empty: everything
	birth []byte             // the key of the marks of birth dates
}

func scopeOf(c policy.Copy, lib policy.LibraryID) scope {
	return scope{copy: c, libs: c.For(lib), named: c.Name(lib)}
}

// scopeFor gives what the desk gets that asks: an enrolled one by where it was invited
// to, others by the library that they say.
func (s *Server) scopeFor(ctx context.Context, tx journal.HubTx, said policy.LibraryID) (scope, error) {
	rules, err := s.policy(ctx, tx)
	if err != nil {
		return scope{}, err
	}
	c := rules.Copy()
	if c.All() {
		return scope{}, nil
	}
	if by := asker(ctx); by != "" {
		r, known, err := readDesk(ctx, tx, by)
		if err != nil {
			return scope{}, err
		}
		if known && r.Library != "" {
			said = policy.LibraryID(r.Library)
		}
	}
	out := scopeOf(c, said)
	out.birth, err = birthKey(ctx, tx)
	return out, err
}

// row gives a row as the desk gets it; nil: it does not.
func (s scope) row(r circ.Row) circ.Row {
	if s.named == "" {
		return r
	}
	if r = shorn(s.copy, s.birth, r); r == nil {
		return nil
	}
	if i, ok := r.(circ.Item); ok && !s.item(home(i)) {
		return nil
	}
	return r
}

// item reports whether the desk gets the items at home in a library.
func (s scope) item(home policy.LibraryID) bool {
	return s.libs == nil || home == "" || slices.Contains(s.libs, home)
}

// home gives the library whose desks have to know an item; empty: all of them. An item
// that is, or was seen last, in another library than its own may turn up anywhere.
func home(i circ.Item) policy.LibraryID {
	away := func(l policy.LibraryID) bool { return l != "" && l != i.Home }
	if away(i.Transit) || away(i.Seen.Library) || away(i.Seen.Transit) {
		return ""
	}
	return i.Home
}

// shorn gives a row without what no desk gets; nil: none gets the row.
func shorn(c policy.Copy, birth []byte, r circ.Row) circ.Row {
	switch r := r.(type) {
	case circ.Loan:
		if c.Loans && !r.Open() {
			return nil
		}
	case circ.Request:
		if c.Requests && r.Stage.Over() {
			return nil
		}
	case circ.Patron:
		if c.Patrons {
			r = r.WithoutBirth(birth)
			r.Street, r.Postcode, r.City, r.Phone, r.Email = "", "", "", "", ""
			return r
		}
	}
	return r
}

// page gives a page of the feed as the desk gets it.
func (s scope) page(p central.Page) central.Page {
	if s.named == "" {
		return p
	}
	rows := p.Rows
	p.Rows, p.Gone = make([]circ.Row, 0, len(rows)), nil
	for _, r := range rows {
		if got := s.row(r); got != nil {
			p.Rows = append(p.Rows, got)
		} else {
			p.Gone = append(p.Gone, r.Key())
		}
	}
	return p
}

// A cursor of a desk that does not get everything says what it gets: when that is
// something else, there are rows that the feed does not bring.

const cursorScope = "~"

func shortHash(name string) string { return segment.Hash([]byte(name))[:12] }

func (s scope) sign(cursor string) string {
	if s.named == "" || cursor == "" {
		return cursor
	}
	return cursor + cursorScope + shortHash(s.named)
}

func (s scope) read(cursor string) (string, error) {
	own, of, _ := strings.Cut(cursor, cursorScope)
	if cursor == "" || s.named == "" && of == "" || s.named != "" && of == shortHash(s.named) {
		return own, nil
	}
	return "", errors.Join(central.ErrCursor, errors.New("the desk gets other facts now"))
}
