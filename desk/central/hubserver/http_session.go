package hubserver

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/hub/wire"
	"circdesk/desk/circ"
)

// How long a session lasts, and a challenge waits to be signed.
const (
	sessionTime   = time.Hour
	challengeTime = time.Minute
	mostWaiting   = 4096 // challenges that nobody has signed
	mostSessions  = 4096
)

// sessions are the desks that have signed, by the hash of the token that each was
// given, and the challenges that wait. They are gone with the process: who asks then
// signs again.
type sessions struct {
	mu         sync.Mutex
	now        func() time.Time
	open       map[[sha256.Size]byte]session
	challenges map[string]time.Time // until when
}

type session struct {
	desk  circ.DeskID
	until time.Time
}

// challenge gives a new challenge; empty: too many wait.
func (s *sessions) challenge() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if len(s.challenges) >= mostWaiting {
		for c, until := range s.challenges {
			if now.After(until) {
				delete(s.challenges, c)
			}
		}
		if len(s.challenges) >= mostWaiting {
			return ""
		}
	}
	c := rand.Text()
	s.challenges[c] = now.Add(challengeTime)
	return c
}

// answered reports whether a challenge waited. It does so once.
func (s *sessions) answered(c string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	until, ok := s.challenges[c]
	delete(s.challenges, c)
	return ok && !s.now().After(until)
}

// begin gives a desk a token.
func (s *sessions) begin(desk circ.DeskID) (token string, until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for k, o := range s.open {
		if now.After(o.until) || len(s.open) >= mostSessions {
			delete(s.open, k)
		}
	}
	token, until = rand.Text(), now.Add(sessionTime)
	s.open[sha256.Sum256([]byte(token))] = session{desk, until}
	return token, until
}

// of gives the desk whose token this is; empty: nobody's.
func (s *sessions) of(token string) circ.DeskID {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.open[sha256.Sum256([]byte(token))]
	if !ok || s.now().After(o.until) {
		return ""
	}
	return o.desk
}

// askKey is the key of the desk that asks, in the context of its request.
type askKey struct{}

// asker gives the desk that asks; empty: all may ask everything.
func asker(ctx context.Context) circ.DeskID {
	id, _ := ctx.Value(askKey{}).(circ.DeskID)
	return id
}

// its says no to a desk that asks for what is another one's.
func its(ctx context.Context, desk circ.DeskID) error {
	if by := asker(ctx); by != "" && by != desk {
		return &wire.Error{Code: wire.Forbidden, Message: "this session is another desk's"}
	}
	return nil
}

func (s *site) challengeDesk(w http.ResponseWriter, r *http.Request) error {
	id, err := s.server.ID(r.Context())
	if err != nil {
		return err
	}
	out := wire.Challenged{Server: id, Enrols: s.enrolled}
	if s.enrolled {
		if out.Challenge = s.sessions.challenge(); out.Challenge == "" {
			return &wire.Error{Code: wire.TooMany, Message: "too many challenges wait: ask again in a minute"}
		}
	}
	return s.answer(w, r, out)
}

// signedBy reads what a desk has signed, and checks that it answers a challenge.
func (s *site) signed(w http.ResponseWriter, r *http.Request) (in wire.Signed, server string, err error) {
	if !s.enrolled {
		return in, "", &wire.Error{Code: wire.NotFound, Message: "desks are not enrolled at this hub"}
	}
	if err := read(w, r, &in); err != nil {
		return in, "", err
	}
	if !s.sessions.answered(in.Challenge) {
		return in, "", &wire.Error{Code: wire.Unauthorized, Message: "the challenge is not one that waits: ask for another"}
	}
	server, err = s.server.ID(r.Context())
	return in, server, err
}

// session greets a desk that shows its key, and gives it a token for what follows.
func (s *site) session(w http.ResponseWriter, r *http.Request) error {
	in, server, err := s.signed(w, r)
	if err != nil {
		return err
	}
	key, standing, err := s.server.known(r.Context(), in.Desk)
	switch {
	case err != nil:
		return err
	case standing == central.Unknown && key == nil:
		return turnedAway(standing)
	case !in.Verify(wire.ForHello, server, key):
		if err := s.server.otherKey(r.Context(), in.Desk); err != nil && !errors.Is(err, ErrNoDesk) {
			return err
		}
		s.log.LogAttrs(r.Context(), slog.LevelWarn, "a desk was named with another key", slog.String("desk", string(in.Desk)))
		return turnedAway(central.Unknown)
	case standing != central.Enrolled:
		return turnedAway(standing)
	}
	var g wire.Greeting
	if err := json.Unmarshal(in.Body, &g); err != nil {
		return malformed("read the signed hello: %v", err)
	}
	h, err := g.Read()
	if err != nil {
		return malformed("%v", err)
	}
	if h.Desk != in.Desk {
		return malformed("the hello is of desk %q, signed as %q", h.Desk, in.Desk)
	}
	welcome, err := s.server.Hello(r.Context(), h)
	if err != nil {
		return err
	}
	if welcome.State != central.Normal {
		s.log.LogAttrs(r.Context(), slog.LevelWarn, "a desk's journal does not go on from here", slog.String("desk", string(h.Desk)),
			slog.String("state", string(welcome.State)), slog.Uint64("epoch", h.Last.Epoch), slog.Uint64("grant", welcome.Grant))
	}
	token, until := s.sessions.begin(in.Desk)
	return s.answer(w, r, wire.Began{Welcome: wire.WelcomeOf(welcome), Token: token, Until: until.UTC()})
}

func turnedAway(st central.Standing) error {
	switch st {
	case central.Revoked:
		return &wire.Error{Code: wire.Revoked, Message: "this desk was revoked"}
	case central.Lapsed:
		return &wire.Error{Code: wire.Lapsed, Message: "this desk was not heard of for too long: enrol it again"}
	}
	return &wire.Error{Code: wire.NoDesk, Message: "this key is not that of an enrolled desk: enrol it with a code"}
}

// enrol makes the key that signs that of a desk, for a code.
func (s *site) enrol(w http.ResponseWriter, r *http.Request) error {
	in, server, err := s.signed(w, r)
	if err != nil {
		return err
	}
	var e wire.Enrolment
	if err := json.Unmarshal(in.Body, &e); err != nil {
		return malformed("read the signed enrolment: %v", err)
	}
	if !in.Verify(wire.ForEnrol, server, e.Key) {
		return malformed("the enrolment is not signed by the key that it names")
	}
	st, err := s.server.Enrol(r.Context(), Enrolling{Code: e.Code, Desk: circ.DeskID(e.Desk), Like: circ.DeskID(e.Like), Key: e.Key})
	if no, ok := errors.AsType[*CodeError](err); ok {
		return &wire.Error{Code: wire.BadCode, Message: no.Why}
	}
	if err != nil {
		return err
	}
	s.log.LogAttrs(r.Context(), slog.LevelInfo, "a desk was enrolled", slog.String("desk", string(st.Desk)))
	return s.answer(w, r, wire.Enrolled{Server: server, Desk: st.Desk, Library: st.Library, Ends: st.Ends})
}

// recorded gives a desk its own entries back.
func (s *site) recorded(w http.ResponseWriter, r *http.Request) error {
	desk := circ.DeskID(r.PathValue("desk"))
	if err := s.bears(r.Context(), desk); err != nil {
		return err
	}
	place, n, err := placeOf(r)
	if err != nil {
		return err
	}
	place.Desk = desk
	found, err := s.server.Recorded(r.Context(), place, n)
	if err != nil {
		return err
	}
	out := wire.Regained{Entries: make([]wire.Regain, len(found))}
	for i, f := range found {
		if out.Entries[i], err = wire.RegainOf(f); err != nil {
			return err
		}
	}
	return s.answer(w, r, out)
}

// roll names the desks.
func (s *site) roll(w http.ResponseWriter, r *http.Request) error {
	all, err := s.server.Roll(r.Context())
	if err != nil {
		return err
	}
	out := wire.Rolled{Desks: make([]wire.Desk, len(all))}
	for i, d := range all {
		out.Desks[i] = wire.DeskOf(d)
	}
	return s.answer(w, r, out)
}
