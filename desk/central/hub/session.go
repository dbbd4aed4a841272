package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/hub/wire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Hello presents the desk: see [central.Greeter]. A desk with a key signs its first
// hello, and one in which it asks for a new epoch, and those after half of its
// session's time; the others are part of the session.
func (c *Client) Hello(ctx context.Context, h central.Hello) (central.Welcome, error) {
	if h.Protocol == 0 {
		h.Protocol = wire.Protocol
	}
	c.mu.Lock()
	c.library = h.Library
	c.mu.Unlock()
	w, err := c.hello(ctx, h)
	if err != nil {
		return central.Welcome{}, fmt.Errorf("greet the central server from desk %s: %w", h.Desk, err)
	}
	return w, nil
}

func (c *Client) hello(ctx context.Context, h central.Hello) (central.Welcome, error) {
	if c.key != nil && (h.Anew != "" || !c.inSession()) {
		return c.signIn(ctx, h)
	}
	var answer wire.Welcome
	err := c.post(ctx, wire.Hello, wire.GreetingOf(h), &answer)
	if over, ok := errors.AsType[*Error](err); ok && over.Code == wire.Unauthorized {
		switch {
		case c.key != nil: // the server began anew
			return c.signIn(ctx, h)
		case c.token == "":
			return central.Welcome{}, &central.StandingError{Desk: h.Desk, Standing: central.Unknown}
		}
	}
	if err != nil {
		return central.Welcome{}, standing(err, h.Desk)
	}
	return answer.Read()
}

// session is what a signed hello was answered with.
type session struct {
	token string
	renew time.Time // when it is to be another one
}

// stands gives the library where the desk has said that it stands.
func (c *Client) stands() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.library
}

func (c *Client) inSession() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.session.token != "" && time.Now().Before(c.session.renew)
}

// signIn signs a hello, which shows the lease, and begins a session.
func (c *Client) signIn(ctx context.Context, h central.Hello) (central.Welcome, error) {
	asked, err := c.challenge(ctx)
	if err != nil {
		return central.Welcome{}, err
	}
	if asked.Server != c.key.server() {
		return central.Welcome{}, fmt.Errorf("this is another central server than the one at which desk %s is enrolled; its key is not shown to it", h.Desk)
	}
	if h.Lease, err = c.key.lease(); err != nil {
		return central.Welcome{}, err
	}
	body, err := json.Marshal(wire.GreetingOf(h))
	if err != nil {
		return central.Welcome{}, err
	}
	signed := wire.Signed{Desk: h.Desk, Challenge: asked.Challenge, Body: body}.Sign(wire.ForHello, asked.Server, c.key.sign)
	var answer wire.Began
	if err := c.post(ctx, wire.Session, signed, &answer); err != nil {
		return central.Welcome{}, standing(err, h.Desk)
	}
	w, err := answer.Welcome.Read()
	if err != nil {
		return central.Welcome{}, err
	}
	if w.State == central.Normal || w.Grant > 0 {
		if err := c.key.leased(h.Lease); err != nil {
			return central.Welcome{}, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.session = session{answer.Token, time.Now().Add(max(answer.Until.Sub(answer.Welcome.Now)/2, time.Second))}
	return w, nil
}

// challenge asks for something to sign.
func (c *Client) challenge(ctx context.Context) (asked wire.Challenged, err error) {
	err = c.call(ctx, callTime, wire.Challenge, nil, nil, &asked)
	return asked, err
}

// standing gives the error of a desk that is not admitted.
func standing(err error, desk circ.DeskID) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	switch e.Code {
	case wire.NoDesk:
		return &central.StandingError{Desk: desk, Standing: central.Unknown}
	case wire.Lapsed:
		return &central.StandingError{Desk: desk, Standing: central.Lapsed}
	case wire.Revoked:
		return &central.StandingError{Desk: desk, Standing: central.Revoked}
	}
	return err
}

// Recorded gives a desk its own entries back: see [central.Recorder].
func (c *Client) Recorded(ctx context.Context, after journal.Mark, n int) ([]central.Recorded, error) {
	var answer wire.Regained
	q := url.Values{
		"epoch": {strconv.FormatUint(after.Epoch, 10)}, "after": {strconv.FormatUint(after.Seq, 10)},
		"n": {strconv.Itoa(min(max(n, 1), central.BatchSize))},
	}
	err := c.call(ctx, callTime, wire.RecordedOf(after.Desk), q, nil, &answer)
	out := make([]central.Recorded, len(answer.Entries))
	for i, r := range answer.Entries {
		if err == nil {
			out[i], err = r.Read()
		}
		if e := out[i].Entry; err == nil && (e.Act.Desk != after.Desk || e.Epoch != after.Epoch || e.Seq != after.Seq+1+uint64(i)) {
			err = fmt.Errorf("read the answer: entry %d of %d: %w", i+1, len(out), errOther)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("ask the central server for entries of desk %s after %d/%d: %w", after.Desk, after.Epoch, after.Seq, err)
	}
	return out, nil
}

// Roll names the desks of the server: see [central.Roller].
func (c *Client) Roll(ctx context.Context) ([]central.DeskState, error) {
	var answer wire.Rolled
	err := c.call(ctx, callTime, wire.Roll, nil, nil, &answer)
	out := make([]central.DeskState, len(answer.Desks))
	for i, d := range answer.Desks {
		if err == nil {
			out[i], err = d.Read()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("ask the central server for its desks: %w", err)
	}
	return out, nil
}

// CodeError: the server does not enrol a desk with a code, and says why.
type CodeError struct{ Why string }

func (e *CodeError) Error() string { return e.Why }

// Enrolled is what became of an enrolment.
type Enrolled struct {
	Desk    circ.DeskID
	Library string // in which the desk stands; empty: nobody has said
	Ends    time.Time
}

// Enrols reports whether desks are enrolled at the server. One of a version before does
// not enrol them.
func (c *Client) Enrols(ctx context.Context) (bool, error) {
	asked, err := c.challenge(ctx)
	if e, ok := errors.AsType[*Error](err); ok && e.Status == http.StatusNotFound {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("ask the central server whether it enrols desks: %w", err)
	}
	return asked.Enrols, nil
}

// Enrol makes a key known at the server, with a code that its people have given, and
// keeps the key. desk: whose journal it is; empty: nobody's yet, and would be called
// like. A code that does not do is a *CodeError.
func (c *Client) Enrol(ctx context.Context, k *Key, code string, desk, like circ.DeskID) (out Enrolled, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("enrol at the central server: %w", err)
		}
	}()
	asked, err := c.challenge(ctx)
	if err != nil {
		return out, err
	}
	if !asked.Enrols {
		return out, errors.New("it enrols no desks")
	}
	body, err := json.Marshal(wire.Enrolment{Code: code, Desk: string(desk), Like: string(like), Key: k.public()})
	if err != nil {
		return out, err
	}
	var answer wire.Enrolled
	err = c.post(ctx, wire.Enrol, wire.Signed{Desk: desk, Challenge: asked.Challenge, Body: body}.Sign(wire.ForEnrol, asked.Server, k.sign), &answer)
	if no, ok := errors.AsType[*Error](err); ok && no.Code == wire.BadCode {
		return out, &CodeError{no.Message}
	}
	if err != nil {
		return out, err
	}
	if answer.Desk == "" || desk != "" && answer.Desk != desk || answer.Server != asked.Server {
		return out, errors.New("read the answer: it is about another desk or server")
	}
	return Enrolled{answer.Desk, answer.Library, answer.Ends}, k.enrolled(answer.Server, answer.Desk)
}
