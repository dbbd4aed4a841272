package secret

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"filippo.io/age"
)

// Vault is a [Keeper] in a folder of its own, which one passphrase opens. Each
// value is a file that is sealed for the vault's own key, and that key is a file
// sealed with the passphrase: all in the age format, so that the age tool opens
// them too. The folder is made with the first value.
type Vault struct {
	Dir string
	// Passphrase is asked for once, when the vault is first used.
	Passphrase func() (string, error)
	// Work is the work factor of a new vault's passphrase, a power of two; 0: 17,
	// which takes 128 MB and a third of a second.
	Work int

	mu  sync.Mutex
	own *age.X25519Identity
}

var _ Keeper = (*Vault)(nil)

const (
	masterFile = "vault.age"
	workFactor = 17
	mostWork   = 20
	mostFile   = 64 << 10
)

// DefaultVault is the folder of this user's vault: among the settings, where no
// data is.
func DefaultVault() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("find a folder for keys: %w", err)
	}
	return filepath.Join(dir, "circdesk-keys"), nil
}

// Made reports whether there is a vault in the folder.
func (v *Vault) Made() bool {
	_, err := os.Lstat(filepath.Join(v.Dir, masterFile))
	return err == nil
}

// kept is a value in its file.
type kept struct {
	Name  string `json:"name"`
	Value []byte `json:"value"`
}

func (v *Vault) file(name string) string {
	sum := sha256.Sum256([]byte(name))
	return filepath.Join(v.Dir, hex.EncodeToString(sum[:16])+".age")
}

// Get gives a value.
func (v *Vault) Get(name string) (value []byte, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("read key %q from %s: %w", name, v.Dir, err)
		}
	}()
	b, err := readSmall(v.file(name))
	if errors.Is(err, fs.ErrNotExist) {
		if v.Made() { // whoever does not know the passphrase does not hear what is there
			_, err = v.open()
		} else {
			err = nil
		}
		if err == nil {
			err = ErrNone
		}
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	own, err := v.open()
	if err != nil {
		return nil, err
	}
	plain, err := open(b, own)
	if err != nil {
		return nil, err
	}
	var k kept
	if err := json.Unmarshal(plain, &k); err != nil {
		return nil, err
	}
	if k.Name != name {
		return nil, fmt.Errorf("its file holds %q", k.Name)
	}
	return append([]byte{}, k.Value...), nil
}

// Set sets a value.
func (v *Vault) Set(name string, value []byte) (err error) {
	if err := tooLong(name, value); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("keep key %q in %s: %w", name, v.Dir, err)
		}
	}()
	own, err := v.open()
	if err != nil {
		return err
	}
	plain, err := json.Marshal(kept{name, value})
	if err != nil {
		return err
	}
	b, err := sealFor(plain, own.Recipient())
	if err != nil {
		return err
	}
	return replace(v.file(name), b)
}

// Drop removes a value.
func (v *Vault) Drop(name string) error {
	err := os.Remove(v.file(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("drop key %q: %w", name, err)
	}
	return nil
}

// open gives the vault's own key, and makes it where there is none.
func (v *Vault) open() (*age.X25519Identity, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.own != nil {
		return v.own, nil
	}
	pass, err := v.Passphrase()
	if err != nil {
		return nil, err
	}
	if pass == "" {
		return nil, errors.New("the passphrase is empty")
	}
	path := filepath.Join(v.Dir, masterFile)
	b, err := readSmall(path)
	if errors.Is(err, fs.ErrNotExist) {
		if b, err = v.make(path, pass); err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, err
	}
	id, err := age.NewScryptIdentity(pass)
	if err != nil {
		return nil, err
	}
	id.SetMaxWorkFactor(mostWork)
	plain, err := open(b, id)
	if wrong := (*age.NoIdentityMatchError)(nil); errors.As(err, &wrong) {
		err = ErrPassphrase
	}
	if err != nil {
		return nil, err
	}
	v.own, err = age.ParseX25519Identity(strings.TrimSpace(string(plain)))
	return v.own, err
}

// make makes the vault's own key; another process may be faster.
func (v *Vault) make(path, pass string) ([]byte, error) {
	if err := os.MkdirAll(v.Dir, 0o700); err != nil {
		return nil, err
	}
	if left, _ := filepath.Glob(filepath.Join(v.Dir, "*.age")); len(left) > 0 {
		return nil, fmt.Errorf("%s is missing, and other keys are there: put it back", masterFile)
	}
	own, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	to, err := age.NewScryptRecipient(pass)
	if err != nil {
		return nil, err
	}
	work := v.Work
	if work == 0 {
		work = workFactor
	}
	to.SetWorkFactor(work)
	b, err := sealFor([]byte(own.String()+"\n"), to)
	if err != nil {
		return nil, err
	}
	temp, err := written(path, b)
	if err != nil {
		return nil, err
	}
	defer os.Remove(temp)
	switch err := os.Link(temp, path); { // a link never replaces
	case err == nil:
		syncFolder(v.Dir)
		return b, nil
	case errors.Is(err, fs.ErrExist):
		return readSmall(path)
	}
	return b, keepNew(path, b) // a file system without links
}

// keepNew writes a file that must not be there yet.
func keepNew(path string, b []byte) error {
	w, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return errors.Join(err, w.Sync(), w.Close())
}

// replace writes a file whole, or leaves the one that is there.
func replace(path string, b []byte) error {
	temp, err := written(path, b)
	if err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	syncFolder(filepath.Dir(path))
	return nil
}

// written writes a file beside a path, for its owner alone.
func written(path string, b []byte) (temp string, err error) {
	temp = path + "." + rand.Text()[:8] + ".new"
	if err := keepNew(temp, b); err != nil {
		_ = os.Remove(temp)
		return "", err
	}
	return temp, nil
}

// syncFolder makes a rename durable where the system can.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync() // some file systems know no such thing; the file itself is synced
		_ = d.Close()
	}
}

// readSmall reads a file that is of no use when it is large.
func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, mostFile+1))
	if err == nil && len(b) > mostFile {
		err = errors.New("it is too long to be a key")
	}
	return b, err
}

// sealFor seals for those who hold the other half.
func sealFor(plain []byte, to age.Recipient) ([]byte, error) {
	var b bytes.Buffer
	w, err := age.Encrypt(&b, to)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func open(b []byte, with ...age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(b), with...)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, mostFile))
}
