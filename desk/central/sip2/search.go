package sip2

import (
	"context"
	"slices"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Search answers lookups: see [central.Searcher]. A card, an item's barcode, and what
// a patron has are looked up at the system first; all else, as names and titles, the
// protocol cannot ask for, and only what was seen or loaded is found.
func (c *Client) Search(ctx context.Context, wants []circ.Want) (rows [][]circ.Row, err error) {
	for i, w := range wants {
		barcode, card, lists := c.lookup(ctx, w)
		if i >= mostLooks || barcode == "" && card == "" {
			continue
		}
		if err := c.learned(ctx, barcode, card, lists); err != nil {
			return nil, err
		}
	}
	err = c.Store.View(ctx, func(tx journal.HubTx) error {
		rows, err = tx.Read(ctx, wants)
		return err
	})
	return rows, err
}

// Find looks a card or an item up: see [central.Finder]. What may be either is looked
// up as a card first, and as an item if it is none: an item's number is no secret in a
// trace, and a card's is.
func (c *Client) Find(ctx context.Context, card, barcode string) error {
	if card == "" || barcode == "" {
		return c.learned(ctx, barcode, card, true)
	}
	if err := c.learned(ctx, "", card, true); err != nil {
		return err
	}
	known := false
	err := c.Store.View(ctx, func(tx journal.HubTx) (err error) {
		_, known, err = patronBy(ctx, tx, card)
		return err
	})
	if err != nil || known {
		return err
	}
	return c.learned(ctx, barcode, "", false)
}

// mostLooks bounds how many lookups of one search go to the system: what a person
// asks for is less.
const mostLooks = 32

// lookup gives what of a want can be asked for: an item's barcode or a patron's card.
func (c *Client) lookup(ctx context.Context, w circ.Want) (barcode, card string, lists bool) {
	switch {
	case w.Index == circ.ByBarcode:
		return w.ID, "", false
	case w.Index == "" && w.Key.Kind == circ.KindCard:
		return "", w.Key.ID, true
	case slices.Contains([]circ.Index{circ.LoansOf, circ.FeesOf, circ.BlocksOf}, w.Index):
		_ = c.Store.View(ctx, func(tx journal.HubTx) error {
			p, _, err := read[circ.Patron](ctx, tx, circ.KindPatron, w.ID)
			card = p.Card
			return err
		})
		return "", card, true
	}
	return "", "", false
}
