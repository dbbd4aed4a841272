package hub

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// How long the direct way may take to answer where there is another, and how long the
// other is taken before the direct one is tried again.
const (
	directTime = 600 * time.Millisecond
	otherTime  = 20 * time.Second
)

// ways reaches the central server directly, and where that cannot be reached by the relay
// of the branch, which passes on what it is asked below a path. Only what was not sent is
// sent the other way.
type ways struct {
	direct, other http.RoundTripper
	relay         *url.URL
	now           func() time.Time

	mu    sync.Mutex
	until time.Time // the other way is taken first
}

// Ways gives a transport for [Config] that knows a second way to the central server: an
// address below which a relay passes on.
func Ways(relay string) (http.RoundTripper, error) {
	u, err := url.Parse(strings.TrimSuffix(relay, "/"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("read the address of the relay: it is not like https://host or https://host/path")
	}
	direct := transport()
	direct.DialContext = (&net.Dialer{Timeout: directTime, KeepAlive: dialTime}).DialContext
	return &ways{direct: direct, other: transport(), relay: u, now: time.Now}, nil
}

// RoundTrip makes a request, one way or the other.
func (w *ways) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock()
	other := w.now().Before(w.until)
	w.mu.Unlock()
	if !other {
		res, err := w.direct.RoundTrip(req)
		if !unsent(err) || req.Context().Err() != nil {
			return res, err
		}
		return w.by(req, err)
	}
	return w.by(req, nil)
}

// unsent reports whether nothing of a request was sent.
func unsent(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// by takes the other way. Where that leads nowhere the direct one is tried next; its
// error is told where it has been tried.
func (w *ways) by(req *http.Request, direct error) (*http.Response, error) {
	again := req.Clone(req.Context())
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		again.Body = body
	}
	at := *w.relay
	at.Path, at.RawPath, at.RawQuery = w.relay.Path+req.URL.Path, "", req.URL.RawQuery
	if req.URL.RawPath != "" {
		at.RawPath = w.relay.EscapedPath() + req.URL.RawPath
	}
	again.URL, again.Host = &at, ""
	res, err := w.other.RoundTrip(again)
	leads := err == nil && res.StatusCode < http.StatusInternalServerError
	w.mu.Lock()
	if w.until = (time.Time{}); leads {
		w.until = w.now().Add(otherTime)
	}
	w.mu.Unlock()
	if direct != nil && err != nil {
		return nil, direct
	}
	return res, err
}

// CloseIdleConnections closes those of both ways.
func (w *ways) CloseIdleConnections() {
	for _, t := range []http.RoundTripper{w.direct, w.other} {
		t.(*http.Transport).CloseIdleConnections()
	}
}
