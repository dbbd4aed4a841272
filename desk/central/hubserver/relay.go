package hubserver

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/hub/wire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// A relay is a desk that was enrolled as one. It delivers the entries of the desks of its
// library, in their names, and those of the terminals that it answers: their ids begin
// with its own and a point.

// Branch gives the desks of the library in which a desk stands.
func (s *Server) Branch(ctx context.Context, by circ.DeskID) (out []central.Member, err error) {
	err = s.Store.View(ctx, func(tx journal.HubTx) error {
		out = nil
		mine, _, err := readDesk(ctx, tx, by)
		if err != nil {
			return err
		}
		ids, err := readDesks(ctx, tx)
		if err != nil {
			return err
		}
		for _, id := range ids {
			r, _, err := readDesk(ctx, tx, id)
			if err != nil {
				return err
			}
			if r.Key == nil || r.Library != mine.Library {
				continue
			}
			out = append(out, central.Member{Desk: id, Name: r.Name, Key: r.Key, Standing: r.standing(s.Now()), Relay: r.Relay})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("name the desks of the branch of desk %s: %w", by, err)
	}
	return out, nil
}

// bears says no to a desk that asks for what is another one's, unless it is the relay of
// that one's library; also to a relay whose desk was revoked, or has lapsed.
func (s *site) bears(ctx context.Context, desk circ.DeskID) error {
	by := asker(ctx)
	err := its(ctx, desk)
	if err == nil || !s.enrolled {
		return err
	}
	return s.server.Store.View(ctx, func(tx journal.HubTx) error {
		relay, _, rerr := readDesk(ctx, tx, by)
		if rerr != nil {
			return rerr
		}
		if !relay.Relay {
			return err
		}
		r, known, rerr := readDesk(ctx, tx, desk)
		switch {
		case rerr != nil:
			return rerr
		case r.Key == nil && strings.HasPrefix(string(desk), string(by)+"."): // a terminal of its own
			return nil
		case !known || r.Key == nil:
			return turnedAway(central.Unknown)
		case r.Library != relay.Library:
			return err
		case r.standing(s.server.Now()) != central.Enrolled:
			return turnedAway(r.standing(s.server.Now()))
		}
		return nil
	})
}

// brought notes that a relay has brought entries of a desk: at once where it is another
// relay than the last one, and else now and then.
func (s *Server) brought(ctx context.Context, desk, relay circ.DeskID) error {
	now := s.Now().UTC()
	due := false
	look := func(tx journal.HubTx) (r record, err error) {
		r, known, err := readDesk(ctx, tx, desk)
		due = known && (r.Via != relay || now.Sub(r.ViaAt) > restated)
		return r, err
	}
	err := s.Store.View(ctx, func(tx journal.HubTx) error { _, err := look(tx); return err })
	if err == nil && due {
		err = s.Store.Update(ctx, func(tx journal.HubTx) error {
			r, err := look(tx)
			if err != nil || !due {
				return err
			}
			r.Via, r.ViaAt = relay, now
			return writeDesk(ctx, tx, r)
		})
	}
	if err != nil {
		return fmt.Errorf("note that relay %s has brought entries of desk %s: %w", relay, desk, err)
	}
	return nil
}

// Anew gives a desk another epoch for what only a relay has of it: the server has other
// entries behind the mark.
func (s *Server) Anew(ctx context.Context, other journal.Mark) (grant uint64, err error) {
	err = s.Store.Update(ctx, func(tx journal.HubTx) error {
		r, _, err := readDesk(ctx, tx, other.Desk)
		if err != nil {
			return err
		}
		r = r.clone()
		heads, err := tx.Heads(ctx, other.Desk)
		if err != nil {
			return err
		}
		grant = max(r.Granted, 1, other.Epoch)
		if n := len(heads); n > 0 {
			grant = max(grant, heads[n-1].Epoch)
		}
		grant++
		r.Granted = grant
		r.note(central.DeskNote{At: s.Now().UTC(), What: central.Happening(central.Forked), Epoch: other.Epoch, From: other.Seq, To: headOf(heads, other.Epoch).Seq, Grant: grant})
		return writeDesk(ctx, tx, r)
	})
	if err != nil {
		return 0, fmt.Errorf("give desk %s another epoch after %d/%d: %w", other.Desk, other.Epoch, other.Seq, err)
	}
	return grant, nil
}

// Hand is what the operator of what a machine has done begins with: the rest is its desk.
const Hand = "sip2:"

// ofTerminal reports whether an act is that of a machine which a relay answers.
func ofTerminal(ctx context.Context, tx journal.HubTx, a circ.Act) (bool, error) {
	if string(a.Operator) != Hand+string(a.Desk) || a.By != "" {
		return false, nil
	}
	r, _, err := readDesk(ctx, tx, a.Desk)
	if err != nil || r.Key != nil {
		return false, err
	}
	for at, c := range string(a.Desk) {
		if c != '.' {
			continue
		}
		relay, known, err := readDesk(ctx, tx, a.Desk[:at])
		if err != nil || known && relay.Relay {
			return err == nil, err
		}
	}
	return false, nil
}

// branch names the desks of who asks' library.
func (s *site) branch(w http.ResponseWriter, r *http.Request) error {
	all, err := s.server.Branch(r.Context(), asker(r.Context()))
	if err != nil {
		return err
	}
	out := wire.Members{Desks: make([]wire.Member, len(all))}
	for i, m := range all {
		out.Desks[i] = wire.Member{Desk: m.Desk, Name: m.Name, Key: m.Key, Standing: m.Standing, Relay: m.Relay}
	}
	return s.answer(w, r, out)
}

// anew gives a relay a new epoch for a desk.
func (s *site) anew(w http.ResponseWriter, r *http.Request) error {
	desk := circ.DeskID(r.PathValue("desk"))
	if err := s.bears(r.Context(), desk); err != nil {
		return err
	}
	if asker(r.Context()) == desk {
		return malformed("a desk asks for a new epoch with its hello")
	}
	var p wire.Parting
	if err := read(w, r, &p); err != nil {
		return err
	}
	grant, err := s.server.Anew(r.Context(), journal.Mark{Desk: desk, Epoch: p.Epoch, Seq: p.Seq})
	if err != nil {
		return err
	}
	return s.answer(w, r, wire.Granted{Epoch: grant})
}

// ErrNoLibrary: a relay stands in a library.
var ErrNoLibrary = errors.New("a relay stands in a library: name it")

// InviteRelay makes a code as [Server.Invite] does, for a relay: it may deliver what the
// desks of its library have written.
func (s *Server) InviteRelay(ctx context.Context, name, library string, d time.Duration) (central.Invite, error) {
	if library == "" {
		return central.Invite{}, fmt.Errorf("make a code for a relay: %w", ErrNoLibrary)
	}
	return s.invite(ctx, invite{Name: circ.DeskID(name), Library: library, Relay: true}, d)
}

// Sessions are those of desks that have signed, and the challenges that wait, for a
// server of the caller's own.
type Sessions struct{ s sessions }

// NewSessions makes them; now is the clock by which they end.
func NewSessions(now func() time.Time) *Sessions {
	return &Sessions{sessions{now: now, open: map[[sha256.Size]byte]session{}, challenges: map[string]time.Time{}}}
}

// Challenge gives a new challenge; empty: too many wait.
func (s *Sessions) Challenge() string { return s.s.challenge() }

// Answered reports whether a challenge waited. It does so once.
func (s *Sessions) Answered(challenge string) bool { return s.s.answered(challenge) }

// Begin gives a desk a token, and says until when it is good.
func (s *Sessions) Begin(desk circ.DeskID) (token string, until time.Time) { return s.s.begin(desk) }

// Of gives the desk whose token this is; empty: nobody's.
func (s *Sessions) Of(token string) circ.DeskID { return s.s.of(token) }
