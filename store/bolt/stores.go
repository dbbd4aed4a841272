package bolt

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"sync"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Journal is a desk's journal: small, precious, written once for each scan.
type Journal struct{ f *file }

// Cache is what a desk knows of the central system's records; it can be thrown
// away and filled again.
type Cache struct {
	mu   sync.RWMutex // the file is another one after Empty
	f    *file
	opts []Option
}

// Hub is the server's store on one machine.
type Hub struct{ f *file }

var (
	_ journal.Store[journal.JournalTx] = (*Journal)(nil)
	_ journal.Store[journal.CacheTx]   = (*Cache)(nil)
	_ journal.Store[journal.HubTx]     = (*Hub)(nil)
)

// OpenJournal opens the journal in a file, or makes a new one where there is no
// file. The errors to branch on: [journal.ErrHeld] (another process has it),
// [journal.ErrTooNew], [DamagedError]. A file that is there and is no journal
// is never taken for a new one.
func OpenJournal(path string, opts ...Option) (*Journal, error) {
	f, err := open(path, kindJournal, opts)
	if err != nil {
		return nil, err
	}
	return &Journal{f}, nil
}

// OpenCache opens a cache, as [OpenJournal] does a journal.
func OpenCache(path string, opts ...Option) (*Cache, error) {
	f, err := open(path, kindCache, opts)
	if err != nil {
		return nil, err
	}
	return &Cache{f: f, opts: opts}, nil
}

// OpenHub opens the server's store, as [OpenJournal] does a journal.
func OpenHub(path string, opts ...Option) (*Hub, error) {
	f, err := open(path, kindHub, opts)
	if err != nil {
		return nil, err
	}
	return &Hub{f}, nil
}

// Update runs fn, in the caller's goroutine, in a transaction that writes. Those
// that wait at the same moment share a commit and fail each alone. When a commit
// failed and nobody can say whether it counts, further Updates are refused until
// the file is opened again; a full disk (syscall.ENOSPC) is no such thing.
func (j *Journal) Update(ctx context.Context, fn func(journal.JournalTx) error) error {
	return j.f.writer.update(ctx, func(t *tx) error { return fn(t) })
}

// View runs fn in a transaction that reads one state of the store.
func (j *Journal) View(ctx context.Context, fn func(journal.JournalTx) error) error {
	return j.f.view(ctx, func(t *tx) error { return fn(t) })
}

// Close waits for what is being written and closes the file.
func (j *Journal) Close() error { return j.f.close() }

// Update runs fn in a transaction that writes.
func (c *Cache) Update(ctx context.Context, fn func(journal.CacheTx) error) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.f.writer.update(ctx, func(t *tx) error { return fn(t) })
}

// View runs fn in a transaction that reads one state of the store.
func (c *Cache) View(ctx context.Context, fn func(journal.CacheTx) error) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.f.view(ctx, func(t *tx) error { return fn(t) })
}

// Load puts many records, as [Hub.Load] does. A cache whose load was cut short
// is damaged for the next open: it is filled anew.
func (c *Cache) Load(ctx context.Context, rows iter.Seq2[circ.Row, error], progress func(n int)) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.f.load(ctx, rows, progress)
}

// Empty puts a new file in the place of the cache's, sealed with the lock unless
// that is nil. It waits for what is under way. When it fails the cache is closed:
// its file may be gone, and the next open makes a new one.
func (c *Cache) Empty(l *Lock) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	path := c.f.path
	if err := errors.Join(c.f.keepParts(nil), c.f.close()); err != nil {
		return fmt.Errorf("empty %s: %w", path, err)
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("empty %s: %w", path, err)
	}
	opts := append(c.opts[:len(c.opts):len(c.opts)], func(o *options) { o.lock = l })
	f, err := open(path, kindCache, opts)
	if err != nil {
		return fmt.Errorf("empty %s: %w", path, err)
	}
	c.f, c.opts = f, opts
	return nil
}

// Close waits for what is being written and closes the file.
func (c *Cache) Close() error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.f.close()
}

// Update runs fn in a transaction that writes.
func (h *Hub) Update(ctx context.Context, fn func(journal.HubTx) error) error {
	return h.f.writer.update(ctx, func(t *tx) error { return fn(t) })
}

// View runs fn in a transaction that reads one state of the store.
func (h *Hub) View(ctx context.Context, fn func(journal.HubTx) error) error {
	return h.f.view(ctx, func(t *tx) error { return fn(t) })
}

// Close waits for what is being written and closes the file.
func (h *Hub) Close() error { return h.f.close() }
