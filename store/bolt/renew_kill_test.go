package bolt_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"circdesk/desk/central/segment"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

// A copy that is made anew again and again: each time of the same library, with the
// number of the time beside it. What the desk learns in between is a card, which the
// next copy does not have.

// renewals is a desk's two files in a folder.
type renewals struct {
	dir     string
	cache   *bolt.Cache
	journal *bolt.Journal
	head    journal.Mark
}

// renewedStock is the library.
var renewedStock = stock{patrons: 40, items: 120}

const noteTime = "time"

func openRenewals(dir string, opts ...bolt.Option) (*renewals, error) {
	c, err := bolt.OpenCache(filepath.Join(dir, "cache.db"), append(opts, locked())...)
	if err != nil {
		return nil, err
	}
	j, err := bolt.OpenJournal(filepath.Join(dir, "journal.db"), append(opts, locked())...)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	r := &renewals{dir: dir, cache: c, journal: j}
	err = j.View(context.Background(), func(tx journal.JournalTx) (err error) {
		r.head, err = tx.Head(context.Background(), "d")
		return err
	})
	if r.head.Epoch == 0 {
		r.head = journal.Mark{Desk: "d", Epoch: 1}
	}
	return r, err
}

func (r *renewals) close() error { return errors.Join(r.cache.Close(), r.journal.Close()) }

// learnt is the card that the desk learns when the copy has been made so often.
func learnt(n int) circ.Card {
	return circ.Card{Number: fmt.Sprint("2learnt", n), Patron: "p00000001", State: circ.CardValid}
}

// learns puts it, and writes the journal up to as many entries.
func (r *renewals) learns(n int) error {
	ctx := context.Background()
	err := r.cache.Update(ctx, func(tx journal.CacheTx) error { return tx.Put(ctx, []circ.Row{learnt(n)}) })
	for err == nil && r.head.Seq < uint64(n) {
		r.head, err = addAfter(ctx, r.journal, r.head)
	}
	return err
}

// comes lets the segments come.
func (r *renewals) comes() (names []string, err error) {
	for _, s := range renewedStock.packed() {
		p, err := r.cache.Part(s.name)
		if err != nil {
			return nil, err
		}
		if !p.Whole() {
			err = errors.Join(p.Begin(), p.Add(s.bytes))
		}
		if err = errors.Join(err, p.Close()); err != nil {
			return nil, err
		}
		names = append(names, s.name)
	}
	return names, nil
}

// renews makes the copy anew, for the n-th time.
func (r *renewals) renews(n int, progress func(int)) error {
	names, err := r.comes()
	if err != nil {
		return err
	}
	return r.cache.Renew(context.Background(), names, map[string][]byte{noteTime: binary.BigEndian.AppendUint64(nil, uint64(n))}, progress)
}

type packed struct {
	name  string
	bytes []byte
}

func (l stock) packed() (out []packed) {
	l.segments(nil, func(info segment.Info, b []byte) { out = append(out, packed{info.Hash, slices.Clone(b)}) })
	return out
}

// whole says how often the copy was made that is there, 0 for none; and fails when it is
// not whole, or is of two times.
func (r *renewals) whole() (n int, err error) {
	ctx := context.Background()
	wants := []circ.Want{
		{Index: circ.ByName, ID: "", N: 4 * renewedStock.patrons}, // those whose name begins with anything
		circ.ByKey(circ.KindCard, string(learnt(0).Number)),
	}
	for i := range renewedStock.patrons {
		wants = append(wants, circ.ByKey(circ.KindPatron, fmt.Sprintf("p%08d", i)), circ.Want{Index: circ.CardsOf, ID: fmt.Sprintf("p%08d", i), N: 9})
	}
	for i := range renewedStock.items {
		wants = append(wants, circ.ByKey(circ.KindItem, fmt.Sprintf("i%08d", i)), circ.Want{Index: circ.ByBarcode, ID: fmt.Sprintf("3%013d", i*7), N: 9})
	}
	err = r.cache.View(ctx, func(tx journal.CacheTx) error {
		at, err := tx.Note(ctx, noteTime)
		if err != nil {
			return err
		}
		if at != nil {
			n = int(binary.BigEndian.Uint64(at))
		}
		wants[1] = circ.ByKey(circ.KindCard, string(learnt(n-1).Number))
		found, err := tx.Read(ctx, wants)
		if err != nil {
			return err
		}
		if len(found[1]) != 0 {
			return fmt.Errorf("the copy of time %d holds what was learnt before", n)
		}
		of := 1
		if n == 0 {
			of = 0
		}
		for i, rows := range found[2:] {
			most := of
			if wants[i+2].Index == circ.CardsOf && wants[i+2].ID == "p00000001" {
				most++ // with what was learnt
			}
			if len(rows) < of || len(rows) > most {
				return fmt.Errorf("the copy of time %d: %d rows are found by %+v", n, len(rows), wants[i+2])
			}
		}
		return nil
	})
	return n, err
}

// leftovers are what a copy on its way leaves beside it.
func (r *renewals) leftovers() (out []string) {
	all, _ := os.ReadDir(r.dir)
	for _, e := range all {
		if strings.Contains(e.Name(), ".renew") || strings.Contains(e.Name(), ".load-") {
			out = append(out, e.Name())
		}
	}
	return out
}

// after says what is wrong with a folder that was left at any moment, when n copies and
// entries were told.
func afterRenewal(dir string, told int, opts ...bolt.Option) (n int, err error) {
	r, err := openRenewals(dir, opts...)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	if n, err = r.whole(); err != nil {
		return n, err
	}
	if n < told || n > told+1 {
		return n, fmt.Errorf("copy %d was told to be there, %d is", told, n)
	}
	if left := r.leftovers(); len(left) > 0 {
		return n, fmt.Errorf("left behind: %v", left)
	}
	v, err := r.journal.Verify(context.Background(), nil)
	if err != nil || len(v.Problems) > 0 || v.Entries < told {
		return n, fmt.Errorf("the journal has %d of %d entries: %v %w", v.Entries, told, v.Problems, err)
	}
	// And it goes on.
	return n, errors.Join(r.renews(n+1, nil), r.learns(n+1))
}

// renewForEver makes the copy anew again and again, and tells each time once what is
// learnt after it is durable.
func renewForEver(dir string) {
	r := must(openRenewals(dir))
	n := must(r.whole())
	for {
		n++
		must(0, r.renews(n, func(int) { fmt.Println(underWay) }))
		must(0, r.learns(n))
		fmt.Println(n)
	}
}

// Whenever it is killed, the old copy is there or the new one, the journal has all, and
// nothing is left beside them.
func TestACopyThatIsMadeAnewOutlivesAKill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	told, swapped, left := 0, 0, 0
	for i := range rounds(6, 200) {
		cmd, out := child(t, "renew", dir)
		told = int(killed(t, cmd, out, i%4, 4*time.Millisecond, uint64(told)))
		if len((&renewals{dir: dir}).leftovers()) > 0 {
			left++
		}
		n, err := afterRenewal(dir, told)
		if err != nil {
			t.Fatalf("round %d: %v", i, err)
		}
		if n > told {
			swapped++
		}
		told = n + 1 // it went on
	}
	t.Logf("%d copies; killed %d times with files beside it, %d times behind the swap", told, left, swapped)
}

// poweredRenew makes the copy anew twice.
func poweredRenew(path string) {
	r := must(openRenewals(filepath.Dir(path)))
	must(0, r.learns(0))
	note(path, 0)
	for n := 1; n <= 2; n++ {
		must(0, r.renews(n, nil))
		must(0, r.learns(n))
		note(path, n)
	}
	must(0, r.close())
	done()
}

// renewRefusals is what a disk says no to while a copy is made anew.
var renewRefusals = []refusal{
	{what: "write", no: syscall.EIO},
	{what: "write", no: syscall.ENOSPC},
	{what: "create", no: syscall.ENOSPC},
	{what: "sync", no: syscall.EIO},
	{what: "rename", no: syscall.EIO},
}

// The disk hears by files of these names when a copy is begun that it may refuse, and
// when that is over.
const (
	refusedFrom = "from"
	refusedTo   = "to"
)

// refusedRenew makes copies anew for which the disk says no to the first call, the
// second, and so on, and tells what was wrong with what came of it.
func refusedRenew(dir string) {
	for i, r := range renewRefusals {
		met := 0
		for n := 1; ; n++ {
			at := filepath.Join(dir, fmt.Sprintf("%d-%d", i, n))
			must(0, os.Mkdir(at, 0o700))
			said, wrong := refusedRenewal(at, r)
			if wrong != "" {
				fmt.Printf("%s no. %d %v: %s, it said %s\n", r.what, n, r.no, wrong, said)
			}
			if said != "" {
				met++
				continue
			}
			break
		}
		fmt.Printf("met %s %v: %d\n", r.what, r.no, met)
	}
	done()
}

func refusedRenewal(dir string, no refusal) (said, wrong string) {
	r, err := openRenewals(dir)
	if err == nil {
		err = errors.Join(r.renews(1, nil), r.learns(1))
	}
	if err != nil {
		return "", "before: " + oneLine(err)
	}
	names, err := r.comes()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, refusedFrom), nil, 0o600)
	}
	if err != nil {
		return "", "before: " + oneLine(err)
	}
	err = r.cache.Renew(context.Background(), names, map[string][]byte{noteTime: binary.BigEndian.AppendUint64(nil, 2)}, nil)
	if err != nil {
		said = oneLine(err)
	}
	if err := os.WriteFile(filepath.Join(dir, refusedTo), nil, 0o600); err != nil {
		return said, "after: " + oneLine(err)
	}
	want := 1
	switch {
	case err == nil:
		want = 2
	case !errors.Is(err, no.no):
		return said, "it does not say why"
	case !strings.Contains(said, "cache.db"):
		return said, "it does not say what of"
	}
	if n, err := r.whole(); err != nil || n != want {
		return said, fmt.Sprintf("copy %d serves: %s", n, oneLine(err))
	}
	if left := r.leftovers(); len(left) > 0 {
		return said, fmt.Sprint("left behind: ", left)
	}
	if err := r.learns(want); err != nil {
		return said, "then it learns nothing: " + oneLine(err)
	}
	if err := r.close(); err != nil {
		return said, "it is closed: " + oneLine(err)
	}
	if n, err := afterRenewal(dir, want); err != nil || n != want {
		return said, fmt.Sprintf("opened again: copy %d: %s", n, oneLine(err))
	}
	return said, ""
}

// refusedAt reads the name of a folder of refusedRenew.
func refusedAt(path string) (i, n int, name string, ok bool) {
	folder, name, ok := strings.Cut(path, "/")
	first, second, both := strings.Cut(folder, "-")
	i, err1 := strconv.Atoi(first)
	n, err2 := strconv.Atoi(second)
	return i, n, name, ok && both && err1 == nil && err2 == nil && i < len(renewRefusals)
}
