package hubserver

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"circdesk/desk/central"
	"circdesk/desk/central/hub/wire"
	"circdesk/desk/circ"
)

// admit says no to who may not ask, and which desk asks where each has its own token.
// Whether the hub is well and how the protocol goes is no secret; who is to be
// enrolled, or shows its key, has no token yet.
func (s *site) admit(r *http.Request) (circ.DeskID, error) {
	switch r.URL.Path {
	case wire.Health, wire.OpenAPI:
		return "", nil
	case wire.Challenge, wire.Enrol, wire.Session:
		if s.enrolled {
			return "", nil
		}
	}
	if s.open {
		if !fromHere(r) {
			return "", &wire.Error{Code: wire.Forbidden, Message: ErrOpen.Error()}
		}
		return "", nil
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") {
		token = ""
	}
	if s.enrolled {
		return s.sessionOf(token)
	}
	shown := sha256.Sum256([]byte(token))
	if subtle.ConstantTimeCompare(shown[:], s.token[:]) != 1 {
		return "", &wire.Error{Code: wire.Unauthorized, Message: "the hub asks for its token, as Authorization: Bearer"}
	}
	return "", nil
}

// sessionOf gives the desk whose session a token is of. A desk of the version before
// shows another one, and reads here what is to be done.
func (s *site) sessionOf(token string) (circ.DeskID, error) {
	desk := s.sessions.of(token)
	if desk == "" {
		return "", &wire.Error{Code: wire.Unauthorized, Message: "each desk has a key here: update the desk's program, make a code with 'circdesk desks invite' at the server, start the desk with --code CODE"}
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if s.server.barred[desk] {
		return "", turnedAway(central.Revoked)
	}
	return desk, nil
}

// fromHere reports whether a request came from this machine, and was meant for
// it by name: a page in a browser may send one to a name of its own that leads
// here.
func fromHere(r *http.Request) bool {
	at, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok || !Local(at) {
		return false
	}
	if at.Network() == "unix" {
		return true
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.IsLoopback()
}

// Local reports whether an address can be reached from this machine only.
func Local(a net.Addr) bool {
	switch a := a.(type) {
	case *net.TCPAddr:
		return a.IP.IsLoopback()
	case *net.UnixAddr:
		return true
	}
	return false
}
