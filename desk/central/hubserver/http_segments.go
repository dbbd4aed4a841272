package hubserver

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/hub/wire"
)

// manifest says which segments there are, or how far they are.
func (s *site) manifest(w http.ResponseWriter, r *http.Request) error {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return malformed("the query cannot be read")
	}
	said, err := libraryOf(q)
	if err != nil {
		return err
	}
	m, made, making, err := s.server.Manifest(r.Context(), said)
	switch {
	case err != nil:
		return err
	case making:
		return s.answer(w, r, wire.Listed{Making: true, Made: made})
	}
	return s.answer(w, r, wire.ListedOf(m))
}

// segment gives a segment, whole or from some byte on.
func (s *site) segment(w http.ResponseWriter, r *http.Request) error {
	hash := r.PathValue("hash")
	f, err := s.server.shelf.open(hash)
	if errors.Is(err, central.ErrSegment) {
		return &wire.Error{Code: wire.NotFound, Message: "this segment is of a snapshot that is no longer given: ask for the manifest"}
	}
	if err != nil {
		return err
	}
	defer f.Close()
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(segmentTime)) // a writer of a test has none
	w.Header().Set("Content-Type", wire.Packed)
	w.Header().Set("ETag", `"`+hash+`"`)
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// segmentTime is how long somebody may take for a segment: who is slower goes on with
// the rest of it.
const segmentTime = 10 * time.Minute
