package hubserver

import (
	"fmt"
	"net/http"

	"circdesk/desk/central/hub/wire"
	"circdesk/desk/circ"
)

func (s *site) search(w http.ResponseWriter, r *http.Request) error {
	var asked wire.Lookups
	if err := read(w, r, &asked); err != nil {
		return err
	}
	wants, err := lookups(asked.Wants)
	if err != nil {
		return err
	}
	found, err := s.server.Search(r.Context(), wants)
	if err != nil {
		return err
	}
	out := wire.Found{Found: make([][]wire.Row, len(found))}
	for i, rows := range found {
		if out.Found[i], err = wire.RowsOf(rows); err != nil {
			return err
		}
	}
	return s.answer(w, r, out)
}

// lookups reads what is asked for, and bounds it.
func lookups(asked []wire.Want) ([]circ.Want, error) {
	if len(asked) > wire.MaxWants {
		return nil, &wire.Error{Code: wire.TooLarge, Message: fmt.Sprintf("%d lookups: at most %d at once", len(asked), wire.MaxWants)}
	}
	rows := 0
	wants := make([]circ.Want, len(asked))
	for i, a := range asked {
		var err error
		if wants[i], err = a.Read(); err != nil {
			return nil, malformed("lookup %d of %d: %v", i+1, len(asked), err)
		}
		if rows += min(a.N, wire.MaxFound+1); rows > wire.MaxFound {
			return nil, &wire.Error{Code: wire.TooLarge, Message: fmt.Sprintf("more than %d rows asked for", wire.MaxFound)}
		}
	}
	return wants, nil
}
