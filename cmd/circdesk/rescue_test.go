package main

import (
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/server"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
	"circdesk/store/secret"
)

// afar is a server that can be pulled, and a sealed desk of it.
type afar struct {
	*sealer
	server string // its folder
	addr   string
	stop   func()
}

func newAfar(t *testing.T) *afar {
	l := &afar{sealer: &sealer{t: t, dir: demoFolder(t), ring: new(secret.Memory)}, server: t.TempDir(), addr: "127.0.0.1:0", stop: func() {}}
	csv, mrc := ownFiles(t, 3, 6)
	for _, args := range [][]string{{"load", "titles", mrc}, {"load", "patrons", csv}} {
		if _, errs, code := here(t, "", append(args, "--data", l.server)...); code != exitDone {
			t.Fatal(errs)
		}
	}
	l.serves()
	t.Cleanup(func() { l.stop() })
	return l
}

// serves starts the server; stop ends it.
func (l *afar) serves() {
	l.t.Helper()
	s, err := server.Open(l.t.Context(), server.Config{Folder: folder.Folder(l.server), Recovery: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		l.t.Fatal(err)
	}
	at, err := net.Listen("tcp", l.addr)
	if err != nil {
		l.t.Fatal(err)
	}
	l.addr = at.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() { _ = s.Serve(ctx, at) })
	l.stop = func() {
		cancel()
		work.Wait()
		_ = s.Close()
		l.stop = func() {}
	}
}

// desk starts the desk, which lends the items.
func (l *afar) lends(items ...int) {
	l.t.Helper()
	in := ":operator ana 1234\n" + cardOf(0) + "\n"
	for _, n := range items {
		in += itemCode(n) + "\n"
	}
	out, errs, code := l.runs(in, "desk", "--json", "--temporary", "--central", "http://"+l.addr, "--library", "main")
	if code != exitDone || strings.Count(out, `"word":"OUT"`) != len(items) {
		l.t.Fatalf("exit %d\n%s\n%s", code, out, errs)
	}
}

// loans counts the open loans of the one patron, and the entries, at the server.
func (l *afar) loans() (loans, entries int) {
	l.t.Helper()
	store, err := bolt.OpenHub(filepath.Join(l.server, folder.Server))
	if err != nil {
		l.t.Fatal(err)
	}
	defer store.Close()
	r, err := store.Verify(l.t.Context(), func(journal.Entry) error { entries++; return nil })
	if err != nil || len(r.Problems) > 0 {
		l.t.Fatal(r.Problems, err)
	}
	if err := store.View(l.t.Context(), func(tx journal.HubTx) error {
		rows, err := tx.Read(l.t.Context(), []circ.Want{circ.ByKey(circ.KindCard, cardOf(0))})
		if err != nil || len(rows[0]) == 0 {
			return err
		}
		rows, err = tx.Read(l.t.Context(), []circ.Want{circ.In(circ.LoansOf, string(rows[0][0].(circ.Card).Patron), 50)})
		loans = len(rows[0])
		return err
	}); err != nil {
		l.t.Fatal(err)
	}
	return loans, entries
}

func (l *afar) rescue(code int, says ...string) {
	l.t.Helper()
	out, errs, got := here(l.t, "", "journal", "rescue", filepath.Join(l.dir, folder.Journal), "--data", l.server)
	if got != code {
		l.t.Errorf("exit %d, want %d:\n%s\n%s", got, code, out, errs)
	}
	for _, s := range says {
		if !strings.Contains(out+errs, s) {
			l.t.Errorf("it does not say %q:\n%s\n%s", s, out, errs)
		}
	}
}

func TestADeskThatLostItsKeyIsRescued(t *testing.T) {
	t.Parallel()
	l := newAfar(t)
	l.lends()
	l.does(exitDone, "nothing is left", "", "sync", "--central", "http://"+l.addr) // it has met the server
	l.lends(0)
	l.does(exitDone, "nothing is left", "", "sync", "--central", "http://"+l.addr)
	l.stop()
	l.lends(1, 2)
	_, before := l.loans()
	l.ring = new(secret.Memory)
	l.does(exitFailed, "journal rescue", "", "desk", "--plain", "--temporary", "--central", "http://"+l.addr)
	was, err := os.ReadFile(filepath.Join(l.dir, folder.Journal))
	if err != nil {
		t.Fatal(err)
	}
	l.rescue(exitDone, "taken now", "1 were there")
	loans, entries := l.loans()
	if loans != 3 || entries <= before {
		t.Errorf("the server has %d loans and %d entries, it had %d", loans, entries, before)
	}
	l.rescue(exitDone, "0 taken now")
	if again, n := l.loans(); again != loans || n != entries {
		t.Errorf("after another rescue there are %d loans and %d entries, there were %d and %d", again, n, loans, entries)
	}
	l.serves()
	defer l.stop()
	if now, err := os.ReadFile(filepath.Join(l.dir, folder.Journal)); err != nil || string(now) != string(was) {
		t.Errorf("the file was changed (%v)", err)
	}
	if err := os.Remove(filepath.Join(l.dir, folder.Journal)); err != nil { // moved away, as it was told
		t.Fatal(err)
	}
	l.lends()
	l.does(exitDone, "nothing is left", "", "sync", "--central", "http://"+l.addr)
	l.lends(3)
}

// A journal that was put back from a backup goes on in another epoch: it is rescued with
// both.
func TestAJournalOfSeveralEpochsIsRescuedWhole(t *testing.T) {
	t.Parallel()
	l := newAfar(t)
	file := filepath.Join(l.dir, folder.Journal)
	syncs := func() {
		t.Helper()
		l.does(exitDone, "nothing is left", "", "sync", "--central", "http://"+l.addr)
	}
	l.lends()
	syncs() // it has met the server
	l.lends(0)
	syncs()
	backup, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	l.lends(1)
	syncs()
	if err := os.WriteFile(file, backup, 0o600); err != nil {
		t.Fatal(err)
	}
	l.lends(2)
	syncs()
	l.stop()
	l.lends(3, 4)
	_, before := l.loans()
	l.ring = new(secret.Memory)
	l.rescue(exitDone, "taken now")
	loans, entries := l.loans()
	if loans != 5 || entries <= before {
		t.Errorf("the server has %d loans and %d entries, it had %d", loans, entries, before)
	}
	l.rescue(exitDone, "0 taken now")
	if again, n := l.loans(); again != loans || n != entries {
		t.Errorf("after another rescue there are %d loans and %d entries, there were %d and %d", again, n, loans, entries)
	}
}

func TestWhatCannotBeRescuedIsSaid(t *testing.T) {
	t.Parallel()
	l := newAfar(t)
	l.stop()
	if _, errs, code := l.runs("", "desk", "--json", "--temporary", "--library", "main"); code != exitDone { // it has met no server but its own
		t.Fatal(errs)
	}
	l.ring = new(secret.Memory)
	l.rescue(exitFailed, "had not met the server")
	if err := os.WriteFile(filepath.Join(l.dir, folder.Journal), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	l.rescue(exitDamaged)
	if _, errs, code := here(t, "", "journal", "rescue", "nothing", "--data", l.server); code != exitFailed || !strings.Contains(errs, "nothing") {
		t.Errorf("no file: exit %d: %s", code, errs)
	}
	if _, errs, code := here(t, "", "journal", "rescue", "nothing", "--data", t.TempDir()); code != exitFailed || !strings.Contains(errs, folder.Server) {
		t.Errorf("no server: exit %d: %s", code, errs)
	}
}
