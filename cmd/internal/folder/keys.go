package folder

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

	"circdesk/store/bolt"
	"circdesk/store/secret"
)

// Keys says where the keys of a desk's files are kept. Without a Keeper files are
// opened as long as they are not sealed, and new ones are not.
type Keys struct {
	Keeper secret.Keeper
	Kind   string // of the keeper, in one word: sealed files name it
	Seal   bool   // seal new files, and those that are not yet
	Anew   bool   // begin a new journal where the keeper knows one that is gone
	// Sealing hears how many entries or records of a file are sealed; nil: nobody does.
	Sealing func(file string, n int)
}

// The kinds of keepers.
const (
	KindKeyring    = "keyring"
	KindPassphrase = "passphrase"
)

// Errors on which callers branch.
var (
	// ErrKeyGone says that the desk's key is no longer kept: see [circdesk/store/secret.ErrNone].
	ErrKeyGone = errors.New("the key of the desk's journal is gone")
	// ErrJournalGone says that the keeper knows a desk in the folder whose journal is
	// not there any more, or holds nothing.
	ErrJournalGone = errors.New("a desk has worked in the folder, and its journal is gone")
)

// OtherKeeperError says that the keys of a desk are elsewhere than in the keeper
// that was given.
type OtherKeeperError struct {
	File string
	Kind string // where they are
}

func (e *OtherKeeperError) Error() string {
	return fmt.Sprintf("open %s: it is sealed, and its key is kept by the %s", e.File, e.Kind)
}

// KeptBy says which kind of keeper has the key of the folder's journal; empty:
// there is no journal, or it is not sealed.
func (f Folder) KeptBy() (kind string, err error) {
	if !f.Has(Journal) {
		return "", nil
	}
	info, err := bolt.Look(f.File(Journal))
	kind, _, _ = strings.Cut(info.Held, " ")
	return kind, err
}

// worked is what a keeper knows of the desk in a folder.
type worked struct {
	Journal string `json:"journal"` // its id
	Entries bool   `json:"entries"` // it has had some
}

// place is the name under which a keeper knows the desk in a folder.
func (f Folder) place() string {
	path := string(f)
	if at, err := filepath.Abs(path); err == nil {
		path = at
	}
	if at, err := filepath.EvalSymlinks(path); err == nil {
		path = at
	}
	sum := sha256.Sum256([]byte(path))
	return "folder " + hex.EncodeToString(sum[:16])
}

// OpenWith opens a desk's files, or makes them, as [Folder.OpenDesk] does, with the
// keys of a keeper. [ErrKeyGone], [ErrJournalGone], [OtherKeeperError]. A cache
// whose key is gone is filled again.
func (f Folder) OpenWith(ctx context.Context, k Keys) (s Stores, err error) {
	if k.Sealing == nil {
		k.Sealing = func(string, int) {}
	}
	if err := f.known(k); err != nil {
		return s, err
	}
	journal, err := f.journalLock(ctx, k)
	if err != nil {
		return s, err
	}
	cache, fresh, err := f.cacheLock(ctx, k, journal)
	if err != nil {
		return s, err
	}
	if s, err = f.openLocked(ctx, journal, cache); err != nil {
		return s, err
	}
	s.Emptied, s.Sealed, s.where = fresh, journal != nil, f
	if journal != nil {
		s.kept = func() error {
			_, err := k.Keeper.Get(journal.Held)
			return err
		}
		s.held = cacheName(journal.Held)
		s.keep = func(key []byte) error { return k.Keeper.Set(s.held, key) }
		s.drop = func() error { return k.Keeper.Drop(s.held) }
		err = f.note(k, s.Journal)
	}
	if err != nil {
		return Stores{}, errors.Join(err, s.Close())
	}
	return s, nil
}

// known reports why the journal in the folder is not the one that the keeper knows.
func (f Folder) known(k Keys) error {
	if k.Keeper == nil || k.Anew {
		return nil
	}
	v, err := k.Keeper.Get(f.place())
	switch {
	case errors.Is(err, secret.ErrNone):
		return nil
	case errors.Is(err, secret.ErrNoKeyring) && !k.Seal: // that nothing is there cannot be known
		return nil
	case err != nil:
		return err
	}
	var w worked
	if err := json.Unmarshal(v, &w); err != nil {
		return nil // of a later version
	}
	if !f.Has(Journal) {
		return ErrJournalGone
	}
	info, err := bolt.Look(f.File(Journal))
	if err != nil {
		return err
	}
	if info.ID != w.Journal || w.Entries && !info.Entries {
		return ErrJournalGone
	}
	return nil
}

// note lets the keeper know the desk in the folder.
func (f Folder) note(k Keys, j *bolt.Journal) error {
	info, err := j.Info()
	if err != nil {
		return err
	}
	b, err := json.Marshal(worked{info.ID, info.Entries})
	if err != nil {
		return err
	}
	if was, err := k.Keeper.Get(f.place()); err == nil && string(was) == string(b) {
		return nil
	}
	return k.Keeper.Set(f.place(), b)
}

// journalLock gives the lock of the journal; nil: it is not sealed and is not to be.
func (f Folder) journalLock(ctx context.Context, k Keys) (*bolt.Lock, error) {
	path := f.File(Journal)
	if !f.Has(Journal) {
		if !k.Seal || k.Keeper == nil {
			return nil, nil
		}
		return newLock(k, k.Kind+" "+strings.ToLower(rand.Text()[:16]))
	}
	info, err := bolt.Look(path)
	if err != nil {
		if damaged := (*bolt.DamagedError)(nil); errors.As(err, &damaged) {
			return nil, nil // the check tells it
		}
		return nil, err
	}
	switch {
	case info.Sealed:
		return lockOf(k, path, info.Held, ErrKeyGone)
	case !k.Seal || k.Keeper == nil:
		return nil, nil
	}
	if err := bolt.Check(ctx, path); err != nil {
		return nil, err
	}
	l, err := newLock(k, k.Kind+" "+strings.ToLower(rand.Text()[:16]))
	if err != nil {
		return nil, err
	}
	return l, bolt.SealFile(ctx, path, *l, func(n int) { k.Sealing(Journal, n) })
}

// cacheLock gives the lock of the cache, which is sealed when the journal is.
// fresh: its key is gone, and so is what it held.
func (f Folder) cacheLock(ctx context.Context, k Keys, journal *bolt.Lock) (l *bolt.Lock, fresh bool, err error) {
	path := f.File(Cache)
	if journal == nil {
		return nil, false, nil
	}
	name := cacheName(journal.Held)
	l, err = lockOf(k, path, name, secret.ErrNone)
	if err != nil && !errors.Is(err, secret.ErrNone) {
		return nil, false, err
	}
	gone := err != nil
	if gone {
		if l, err = newLock(k, name); err != nil {
			return nil, false, err
		}
	}
	if !f.Has(Cache) {
		return l, false, nil
	}
	info, err := bolt.Look(path)
	switch {
	case err != nil:
		return l, false, nil // the check tells it
	case info.Sealed && (gone || info.Held != name):
		return l, true, removeFile(path)
	case info.Sealed:
		return l, false, nil
	}
	if err := bolt.Check(ctx, path); err != nil {
		return l, false, nil // it is put aside
	}
	err = bolt.SealFile(ctx, path, *l, func(n int) { k.Sealing(Cache, n) })
	if damaged := (*bolt.DamagedError)(nil); errors.As(err, &damaged) {
		return l, true, removeFile(path)
	}
	return l, false, err
}

// cacheName names the key of a cache after that of the journal beside it: it can be
// dropped alone.
func cacheName(journal string) string { return journal + " cache" }

func newKey() []byte {
	key := make([]byte, bolt.KeySize)
	rand.Read(key) // never fails: it ends the program instead
	return key
}

// newLock makes a key and has it kept before anything is sealed with it.
func newLock(k Keys, held string) (*bolt.Lock, error) {
	key := newKey()
	if err := k.Keeper.Set(held, key); err != nil {
		return nil, err
	}
	return &bolt.Lock{Key: key, Held: held}, nil
}

// lockOf gives the lock of a sealed file; none is the error when its key is gone.
func lockOf(k Keys, path, held string, none error) (*bolt.Lock, error) {
	kind, _, _ := strings.Cut(held, " ")
	if k.Keeper == nil || kind != k.Kind {
		return nil, &OtherKeeperError{path, kind}
	}
	key, err := k.Keeper.Get(held)
	if errors.Is(err, secret.ErrNone) {
		return nil, fmt.Errorf("open %s: %w", path, none)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return &bolt.Lock{Key: key, Held: held}, nil
}

// openLocked opens both files; each is checked before, in a child process.
func (f Folder) openLocked(ctx context.Context, journalLock, cacheLock *bolt.Lock) (s Stores, err error) {
	ofJournal, ofCache := options(journalLock), options(cacheLock)
	var wg sync.WaitGroup
	var journal, cache error
	wg.Go(func() { journal = bolt.Check(ctx, f.File(Journal), ofJournal...) })
	wg.Go(func() { cache = bolt.Check(ctx, f.File(Cache), ofCache...) })
	wg.Wait()
	if journal != nil {
		return s, journal
	}
	if errors.Is(cache, bolt.ErrOtherKey) { // of a key that was made anew
		cache = &bolt.DamagedError{Path: f.File(Cache), Reason: cache.Error()}
	}
	if s.Rebuilt, err = f.putAside(cache); err != nil {
		return s, err
	}
	if s.Journal, err = bolt.OpenJournal(f.File(Journal), append(ofJournal, bolt.Unchecked())...); err != nil {
		return s, err
	}
	s.Cache, err = bolt.OpenCache(f.File(Cache), append(ofCache, bolt.Unchecked())...)
	if err == nil {
		return s, nil
	}
	again, aside := f.putAside(err) // damage that only an open finds: a fill that was cut short
	if again && aside == nil {
		s.Rebuilt = true
		if s.Cache, err = bolt.OpenCache(f.File(Cache), ofCache...); err == nil {
			return s, nil
		}
	}
	return s, errors.Join(err, s.Journal.Close())
}

func options(l *bolt.Lock) []bolt.Option {
	if l == nil {
		return nil
	}
	return []bolt.Option{bolt.Sealed(*l)}
}
