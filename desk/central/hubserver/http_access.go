package hubserver

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"circdesk/desk/central/hub/wire"
)

// admit says no to who may not ask. Whether the hub is well and how the
// protocol goes is no secret.
func (s *site) admit(r *http.Request) error {
	if r.URL.Path == wire.Health || r.URL.Path == wire.OpenAPI {
		return nil
	}
	if s.open {
		if !fromHere(r) {
			return &wire.Error{Code: wire.Forbidden, Message: ErrOpen.Error()}
		}
		return nil
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	shown := sha256.Sum256([]byte(strings.TrimSpace(token)))
	if !strings.EqualFold(scheme, "Bearer") || subtle.ConstantTimeCompare(shown[:], s.token[:]) != 1 {
		return &wire.Error{Code: wire.Unauthorized, Message: "the hub asks for its token, as Authorization: Bearer"}
	}
	return nil
}

// fromHere reports whether a request came from this machine, and was meant for
// it by name: a page in a browser may send one to a name of its own that leads
// here.
func fromHere(r *http.Request) bool {
	at, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok || !local(at) {
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

// local reports whether an address can be reached from this machine only.
func local(a net.Addr) bool {
	switch a := a.(type) {
	case *net.TCPAddr:
		return a.IP.IsLoopback()
	case *net.UnixAddr:
		return true
	}
	return false
}
