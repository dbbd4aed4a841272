package relay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/hub"
	"circdesk/desk/central/hub/wire"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
)

// HTTP is a relay on the line. Each desk shows its key, and the relay its own.
type HTTP struct {
	Relay *Relay
	Key   *hub.Key // the relay's own
	// Members gives the desks of the branch, as the central server has named them last.
	Members func() []central.Member
	// Stranger hears that a desk has come that is not among them: it may have been enrolled
	// since; nil: nobody does.
	Stranger func()
	// Central is where the central server is: what is asked below /central/ is passed on
	// there, and comes back as it is. Nil: nothing is.
	Central *url.URL
	Log     *slog.Logger // holds nothing of a patron; nil: nothing is logged
}

// ToCentral is the path below which the relay passes on to the central server.
const ToCentral = "/central"

// How long others may take.
const (
	headTime   = 10 * time.Second
	bodyTime   = 30 * time.Second
	answerTime = wire.MaxWait + 35*time.Second
	idleTime   = 2 * time.Minute
	graceTime  = 2 * time.Second
	maxHead    = 16 << 10 // bytes
)

// Serve answers on the listener until ctx is done.
func (h HTTP) Serve(ctx context.Context, l net.Listener) error {
	if h.Log == nil {
		h.Log = slog.New(slog.DiscardHandler)
	}
	over, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	server := &http.Server{
		Handler: h.handler(), ReadHeaderTimeout: headTime, ReadTimeout: bodyTime, IdleTimeout: idleTime, MaxHeaderBytes: maxHead,
		ErrorLog: slog.NewLogLogger(h.Log.Handler(), slog.LevelWarn), BaseContext: func(net.Listener) context.Context { return over },
	}
	return hubserver.Serve(ctx, l, server, graceTime, end) // who waits for work waits no more
}

type site struct {
	HTTP
	sessions *hubserver.Sessions
	routes   []string // with their methods, but for what is passed on
}

func (h HTTP) handler() http.Handler {
	mux, _ := h.site()
	return mux
}

func (h HTTP) site() (*http.ServeMux, *site) {
	s := &site{HTTP: h, sessions: hubserver.NewSessions(h.Relay.Desk.Now)}
	mux := http.NewServeMux()
	does := func(at string, answer func(http.ResponseWriter, *http.Request) error) {
		s.routes = append(s.routes, at)
		mux.HandleFunc(at, func(w http.ResponseWriter, r *http.Request) {
			_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(answerTime)) // a writer of a test has none
			w.Header().Set("Cache-Control", "no-store")
			if err := answer(w, r); err != nil {
				s.fail(w, r, err)
			}
		})
	}
	on := func(at string, answer func(*http.Request) (any, error)) {
		does(at, func(w http.ResponseWriter, r *http.Request) error {
			v, err := answer(r)
			if err == nil {
				s.write(w, http.StatusOK, v)
			}
			return err
		})
	}
	on("GET "+wire.RelayChallenge, s.challenge)
	on("POST "+wire.RelaySession, s.session)
	on("POST "+wire.RelayEntries, s.entries)
	on("GET "+wire.RelayWork, s.work)
	on("GET "+wire.RelayManifest, s.manifest)
	does("GET "+wire.RelaySegment, s.segment)
	if h.Central != nil {
		mux.Handle(ToCentral+"/", s.proxy())
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, &wire.Error{Code: wire.NotFound, Message: "no such path at a relay"})
	})
	return mux, s
}

// proxy passes on to the central server what desks say to that: signed for it, and
// answered by it.
func (s *site) proxy() http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.Out.URL.Path = strings.TrimPrefix(p.Out.URL.Path, ToCentral)
			p.Out.URL.RawPath = strings.TrimPrefix(p.Out.URL.RawPath, ToCentral)
			p.SetURL(s.Central)
		},
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: 2 * time.Second, KeepAlive: 5 * time.Second}).DialContext,
			TLSHandshakeTimeout: 5 * time.Second, ResponseHeaderTimeout: answerTime, IdleConnTimeout: idleTime, ForceAttemptHTTP2: true,
		},
		FlushInterval: -1,
		ErrorLog:      slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, _ error) {
			s.fail(w, r, &wire.Error{Code: wire.Unavailable, Message: "the central server does not answer the relay"})
		},
	}
}

func (s *site) write(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		s.Log.Error("an answer cannot be written", "err", err)
		status, b = http.StatusInternalServerError, []byte(`{"code":"internal","message":"the answer cannot be written"}`)
	}
	w.Header().Set("Content-Type", wire.JSON)
	w.WriteHeader(status)
	_, _ = w.Write(b) // who does not take the answer asks again
}

func (s *site) fail(w http.ResponseWriter, r *http.Request, err error) {
	e, ok := errors.AsType[*wire.Error](err)
	gap, fork := (*central.GapError)(nil), (*central.ForkError)(nil)
	switch {
	case ok:
	case errors.As(err, &gap):
		m := wire.MarkOf(gap.Mark)
		e = &wire.Error{Code: wire.Gap, Message: gap.Error(), Mark: &m}
	case errors.As(err, &fork):
		m := wire.MarkOf(fork.Mark)
		e = &wire.Error{Code: wire.Fork, Message: fork.Error(), Mark: &m}
	default:
		level := slog.LevelError
		if r.Context().Err() != nil { // nobody listens any more
			level = slog.LevelDebug
		}
		s.Log.Log(r.Context(), level, "request failed", "path", r.Pattern, "err", err)
		e = &wire.Error{Code: wire.Internal, Message: "a fault of the relay; its log says more"}
	}
	switch e.Code.Status() {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="circdesk relay"`)
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "1")
	}
	s.write(w, e.Code.Status(), e)
}

func read(r *http.Request, into any) error {
	b, err := io.ReadAll(io.LimitReader(r.Body, wire.MaxBody+1))
	switch {
	case err != nil:
		return malformed("the body of the request did not come whole")
	case len(b) > wire.MaxBody:
		return &wire.Error{Code: wire.TooLarge, Message: fmt.Sprintf("the body of a request has at most %d bytes", wire.MaxBody)}
	}
	if err := json.Unmarshal(b, into); err != nil {
		return malformed("read the body of the request: %v", err)
	}
	return nil
}

func malformed(format string, args ...any) error {
	return &wire.Error{Code: wire.Malformed, Message: fmt.Sprintf(format, args...)}
}

func (s *site) challenge(*http.Request) (any, error) {
	c := s.sessions.Challenge()
	if c == "" {
		return nil, &wire.Error{Code: wire.TooMany, Message: "too many challenges wait: ask again in a minute"}
	}
	return wire.RelayChallenged{Relay: s.Key.Desk(), Challenge: c}, nil
}

// member gives a desk of the branch that may speak with the relay.
func (s *site) member(id circ.DeskID) (m central.Member, err error) {
	all := s.Members()
	at := slices.IndexFunc(all, func(m central.Member) bool { return m.Desk == id })
	switch {
	case at < 0 || all[at].Relay:
		if s.Stranger != nil {
			s.Stranger()
		}
		return m, &wire.Error{Code: wire.NoDesk, Message: "no desk of this branch, as far as the relay knows: it hears of new ones when the central server answers it"}
	case all[at].Standing == central.Revoked:
		return m, &wire.Error{Code: wire.Revoked, Message: "this desk was revoked"}
	case all[at].Standing != central.Enrolled:
		return m, &wire.Error{Code: wire.Lapsed, Message: "this desk is to be enrolled again"}
	}
	return all[at], nil
}

// mostEpochs is how many epochs of a desk are asked for at once.
const mostEpochs = 1000

func (s *site) session(r *http.Request) (any, error) {
	var in wire.Signed
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if !s.sessions.Answered(in.Challenge) {
		return nil, &wire.Error{Code: wire.Unauthorized, Message: "the challenge is not one that waits: ask for another"}
	}
	m, err := s.member(in.Desk)
	if err != nil {
		return nil, err
	}
	if !in.Verify(wire.ForRelay, string(s.Key.Desk()), m.Key) {
		s.Log.WarnContext(r.Context(), "a desk was named with another key", "desk", in.Desk)
		return nil, &wire.Error{Code: wire.NoDesk, Message: "this key is not that of the desk"}
	}
	var j wire.Joining
	if err := json.Unmarshal(in.Body, &j); err != nil || len(j.Epochs) > mostEpochs {
		return nil, malformed("the signed greeting cannot be read")
	}
	heads, err := s.Relay.Heads(r.Context(), in.Desk, j.Epochs)
	if err != nil {
		return nil, err
	}
	out := wire.Joined{Run: s.Relay.run, Now: s.Relay.Desk.Now().UTC(), Signature: s.Key.Answer(wire.ForDesk, in.Desk, j.Nonce)}
	for _, h := range heads {
		out.Heads = append(out.Heads, wire.MarkOf(h))
	}
	out.Token, out.Until = s.sessions.Begin(in.Desk)
	return out, nil
}

// asker gives the desk that asks.
func (s *site) asker(r *http.Request) (circ.DeskID, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		token = ""
	}
	id := s.sessions.Of(strings.TrimSpace(token))
	if id == "" {
		return "", &wire.Error{Code: wire.Unauthorized, Message: "greet the relay first"}
	}
	_, err := s.member(id)
	return id, err
}

func (s *site) entries(r *http.Request) (any, error) {
	desk, err := s.asker(r)
	if err != nil {
		return nil, err
	}
	var d wire.Delivery
	if err := read(r, &d); err != nil {
		return nil, err
	}
	if len(d.Entries) == 0 || len(d.Entries) > central.BatchSize {
		return nil, malformed("%d entries: 1 to %d at once", len(d.Entries), central.BatchSize)
	}
	es := make([]journal.Entry, len(d.Entries))
	for i, f := range d.Entries {
		if es[i], err = journal.Decode(f); err != nil {
			if u, ok := errors.AsType[*journal.UnreadableError](err); !ok || u.Desk == "" { // one of a later version is passed on
				return nil, &wire.Error{Code: wire.NoEntry, Message: err.Error(), Entry: i + 1}
			}
		}
		if es[i].Act.Desk != desk {
			return nil, &wire.Error{Code: wire.Forbidden, Message: "this session is another desk's"}
		}
	}
	m, err := s.Relay.Take(r.Context(), es)
	if err != nil {
		return nil, err
	}
	return wire.Held{Mark: wire.MarkOf(m)}, nil
}

// manifest says which segments of the relay's facts there are.
func (s *site) manifest(r *http.Request) (any, error) {
	if _, err := s.asker(r); err != nil {
		return nil, err
	}
	m, made, making, err := s.Relay.Manifest(r.Context())
	switch {
	case errors.Is(err, local.ErrNoFacts):
		return nil, &wire.Error{Code: wire.Unavailable, Message: "the relay has no facts yet: it has not reached the central server"}
	case errors.Is(err, errors.ErrUnsupported):
		return nil, &wire.Error{Code: wire.NotFound, Message: "this relay gives no segments"}
	case err != nil:
		return nil, err
	case making:
		return wire.Listed{Making: true, Made: made}, nil
	}
	return wire.ListedOf(m), nil
}

// segmentTime is how long a desk may take for a segment: one that is slower goes on with
// the rest of it.
const segmentTime = 10 * time.Minute

// segment gives a segment, whole or from some byte on.
func (s *site) segment(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.asker(r); err != nil {
		return err
	}
	hash := r.PathValue("hash")
	b, err := s.Relay.Segment(r.Context(), hash)
	if errors.Is(err, central.ErrSegment) {
		return &wire.Error{Code: wire.NotFound, Message: "this segment is of facts that have changed since: ask for the manifest"}
	}
	if err != nil {
		return err
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(segmentTime)) // a writer of a test has none
	w.Header().Set("Content-Type", wire.Packed)
	w.Header().Set("ETag", `"`+hash+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
	return nil
}

func (s *site) work(r *http.Request) (any, error) {
	if _, err := s.asker(r); err != nil {
		return nil, err
	}
	q := r.URL.Query()
	after, err := strconv.ParseUint(q.Get("after"), 10, 64)
	if err != nil {
		return nil, malformed("after is a number")
	}
	ms, err := strconv.Atoi(q.Get("wait"))
	if err != nil || ms < 0 || ms > int(wire.MaxWait.Milliseconds()) {
		return nil, malformed("wait is a number from 0 to %d", wire.MaxWait.Milliseconds())
	}
	p := s.Relay.Works(r.Context(), q.Get("run"), after, time.Duration(ms)*time.Millisecond)
	out := wire.Works{Run: p.Run, Next: p.Next}
	for _, w := range p.Works {
		made, err := wire.WorkOf(w)
		if err != nil {
			return nil, err
		}
		out.Works = append(out.Works, made)
	}
	return out, nil
}
