package hub

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/hub/wire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
)

// Branch names the desks of the library in which this one stands: see [central.Brancher].
// A server of a version before names none.
func (c *Client) Branch(ctx context.Context) ([]central.Member, error) {
	var answer wire.Members
	err := c.call(ctx, callTime, wire.Branch, nil, nil, &answer)
	if e, ok := errors.AsType[*Error](err); ok && e.Code == wire.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ask the central server for the desks of the branch: %w", err)
	}
	out := make([]central.Member, len(answer.Desks))
	for i, m := range answer.Desks {
		out[i] = central.Member{Desk: m.Desk, Name: m.Name, Key: m.Key, Standing: m.Standing, Relay: m.Relay}
	}
	return out, nil
}

// Anew asks for a new epoch for a desk, of which the server has other entries behind a
// mark than this relay.
func (c *Client) Anew(ctx context.Context, other journal.Mark) (uint64, error) {
	var answer wire.Granted
	err := c.post(ctx, wire.AnewOf(other.Desk), wire.Parting{Epoch: other.Epoch, Seq: other.Seq}, &answer)
	if err != nil {
		return 0, fmt.Errorf("ask the central server for a new epoch of desk %s: %w", other.Desk, standing(err, other.Desk))
	}
	if answer.Epoch <= other.Epoch {
		return 0, fmt.Errorf("ask the central server for a new epoch of desk %s: epoch %d is none after %d", other.Desk, answer.Epoch, other.Epoch)
	}
	return answer.Epoch, nil
}

// Bearer is a client that delivers for other desks, as a relay does: a desk that is not
// enrolled any more is a *central.StandingError.
type Bearer struct{ *Client }

// Deliver delivers entries of any desk of the relay's library.
func (b Bearer) Deliver(ctx context.Context, entries []journal.Entry) ([]journal.Receipt, error) {
	rs, err := b.Client.Deliver(ctx, entries)
	if err != nil && len(entries) > 0 {
		err = standing(err, entries[0].Act.Desk)
	}
	if e, ok := errors.AsType[*Error](err); ok && e.Code == wire.Forbidden {
		err = &central.StandingError{Desk: entries[0].Act.Desk, Standing: central.Unknown}
	}
	return rs, err
}

// Answer signs what another one wants signed, to know that this desk has its key.
func (k *Key) Answer(purpose string, to circ.DeskID, nonce string) []byte {
	return wire.Signed{Desk: to, Challenge: nonce}.Sign(purpose, string(k.Desk()), k.sign).Signature
}

// Relay is a desk's end of the line to the relay of its branch. It is safe for concurrent
// use.
type Relay struct {
	c       *Client
	key     *Key
	members func() []central.Member

	mu    sync.Mutex
	token string
}

// NewRelay makes one. members gives the desks of the branch as the central server has
// named them: a relay that is not among them is not spoken with.
func NewRelay(c Config, members func() []central.Member) (*Relay, error) {
	if c.Key == nil {
		return nil, errors.New("use a relay: only an enrolled desk can")
	}
	key := c.Key
	c.Key, c.Token = nil, ""
	client, err := New(c)
	if err != nil {
		return nil, fmt.Errorf("use a relay: %w", err)
	}
	return &Relay{c: client, key: key, members: members}, nil
}

// Close closes the connections that nothing uses.
func (r *Relay) Close() { r.c.Close() }

// Meet greets the relay, and begins a session.
func (r *Relay) Meet(ctx context.Context, epochs []uint64) (met central.RelayMet, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("greet the relay: %w", err)
		}
	}()
	var asked wire.RelayChallenged
	if err := r.c.call(ctx, callTime, wire.RelayChallenge, nil, nil, &asked); err != nil {
		return met, err
	}
	known := r.members()
	at := slices.IndexFunc(known, func(m central.Member) bool {
		return m.Desk == asked.Relay && m.Relay && m.Standing == central.Enrolled
	})
	if at < 0 {
		return met, &central.UnknownRelayError{Relay: asked.Relay}
	}
	me, nonce := r.key.Desk(), rand.Text()
	body, err := json.Marshal(wire.Joining{Nonce: nonce, Epochs: epochs})
	if err != nil {
		return met, err
	}
	var answer wire.Joined
	if err := r.c.post(ctx, wire.RelaySession, wire.Signed{Desk: me, Challenge: asked.Challenge, Body: body}.Sign(wire.ForRelay, string(asked.Relay), r.key.sign), &answer); err != nil {
		return met, standing(err, me)
	}
	if !(wire.Signed{Desk: me, Challenge: nonce, Signature: answer.Signature}).Verify(wire.ForDesk, string(asked.Relay), known[at].Key) {
		return met, &central.UnknownRelayError{Relay: asked.Relay}
	}
	met = central.RelayMet{Relay: asked.Relay, Run: answer.Run}
	for _, m := range answer.Heads {
		mark, err := wire.ReadMark(m)
		if err != nil {
			return met, err
		}
		met.Heads = append(met.Heads, mark)
	}
	r.mu.Lock()
	r.token = answer.Token
	r.mu.Unlock()
	return met, nil
}

// in shows the token of the session.
func (r *Relay) in() *Client {
	r.mu.Lock()
	defer r.mu.Unlock()
	return &Client{base: r.c.base, token: r.token, http: r.c.http}
}

// Hand hands over entries. It gives the last that the relay has of their epoch; what it
// is given is no receipt. A gap is a *central.GapError, another journal of this desk a
// *central.ForkError.
func (r *Relay) Hand(ctx context.Context, entries []journal.Entry) (m journal.Mark, n int, err error) {
	n, body, err := pack(entries)
	if err != nil {
		return m, 0, err
	}
	var answer wire.Held
	if err = r.in().call(ctx, callTime, wire.RelayEntries, nil, body, &answer); err == nil {
		m, err = wire.ReadMark(answer.Mark)
	}
	if err != nil {
		return m, 0, fmt.Errorf("hand %d entries to the relay: %w", n, err)
	}
	return m, n, nil
}

var _ central.Segmenter = (*Relay)(nil)

// Manifest says which segments of its own facts the relay has: see [central.Segmenter].
// They are as old as the manifest says.
func (r *Relay) Manifest(ctx context.Context, making func(rows int)) (central.Manifest, error) {
	m, err := r.in().manifest(ctx, wire.RelayManifest, nil, making)
	if err != nil {
		err = fmt.Errorf("read which segments the relay has: %w", err)
	}
	return m, err
}

// Segment gives the bytes of a segment: see [central.Segmenter].
func (r *Relay) Segment(ctx context.Context, hash string, from int64, put func([]byte) error) error {
	err := r.in().flows(ctx, wire.RelaySegmentOf(hash), from, put)
	if err != nil {
		err = fmt.Errorf("read segment %.12s of the relay from byte %d: %w", hash, from, err)
	}
	return err
}

// Works gives what the branch has done after a number of a relay's memory, and the name
// of that memory.
func (r *Relay) Works(ctx context.Context, run string, after uint64, wait time.Duration) (works []local.Work, now string, next uint64, err error) {
	var answer wire.Works
	q := url.Values{
		"run": {run}, "after": {strconv.FormatUint(after, 10)}, "wait": {strconv.FormatInt(min(wait, wire.MaxWait).Milliseconds(), 10)},
	}
	err = r.in().call(ctx, wait+slackTime, wire.RelayWork, q, nil, &answer)
	works = make([]local.Work, len(answer.Works))
	for i, w := range answer.Works {
		if err == nil {
			works[i], err = w.Read()
		}
	}
	if err != nil {
		return nil, "", 0, fmt.Errorf("ask the relay what the branch has done: %w", err)
	}
	return works, answer.Run, answer.Next, nil
}
