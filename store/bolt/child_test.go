package bolt_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
	"circdesk/store/storetest/memory"
)

// childVar makes a copy of the test a child: what it does, and with which file.
const childVar = "CIRCDESK_TEST_CHILD"

func TestMain(m *testing.M) {
	if bolt.RunCheckChild() {
		return
	}
	if what, path, child := strings.Cut(os.Getenv(childVar), ":"); child {
		children[what](path)
		return
	}
	os.Exit(memory.Run(m))
}

// children are what a child can do.
var children = map[string]func(path string){
	"hold":  hold,
	"write": writeForEver,
	"check": checkLong,
	"full":  untilFull,
	"begin": beginForEver,
	"load":  loadForEver,
	"fill":  fillForEver,
	"lend":  lendAndWeigh,
	"renew": renewForEver,

	"power":          func(path string) { powered(path) },
	"power unsafe":   func(path string) { powered(path, bolt.NoSync()) },
	"power begin":    poweredBegin,
	"power upgrade":  poweredUpgrade,
	"power load":     poweredLoad,
	"power fill":     poweredFill,
	"power renew":    poweredRenew,
	"refused":        refused,
	"refused renew":  refusedRenew,
	"mirror":         mirrorForEver,
	"mirror failing": mirrorFailing,
}

// child starts a copy of the test and gives its output.
func child(t testing.TB, what, path string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	cmd, _, out := started(t, what, path)
	return cmd, out
}

// childAsked is child for one that is told what to do, line by line.
func childAsked(t testing.TB, what, path string) (io.Writer, *bufio.Reader) {
	t.Helper()
	_, in, out := started(t, what, path)
	return in, out
}

func started(t testing.TB, what, path string) (*exec.Cmd, io.Writer, *bufio.Reader) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childVar+"="+what+":"+path)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd, in, bufio.NewReader(out)
}

func must[T any](v T, err error) T {
	if err != nil {
		fmt.Println("child:", err)
		os.Exit(1)
	}
	return v
}

// hold opens a journal and keeps it until its input ends.
func hold(path string) {
	j := must(bolt.OpenJournal(path))
	fmt.Println("held")
	_, _ = io.Copy(io.Discard, os.Stdin)
	_ = j.Close()
}

// writeForEver adds entries, in groups now and then, settles some, and tells
// each number once it is durable.
func writeForEver(path string) {
	ctx := context.Background()
	j := must(bolt.OpenJournal(path))
	var head journal.Mark
	must(0, j.View(ctx, func(tx journal.JournalTx) (err error) {
		head, err = tx.Head(ctx, "d")
		return err
	}))
	head.Epoch = 1
	for {
		e := must(entryAfter(head))
		must(0, j.Update(ctx, func(tx journal.JournalTx) error {
			if _, err := tx.Add(ctx, e); err != nil {
				return err
			}
			if e.Seq%3 == 0 {
				return tx.Settle(ctx, journal.Receipt{Entry: e.Act.ID, Desk: "d", Epoch: 1, Seq: e.Seq, Verdict: journal.Noop})
			}
			return nil
		}))
		head = journal.Mark{Desk: "d", Epoch: 1, Seq: e.Seq, Hash: e.Hash()}
		fmt.Println(e.Seq)
	}
}

func entryAfter(m journal.Mark) (journal.Entry, error) {
	return journal.Entry{
		Act: circ.Act{
			ID: circ.EntryID(fmt.Sprintf("%s-%d-%08d", m.Desk, m.Epoch, m.Seq+1)), Desk: m.Desk, At: time.Unix(1_800_000_000, 0).UTC(),
			Command: circ.CheckOut{Card: "21234000012345", Barcode: "31234000567890"}, Why: strings.Repeat("because ", 20),
		},
		Epoch: m.Epoch, Seq: m.Seq + 1, Prev: m.Hash, Mode: journal.Fact,
	}.Finish()
}

// journalOf makes a journal of n entries, every third settled, and closes it.
func journalOf(t testing.TB, path string, n int) (entries []journal.Entry) {
	t.Helper()
	j, err := bolt.OpenJournal(path, bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, j)
	m := journal.Mark{Desk: "d", Epoch: 1}
	for range n {
		e, err := entryAfter(m)
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Update(t.Context(), func(tx journal.JournalTx) error {
			if _, err := tx.Add(t.Context(), e); err != nil || e.Seq%3 != 0 {
				return err
			}
			return tx.Settle(t.Context(), journal.Receipt{Entry: e.Act.ID, Verdict: journal.Noop})
		}); err != nil {
			t.Fatal(err)
		}
		m.Seq, m.Hash = e.Seq, e.Hash()
		entries = append(entries, e)
	}
	return entries
}
