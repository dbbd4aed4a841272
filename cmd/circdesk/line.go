package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"circdesk/desk/uplink"
)

// line is the line between a demo's desk and its server: it can be pulled.
type line struct {
	over http.RoundTripper

	mu   sync.Mutex
	out  context.Context // ended when the line is pulled
	pull context.CancelFunc

	probe func(context.Context) uplink.Status // looks how the line is, at once
}

func newLine(over http.RoundTripper) *line {
	l := &line{over: over}
	l.out, l.pull = context.WithCancel(context.Background())
	return l
}

var errPulled = errors.New("the line is pulled")

// RoundTrip carries a request; a pulled line carries nothing, and what was on
// its way when it was pulled does not arrive.
func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	out := l.out
	l.mu.Unlock()
	if out.Err() != nil {
		return nil, errPulled
	}
	ctx, cancel := context.WithCancelCause(r.Context())
	stop := context.AfterFunc(out, func() { cancel(errPulled) })
	res, err := l.over.RoundTrip(r.WithContext(ctx))
	if err != nil {
		stop()
		cancel(nil)
		if out.Err() != nil {
			err = errPulled
		}
		return nil, err
	}
	res.Body = &carried{res.Body, func() { stop(); cancel(nil) }}
	return res, nil
}

// set takes the line away or puts it back. It reports whether it was so.
func (l *line) set(there bool) (already bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if already = (l.out.Err() == nil) == there; already {
		return true
	}
	if there {
		l.out, l.pull = context.WithCancel(context.Background())
	} else {
		l.pull()
	}
	return false
}

// settled is how long the desk may take to know how the line is.
const settled = 10 * time.Second

// Pull takes the line away, and returns when the desk knows it.
func (l *line) Pull(ctx context.Context) (already bool, err error) { return l.be(ctx, false) }

// Plug puts the line back, and returns when the desk knows it.
func (l *line) Plug(ctx context.Context) (already bool, err error) { return l.be(ctx, true) }

func (l *line) be(ctx context.Context, there bool) (already bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, settled)
	defer cancel()
	already = l.set(there)
	for l.probe(ctx).Up != there {
		if ctx.Err() != nil {
			return already, ctx.Err()
		}
	}
	return already, nil
}

// carried is the body of an answer; when it is closed nothing of its request is
// left.
type carried struct {
	io.ReadCloser
	done func()
}

func (c *carried) Close() error {
	err := c.ReadCloser.Close()
	c.done()
	return err
}
