package bolt_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

const page = 4096

func write(t testing.TB, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestADamagedFileIsToldAndNeverTakenForANewOne(t *testing.T) {
	good := filepath.Join(t.TempDir(), "good.db")
	journalOf(t, good, 40)
	whole := read(t, good)
	spoil := func(fn func(b []byte) []byte) []byte { return fn(bytes.Clone(whole)) }
	for _, row := range []struct {
		name string
		file []byte
		open bool // an open tells it too
	}{
		{"an empty file", nil, true},
		{"a few bytes", []byte("hello"), true},
		{"another file", bytes.Repeat([]byte("hello "), 5000), true},
		{"cut to its first page", whole[:page], true},
		{"cut to half", whole[:len(whole)/2], true},
		{"both first pages gone", spoil(func(b []byte) []byte { clear(b[:2*page]); return b }), true},
		{"all other pages gone", spoil(func(b []byte) []byte { clear(b[2*page:]); return b }), true},
		{"one byte of each entry", spoil(func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("check_out"), []byte("check_oat")) }), false},
	} {
		t.Run(row.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "journal.db")
			write(t, path, row.file)
			err := bolt.Check(t.Context(), path)
			if d, ok := errors.AsType[*bolt.DamagedError](err); !ok || d.Path != path || d.Reason == "" {
				t.Errorf("check: %v", err)
			}
			j, err := bolt.OpenJournal(path, bolt.NoSync())
			if _, ok := errors.AsType[*bolt.DamagedError](err); ok != row.open {
				t.Errorf("open: %v", err)
			}
			if err == nil {
				closed(t, j)
			}
			if after := read(t, path); row.open && !bytes.Equal(after, row.file) {
				t.Error("the file was changed")
			}
			write(t, path, whole)
			if j, err = bolt.OpenJournal(path, bolt.Wait(time.Millisecond)); err != nil {
				t.Fatalf("after the backup was put back: %v", err)
			}
			closed(t, j)
		})
	}
	if err := bolt.Check(t.Context(), good); err != nil {
		t.Errorf("a good file: %v", err)
	}
	if err := bolt.Check(t.Context(), good+"?"); err != nil {
		t.Errorf("no file: %v", err)
	}
}

// Whatever byte changes, what is read is what was written, or there is an error.
func TestAChangedByteIsNeverReadAsGood(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	entries := journalOf(t, path, 40)
	whole := read(t, path)
	told := 0
	r := rand.New(rand.NewPCG(1, 2))
	for range rounds(80, 400) {
		b := bytes.Clone(whole)
		at := 2*page + r.IntN(len(b)-2*page)
		b[at] ^= 1 << r.IntN(8)
		write(t, path, b)
		var got []journal.Entry
		report, err := bolt.Verify(t.Context(), path)
		if err == nil && len(report.Problems) == 0 {
			j, err := bolt.OpenJournal(path, bolt.NoSync())
			if err != nil {
				t.Fatalf("byte %d: verified, and then %v", at, err)
			}
			if err := j.View(t.Context(), func(tx journal.JournalTx) (err error) {
				got, err = tx.Entries(t.Context(), journal.Mark{Desk: "d", Epoch: 1}, 100)
				return err
			}); err != nil {
				t.Fatalf("byte %d: verified, and then %v", at, err)
			}
			closed(t, j)
			if !reflect.DeepEqual(got, entries) {
				t.Fatalf("byte %d: other entries than were written", at)
			}
			continue
		}
		told++
	}
	if told == 0 {
		t.Error("no change was told: the test spoils nothing")
	}
}

func TestVerifySaysWhatIsWrong(t *testing.T) {
	key := func(seq uint64) []byte {
		return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64([]byte("d\x00\x01"), 1), seq)
	}
	for _, row := range []struct {
		name  string
		spoil func(b *bbolt.Tx) error
		want  string
	}{
		{"nothing", func(*bbolt.Tx) error { return nil }, ""},
		{"an entry is gone", func(b *bbolt.Tx) error { return b.Bucket([]byte("entries")).Delete(key(3)) }, "entry 1.4 of desk \"d\": entries before it are missing"},
		{"two entries have changed places", func(b *bbolt.Tx) error {
			e := b.Bucket([]byte("entries"))
			return e.Put(key(3), bytes.Clone(e.Get(key(4))))
		}, "it says to be entry 1.4"},
		{"the last is gone", func(b *bbolt.Tx) error { return b.Bucket([]byte("entries")).Delete(key(20)) }, "head of desk \"d\": it names entry 1.20, the last is 1.19"},
		{"all are gone", func(b *bbolt.Tx) error {
			if err := b.DeleteBucket([]byte("entries")); err != nil {
				return err
			}
			_, err := b.CreateBucket([]byte("entries"))
			return err
		}, "its entries are missing"},
		{"an id is gone", func(b *bbolt.Tx) error { return b.Bucket([]byte("ids")).Delete([]byte("d-1-00000002\x00\x01")) }, "entry 1.2 of desk \"d\": it is not found by its id"},
		{"an id names another entry", func(b *bbolt.Tx) error {
			return b.Bucket([]byte("ids")).Put([]byte("d-1-00000002\x00\x01"), key(3))
		}, "entry \"d-1-00000002\": its index names another"},
		{"an id names an entry that is not there", func(b *bbolt.Tx) error {
			return b.Bucket([]byte("ids")).Put([]byte("d-1-00000099\x00\x01"), key(99))
		}, "entry \"d-1-00000099\": its index names another"},
		{"a receipt is gone", func(b *bbolt.Tx) error {
			return b.Bucket([]byte("receipts")).Delete([]byte("d-1-00000003\x00\x01"))
		}, "it has a receipt: false, and is kept as settled: true"},
		{"an entry is kept as settled, and has no receipt", func(b *bbolt.Tx) error {
			return b.Bucket([]byte("ahead")).Put(key(20), nil)
		}, "entry 1.20 of desk \"d\": it has a receipt: false, and is kept as settled: true"},
		{"an entry that is not there is kept as settled", func(b *bbolt.Tx) error {
			return b.Bucket([]byte("ahead")).Put(key(21), nil)
		}, "entry 1.21 of desk \"d\": it is kept as settled, and is not there"},
		{"more is kept as settled than there is", func(b *bbolt.Tx) error {
			return b.Bucket([]byte("settled")).Put([]byte("d\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01"), sealed(binary.BigEndian.AppendUint64(nil, 22)))
		}, "desk \"d\": entries up to 22 are kept as settled, the last is 20"},
		{"what is settled has changed", func(b *bbolt.Tx) error {
			return b.Bucket([]byte("settled")).Put([]byte("d\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01"), make([]byte, 12))
		}, "what is settled of desk \"d\": its checksum does not fit"},
		{"an entry was rewritten, with a good checksum", func(b *bbolt.Tx) error {
			e := b.Bucket([]byte("entries"))
			v := bytes.Replace(e.Get(key(2)), []byte("check_out"), []byte("check_oat"), 1)
			binary.BigEndian.PutUint32(v, crc32.Checksum(v[4:], crc32.MakeTable(crc32.Castagnoli)))
			return e.Put(key(2), v)
		}, "entry 1.2 of desk \"d\": its hash does not fit"},
		{"a receipt has changed", func(b *bbolt.Tx) error {
			k := []byte("d-1-00000003\x00\x01")
			r := b.Bucket([]byte("receipts"))
			return r.Put(k, append(bytes.Clone(r.Get(k)), ' '))
		}, "receipt of entry \"d-1-00000003\": its checksum does not fit"},
	} {
		t.Run(row.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "journal.db")
			journalOf(t, path, 20)
			change(t, path, row.spoil)
			r, err := bolt.Verify(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			if row.want == "" {
				if len(r.Problems) != 0 || r.Entries != 20 || r.Receipts != 6 || len(r.Heads) != 1 || r.Heads[0].Seq != 20 {
					t.Errorf("%+v", r)
				}
				return
			}
			for _, p := range r.Problems {
				if strings.Contains(p.String(), row.want) {
					return
				}
			}
			t.Errorf("found %v, want %s", r.Problems, row.want)
		})
	}
}

// Of a journal of many megabytes a start reads the end alone.
func TestALargeJournalIsCheckedAtItsEnd(t *testing.T) {
	key := func(seq uint64) []byte {
		return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64([]byte("d\x00\x01"), 1), seq)
	}
	good := filepath.Join(t.TempDir(), "good.db")
	j, err := bolt.OpenJournal(good, bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	for m := (journal.Mark{Desk: "d", Epoch: 1}); m.Seq < 12; {
		e := journal.Entry{
			Act:   circ.Act{ID: circ.EntryID(fmt.Sprint("e", m.Seq)), Desk: "d", Command: circ.CheckIn{Barcode: "1"}, Why: strings.Repeat("x", 800_000)},
			Epoch: 1, Seq: m.Seq + 1, Prev: m.Hash, Mode: journal.Fact,
		}
		if e, err = e.Finish(); err != nil {
			t.Fatal(err)
		}
		if err := j.Update(t.Context(), func(tx journal.JournalTx) error {
			_, err := tx.Add(t.Context(), e)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		m.Seq, m.Hash = e.Seq, e.Hash()
	}
	closed(t, j)
	whole := read(t, good)
	for _, row := range []struct {
		name  string
		spoil func(entries *bbolt.Bucket) error
		want  string
	}{
		{"nothing", func(*bbolt.Bucket) error { return nil }, ""},
		{"the last is gone", func(b *bbolt.Bucket) error { return b.Delete(key(12)) }, "it names entry 1.12, the last is 1.11"},
		{"one is gone", func(b *bbolt.Bucket) error { return b.Delete(key(5)) }, "entry 1.6 of desk \"d\": it does not follow"},
		{"the first is gone", func(b *bbolt.Bucket) error { return b.Delete(key(1)) }, "entry 1.2 of desk \"d\": it does not follow"},
		{"one has changed", func(b *bbolt.Bucket) error {
			v := bytes.Clone(b.Get(key(7)))
			v[len(v)/2] ^= 1
			return b.Put(key(7), v)
		}, "entry 1.7 of desk \"d\": its checksum does not fit"},
		{"two have changed places", func(b *bbolt.Bucket) error { return b.Put(key(3), bytes.Clone(b.Get(key(4)))) }, "entry 1.3 of desk \"d\": it says to be another"},
	} {
		path := filepath.Join(t.TempDir(), "journal.db")
		write(t, path, whole)
		change(t, path, func(b *bbolt.Tx) error { return row.spoil(b.Bucket([]byte("entries"))) })
		err := bolt.Check(t.Context(), path)
		damaged, ok := errors.AsType[*bolt.DamagedError](err)
		if ok != (row.want != "") || ok && !strings.Contains(damaged.Reason, row.want) {
			t.Errorf("%s: %v, want %s", row.name, err, row.want)
		}
	}
}

// A long day in which receipts come in any order leaves one number behind, and
// no list that every lookup must walk through.
func TestWhatIsSettledIsKeptByItsNumber(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j, err := bolt.OpenJournal(path, bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	var entries []journal.Entry
	for m := (journal.Mark{Desk: "d", Epoch: 1}); len(entries) < 50; {
		e, err := entryAfter(m)
		if err != nil {
			t.Fatal(err)
		}
		m.Seq, m.Hash = e.Seq, e.Hash()
		entries = append(entries, e)
	}
	if err := j.Update(t.Context(), func(tx journal.JournalTx) error {
		for _, e := range entries {
			if _, err := tx.Add(t.Context(), e); err != nil {
				return err
			}
		}
		for _, i := range rand.New(rand.NewPCG(3, 4)).Perm(len(entries) - 1) {
			if err := tx.Settle(t.Context(), journal.Receipt{Entry: entries[i].Act.ID, Verdict: journal.Noop}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := j.View(t.Context(), func(tx journal.JournalTx) error {
		left, err := tx.Unsettled(t.Context(), "d", 100)
		if len(left) != 1 || left[0].Seq != 50 {
			t.Errorf("%d are not settled", len(left))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	closed(t, j)
	change(t, path, func(b *bbolt.Tx) error {
		if k, _ := b.Bucket([]byte("ahead")).Cursor().First(); k != nil {
			t.Errorf("%q is left", k)
		}
		if _, v := b.Bucket([]byte("settled")).Cursor().First(); len(v) != 12 || v[11] != 49 {
			t.Errorf("it is settled up to %x", v)
		}
		return nil
	})
}

// An entry that would count as settled before it is written would never be
// delivered.
func TestANewEntryIsNeverTakenForSettled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	last := journalOf(t, path, 4)[3]
	change(t, path, func(b *bbolt.Tx) error {
		return b.Bucket([]byte("settled")).Put([]byte("d\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01"), sealed(binary.BigEndian.AppendUint64(nil, 5)))
	})
	j, err := bolt.OpenJournal(path, bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, j)
	e, err := entryAfter(journal.Mark{Desk: "d", Epoch: 1, Seq: 4, Hash: last.Hash()})
	if err != nil {
		t.Fatal(err)
	}
	err = j.Update(t.Context(), func(tx journal.JournalTx) error {
		_, err := tx.Add(t.Context(), e)
		return err
	})
	if _, ok := errors.AsType[*bolt.DamagedError](err); !ok {
		t.Errorf("it says %v", err)
	}
}

// sealed puts a good checksum before a value.
func sealed(v []byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, crc32.Checksum(v, crc32.MakeTable(crc32.Castagnoli))), v...)
}

// change works on a file behind the store's back.
func change(t testing.TB, path string, fn func(b *bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second, NoSync: true, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, db)
	if err := db.Update(fn); err != nil {
		t.Fatal(err)
	}
}

func TestAFileOfALaterVersionIsRefusedWithAWayOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	journalOf(t, path, 1)
	change(t, path, func(b *bbolt.Tx) error {
		return b.Bucket([]byte("meta")).Put([]byte("version"), []byte{0, 0, 0, 9})
	})
	_, err := bolt.OpenJournal(path)
	if !errors.Is(err, journal.ErrTooNew) || !strings.Contains(err.Error(), "update the program") {
		t.Errorf("open: %v", err)
	}
	if err := bolt.Check(t.Context(), path); !errors.Is(err, journal.ErrTooNew) {
		t.Errorf("check: %v", err)
	}
}

func TestAFileOfAnotherKindIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	journalOf(t, path, 1)
	if _, err := bolt.OpenCache(path); err == nil || !strings.Contains(err.Error(), "it is a journal") {
		t.Errorf("as a cache: %v", err)
	}
	foreign := filepath.Join(t.TempDir(), "foreign.db")
	change(t, foreign, func(b *bbolt.Tx) error { return nil })
	_, err := bolt.OpenHub(foreign)
	if _, ok := errors.AsType[*bolt.DamagedError](err); !ok {
		t.Errorf("a bbolt file of another program: %v", err)
	}
}

func TestAFirstStartCutShortIsFinishedByTheNext(t *testing.T) {
	fresh := filepath.Join(t.TempDir(), "fresh.db")
	change(t, fresh, func(*bbolt.Tx) error { return nil })
	torn := read(t, fresh)[:4*page]
	clear(torn[3*page:])
	for name, left := range map[string][]byte{"an empty file": {}, "half a file": make([]byte, 3*page), "a few bytes": []byte("x"), "its first pages alone": torn} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "journal.db")
			write(t, path+".new", left)
			j, err := bolt.OpenJournal(path)
			if err != nil {
				t.Fatal(err)
			}
			closed(t, j)
			if _, err := os.Stat(path + ".new"); err == nil {
				t.Error("something is left")
			}
		})
	}
}

func TestAFileIsHeldByOneProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	write(t, path+".pid", []byte("999999999\n")) // of a process that died
	cmd, out := child(t, "hold", path)
	if line, err := out.ReadString('\n'); line != "held\n" {
		t.Fatalf("%q %v", line, err)
	}
	who := "process " + strconv.Itoa(cmd.Process.Pid)
	if _, err := bolt.OpenJournal(path, bolt.Wait(100*time.Millisecond)); !errors.Is(err, journal.ErrHeld) || !strings.Contains(err.Error(), who) {
		t.Errorf("open: %v, want %s in it", err, who)
	}
	if _, err := bolt.Verify(t.Context(), path, bolt.Wait(time.Millisecond)); !errors.Is(err, journal.ErrHeld) {
		t.Errorf("verify: %v", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	j, err := bolt.OpenJournal(path)
	if err != nil {
		t.Fatalf("after it was killed: %v", err)
	}
	defer closed(t, j)
	if _, err := bolt.OpenJournal(path, bolt.Wait(0)); !errors.Is(err, journal.ErrHeld) || !strings.Contains(err.Error(), "by this one") {
		t.Errorf("twice in one process: %v", err)
	}
}

// A program that is started again while the last one ends waits a moment for it.
func TestAStartWaitsForTheLastOneToEnd(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.db")
	cmd, out := child(t, "hold", path)
	if line, err := out.ReadString('\n'); line != "held\n" {
		t.Fatalf("%q %v", line, err)
	}
	time.AfterFunc(200*time.Millisecond, func() { _ = cmd.Process.Kill() })
	if err := bolt.Check(t.Context(), path); err != nil {
		t.Errorf("check: %v", err)
	}
	again, out := child(t, "hold", path)
	if line, err := out.ReadString('\n'); line != "held\n" {
		t.Fatalf("%q %v", line, err)
	}
	time.AfterFunc(200*time.Millisecond, func() { _ = again.Process.Kill() })
	j, err := bolt.OpenJournal(path)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	closed(t, j)
}

// A child that checks ends with who started it, and then holds nothing: here it
// waits for a file that is held, and its standard input ends.
func TestACheckEndsWithWhoAskedForIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j, err := bolt.OpenJournal(path, bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, j)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "CIRCDESK_CHECK_STORE="+path)
	exit, ok := errors.AsType[*exec.ExitError](cmd.Run())
	if !ok || exit.ExitCode() != 14 {
		t.Errorf("it ended with %v", exit)
	}
	ctx, end := context.WithCancel(t.Context())
	end()
	if err := bolt.Check(ctx, path); !errors.Is(err, context.Canceled) {
		t.Errorf("a check that was given up: %v", err)
	}
	if err := bolt.Check(t.Context(), path, bolt.Wait(time.Millisecond)); !errors.Is(err, journal.ErrHeld) || !strings.Contains(err.Error(), "by this one") {
		t.Errorf("a check of a file that is held: %v", err)
	}
}

func TestAClosedStoreSaysSo(t *testing.T) {
	h, path := newHub(t, bolt.NoSync())
	closed(t, h)
	closed(t, h)
	nothing := func(journal.HubTx) error { return nil }
	if err := h.Update(t.Context(), nothing); !errors.Is(err, bolt.ErrClosed) {
		t.Errorf("update: %v", err)
	}
	if err := h.View(t.Context(), nothing); !errors.Is(err, bolt.ErrClosed) {
		t.Errorf("view: %v", err)
	}
	if _, err := os.Stat(path + ".pid"); err == nil {
		t.Error("it still says who has it")
	}
}

func TestACursorOfWhatABackupNeverSawIsAnError(t *testing.T) {
	h, path := newHub(t, bolt.NoSync())
	put := func(h *bolt.Hub, i int) (cursor string) {
		if err := h.Update(t.Context(), func(tx journal.HubTx) error { return tx.Put(t.Context(), []circ.Row{patron(i)}) }); err != nil {
			t.Fatal(err)
		}
		if err := h.View(t.Context(), func(tx journal.HubTx) (err error) {
			_, cursor, _, err = tx.Since(t.Context(), "", 1)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return cursor
	}
	put(h, 1)
	closed(t, h)
	backup := path + ".backup"
	write(t, backup, read(t, path))
	again, err := bolt.OpenHub(path)
	if err != nil {
		t.Fatal(err)
	}
	put(again, 1)
	newest := put(again, 1)
	closed(t, again)
	restored, err := bolt.OpenHub(backup)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, restored)
	if err := restored.View(t.Context(), func(tx journal.HubTx) error {
		_, _, _, err := tx.Since(t.Context(), newest, 1)
		return err
	}); err == nil {
		t.Error("it was taken")
	}
}

func TestACursorOfAnotherStoreIsAnError(t *testing.T) {
	var cursors []string
	var hubs []*bolt.Hub
	for range 2 {
		h, _ := newHub(t, bolt.NoSync())
		if err := h.Update(t.Context(), func(tx journal.HubTx) error { return tx.Put(t.Context(), []circ.Row{patron(1)}) }); err != nil {
			t.Fatal(err)
		}
		if err := h.View(t.Context(), func(tx journal.HubTx) error {
			_, next, _, err := tx.Since(t.Context(), "", 1)
			cursors = append(cursors, next)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		hubs = append(hubs, h)
	}
	if err := hubs[0].View(t.Context(), func(tx journal.HubTx) error {
		_, _, _, err := tx.Since(t.Context(), cursors[1], 1)
		return err
	}); err == nil {
		t.Error("it was taken")
	}
}
