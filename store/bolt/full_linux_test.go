package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

// limit sets how long a file may become, in bytes; 0: as long as it likes.
func limit(n uint64) {
	r := syscall.Rlimit{Cur: n, Max: ^uint64(0)}
	if n == 0 {
		r.Cur = r.Max
	}
	must(0, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &r))
}

// untilFull adds entries until there is no room, makes room, and adds one more.
func untilFull(path string) {
	signal.Ignore(syscall.SIGXFSZ)
	ctx := context.Background()
	j := must(bolt.OpenJournal(path))
	limit(1 << 20)
	head := journal.Mark{Desk: "d", Epoch: 1}
	add := func() error {
		e := must(entryAfter(head))
		err := j.Update(ctx, func(tx journal.JournalTx) error {
			_, err := tx.Add(ctx, e)
			return errors.Join(err, tx.SetNote(ctx, "ballast", make([]byte, 1024*int(e.Seq))))
		})
		if err == nil {
			head.Seq, head.Hash = e.Seq, e.Hash()
		}
		return err
	}
	var err error
	for err == nil {
		err = add()
	}
	fmt.Printf("full after %d: %v %v\n", head.Seq, errors.Is(err, syscall.EFBIG), err)
	if err := j.View(ctx, func(tx journal.JournalTx) error {
		m, err := tx.Head(ctx, "d")
		if m != head {
			fmt.Printf("the head is %d\n", m.Seq)
		}
		return err
	}); err != nil {
		fmt.Println("view:", err)
	}
	limit(0)
	must(0, add())
	must(0, j.Close())
	fmt.Println("went on to", head.Seq)
}

func TestAFullDiskIsToldAndTheStoreGoesOnWhenThereIsRoom(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	_, out := child(t, "full", path)
	first, _ := out.ReadString('\n')
	second, _ := out.ReadString('\n')
	var full, wentOn uint64
	if n, _ := fmt.Sscanf(first, "full after %d: true", &full); n != 1 || full == 0 {
		t.Errorf("it says %q", first)
	}
	if n, _ := fmt.Sscanf(second, "went on to %d", &wentOn); n != 1 || wentOn != full+1 {
		t.Errorf("it says %q", second)
	}
	r, err := bolt.Verify(t.Context(), path)
	if err != nil || len(r.Problems) != 0 || uint64(r.Entries) != wentOn {
		t.Errorf("%d entries, told %d: %v %v", r.Entries, wentOn, r.Problems, err)
	}
	if err := bolt.Check(t.Context(), path); err != nil {
		t.Error(err)
	}
}

// A disk that fails leaves nobody knowing what is there: the store takes nothing
// more until it is opened again, and says so.
func TestADiskThatFailsEndsTheWriting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j, err := bolt.OpenJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	note := func(v string) error {
		return j.Update(t.Context(), func(tx journal.JournalTx) error { return tx.SetNote(t.Context(), "n", []byte(v)) })
	}
	if err := note("before"); err != nil {
		t.Fatal(err)
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	if err := syscall.Dup3(int(null.Fd()), descriptor(t, path), syscall.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	first, second := note("lost"), note("after")
	if first == nil || second == nil || !strings.Contains(second.Error(), "must be opened again") {
		t.Errorf("first %v, then %v", first, second)
	}
	if err := j.View(t.Context(), func(tx journal.JournalTx) error {
		v, err := tx.Note(t.Context(), "n")
		if string(v) != "before" {
			t.Errorf("it reads %q", v)
		}
		return err
	}); err != nil {
		t.Errorf("reading goes on: %v", err)
	}
	_ = j.Close() // the lock went with the file
}

// descriptor gives the number under which this process has a file open.
func descriptor(t testing.TB, path string) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if at, _ := os.Readlink("/proc/self/fd/" + d.Name()); at == path {
			n, err := strconv.Atoi(d.Name())
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("%s is not open", path)
	return 0
}

// smallDisk mounts a disk of a few megabytes.
func smallDisk(t *testing.T) (dir string) {
	t.Helper()
	if os.Getuid() != 0 {
		notRun(t, 5, "only root can mount a small disk; the limit on a file's size stands for it in another test")
	}
	dir = t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2m"); err != nil {
		notRun(t, 5, err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, 0) })
	return dir
}

// fill writes a file until there is no room left.
func fill(t testing.TB, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 64 << 10; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
}

// On a real disk that is full a desk goes on for a while in the room that its
// journal has, then says so; nothing that was taken is lost, and with room on the
// disk it goes on.
func TestARealFullDisk(t *testing.T) {
	dir := smallDisk(t)
	path := filepath.Join(dir, "journal.db")
	j, err := bolt.OpenJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, j) })
	until(t, "the journal has room", func() bool { // its length says nothing: bbolt makes files long that are not on the disk
		var at syscall.Stat_t
		return syscall.Stat(path, &at) == nil && at.Blocks*512 >= 256<<10+4*4096
	})
	ballast := filepath.Join(dir, "ballast")
	fill(t, ballast)
	head := journal.Mark{Desk: "d", Epoch: 1}
	add := func() error {
		e, err := entryAfter(head)
		if err != nil {
			t.Fatal(err)
		}
		err = j.Update(t.Context(), func(tx journal.JournalTx) error {
			_, err := tx.Add(t.Context(), e)
			return err
		})
		if err == nil {
			head.Seq, head.Hash = e.Seq, e.Hash()
		}
		return err
	}
	for err = add(); err == nil; {
		err = add()
	}
	if !errors.Is(err, syscall.ENOSPC) || head.Seq < 50 {
		t.Errorf("after %d entries it says %v", head.Seq, err)
	}
	for range 3 {
		if err := add(); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("then it says %v", err)
		}
	}
	taken := head.Seq
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if err := add(); err != nil {
			t.Fatalf("after room was made: %v", err)
		}
	}
	r, err := j.Verify(t.Context(), nil)
	if err != nil || len(r.Problems) != 0 || uint64(r.Entries) != taken+100 {
		t.Errorf("%d were taken and 100 more, %d are there: %v %v", taken, r.Entries, r.Problems, err)
	}
}
