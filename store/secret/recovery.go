package secret

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"filippo.io/age"
)

// Recovery opens what was sealed for a server, when the desk that sealed it has
// lost its own keys. It may hold several keys: the last is the one for whom desks
// seal now, the others open what was sealed before.
type Recovery struct{ keys []*age.X25519Identity }

// NewRecovery makes a key, as the text of a file that is to be kept safe: it is in
// the form of the age tool.
func NewRecovery(now time.Time) (string, error) {
	k, err := age.GenerateX25519Identity()
	if err != nil {
		return "", fmt.Errorf("make a recovery key: %w", err)
	}
	return fmt.Sprintf(`# The recovery key of this library's central server, made %s. Whoever has it can read the
# journal of every desk; without it, nobody can read that of a desk that lost its own key.
# Keep a copy away from this machine. A further key is a further line; the last one counts.
# public key: %s
%s
`, now.UTC().Format(time.DateOnly), k.Recipient(), k), nil
}

// ReadRecovery reads the keys in such a file. There is at least one.
func ReadRecovery(text string) (Recovery, error) {
	var r Recovery
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		k, err := age.ParseX25519Identity(line)
		if err != nil {
			return Recovery{}, fmt.Errorf("read the recovery keys: line %d is none", i+1) // the cause would show it
		}
		r.keys = append(r.keys, k)
	}
	if len(r.keys) == 0 {
		return r, errors.New("read the recovery keys: there is none")
	}
	return r, nil
}

// Public gives the half of the last key that desks are given; empty: there is none.
func (r Recovery) Public() string {
	if len(r.keys) == 0 {
		return ""
	}
	return r.keys[len(r.keys)-1].Recipient().String()
}

// Has reports whether one of the keys has the public half.
func (r Recovery) Has(public string) bool {
	for _, k := range r.keys {
		if k.Recipient().String() == public {
			return true
		}
	}
	return false
}

// Open opens what [WrapFor] has wrapped for one of the keys.
func (r Recovery) Open(wrapped []byte) ([]byte, error) {
	ids := make([]age.Identity, len(r.keys))
	for i, k := range r.keys {
		ids[i] = k
	}
	if len(ids) == 0 {
		return nil, errors.New("open a wrapped key: there is no recovery key")
	}
	b, err := open(wrapped, ids...)
	if err != nil {
		return nil, fmt.Errorf("open a wrapped key: %w", err)
	}
	return b, nil
}

// WrapFor wraps a key for whoever holds the other half of a public key.
func WrapFor(public string, key []byte) ([]byte, error) {
	to, err := age.ParseX25519Recipient(public)
	if err != nil {
		return nil, fmt.Errorf("wrap a key for %.80q: %w", public, err)
	}
	return sealFor(key, to)
}
