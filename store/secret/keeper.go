package secret

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
)

// A Keeper keeps values by name: at most 1024 bytes each, so that every keyring
// takes them. It is safe for concurrent use, also by several processes.
type Keeper interface {
	// Get gives a value of the caller's own. [ErrNone]: there is none. Any other
	// error says that nobody knows whether there is one.
	Get(name string) ([]byte, error)
	// Set sets a value. It is durable when Set returns nil.
	Set(name string, v []byte) error
	// Drop removes a value; one that is not there is no error.
	Drop(name string) error
}

// Errors on which callers branch.
var (
	// ErrNone says that no value has the name.
	ErrNone = errors.New("no such key is kept")
	// ErrNoKeyring says that the system's keyring does not answer: there is none in
	// this session, it stays locked, or it waits for a person.
	ErrNoKeyring = errors.New("the keyring of this session does not answer")
	// ErrPassphrase says that the passphrase is another one.
	ErrPassphrase = errors.New("the passphrase is another one")
)

// mostValue is how long a value may be, in bytes. Windows takes 2560 of text.
const mostValue = 1024

func tooLong(name string, v []byte) error {
	if len(v) > mostValue {
		return fmt.Errorf("keep %q: %d bytes are too many, at most %d", name, len(v), mostValue)
	}
	return nil
}

// Memory is a [Keeper] that forgets with the process. Its zero value is empty.
type Memory struct {
	mu     sync.Mutex
	values map[string][]byte
}

var _ Keeper = (*Memory)(nil)

// Get gives a value.
func (m *Memory) Get(name string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.values[name]
	if !ok {
		return nil, fmt.Errorf("read key %q: %w", name, ErrNone)
	}
	return bytes.Clone(v), nil
}

// Set sets a value.
func (m *Memory) Set(name string, v []byte) error {
	if err := tooLong(name, v); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.values == nil {
		m.values = map[string][]byte{}
	}
	m.values[name] = append([]byte{}, v...)
	return nil
}

// Drop removes a value.
func (m *Memory) Drop(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.values, name)
	return nil
}
