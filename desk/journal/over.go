package journal

import (
	"context"

	"circdesk/desk/circ"
)

// over is a reader with changed rows laid over it..
type over struct {
	under Reader
	rows  []circ.Row
}

func (o over) Read(ctx context.Context, wants []circ.Want) ([][]circ.Row, error) {
	l := NewLayer()
	if err := l.Put(ctx, o.under, o.rows); err != nil {
		return nil, err
	}
	return l.Over(o.under).Read(ctx, wants)
}

// merge gives the rows of both; a row of more wins.
func merge(rows, more []circ.Row) []circ.Row {
	at := map[circ.Key]int{}
	for i, r := range rows {
		at[r.Key()] = i
	}
	for _, r := range more {
		if i, ok := at[r.Key()]; ok {
			rows[i] = r
			continue
		}
		rows = append(rows, r)
	}
	return rows
}
