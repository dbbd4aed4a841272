package hubserver

import (
	"net/http"

	"circdesk/desk/central/hub/wire"
	"circdesk/desk/journal"
)

func (s *site) hello(w http.ResponseWriter, r *http.Request) error {
	var g wire.Greeting
	if err := read(w, r, &g); err != nil {
		return err
	}
	h, err := g.Read()
	switch {
	case err != nil:
		return malformed("%v", err)
	case h.Desk == "":
		return malformed("a hello names its desk")
	}
	if err := its(r.Context(), h.Desk); err != nil {
		return err
	}
	answer, err := s.server.Hello(r.Context(), h)
	if err != nil {
		return err
	}
	return s.answer(w, r, wire.WelcomeOf(answer))
}

// health says that the store can be read, and what was counted.
func (s *site) health(w http.ResponseWriter, r *http.Request) error {
	err := s.server.Store.View(r.Context(), func(tx journal.HubTx) error {
		_, err := tx.Note(r.Context(), noteEpoch)
		return err
	})
	if err != nil {
		e := s.errorOf(r, err)
		e.Code = wire.Unavailable
		return e
	}
	return s.answer(w, r, s.tally.state())
}
