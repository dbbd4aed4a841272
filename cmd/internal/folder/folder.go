package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"circdesk/store/bolt"
	"circdesk/store/secret"
)

// The files.
const (
	Journal   = "journal.db"
	Cache     = "cache.db"
	Server    = "server.db"
	Segments  = "segments" // a folder: the server's snapshots, which it makes when they are needed
	DeskTOML  = "desk.toml"
	Operators = "operators.toml"
	Rules     = "rules.toml"
	RuleCases = "rule_cases.toml"
	Terminals = "sip2.toml"
	Recovery  = "recovery.key"
	Reach     = "reach.json"
	Serving   = "serving.json"
	Slips     = "slips.txt"
	Log       = "circdesk.log"
)

// Folder is a data folder, by its path.
type Folder string

// Default is the folder of this user's desk.
func Default() (Folder, error) {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return Folder(filepath.Join(dir, "circdesk")), nil
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		dir, err := os.UserConfigDir()
		if err != nil {
			return "", fmt.Errorf("find a folder for data: %w", err)
		}
		return Folder(filepath.Join(dir, "circdesk")), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find a folder for data: %w", err)
	}
	return Folder(filepath.Join(home, ".local", "share", "circdesk")), nil
}

// File gives the path of a file in the folder.
func (f Folder) File(name string) string { return filepath.Join(string(f), name) }

// Has reports whether a file is there.
func (f Folder) Has(name string) bool {
	_, err := os.Lstat(f.File(name))
	return err == nil
}

// Make makes the folder, for its owner alone.
func (f Folder) Make() error { return os.MkdirAll(string(f), 0o700) }

// ErrNoJournal says that nobody has worked in the folder.
var ErrNoJournal = errors.New("the folder holds no journal")

// Stores are the two files of a desk.
type Stores struct {
	Journal *bolt.Journal
	Cache   *bolt.Cache
	// Rebuilt: the cache was damaged and begins anew. Emptied: its key is gone, and
	// with it what it held.
	Rebuilt, Emptied bool
	Sealed           bool

	where Folder
	kept  func() error           // why the keys cannot be had for the next start
	keep  func(key []byte) error // keeps another key of the cache; nil: it is not sealed
	drop  func() error
	held  string
}

// Kept says why the keys of the files could not be had for another start; nil: they
// could, or none are needed.
func (s Stores) Kept() error {
	if s.kept == nil {
		return nil
	}
	return s.kept()
}

// Free gives how many bytes of their disk are free; known is false when nobody says.
func (s Stores) Free() (n int64, known bool) { return s.where.Free() }

// EmptyCache makes the cache anew, with another key: what the disk keeps of the old
// one is of no use to anybody.
func (s Stores) EmptyCache() error {
	if s.keep == nil {
		return s.Cache.Empty(nil)
	}
	l := &bolt.Lock{Key: newKey(), Held: s.held}
	if err := s.keep(l.Key); err != nil {
		return err
	}
	return s.Cache.Empty(l)
}

// ForgetCache drops the key of the cache, and makes it anew with one that nobody
// keeps: what comes into it is gone with this process.
func (s Stores) ForgetCache() error {
	if s.keep == nil {
		return s.Cache.Empty(nil)
	}
	return errors.Join(s.drop(), s.Cache.Empty(&bolt.Lock{Key: newKey(), Held: s.held}))
}

// Close closes both.
func (s Stores) Close() error { return errors.Join(s.Journal.Close(), s.Cache.Close()) }

// OpenDesk opens a desk's files, or makes them; each is checked before, in a
// child process. A cache that cannot be read is put aside: it is filled again.
// Files that are sealed are opened by [Folder.OpenWith].
func (f Folder) OpenDesk(ctx context.Context) (Stores, error) { return f.OpenWith(ctx, Keys{}) }

// putAside moves a damaged cache out of the way, where it stays for whoever
// wants to look at it until the next one is. An error that is no damage comes
// back.
func (f Folder) putAside(err error) (bool, error) {
	if err == nil {
		return false, nil
	}
	if _, damaged := errors.AsType[*bolt.DamagedError](err); !damaged {
		return false, err
	}
	aside := f.File(Cache) + ".damaged"
	if err := os.Remove(aside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	return true, os.Rename(f.File(Cache), aside)
}

// OpenJournal opens the journal that is there; [ErrNoJournal] when there is none.
// One to which nobody may write is opened to be read.
func (f Folder) OpenJournal(ctx context.Context, k Keys) (*bolt.Journal, error) {
	if !f.Has(Journal) {
		return nil, ErrNoJournal
	}
	k.Seal = false
	l, err := f.journalLock(ctx, k)
	if err != nil {
		return nil, err
	}
	if err := bolt.Check(ctx, f.File(Journal), options(l)...); err != nil {
		return nil, err
	}
	j, err := bolt.OpenJournal(f.File(Journal), append(options(l), bolt.Unchecked())...)
	if errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission) {
		return bolt.OpenJournal(f.File(Journal), append(options(l), bolt.Unchecked(), bolt.ReadOnly())...)
	}
	return j, err
}

// OpenCache opens the cache that is there, for whoever reads it; nil: there is none,
// or nobody has its key any more.
func (f Folder) OpenCache(ctx context.Context, k Keys) (*bolt.Cache, error) {
	if !f.Has(Cache) {
		return nil, nil
	}
	var l *bolt.Lock
	info, err := bolt.Look(f.File(Cache))
	if err == nil && info.Sealed {
		if l, err = lockOf(k, f.File(Cache), info.Held, secret.ErrNone); errors.Is(err, secret.ErrNone) {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
	}
	if err := bolt.Check(ctx, f.File(Cache), options(l)...); err != nil {
		return nil, err
	}
	return bolt.OpenCache(f.File(Cache), append(options(l), bolt.Unchecked())...)
}

// OpenServer opens the central server's store, or makes it.
func (f Folder) OpenServer(ctx context.Context) (*bolt.Hub, error) {
	if err := bolt.Check(ctx, f.File(Server)); err != nil {
		return nil, err
	}
	return bolt.OpenHub(f.File(Server), bolt.Unchecked())
}

func removeFile(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// mostLog is how large a log grows before a new one is begun, in bytes.
const mostLog = 4 << 20

// OpenLog opens the log to write at its end; one that has grown large is put
// aside first. Close what it gives.
func (f Folder) OpenLog() (*slog.Logger, *os.File, error) {
	path := f.File(Log)
	if info, err := os.Stat(path); err == nil && info.Size() > mostLog {
		_ = os.Remove(path + ".1")
		_ = os.Rename(path, path+".1") // else it goes on growing
	}
	w, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, err
	}
	return slog.New(slog.NewTextHandler(w, nil)), w, nil
}

// Replace writes a file whole, or leaves the one that is there. Who may read it
// stays as it was, and so does a link to a file elsewhere.
func (f Folder) Replace(name string, data []byte) error {
	path, mode := f.File(name), fs.FileMode(0o600)
	if at, err := filepath.EvalSymlinks(path); err == nil {
		path = at
	}
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	fresh := path + ".new"
	w, err := os.OpenFile(fresh, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	if err := errors.Join(err, w.Chmod(mode), w.Sync(), w.Close()); err != nil {
		_ = os.Remove(fresh)
		return err
	}
	return os.Rename(fresh, path)
}

// Keep writes a file whole that is not there yet. It reports whether it did.
func (f Folder) Keep(name string, data []byte) (bool, error) {
	w, err := os.OpenFile(f.File(name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, err = w.Write(data)
	if err := errors.Join(err, w.Close()); err != nil {
		_ = os.Remove(f.File(name)) // half of it is worse than none
		return false, err
	}
	return true, nil
}
