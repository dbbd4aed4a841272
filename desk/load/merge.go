package load

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/text"
)

// batch is how many records are compared with the store in one transaction.
const batch = 1000

// Merged says what became of the titles, items and patrons of a file in the store.
type Merged struct {
	Added   int // were not there
	Changed int // were there, and the file says otherwise
	Same    int // were there as the file has them
}

// A merger brings the records of a file together with those of the store. What
// is new it gives on, to be put in bulk. What is there already is read, merged
// and put in one transaction, so that nothing of what desks do meanwhile is
// overwritten. New cards wait until their patrons stand: see [merger.giveOut].
type merger struct {
	store journal.Store[journal.HubTx]
	other func(drawn) // hears of patrons whose card is somebody else's here
	cards []string
	Merged
}

// rows gives the records that the store does not have.
func (m *merger) rows(ctx context.Context, from iter.Seq2[drawn, error]) iter.Seq2[circ.Row, error] {
	return func(yield func(circ.Row, error) bool) {
		chunk := make([]drawn, 0, batch+1)
		flush := func() bool {
			fresh, err := m.settle(ctx, chunk)
			if err != nil {
				yield(nil, err)
				return false
			}
			chunk = chunk[:0]
			for _, r := range fresh {
				if !yield(r, nil) {
					return false
				}
			}
			return true
		}
		for d, err := range from {
			if err != nil {
				yield(nil, err)
				return
			}
			if _, card := d.row.(circ.Card); len(chunk) >= batch && !card && !flush() { // a card goes with its patron
				return
			}
			chunk = append(chunk, d)
		}
		flush()
	}
}

// settle puts what the store has, and gives what it has not.
func (m *merger) settle(ctx context.Context, chunk []drawn) ([]circ.Row, error) {
	var met meeting
	err := m.store.Update(ctx, func(tx journal.HubTx) error {
		have, err := look(ctx, tx, chunk)
		if err != nil {
			return err
		}
		met = have.meet(chunk)
		return tx.Put(ctx, met.put)
	})
	if err != nil {
		return nil, fmt.Errorf("bring %d records together with the store: %w", len(chunk), err)
	}
	m.Added += met.Added
	m.Changed += met.Changed
	m.Same += met.Same
	m.cards = append(m.cards, met.cards...)
	for _, d := range met.others {
		m.other(d)
	}
	return met.fresh, nil
}

// had is what the store has of a chunk.
type had struct {
	titles  map[circ.TitleID]circ.Title
	items   map[string]circ.Item // by barcode
	cards   map[string]circ.Card
	patrons map[circ.PatronID]circ.Patron
	blocks  map[circ.BlockID]circ.Block
	alerts  map[circ.AlertID]circ.Alert
}

// look reads what the store has of a chunk: patrons by the id that the card says.
func look(ctx context.Context, r journal.Reader, chunk []drawn) (*had, error) {
	h := &had{
		map[circ.TitleID]circ.Title{}, map[string]circ.Item{}, map[string]circ.Card{}, map[circ.PatronID]circ.Patron{},
		map[circ.BlockID]circ.Block{}, map[circ.AlertID]circ.Alert{},
	}
	var wants, more []circ.Want
	for _, d := range chunk {
		switch row := d.row.(type) {
		case circ.Item:
			wants = append(wants, circ.ByKey(circ.KindItem, string(row.ID)), circ.In(circ.ByBarcode, row.Barcode, 1))
		default:
			wants = append(wants, circ.ByKey(row.Key().Kind, row.Key().ID))
		}
		if d.card != "" {
			wants = append(wants, circ.ByKey(circ.KindCard, d.card))
		}
	}
	if err := h.read(ctx, r, wants); err != nil {
		return nil, err
	}
	for _, card := range h.cards {
		if _, known := h.patrons[card.Patron]; !known {
			more = append(more, circ.ByKey(circ.KindPatron, string(card.Patron)))
		}
	}
	return h, h.read(ctx, r, more)
}

func (h *had) read(ctx context.Context, r journal.Reader, wants []circ.Want) error {
	rows, err := r.Read(ctx, wants)
	if err != nil {
		return err
	}
	for _, found := range rows {
		for _, row := range found {
			switch row := row.(type) {
			case circ.Title:
				h.titles[row.ID] = row
			case circ.Item:
				h.items[row.Barcode] = row // the one that a scan finds is read last
			case circ.Card:
				h.cards[row.Number] = row
			case circ.Patron:
				h.patrons[row.ID] = row
			case circ.Block:
				h.blocks[row.ID] = row
			case circ.Alert:
				h.alerts[row.ID] = row
			}
		}
	}
	return nil
}

// meeting is what comes of a chunk.
type meeting struct {
	fresh  []circ.Row // are not there
	put    []circ.Row // are there and become these
	cards  []string   // are not there
	others []drawn    // patrons whose card is somebody else's here
	Merged
}

// with brings a record together with the old one; nil: there is none.
func (m *meeting) with(old, now circ.Row) {
	switch {
	case old == nil:
		m.Added++
		m.fresh = append(m.fresh, now)
	case bytes.Equal(journal.EncodeRow(old), journal.EncodeRow(now)):
		m.Same++
	default:
		m.Changed++
		m.put = append(m.put, now)
	}
}

// meet brings a chunk together with what is there.
func (h *had) meet(chunk []drawn) (m meeting) {
	for _, d := range chunk {
		var old circ.Row
		switch row := d.row.(type) {
		case circ.Title:
			if was, known := h.titles[row.ID]; known {
				old = was
			}
			m.with(old, row)
		case circ.Item:
			if was, known := h.items[row.Barcode]; known {
				old, row = was, mergeItem(was, row)
			}
			m.with(old, row)
		case circ.Patron:
			owner := h.owner(row.Card, row.ID)
			was, known := h.patrons[owner]
			if known && owner != row.ID && another(was, row) {
				m.others = append(m.others, d)
				continue
			}
			row.ID = owner
			if known {
				old, row = was, mergePatron(was, row, d.endless)
			}
			m.with(old, row)
		case circ.Block:
			row.Patron = h.owner(d.card, row.Patron)
			if was, known := h.blocks[row.ID]; known {
				old, row = was, mergeBlock(was, row)
			}
			m.with(old, row)
		case circ.Alert:
			row.Patron = h.owner(d.card, row.Patron)
			was, known := h.alerts[row.ID]
			switch {
			case !known && !row.Ended.IsZero(): // never was
				continue
			case known:
				old, row = was, mergeAlert(was, row)
			}
			m.with(old, row)
		case circ.Card:
			if was, known := h.cards[row.Number]; !known || was.State == circ.CardVoid {
				m.cards = append(m.cards, row.Number)
			}
		}
	}
	return m
}

// owner gives whose card it is: as the store knows it, else as the file says.
func (h *had) owner(card string, says circ.PatronID) circ.PatronID {
	if k, known := h.cards[card]; known && k.State != circ.CardVoid {
		return k.Patron
	}
	return says
}

// another reports whether the owner of a card, who got it at a desk, is not the
// person of the file: they share no name, and no day of birth. A file that knows
// the card alone speaks of its owner.
func another(owner, says circ.Patron) bool {
	same := func(a, b string) bool { return a != "" && a == b }
	given := func(p circ.Patron) string {
		first, _, _ := strings.Cut(text.Fold(p.Given), " ")
		return first
	}
	nameless := says.Family == "" && says.Given == "" && says.Birth == ""
	return !nameless && owner.Merged == "" && !owner.Void &&
		!same(text.Fold(owner.Family), text.Fold(says.Family)) && !same(given(owner), given(says)) && !same(owner.Birth, says.Birth)
}

// giveOut puts the new cards; done is told how many. It gives those that a desk
// has given to somebody meanwhile, who keeps them.
func (m *merger) giveOut(ctx context.Context, done func(n int)) (taken []string, err error) {
	slices.Sort(m.cards) // a store is faster in order
	n := 0
	for chunk := range slices.Chunk(m.cards, batch) {
		var gone []string
		err := m.store.Update(ctx, func(tx journal.HubTx) (err error) {
			gone, err = giveOut(ctx, tx, chunk)
			return err
		})
		if err != nil {
			return taken, fmt.Errorf("put %d cards: %w", len(chunk), err)
		}
		taken = append(taken, gone...)
		n += len(chunk)
		done(n)
	}
	return taken, nil
}

// giveOut puts cards that nobody has. One that a desk has given out meanwhile is
// whose it is. The record that was made for it becomes a pointer to theirs, as
// when a person is registered at two desks, unless it is another person: who
// then has no card.
func giveOut(ctx context.Context, tx journal.HubTx, cards []string) (taken []string, err error) {
	h, err := look(ctx, tx, drawnCards(cards))
	if err != nil {
		return nil, err
	}
	var put []circ.Row
	for _, number := range cards {
		id := circ.PatronID(newID(circ.KindPatron, number))
		switch k, known := h.cards[number]; {
		case !known || k.State == circ.CardVoid:
			put = append(put, circ.Card{Number: number, Patron: id, State: circ.CardValid})
		case k.Patron == id: // it was replaced already, for who was found by name
		default:
			taken = append(taken, number)
			if !another(h.patrons[k.Patron], h.patrons[id]) {
				put = append(put, circ.Patron{ID: id, Merged: k.Patron})
			}
		}
	}
	return taken, tx.Put(ctx, put)
}

// drawnCards gives cards with their patrons, as they were drawn from the file.
func drawnCards(numbers []string) []drawn {
	out := make([]drawn, 0, 2*len(numbers))
	for _, n := range numbers {
		id := circ.PatronID(newID(circ.KindPatron, n))
		out = append(out, drawn{row: circ.Patron{ID: id}}, drawn{row: circ.Card{Number: n, Patron: id}})
	}
	return out
}

// mergeBlock gives a block as the list says: it stands, since it stood first.
func mergeBlock(old, says circ.Block) circ.Block {
	if old.Lifted.IsZero() {
		says.At = old.At
	}
	return says
}

// mergeAlert gives an alert as the file says. One that says the same is as old as
// it was.
func mergeAlert(old, says circ.Alert) circ.Alert {
	if old.Text == says.Text && old.Ended.IsZero() == says.Ended.IsZero() {
		says.At, says.Ended = old.At, old.Ended
	}
	return says
}

// mergeItem gives an item as the file says, where and with whom it is.
func mergeItem(old, says circ.Item) circ.Item {
	says.ID = old.ID
	says.Staff, says.Mark, says.Loan, says.Held = old.Staff, old.Mark, old.Loan, old.Held
	if says.Parts == nil || old.Parted != (circ.Hand{}) { // what was said at a desk counts
		says.Parts = old.Parts
	}
	says.Parted, says.Pointers = old.Parted, old.Pointers
	says.Transit, says.Seen, says.Earlier = old.Transit, old.Seen, old.Earlier
	return says
}

// mergePatron gives a patron as the file says, as far as it says something. The
// card that is valid stays: another one in the file was replaced.
func mergePatron(old, says circ.Patron, endless bool) circ.Patron {
	if old.Merged != "" || old.Void {
		return old
	}
	now := old
	for _, f := range []struct {
		to   *string
		says string
	}{
		{&now.Family, says.Family}, {&now.Given, says.Given}, {&now.Birth, says.Birth},
		{&now.Street, says.Street}, {&now.Postcode, says.Postcode}, {&now.City, says.City},
		{&now.Phone, says.Phone}, {&now.Email, says.Email}, {&now.Language, says.Language}, {&now.Note, says.Note},
	} {
		if f.says != "" {
			*f.to = f.says
		}
	}
	if says.Group != "" {
		now.Group = says.Group
	}
	if says.Home != "" {
		now.Home = says.Home
	}
	if endless || !says.Expires.IsZero() {
		now.Expires = says.Expires
	}
	return now
}
