package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

// note tells the disk on which a file lies what is durable by now.
func note(path string, what any) {
	f := must(os.OpenFile(filepath.Join(filepath.Dir(path), "notes"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600))
	must(fmt.Fprint(f, what))
	must(0, f.Close())
}

// done tells that the work is done, and waits until it was heard.
func done() {
	fmt.Println("done")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// poweredEntries is how many entries a journal gets whose power fails.
const poweredEntries = 24

// powered adds entries, settles each third, and notes each number once it is
// durable.
func powered(path string, opts ...bolt.Option) {
	ctx := context.Background()
	j := must(bolt.OpenJournal(path, opts...))
	head := journal.Mark{Desk: "d", Epoch: 1}
	for range poweredEntries {
		var err error
		if head, err = addAfter(ctx, j, head); err != nil {
			must(0, err)
		}
		note(path, head.Seq)
	}
	must(0, j.Close())
	done()
}

// addAfter adds the entry after a mark, and settles each third.
func addAfter(ctx context.Context, j *bolt.Journal, head journal.Mark) (journal.Mark, error) {
	e, err := entryAfter(head)
	if err != nil {
		return head, err
	}
	err = j.Update(ctx, func(tx journal.JournalTx) error {
		if _, err := tx.Add(ctx, e); err != nil || e.Seq%3 != 0 {
			return err
		}
		return tx.Settle(ctx, journal.Receipt{Entry: e.Act.ID, Desk: "d", Epoch: 1, Seq: e.Seq, Verdict: journal.Noop})
	})
	if err != nil {
		return head, err
	}
	return journal.Mark{Desk: "d", Epoch: 1, Seq: e.Seq, Hash: e.Hash()}, nil
}

// poweredBegin makes journals of one entry each, and notes each.
func poweredBegin(path string) {
	for i := range 3 {
		j := must(bolt.OpenJournal(fmt.Sprint(path, i)))
		must(addAfter(context.Background(), j, journal.Mark{Desk: "d", Epoch: 1}))
		note(path, i)
		must(0, j.Close())
	}
	done()
}

// poweredUpgrade opens files of an earlier version.
func poweredUpgrade(dir string) {
	j, c, h := filepath.Join(dir, "journal.db"), filepath.Join(dir, "cache.db"), filepath.Join(dir, "hub.db")
	note(j, "begun")
	must(0, must(bolt.OpenJournal(j)).Close())
	note(j, "journal")
	must(0, must(bolt.OpenHub(h)).Close())
	note(j, "hub")
	must(0, must(bolt.OpenCache(c)).Close())
	note(j, "cache")
	done()
}

// poweredRows is how many records a load has whose power fails.
const poweredRows = 100

// poweredLoad loads patrons, and then the same with other names.
func poweredLoad(path string) {
	h := must(bolt.OpenHub(path))
	note(path, "open")
	for i := range 2 {
		must(0, h.Load(context.Background(), firstRows(named(i), poweredRows), nil))
		note(path, i)
	}
	must(0, h.Close())
	done()
}

func firstRows(rows iter.Seq2[circ.Row, error], n int) iter.Seq2[circ.Row, error] {
	return func(yield func(circ.Row, error) bool) {
		left := n
		for r, err := range rows {
			if left--; left < 0 || !yield(r, err) {
				return
			}
		}
	}
}

// poweredFill fills a copy.
func poweredFill(path string) {
	c := must(bolt.OpenCache(path))
	note(path, "open")
	must(0, c.Load(context.Background(), mixed(poweredRows), nil))
	note(path, "filled")
	must(0, c.Close())
	done()
}

// refusal is what a disk says no to.
type refusal struct {
	what   string
	no     syscall.Errno
	goesOn bool // the store goes on by itself when the cause is gone
}

// refusals are rows 4 and 5 of the faults.
var refusals = []refusal{
	{"sync", syscall.EIO, false},
	{"write", syscall.EIO, false},
	{"write", syscall.ENOSPC, true},
	{"truncate", syscall.ENOSPC, true},
}

// refusedName names the journal for which a disk says no to the n-th call.
func refusedName(i, n int) string { return fmt.Sprintf("%d-%d.db", i, n) }

// refusedEntries is how many entries such a journal would have.
const refusedEntries = 6

// refused works on journals for which the disk says no to the first call, the
// second, and so on, until there are no more. It tells what was wrong with what
// the store said.
func refused(dir string) {
	step := 1
	if os.Getenv("CIRCDESK_LONG") == "" {
		step = 3
	}
	for i, r := range refusals {
		n, met := 1, 0
		for quiet := 0; quiet < 3; n += step { // the room ahead may be met, and need not be told
			said, wrong := refusedOnce(filepath.Join(dir, refusedName(i, n)), r)
			if quiet++; said != "" {
				quiet, met = 0, met+1
			}
			if wrong != "" {
				fmt.Printf("%s no. %d %v: %s, it said %s\n", r.what, n, r.no, wrong, said)
			}
		}
		fmt.Printf("met %s %v: %d\n", r.what, r.no, met)
	}
	done()
}

func refusedOnce(path string, r refusal) (said, wrong string) {
	ctx, name := context.Background(), filepath.Base(path)
	head := journal.Mark{Desk: "d", Epoch: 1}
	add := func(j *bolt.Journal) error {
		next, err := addAfter(ctx, j, head)
		if err == nil {
			head = next
			note(path, fmt.Sprint(name, " ", head.Seq))
		}
		return err
	}
	j, err := bolt.OpenJournal(path)
	for err == nil && head.Seq < refusedEntries {
		err = add(j)
	}
	if err != nil {
		said = oneLine(err)
		if !errors.Is(err, r.no) {
			wrong = "it does not say why"
		}
	}
	if j != nil {
		var seen journal.Mark
		if err := j.View(ctx, func(tx journal.JournalTx) (err error) {
			seen, err = tx.Head(ctx, "d")
			return err
		}); err != nil || seen.Seq < head.Seq {
			wrong = fmt.Sprint("entry ", seen.Seq, " of ", head.Seq, " is read: ", oneLine(err))
		}
		if err != nil {
			doubt := seen.Seq > head.Seq // the last write of all failed: it may be on the disk
			again := add(j)
			if (r.goesOn && !doubt) != (again == nil) || again != nil && !strings.Contains(again.Error(), "must be opened again") {
				wrong = "then it says " + oneLine(again)
			}
		}
		_ = j.Close()
	}
	j, err = bolt.OpenJournal(path)
	if err != nil {
		return said, "opened again: " + oneLine(err)
	}
	// What was in doubt may count: the disk has it, or has it not.
	if err := j.View(ctx, func(tx journal.JournalTx) error {
		m, err := tx.Head(ctx, "d")
		if err == nil && m.Seq > head.Seq {
			head = m
		}
		return err
	}); err != nil {
		return said, "read again: " + oneLine(err)
	}
	if err := add(j); err != nil && said == "" {
		said = oneLine(err) // it is met only now
	} else if err != nil {
		return said, "after it was opened again: " + oneLine(err)
	}
	if err := j.Close(); err != nil {
		return said, oneLine(err)
	}
	return said, wrong
}

func oneLine(err error) string { return strings.ReplaceAll(fmt.Sprint(err), "\n", " ") }
