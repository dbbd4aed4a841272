package hub

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/hub/wire"
)

// How long an answer may take when the context sets no deadline.
const (
	callTime  = 30 * time.Second
	slackTime = 15 * time.Second // beyond the wait for the feed
	stallTime = time.Minute      // between two pieces of a snapshot
	dialTime  = 5 * time.Second
	keepAlive = 90 * time.Second
)

// maxComplaint is how many bytes of an answer that is an error are read.
const maxComplaint = 64 << 10

// Config says where the server is.
type Config struct {
	URL   string // https://hub.example.org:8443, with a path where a proxy wants one
	Token string // of a server that enrols no desks; empty: none is shown
	Key   *Key   // of an enrolled desk; nil: it is not
	// Plain allows http to another machine. Whoever sees that network then sees
	// the patrons' data and the token.
	Plain bool
	// Transport makes the requests; nil: one of the client's own.
	Transport http.RoundTripper
}

// Client speaks to the server. It is safe for concurrent use, and never repeats
// a request by itself.
type Client struct {
	base  *url.URL
	token string
	key   *Key
	http  *http.Client

	mu      sync.Mutex // what follows
	session session
	library string // where the desk that greeted last stands
}

var (
	_ central.System      = (*Client)(nil)
	_ central.Greeter     = (*Client)(nil)
	_ central.Feeder      = (*Client)(nil)
	_ central.Searcher    = (*Client)(nil)
	_ central.Snapshotter = (*Client)(nil)
	_ central.Recorder    = (*Client)(nil)
	_ central.Roller      = (*Client)(nil)
)

// ErrPlain says that patrons' data would travel in the clear.
var ErrPlain = errors.New("http reaches this machine only; another one needs https, or the leave to go without")

// New makes a client. It does not call the server; the error says what is wrong
// with the address.
func New(c Config) (*Client, error) {
	u, err := url.Parse(c.URL)
	switch {
	case err != nil: // the address may hold a password: the error of the parser shows it
		return nil, errors.New("read the address of the central server: it is no URL")
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("read the address of the central server %q: it is not like https://host or https://host/path", u.Redacted())
	case u.Scheme == "http" && !c.Plain && !Here(u.Hostname()):
		return nil, fmt.Errorf("use the central server %q: %w", u.Redacted(), ErrPlain)
	}
	t := c.Transport
	if t == nil {
		t = transport()
	}
	// A redirect could carry the token and the patrons elsewhere.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{base: u, token: c.Token, key: c.Key, http: &http.Client{Transport: t, CheckRedirect: stay}}, nil
}

// Here reports whether a host, by name or address, is this machine.
func Here(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

func transport() *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: dialTime, KeepAlive: dialTime}).DialContext,
		TLSHandshakeTimeout: dialTime,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: 4, // deliver, feed, search, and one to spare
		IdleConnTimeout:     keepAlive,
	}
}

// Close closes the connections that nothing uses.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// request makes a request; body nil: a GET.
func (c *Client) request(ctx context.Context, path string, query url.Values, body []byte) (*http.Request, error) {
	method := http.MethodGet
	var r io.Reader
	if body != nil {
		method, r = http.MethodPost, bytes.NewReader(body)
	}
	at := strings.TrimSuffix(c.base.String(), "/") + path
	if len(query) > 0 {
		at += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, at, r)
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", wire.JSON)
	}
	if token := c.shown(); token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return req, nil
}

// shown gives the token to show: that of the session where there is one.
func (c *Client) shown() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session.token != "" {
		return c.session.token
	}
	return c.token
}

// call makes a request and reads its answer whole, within limit where ctx has no
// deadline.
func (c *Client) call(ctx context.Context, limit time.Duration, path string, query url.Values, body []byte, into any) error {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	req, err := c.request(ctx, path, query, body)
	if err != nil {
		return err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return complaint(res)
	}
	b, err := whole(res.Body, wire.MaxAnswer)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	return nil
}

// post sends JSON.
func (c *Client) post(ctx context.Context, path string, v, into any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return c.call(ctx, callTime, path, nil, b, into)
}

// whole reads a body that is not larger than it may be.
func whole(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("read the answer: it has more than %d bytes", limit)
	}
	return b, nil
}
