package hubserver

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"circdesk/desk/central/hub/wire"
)

// HTTP is a server on the line: the protocol that openapi.yaml describes.
type HTTP struct {
	Server *Server
	// Enrols: each desk is enrolled, shows its key, and asks with the token of its
	// session. Then Token does not count.
	Enrols bool
	// Token is what every desk must show. Empty: nobody shows one, and only
	// those on the same machine are answered.
	Token string
	Log   *slog.Logger // holds nothing of a patron; nil: nothing is logged
}

// How long others may take, and how much they may send.
const (
	headTime   = 10 * time.Second // to send the head of a request
	bodyTime   = 30 * time.Second // to send all of it
	answerTime = wire.MaxWait + 35*time.Second
	pieceTime  = 30 * time.Second // to take one piece of a snapshot
	idleTime   = 2 * time.Minute
	graceTime  = 5 * time.Second // for what is under way when the server ends
	maxHead    = 16 << 10        // bytes
)

// lookTime is how often a desk that waits for the feed looks whether another
// process has written.
const lookTime = time.Second

// snapshotsAtOnce is how many snapshots are given at the same time.
const snapshotsAtOnce = 4

// ErrOpen says that a server without a token would listen to other machines.
var ErrOpen = errors.New("without a token a hub listens on its own machine only")

// Handler gives the protocol to a server of the caller's own, which sees to the
// timeouts: see [HTTP.Serve].
func (h HTTP) Handler() http.Handler { return h.site(nil) }

// Serve answers on the listener until ctx is done; then it takes no more, lets
// what is under way come to its end for a few seconds, and closes the listener.
// A server without a token on a listener that other machines reach is [ErrOpen].
func (h HTTP) Serve(ctx context.Context, l net.Listener) error {
	if h.Token == "" && !h.Enrols && !Local(l.Addr()) {
		return fmt.Errorf("serve on %s: %w", l.Addr(), ErrOpen)
	}
	s := h.site(ctx.Done())
	server := &http.Server{
		Handler: s, ReadHeaderTimeout: headTime, ReadTimeout: bodyTime, WriteTimeout: answerTime, IdleTimeout: idleTime,
		MaxHeaderBytes: maxHead, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	return Serve(ctx, l, server, graceTime, nil)
}

// site is the handler of all paths.
type site struct {
	server    *Server
	store     *Watched
	token     [sha256.Size]byte
	open      bool // no token is asked for
	enrolled  bool // the token of a session is
	sessions  sessions
	log       *slog.Logger
	paths     *http.ServeMux
	routes    []string // of them, with their methods
	look      time.Duration
	closing   <-chan struct{} // nil: never
	snapshots chan struct{}   // one for each that is under way
	tally     tally
}

func (h HTTP) site(closing <-chan struct{}) *site {
	s := &site{
		server: h.Server, open: h.Token == "" && !h.Enrols, enrolled: h.Enrols, token: sha256.Sum256([]byte(h.Token)), log: h.Log, paths: http.NewServeMux(),
		look: lookTime, closing: closing, snapshots: make(chan struct{}, snapshotsAtOnce),
	}
	s.sessions = sessions{now: h.Server.Now, open: map[[sha256.Size]byte]session{}, challenges: map[string]time.Time{}}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if w, ok := h.Server.Store.(*Watched); ok {
		s.store = w
	} else { // deliveries over this site still wake who waits; others are seen by looking
		s.store = Watch(h.Server.Store)
		c := h.Server.Config
		c.Store = s.store
		shelf := s.server.shelf
		s.server = New(c)
		s.server.shelf = shelf
	}
	s.on(http.MethodGet, wire.Challenge, s.challengeDesk)
	s.on(http.MethodPost, wire.Enrol, s.enrol)
	s.on(http.MethodPost, wire.Session, s.session)
	s.on(http.MethodGet, wire.Roll, s.roll)
	s.on(http.MethodGet, wire.Recorded, s.recorded)
	s.on(http.MethodGet, wire.Branch, s.branch)
	s.on(http.MethodPost, wire.Anew, s.anew)
	s.on(http.MethodPost, wire.Hello, s.hello)
	s.on(http.MethodPost, wire.Entries, s.entries)
	s.on(http.MethodGet, wire.Feed, s.feed)
	s.on(http.MethodGet, wire.Snapshot, s.snapshot)
	s.on(http.MethodGet, wire.Manifest, s.manifest)
	s.on(http.MethodGet, wire.Segment, s.segment)
	s.on(http.MethodPost, wire.Search, s.search)
	s.on(http.MethodGet, wire.Health, s.health)
	s.on(http.MethodGet, wire.OpenAPI, s.openAPI)
	s.paths.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, &wire.Error{Code: wire.NotFound, Message: "no such path"})
	})
	return s
}

// on sets who answers a path. What he cannot answer is an error.
func (s *site) on(method, path string, answer func(http.ResponseWriter, *http.Request) error) {
	s.routes = append(s.routes, method+" "+path)
	s.paths.HandleFunc(method+" "+path, func(w http.ResponseWriter, r *http.Request) {
		by, err := s.admit(r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		if by != "" {
			r = r.WithContext(context.WithValue(r.Context(), askKey{}, by))
		}
		if err := answer(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
	s.paths.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", method)
		s.fail(w, r, &wire.Error{Code: wire.Method, Message: "this path answers " + method})
	})
}
