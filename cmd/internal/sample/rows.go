package sample

import (
	"context"
	"fmt"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// Rows gives all records of the sample library as they are now, without the
// rules: titles, items, patrons, cards, blocks, links, loans, requests, fees and
// payments. Only the day of now counts, as it is in the library's zone: all that
// happened did so before that day, and a record has the same id on every day.
// The error says which line of which table is wrong.
func Rows(now time.Time) ([]circ.Row, error) {
	rules, err := policy.Parse([]byte(rulesTOML))
	if err != nil {
		return nil, fmt.Errorf("read the sample's rules: %w", err)
	}
	rows, err := tables{titlesTSV, itemsTSV, patronsTSV, feesTSV, historyTSV}.rows(rules, now)
	if err != nil {
		return nil, fmt.Errorf("read the sample: %w", err)
	}
	return rows, nil
}

// tables are the texts that the sample is made of.
type tables struct{ titles, items, patrons, fees, history string }

// rows reads the tables and plays what was done.
func (t tables) rows(rules *policy.Set, now time.Time) ([]circ.Row, error) {
	zone := rules.Location(Library)
	y, m, d := now.In(zone).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, zone)
	b := newBook(rules)
	for _, read := range []func() ([]circ.Row, error){
		func() ([]circ.Row, error) { return titles(t.titles) },
		func() ([]circ.Row, error) { return items(t.items) },
		func() ([]circ.Row, error) { return patrons(t.patrons, today) },
	} {
		rows, err := read()
		if err != nil {
			return nil, err
		}
		if err := b.found(rows); err != nil {
			return nil, err
		}
	}
	p := past{today: today, currency: rules.Currency(), cards: b.cards()}
	moments, err := p.moments(t.history, t.fees)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	for _, m := range moments {
		if err := b.live(ctx, m); err != nil {
			return nil, m.row.wrong("%w", err)
		}
	}
	return b.all(ctx)
}
