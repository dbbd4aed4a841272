package secret

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/zalando/go-keyring"
)

// Keyring is the keyring of the system, of the user who is signed in. Its zero
// value is ready.
type Keyring struct {
	// Patience is how long a keyring may take, in which a person may have to unlock
	// it; 0: a minute.
	Patience time.Duration
}

var _ Keeper = Keyring{}

// service is the name under which a keyring shows the keys to its user.
const service = "circdesk"

// Get gives a value.
func (k Keyring) Get(name string) (v []byte, err error) {
	err = k.ask(func() error {
		s, err := keyring.Get(service, name)
		if err == nil {
			v, err = base64.StdEncoding.DecodeString(s)
		}
		return err
	})
	if errors.Is(err, keyring.ErrNotFound) {
		err = ErrNone
	}
	if err != nil {
		return nil, fmt.Errorf("read key %q: %w", name, err)
	}
	return v, nil
}

// Set sets a value.
func (k Keyring) Set(name string, v []byte) error {
	if err := tooLong(name, v); err != nil {
		return err
	}
	if err := k.ask(func() error { return keyring.Set(service, name, base64.StdEncoding.EncodeToString(v)) }); err != nil {
		return fmt.Errorf("keep key %q: %w", name, err)
	}
	return nil
}

// Drop removes a value.
func (k Keyring) Drop(name string) error {
	err := k.ask(func() error { return keyring.Delete(service, name) })
	if err != nil && !errors.Is(err, keyring.ErrNotFound) {
		return fmt.Errorf("drop key %q: %w", name, err)
	}
	return nil
}

// ask lets the keyring do something. One that does not answer in time is left
// alone: the system cannot be told to give up.
func (k Keyring) ask(what func() error) error {
	if !sessionBus() {
		return fmt.Errorf("%w: there is no session bus", ErrNoKeyring)
	}
	patience := k.Patience
	if patience <= 0 {
		patience = time.Minute
	}
	done := make(chan error, 1)
	go func() { done <- what() }()
	select {
	case err := <-done:
		if err == nil || errors.Is(err, keyring.ErrNotFound) {
			return err
		}
		return fmt.Errorf("%w: %v", ErrNoKeyring, err)
	case <-time.After(patience):
		return fmt.Errorf("%w: nothing came within %v", ErrNoKeyring, patience)
	}
}

// sessionBus reports whether the Secret Service can be reached, where it is the
// keyring: without a bus the library would start one, with nothing on it.
func sessionBus() bool {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return true
	}
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return true
	}
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		return false
	}
	_, err := os.Stat(filepath.Join(dir, "bus"))
	return err == nil
}
