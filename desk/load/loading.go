package load

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"iter"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
	"circdesk/desk/text"
)

// loading is one load under way.
type loading struct {
	Target
	file   File
	report Report
	src    *Source
	pass   *pass
	homes  map[policy.LibraryID]int // items of each library
}

func newLoading(to Target, f File) *loading {
	l := &loading{Target: to, file: f, homes: map[policy.LibraryID]int{}}
	l.pass = &pass{src: f.Bytes, progress: f.Progress, sum: sha256.New()}
	l.src = f.open(l.pass)
	l.report.File, l.report.Kind = shortName(f.Name), l.src.kind
	return l
}

func (l *loading) all(ctx context.Context) error {
	hash, size, err := measure(ctx, l.file.Bytes)
	if err != nil {
		return err
	}
	l.report.Hash = hash
	if done, err := l.finished(ctx); done || err != nil {
		return err
	}
	l.pass.ctx, l.pass.total = ctx, size
	if err := l.put(ctx); err != nil {
		return err
	}
	if err := l.src.list.lift(ctx, l.Store, l.Now().UTC()); err != nil {
		return err
	}
	if err := remember(ctx, l.Store, l.remembered()); err != nil {
		return err
	}
	l.report.Entry, err = l.note(ctx, circ.LoadNote{
		File: l.report.File, Hash: hash, Kind: l.report.Kind,
		Read: l.report.Counts.Read, Put: l.report.Counts.Read - l.report.Counts.Skipped, Skipped: l.report.Counts.Skipped,
	})
	return err
}

// finished reports whether this very file was the last one of its name, read in
// the same way, and its load was finished.
func (l *loading) finished(ctx context.Context) (done bool, err error) {
	err = l.Store.View(ctx, func(tx journal.HubTx) error {
		done = false
		was, known, err := recall(ctx, tx, l.report.Kind, l.report.File)
		if err != nil || !known || !was.same(l.remembered()) {
			return err
		}
		e, ok, err := latest(ctx, tx, l.report.Kind, l.report.File)
		if err != nil || !ok || e.hash != l.report.Hash {
			return err
		}
		done, l.report.Unchanged, l.report.Counts, l.report.Entry = true, true, was.Counts, e.id
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("look whether it was loaded before: %w", err)
	}
	return done, nil
}

// remembered is what the store remembers of this load.
func (l *loading) remembered() memory {
	return memory{Kind: l.report.Kind, Name: l.report.File, Hash: l.report.Hash, How: l.src.how, Counts: l.report.Counts, Homes: most(l.homes)}
}

// put reads the file and puts its records.
func (l *loading) put(ctx context.Context) error {
	if _, err := l.file.Bytes.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read it from its beginning: %w", err)
	}
	m := merger{store: l.Store, other: l.src.other}
	fresh := 0
	rows := func(yield func(circ.Row, error) bool) {
		for row, err := range m.rows(ctx, l.drawn()) {
			if !yield(row, err) {
				return
			}
			fresh++
		}
	}
	done := func(n int) {
		if l.file.Progress != nil {
			l.file.Progress(Progress{Part: Putting, Done: int64(n), Total: int64(fresh + len(m.cards))})
		}
	}
	err := l.Store.Load(ctx, rows, done)
	l.report.Merged = m.Merged
	if err != nil {
		return err
	}
	taken, err := m.giveOut(ctx, func(n int) { done(fresh + n) })
	for _, card := range taken {
		l.src.tell(Trouble{ID: text.Clean(card, maxShown), Field: "card", Why: "a desk gave it to somebody meanwhile: load the file again"})
	}
	l.report.Counts = l.src.Counts()
	return err
}

// drawn gives the records of the file, and then what is wrong with it as a whole.
func (l *loading) drawn() iter.Seq2[drawn, error] {
	return func(yield func(drawn, error) bool) {
		for d, err := range l.src.drawn() {
			if it, ok := d.row.(circ.Item); ok && it.Home != "" {
				l.homes[it.Home]++
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
		l.report.Counts = l.src.Counts()
		switch {
		case l.report.Counts.Read == l.report.Counts.Skipped:
			yield(drawn{}, ErrNoRecords)
		case !l.pass.whole(l.report.Hash):
			yield(drawn{}, ErrMoved)
		}
	}
}

// measure gives the hash of a file and its length.
func measure(ctx context.Context, src io.ReadSeeker) (sum string, size int64, err error) {
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return "", 0, fmt.Errorf("read it from its beginning: %w", err)
	}
	h := sha256.New()
	b := make([]byte, 1<<16)
	for {
		n, err := src.Read(b)
		h.Write(b[:n])
		size += int64(n)
		if err == nil {
			err = ctx.Err()
		}
		if err == io.EOF {
			return hex.EncodeToString(h.Sum(nil)), size, nil
		}
		if err != nil {
			return "", 0, fmt.Errorf("read it: %w", err)
		}
	}
}

// pass is the second reading of a file: it counts and hashes what is read.
type pass struct {
	ctx         context.Context
	src         io.Reader
	progress    func(Progress)
	sum         hash.Hash
	done, total int64
}

func (p *pass) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := p.src.Read(b)
	p.sum.Write(b[:n])
	p.done += int64(n)
	if p.progress != nil && n > 0 {
		p.progress(Progress{Part: Reading, Done: p.done, Total: p.total})
	}
	return n, err
}

// whole reports whether what was read has the hash. A reader may stop before
// what follows the last record.
func (p *pass) whole(hash string) bool {
	if _, err := io.Copy(p.sum, p.src); err != nil {
		return false
	}
	return hex.EncodeToString(p.sum.Sum(nil)) == hash
}
