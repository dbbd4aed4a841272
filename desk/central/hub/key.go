package hub

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"circdesk/desk/central"
	"circdesk/desk/circ"
)

// A Keeper keeps small values by name, where the desk's files are not: in the keyring
// of the system, or behind a passphrase. A value is durable when Set returns nil. none
// there is an error of Get.
type Keeper interface {
	Get(name string) ([]byte, error)
	Set(name string, v []byte) error
	Drop(name string) error
}

// Key is by what a desk is known at a server: a key pair of its own, and the lease
// beside it, which no copy of the desk's files has. It is safe for concurrent use.
type Key struct {
	keeper Keeper
	name   string

	mu   sync.Mutex
	kept keptKey
}

// keptKey is a key as it is kept.
type keptKey struct {
	Seed   []byte      `json:"seed"`             // never changes: it is read without the mutex
	Server string      `json:"server,omitempty"` // the only one that it is shown to; empty: it is enrolled at none yet
	Desk   circ.DeskID `json:"desk,omitempty"`
	N      uint64      `json:"n,omitempty"` // the lease
	Now    string      `json:"now,omitempty"`
	Next   string      `json:"next,omitempty"`
}

// Keeper gives where the key is kept.
func (k *Key) Keeper() Keeper { return k.keeper }

// KeyName gives the name under which the key of a desk is kept.
func KeyName(desk circ.DeskID) string { return "desk/" + string(desk) + "/key" }

// NewKey makes a key that no server knows yet. It is kept when it is enrolled: see
// [Enrol].
func NewKey(k Keeper) (*Key, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	return &Key{keeper: k, kept: keptKey{Seed: private.Seed()}}, nil
}

// ReadKey gives the key of a desk. The error is the keeper's, or says that what is
// kept is none.
func ReadKey(k Keeper, desk circ.DeskID) (*Key, error) {
	key := &Key{keeper: k, name: KeyName(desk)}
	b, err := k.Get(key.name)
	if err == nil {
		err = json.Unmarshal(b, &key.kept)
	}
	if err == nil && (len(key.kept.Seed) != ed25519.SeedSize || key.kept.Desk != desk) {
		err = errors.New("what is kept is no key of it")
	}
	if err != nil {
		return nil, fmt.Errorf("read the key of desk %s: %w", desk, err)
	}
	return key, nil
}

// Desk gives whose key it is.
func (k *Key) Desk() circ.DeskID {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.kept.Desk
}

func (k *Key) server() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.kept.Server
}

func (k *Key) public() []byte {
	return ed25519.NewKeyFromSeed(k.kept.Seed).Public().(ed25519.PublicKey)
}

func (k *Key) sign(b []byte) []byte {
	return ed25519.Sign(ed25519.NewKeyFromSeed(k.kept.Seed), b)
}

// enrolled keeps the key as that of a desk at a server, without a lease.
func (k *Key) enrolled(server string, desk circ.DeskID) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.name = KeyName(desk)
	k.kept.Server, k.kept.Desk = server, desk
	k.kept.N, k.kept.Now, k.kept.Next = 0, "", ""
	return k.write()
}

func (k *Key) write() error {
	b, err := json.Marshal(k.kept)
	if err == nil {
		err = k.keeper.Set(k.name, b)
	}
	if err != nil {
		return fmt.Errorf("keep the key of desk %s: %w", k.kept.Desk, err)
	}
	return nil
}

// lease gives the lease to show: what it is to be next is kept before anybody hears
// of it.
func (k *Key) lease() (central.Lease, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.kept.Next == "" {
		k.kept.Next = rand.Text()
		if err := k.write(); err != nil {
			k.kept.Next = ""
			return central.Lease{}, err
		}
	}
	return central.Lease{N: k.kept.N, Now: k.kept.Now, Next: k.kept.Next}, nil
}

// leased keeps that a lease was set as it was to be.
func (k *Key) leased(l central.Lease) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.kept.Next != l.Next {
		return nil
	}
	k.kept.N, k.kept.Now, k.kept.Next = l.N+1, l.Next, ""
	return k.write()
}
