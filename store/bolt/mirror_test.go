package bolt_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

// often is how often a test's mirror is tried again.
func often() bolt.Option { return bolt.Retry(5 * time.Millisecond) }

// doubled is a journal with a mirror, of a test.
type doubled struct {
	t      *testing.T
	j      *bolt.Journal
	path   string
	dir    string // of the mirror
	head   journal.Mark
	states chan bolt.MirrorState
}

func openDoubled(t *testing.T, opts ...bolt.Option) *doubled {
	t.Helper()
	d := &doubled{t: t, path: filepath.Join(t.TempDir(), "journal.db"), dir: filepath.Join(t.TempDir(), "mirror"), head: journal.Mark{Desk: "d", Epoch: 1}}
	d.open(opts...)
	return d
}

func (d *doubled) open(opts ...bolt.Option) {
	d.t.Helper()
	opts = append(opts, bolt.NoSync(), often())
	j, err := bolt.OpenJournal(d.path, opts...)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = j.Close() })
	d.j, d.states = j, make(chan bolt.MirrorState, 1000)
	j.Mirror(d.dir, opts...)
	j.OnMirror(func(s bolt.MirrorState) { d.states <- s })
}

func (d *doubled) mirror() string { return filepath.Join(d.dir, bolt.MirrorFile) }

func (d *doubled) add() {
	d.t.Helper()
	var err error
	if d.head, err = addAfter(d.t.Context(), d.j, d.head); err != nil {
		d.t.Fatal(err)
	}
}

// becomes waits until the mirror is behind, or is not.
func (d *doubled) becomes(behind bool) {
	d.t.Helper()
	end := time.After(20 * time.Second)
	for {
		select {
		case s := <-d.states:
			if s.Behind.IsZero() != behind {
				return
			}
		case <-end:
			s, _ := d.j.MirrorState()
			d.t.Fatalf("behind was to be %v: %+v", behind, s)
		}
	}
}

// same closes the journal, and both files hold the same entries and receipts.
func (d *doubled) same(opts ...bolt.Option) {
	d.t.Helper()
	closed(d.t, d.j)
	one, err := bolt.Verify(d.t.Context(), d.path, opts...)
	if err != nil {
		d.t.Fatal(err)
	}
	two, err := bolt.Verify(d.t.Context(), d.mirror(), opts...)
	if err != nil {
		d.t.Fatal(err)
	}
	if len(one.Problems)+len(two.Problems) > 0 || one.Entries != int(d.head.Seq) || one.Receipts != two.Receipts || !slices.Equal(one.Heads, two.Heads) {
		d.t.Errorf("the journal: %+v, its mirror: %+v; %d were written", one, two, d.head.Seq)
	}
}

func TestAMirrorHasWhatTheJournalHas(t *testing.T) {
	for _, opts := range [][]bolt.Option{nil, {locked()}} {
		d := openDoubled(t, opts...)
		for range 20 {
			d.add()
		}
		if s, ok := d.j.MirrorState(); !ok || !s.Behind.IsZero() || s.Dir != d.dir {
			t.Errorf("%+v %v", s, ok)
		}
		if r, ok, err := d.j.VerifyMirror(t.Context()); err != nil || !ok || r.Entries != 20 || len(r.Problems) > 0 {
			t.Errorf("%+v %v %v", r, ok, err)
		}
		d.same(opts...)
		if info, err := os.Stat(d.mirror()); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%v %v", info.Mode(), err)
		}
		d.open(opts...) // and again: what was there is gone on with
		for range 5 {
			d.add()
		}
		d.same(opts...)
	}
	if _, err := bolt.OpenJournal(filepath.Join(openDoubled(t, locked()).dir, bolt.MirrorFile), bolt.Wait(time.Millisecond)); err == nil {
		t.Error("a mirror that is written is opened by another")
	}
}

func TestAMirrorThatIsAwayCatchesUp(t *testing.T) {
	away := map[string]func(d *doubled) (back func()){
		"its file is removed": func(d *doubled) func() {
			must(0, os.Remove(d.mirror()))
			return func() {}
		},
		"its folder is another one": func(d *doubled) func() {
			must(0, os.Rename(d.dir, d.dir+".away"))
			must(0, os.WriteFile(d.dir, nil, 0o600))
			return func() { must(0, os.Remove(d.dir)); must(0, os.Rename(d.dir+".away", d.dir)) }
		},
		"another file is put in its place": func(d *doubled) func() {
			must(0, os.Rename(d.mirror(), d.mirror()+".was"))
			must(0, os.WriteFile(d.mirror(), []byte("something else"), 0o600))
			return func() {}
		},
	}
	if runtime.GOOS == "windows" {
		t.Skip("nobody can take away there what is open")
	}
	for name, take := range away {
		t.Run(name, func(t *testing.T) {
			d := openDoubled(t)
			d.add()
			d.becomes(false)
			back := take(d)
			d.becomes(true)
			for range 10 {
				d.add() // nothing is refused meanwhile
			}
			back()
			d.becomes(false)
			d.add()
			d.same()
		})
	}
}

func TestAMirrorWithoutAPlaceIsTold(t *testing.T) {
	d := openDoubled(t)
	closed(t, d.j)
	d.dir = filepath.Join(t.TempDir(), "not", "there")
	d.open()
	s := <-d.states
	if s.Behind.IsZero() || s.Why == nil {
		t.Errorf("%+v", s)
	}
	d.add()
	must(0, os.Mkdir(filepath.Dir(d.dir), 0o700))
	d.becomes(false)
	d.add()
	d.same()
}

func TestAMirrorIsCompared(t *testing.T) {
	compare := func(t *testing.T, d *doubled) bolt.Compared {
		t.Helper()
		j, err := bolt.OpenJournal(d.path, bolt.NoSync())
		if err != nil {
			t.Fatal(err)
		}
		defer closed(t, j)
		c, err := j.CompareMirror(t.Context(), d.dir)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	add := func(t *testing.T, path string, head journal.Mark, n int, why string) {
		t.Helper()
		j, err := bolt.OpenJournal(path, bolt.NoSync())
		if err != nil {
			t.Fatal(err)
		}
		defer closed(t, j)
		for range n {
			e := must(entryAfter(head))
			e.Act.Why = why
			e = must(e.Finish())
			if err := j.Update(t.Context(), func(tx journal.JournalTx) error {
				_, err := tx.Add(t.Context(), e)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			head.Seq, head.Hash = e.Seq, e.Hash()
		}
	}
	for name, c := range map[string]struct {
		breaks func(t *testing.T, d *doubled)
		want   bolt.Compared
	}{
		"it has the same": {func(*testing.T, *doubled) {}, bolt.Compared{There: true}},
		"it is not there": {func(t *testing.T, d *doubled) { must(0, os.Remove(d.mirror())) }, bolt.Compared{}},
		"it is behind":    {func(t *testing.T, d *doubled) { add(t, d.path, d.head, 2, "") }, bolt.Compared{There: true}},
		"it is ahead":     {func(t *testing.T, d *doubled) { add(t, d.mirror(), d.head, 3, "") }, bolt.Compared{There: true, Ahead: 3}},
		"both went on": {func(t *testing.T, d *doubled) {
			add(t, d.path, d.head, 2, "here")
			add(t, d.mirror(), d.head, 1, "there")
		}, bolt.Compared{There: true, Apart: true}},
		"it is another's": {func(t *testing.T, d *doubled) {
			must(0, os.Remove(d.mirror()))
			journalOf(t, d.mirror(), 4)
		}, bolt.Compared{There: true, Other: true}},
	} {
		t.Run(name, func(t *testing.T) {
			d := openDoubled(t)
			for range 3 {
				d.add()
			}
			closed(t, d.j)
			c.breaks(t, d)
			if got := compare(t, d); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

// mirrorForEver adds entries to a journal that is mirrored into a folder of the same
// name beside it with ".mirror", and tells each number when it is durable.
func mirrorForEver(path string) {
	j := must(bolt.OpenJournal(path))
	j.Mirror(path+".mirror", often())
	head := journal.Mark{Desk: "d", Epoch: 1}
	for {
		head = must(addAfter(context.Background(), j, head))
		fmt.Println(head.Seq)
	}
}

func TestAMirrorOutlivesAKill(t *testing.T) {
	for range rounds(2, 40) {
		path := filepath.Join(t.TempDir(), "journal.db")
		cmd, out := child(t, "mirror", path)
		told := killed(t, cmd, out, 3, 20*time.Millisecond, 0)
		j, err := bolt.OpenJournal(path, bolt.NoSync())
		if err != nil {
			t.Fatal(err)
		}
		c, err := j.CompareMirror(t.Context(), path+".mirror")
		if err != nil || c != (bolt.Compared{There: true}) {
			t.Errorf("%+v, %v", c, err)
		}
		closed(t, j)
		if r, err := bolt.Verify(t.Context(), filepath.Join(path+".mirror", bolt.MirrorFile)); err != nil || len(r.Problems) > 0 || uint64(r.Entries) < told {
			t.Errorf("%d were told to be in both, the mirror has %d: %v %v", told, r.Entries, r.Problems, err)
		}
	}
}

// mirrorFailing adds an entry for each line that it is given, to a journal beside
// the disk on which its mirror is, and tells how that is then.
func mirrorFailing(path string) {
	ctx := context.Background()
	dir := must(os.MkdirTemp("", "journal"))
	defer os.RemoveAll(dir)
	j := must(bolt.OpenJournal(filepath.Join(dir, "journal.db")))
	j.Mirror(filepath.Join(path, "mirror"), often())
	head := journal.Mark{Desk: "d", Epoch: 1}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		switch lines.Text() {
		case "add":
			head = must(addAfter(ctx, j, head))
			fmt.Println(head.Seq)
		case "whole": // wait until it is
			for s, _ := j.MirrorState(); !s.Behind.IsZero(); s, _ = j.MirrorState() {
				time.Sleep(time.Millisecond)
			}
			fmt.Println("whole")
		case "how":
			s, _ := j.MirrorState()
			fmt.Println(s.Behind.IsZero(), s.Same, s.Why)
		case "close":
			must(0, j.Close())
			fmt.Println("done")
		}
	}
}
