package storetest

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"circdesk/desk/journal"
)

var background = context.Background()

// RunStore tests what every transaction promises, by notes.
func RunStore[T journal.Notes](t *testing.T, open Open[T]) {
	s := open(t)
	for _, row := range []struct {
		name string
		test func(*testing.T, journal.Store[T])
	}{
		{"a note is what it was last set to", notesAreKept[T]},
		{"nothing stays of a transaction that fails", failureLeavesNothing[T]},
		{"nothing stays of a transaction that panics, and the panic goes on", panicLeavesNothing[T]},
		{"nothing stays of a transaction whose goroutine ends", exitLeavesNothing[T]},
		{"a transaction that reads cannot write", viewsDoNotWrite[T]},
		{"a context that has ended keeps the function from running", endedContext[T]},
		{"of many at once none is lost and each gets its own answer", manyAtOnce[T]},
		{"a transaction sees what it has written", ownWrites[T]},
		{"a transaction is of no use when it is over", overIsOver[T]},
	} {
		t.Run(row.name, func(t *testing.T) { row.test(t, s) })
	}
}

func note[T journal.Notes](t fataler, s journal.Store[T], name string) (v []byte) {
	t.Helper()
	view(t, s, func(tx T) (err error) {
		v, err = tx.Note(background, name)
		return err
	})
	return v
}

func setNote[T journal.Notes](t fataler, s journal.Store[T], name string, v []byte) {
	t.Helper()
	update(t, s, func(tx T) error { return tx.SetNote(background, name, v) })
}

func notesAreKept[T journal.Notes](t *testing.T, s journal.Store[T]) {
	begin := unique()
	for i, end := range hostile {
		setNote(t, s, begin+end, []byte(strconv.Itoa(i)))
	}
	for i, end := range hostile {
		if v := note(t, s, begin+end); string(v) != strconv.Itoa(i) {
			t.Errorf("note %.20q is %q, want %d", begin+end, v, i)
		}
	}
	name := begin + "set"
	for _, v := range [][]byte{{0}, {}, bytes.Repeat([]byte{1}, 100_000), []byte("x")} {
		setNote(t, s, name, v)
		if got := note(t, s, name); got == nil || !bytes.Equal(got, v) {
			t.Errorf("set to %d bytes, got %d (nil: %v)", len(v), len(got), got == nil)
		}
	}
	setNote(t, s, name, nil)
	setNote(t, s, name, nil)
	if got := note(t, s, name); got != nil {
		t.Errorf("a note that was removed is %q", got)
	}
}

func failureLeavesNothing[T journal.Notes](t *testing.T, s journal.Store[T]) {
	name, sorry := unique(), errors.New("sorry")
	if err := s.Update(background, func(tx T) error {
		if err := tx.SetNote(background, name, []byte("x")); err != nil {
			return err
		}
		return sorry
	}); !errors.Is(err, sorry) {
		t.Errorf("the error of the function is %v", err)
	}
	if v := note(t, s, name); v != nil {
		t.Errorf("it left %q", v)
	}
	if err := s.View(background, func(T) error { return sorry }); !errors.Is(err, sorry) {
		t.Errorf("the error of a function that reads is %v", err)
	}
}

func panicLeavesNothing[T journal.Notes](t *testing.T, s journal.Store[T]) {
	name := unique()
	got := func() (r any) {
		defer func() { r = recover() }()
		_ = s.Update(background, func(tx T) error {
			_ = tx.SetNote(background, name, []byte("x"))
			panic("oh")
		})
		return nil
	}()
	if got != "oh" {
		t.Errorf("the panic became %v", got)
	}
	if v := note(t, s, name); v != nil {
		t.Errorf("it left %q", v)
	}
	setNote(t, s, name, []byte("after"))
	if v := note(t, s, name); string(v) != "after" {
		t.Errorf("the store does not go on: %q", v)
	}
}

func exitLeavesNothing[T journal.Notes](t *testing.T, s journal.Store[T]) {
	name := unique()
	var done sync.WaitGroup
	done.Go(func() {
		_ = s.Update(background, func(tx T) error {
			_ = tx.SetNote(background, name, []byte("x"))
			runtime.Goexit()
			return nil
		})
	})
	done.Wait()
	if v := note(t, s, name); v != nil {
		t.Errorf("it left %q", v)
	}
	setNote(t, s, name, []byte("after"))
}

func viewsDoNotWrite[T journal.Notes](t *testing.T, s journal.Store[T]) {
	name := unique()
	if err := s.View(background, func(tx T) error { return tx.SetNote(background, name, []byte("x")) }); err == nil {
		t.Error("it says that it wrote")
	}
	if v := note(t, s, name); v != nil {
		t.Errorf("it left %q", v)
	}
}

func endedContext[T journal.Notes](t *testing.T, s journal.Store[T]) {
	ctx, end := context.WithCancel(background)
	end()
	for name, run := range map[string]func(context.Context, func(T) error) error{"update": s.Update, "view": s.View} {
		ran := false
		if err := run(ctx, func(T) error { ran = true; return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
		if ran {
			t.Errorf("%s: the function ran", name)
		}
	}
}

// manyAtOnce runs Updates side by side: some fail before they write, some
// after, some panic, some are given up while they wait.
func manyAtOnce[T journal.Notes](t *testing.T, s journal.Store[T]) {
	const n = 60
	begin, sorry := unique(), errors.New("sorry")
	name := func(i int) string { return begin + strconv.Itoa(i) }
	said := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			ctx, end := context.WithCancel(background)
			defer end()
			if i%6 == 4 {
				go end()
			}
			defer func() {
				if r := recover(); r != nil {
					said[i] = errors.New("panic")
				}
			}()
			said[i] = s.Update(ctx, func(tx T) error {
				if i%6 == 1 {
					return sorry
				}
				if err := tx.SetNote(background, name(i), []byte("x")); err != nil {
					return err
				}
				switch i % 6 {
				case 2:
					return sorry
				case 3:
					panic("oh")
				}
				return nil
			})
		})
	}
	all.Wait()
	for i, err := range said {
		fails := i%6 == 1 || i%6 == 2 || i%6 == 3
		if fails && err == nil || !fails && i%6 != 4 && err != nil {
			t.Errorf("update %d says %v", i, err)
		}
		if there := note(t, s, name(i)) != nil; there != (err == nil) {
			t.Errorf("update %d says %v, and what it wrote is there: %v", i, err, there)
		}
	}
}

func ownWrites[T journal.Notes](t *testing.T, s journal.Store[T]) {
	name := unique()
	update(t, s, func(tx T) error {
		if err := tx.SetNote(background, name, []byte("x")); err != nil {
			return err
		}
		v, err := tx.Note(background, name)
		if string(v) != "x" {
			t.Errorf("it sees %q", v)
		}
		return err
	})
}

func overIsOver[T journal.Notes](t *testing.T, s journal.Store[T]) {
	var kept T
	name := unique()
	update(t, s, func(tx T) error { kept = tx; return nil })
	if err := kept.SetNote(background, name, []byte("x")); err == nil {
		t.Error("it says that it wrote")
	}
	if v := note(t, s, name); v != nil {
		t.Errorf("it left %q", v)
	}
}
