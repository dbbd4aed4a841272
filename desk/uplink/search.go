package uplink

import (
	"context"
	"errors"
	"fmt"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
)

// errNoSearch: the central system answers no lookups.
var errNoSearch = errors.New("the central system answers no lookups")

// Search reads records of the central system itself, for what is in no copy.
func (u *Uplink) Search(ctx context.Context, wants []circ.Want) ([][]circ.Row, error) {
	s, ok := u.System.(central.Searcher)
	if !ok {
		return nil, errNoSearch
	}
	ctx, cancel := context.WithTimeout(ctx, patient*u.Patience)
	defer cancel()
	rows, err := s.Search(ctx, wants)
	if err != nil {
		return nil, fmt.Errorf("look %d records up at the central system: %w", len(wants), err)
	}
	return rows, nil
}

// patient is how much longer than a greeting a lookup may take.
const patient time.Duration = 10
