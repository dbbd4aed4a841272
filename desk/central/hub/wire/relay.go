package wire

import (
	"encoding/json"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
)

// The paths of the central server for relays, and those that a relay answers itself.
const (
	Branch         = "/v1/branch"
	Anew           = "/v1/desks/{desk}/epoch"
	RelayChallenge = "/v1/relay/challenge"
	RelaySession   = "/v1/relay/session"
	RelayEntries   = "/v1/relay/entries"
	RelayWork      = "/v1/relay/work"
)

// AnewOf gives the path under which a relay asks for a new epoch of a desk.
func AnewOf(desk circ.DeskID) string { return pathOf(Anew, desk) }

// What a desk signs for a relay, and a relay for a desk.
const (
	ForRelay = "circdesk to relay 1"
	ForDesk  = "circdesk from relay 1"
)

// Members are the desks of a library.
type Members struct {
	Desks []Member `json:"desks"`
}

// Member is [central.Member].
type Member struct {
	Desk     circ.DeskID      `json:"desk"`
	Name     string           `json:"name,omitempty"`
	Key      []byte           `json:"key,omitempty"`
	Standing central.Standing `json:"standing"`
	Relay    bool             `json:"relay,omitempty"`
}

// Parting says of which desk the central server has another entry than a relay: the last
// number that both have in common. It is answered with a [Granted].
type Parting struct {
	Epoch uint64 `json:"epoch"`
	Seq   uint64 `json:"seq"`
}

// Granted is a new epoch.
type Granted struct {
	Epoch uint64 `json:"epoch"`
}

// RelayChallenged is a relay's challenge.
type RelayChallenged struct {
	Relay     circ.DeskID `json:"relay"`
	Challenge string      `json:"challenge"`
}

// Joining is what a desk signs for a relay.
type Joining struct {
	Nonce  string   `json:"nonce"` // for the relay to sign
	Epochs []uint64 `json:"epochs,omitempty"`
}

// Joined answers it.
type Joined struct {
	Run       string      `json:"run"`
	Heads     []circ.Mark `json:"heads,omitempty"`
	Token     string      `json:"token"`
	Until     time.Time   `json:"until"`
	Now       time.Time   `json:"now"`
	Signature []byte      `json:"signature"` // of the nonce, by the relay's key
}

// Held answers a [Delivery] to a relay. It is no receipt.
type Held struct {
	Mark circ.Mark `json:"mark"`
}

// Works is what the branch has done.
type Works struct {
	Run   string `json:"run"`
	Works []Work `json:"works,omitempty"`
	Next  uint64 `json:"next"`
}

// Work is [local.Work]: what the relay made of an entry is written as a receipt is.
type Work struct {
	Mode journal.Mode    `json:"mode"`
	Gone bool            `json:"gone,omitempty"`
	Made json.RawMessage `json:"made"`
}

// WorkOf writes work.
func WorkOf(w local.Work) (Work, error) {
	b, err := journal.EncodeReceipt(journal.Receipt{Entry: w.Entry, Desk: w.Desk, Epoch: w.Epoch, Seq: w.Seq, Verdict: journal.Applied, Events: w.Events})
	return Work{Mode: w.Mode, Gone: w.Gone, Made: b}, err
}

// Read reads work.
func (w Work) Read() (local.Work, error) {
	r, err := journal.DecodeReceipt(w.Made)
	return local.Work{Entry: r.Entry, Desk: r.Desk, Epoch: r.Epoch, Seq: r.Seq, Mode: w.Mode, Events: r.Events, Gone: w.Gone}, err
}
