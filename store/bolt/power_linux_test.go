package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
	"circdesk/store/storetest/disk"
)

// notRun ends a test of a row of faults that this machine cannot have. Where
// CIRCDESK_FAULTS is set, all of them must run.
func notRun(t testing.TB, row int, why any) {
	t.Helper()
	if os.Getenv("CIRCDESK_FAULTS") != "" {
		t.Fatalf("row %d of the faults does not run here: %v", row, why)
	}
	t.Skipf("row %d of the faults was NOT RUN: %v", row, why)
}

// weakDisk mounts a disk whose power fails.
func weakDisk(t testing.TB, row int) (*disk.Disk, string) {
	t.Helper()
	dir := t.TempDir()
	d, err := disk.Mount(dir)
	if err != nil {
		notRun(t, row, err)
	}
	t.Cleanup(func() {
		if err := d.Unmount(); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return d, dir
}

// works lets a child do its work on a disk and gives what it said before that.
func works(t testing.TB, what, path string) (said string) {
	t.Helper()
	cmd, out := child(t, what, path)
	for {
		line, err := out.ReadString('\n')
		if err != nil {
			t.Fatalf("%s ended by itself: %v %q", what, err, said)
		}
		if line == "done\n" {
			break
		}
		said += line
	}
	if err := errors.Join(cmd.Process.Kill(), cmd.Wait()); !isExit(err) {
		t.Fatal(err)
	}
	return said
}

func isExit(err error) bool {
	_, ok := errors.AsType[*exec.ExitError](err)
	return ok
}

// imageFolder gives a folder in memory, where there is one: an image lives for
// milliseconds.
func imageFolder(t testing.TB) string {
	t.Helper()
	const shared = "/dev/shm"
	if d, err := os.Stat(shared); err != nil || !d.IsDir() || os.Getenv("TMPDIR") != "" {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(shared, "power")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// failures lets the power fail after each operation of a log, in each way, or in
// the short form after half of them, in one way each, and looks at what is left.
// What was noted by then is given with it.
func failures(t *testing.T, log *disk.Replay, check func(dir string, notes []string) error) (n int, lost error) {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 1))
	base := imageFolder(t)
	short := os.Getenv("CIRCDESK_LONG") == ""
	for at := 1; log.Next(); at++ {
		hows := disk.Losses
		if short {
			hows = hows[r.IntN(len(hows)):][:1]
		}
		if short && r.IntN(2) == 0 {
			continue
		}
		for _, how := range hows {
			for range rounds(1, 4) {
				n++
				dir := filepath.Join(base, strconv.Itoa(n))
				if err := log.Image(dir, how, r); err != nil {
					t.Fatal(err)
				}
				if err := check(dir, log.Notes()); err != nil {
					return n, fmt.Errorf("seed %d: power gone after operation %d, unsynced writes %s, %d noted: %w", seed, at, how, len(log.Notes()), err)
				}
				if err := os.RemoveAll(dir); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return n, nil
}

// journalHolds says whether a journal is whole and has what was noted.
func journalHolds(dir string, notes []string) error {
	told := 0
	if len(notes) > 0 {
		told, _ = strconv.Atoi(notes[len(notes)-1])
	}
	return holds(filepath.Join(dir, "journal.db"), told)
}

func holds(path string, told int) error {
	if _, err := os.Stat(path); err != nil && told > 0 {
		return fmt.Errorf("%d entries were told to be written, and there is no journal: %w", told, err)
	}
	j, err := bolt.OpenJournal(path, bolt.NoSync())
	if err != nil {
		return err
	}
	r, err := j.Verify(context.Background(), nil)
	switch err := errors.Join(err, j.Close()); {
	case err != nil:
		return err
	case len(r.Problems) > 0:
		return fmt.Errorf("%d problems: %v", len(r.Problems), r.Problems[0])
	case r.Entries < told:
		return fmt.Errorf("%d entries were told to be written, %d are there", told, r.Entries)
	case r.Receipts != r.Entries/3:
		return fmt.Errorf("%d entries have %d receipts", r.Entries, r.Receipts)
	}
	return nil
}

// What was told to be written outlives the power, wherever it goes: row 2 of the
// faults, and row 1 for the disk's part of it, since a kill is a failure in which
// all writes are kept.
func TestWhatWasToldToBeWrittenOutlivesThePower(t *testing.T) {
	t.Parallel()
	d, dir := weakDisk(t, 2)
	works(t, "power", filepath.Join(dir, "journal.db"))
	n, err := failures(t, d.Replay(), journalHolds)
	if err != nil {
		t.Error(err)
	}
	if n < 60 {
		t.Errorf("only %d failures", n)
	}
	t.Logf("%d failures of power, %d entries", n, poweredEntries)
	// The same work on a disk that only says that it waits must lose something:
	// otherwise the rig shows nothing.
	deaf, image := d.Replay().Deaf(), imageFolder(t)
	for deaf.Next() {
	}
	if err := deaf.Image(image, disk.Lost, nil); err != nil {
		t.Fatal(err)
	}
	if err := journalHolds(image, deaf.Notes()); err == nil {
		t.Error("a disk that does not wait lost nothing: the test shows nothing")
	}
}

// A store that does not wait for the disk loses what it told: the negative control
// of row 2. Of what is left only whole losses are looked at: others may end who
// reads them.
func TestWithoutWaitingThePowerTakesWhatWasTold(t *testing.T) {
	t.Parallel()
	d, dir := weakDisk(t, 2)
	works(t, "power unsafe", filepath.Join(dir, "journal.db"))
	log, image := d.Replay(), imageFolder(t)
	for log.Next() {
	}
	if err := log.Image(image, disk.Lost, nil); err != nil {
		t.Fatal(err)
	}
	if err := journalHolds(image, log.Notes()); err == nil || len(log.Notes()) != poweredEntries {
		t.Errorf("%d entries were told, and nothing is lost: the test shows nothing", len(log.Notes()))
	}
}

// The power goes while journals are begun: each is whole, or begins anew, and
// none that was told is gone.
func TestAFirstStartWithoutPower(t *testing.T) {
	t.Parallel()
	d, dir := weakDisk(t, 3)
	works(t, "power begin", filepath.Join(dir, "journal.db"))
	n, err := failures(t, d.Replay(), func(dir string, notes []string) error {
		for i := range 3 {
			told := 0
			if i < len(notes) {
				told = 1
			}
			if err := holds(filepath.Join(dir, fmt.Sprint("journal.db", i)), told); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	t.Logf("%d failures of power", n)
}

// The power goes while files of an earlier version are opened: all that was in
// them is there, in the old version or in the new.
func TestAnUpgradeWithoutPower(t *testing.T) {
	t.Parallel()
	d, dir := weakDisk(t, 3)
	want := map[string]int{}
	for _, name := range []string{"journal.db", "cache.db", "hub.db"} {
		old := read(t, filepath.Join("testdata", "v1", name))
		write(t, filepath.Join(dir, name), old)
		if name == "cache.db" {
			continue
		}
		before := filepath.Join(imageFolder(t), name)
		write(t, before, old)
		r, err := bolt.Verify(t.Context(), before)
		if err != nil || r.Entries == 0 {
			t.Fatalf("%s: %d entries, %v", name, r.Entries, err)
		}
		want[name] = r.Entries
	}
	works(t, "power upgrade", dir)
	log := d.Replay()
	for len(log.Notes()) == 0 && log.Next() {
	}
	log.Settle() // the old files lay there
	n, err := failures(t, log, func(dir string, _ []string) error {
		for name, entries := range want {
			if r, err := bolt.Verify(t.Context(), filepath.Join(dir, name)); err != nil || len(r.Problems) > 0 || r.Entries != entries {
				return fmt.Errorf("%s has %d of %d entries: %v %w", name, r.Entries, entries, r.Problems, err)
			}
		}
		j, err := bolt.OpenJournal(filepath.Join(dir, "journal.db"), bolt.NoSync())
		if err != nil {
			return err
		}
		c, err := bolt.OpenCache(filepath.Join(dir, "cache.db"), bolt.NoSync())
		if err != nil {
			return errors.Join(err, j.Close())
		}
		h, err := bolt.OpenHub(filepath.Join(dir, "hub.db"), bolt.NoSync())
		if err != nil {
			return errors.Join(err, j.Close(), c.Close())
		}
		return errors.Join(j.Close(), c.Close(), h.Close())
	})
	if err != nil {
		t.Error(err)
	}
	t.Logf("%d failures of power", n)
}

// The power goes in a load of the server's records: records and lookups agree.
func TestALoadWithoutPower(t *testing.T) {
	t.Parallel()
	d, dir := weakDisk(t, 3)
	works(t, "power load", filepath.Join(dir, "hub.db"))
	log := d.Replay()
	for len(log.Notes()) == 0 && log.Next() {
	}
	n, err := failures(t, log, func(dir string, notes []string) error {
		h, err := bolt.OpenHub(filepath.Join(dir, "hub.db"), bolt.NoSync())
		if err != nil {
			return err
		}
		defer h.Close()
		var there, found [][]circ.Row
		if err := h.View(t.Context(), func(tx journal.HubTx) error {
			var byKey, byMail []circ.Want
			for i := range poweredRows {
				byKey = append(byKey, circ.ByKey(circ.KindPatron, string(patron(i).ID)))
				byMail = append(byMail, byEmail(i))
			}
			if there, err = tx.Read(t.Context(), byKey); err != nil {
				return err
			}
			found, err = tx.Read(t.Context(), byMail)
			return err
		}); err != nil {
			return err
		}
		for i := range poweredRows {
			if len(there[i]) != len(found[i]) {
				return fmt.Errorf("patron %d is there: %d, and is found: %d", i, len(there[i]), len(found[i]))
			}
			if len(notes) > 1 && len(there[i]) == 0 {
				return fmt.Errorf("patron %d was loaded and is gone", i)
			}
			if len(notes) > 2 && i%2 == 1 && there[i][0].(circ.Patron).Family != "round1" {
				return fmt.Errorf("patron %d was loaded again and is %+v", i, there[i][0])
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	t.Logf("%d failures of power", n)
}

// The power goes while a copy is filled: it is whole, or it is known that it is not.
func TestAFillWithoutPower(t *testing.T) {
	t.Parallel()
	d, dir := weakDisk(t, 3)
	works(t, "power fill", filepath.Join(dir, "cache.db"))
	log := d.Replay()
	for len(log.Notes()) == 0 && log.Next() {
	}
	cut := 0
	n, err := failures(t, log, func(dir string, notes []string) error {
		c, err := bolt.OpenCache(filepath.Join(dir, "cache.db"), bolt.NoSync())
		if _, damaged := errors.AsType[*bolt.DamagedError](err); damaged && len(notes) < 2 {
			cut++
			return nil
		}
		if err != nil {
			return err
		}
		defer c.Close()
		return c.View(t.Context(), func(tx journal.CacheTx) error {
			rows, err := tx.Read(t.Context(), []circ.Want{circ.In(circ.ByName, "family", 2*poweredRows)})
			if err == nil && len(rows[0]) != poweredRows && (len(rows[0]) != 0 || len(notes) > 1) {
				return fmt.Errorf("%d of %d are found", len(rows[0]), poweredRows)
			}
			return err
		})
	})
	if err != nil {
		t.Error(err)
	}
	if cut == 0 {
		t.Error("no fill was cut short")
	}
	t.Logf("%d failures of power, %d fills cut short", n, cut)
}

// The power goes while a copy is made anew, and takes the place of the old one: the one
// or the other is there, whole, and the journal has all.
func TestACopyThatIsMadeAnewWithoutPower(t *testing.T) {
	t.Parallel()
	d, dir := weakDisk(t, 3)
	works(t, "power renew", filepath.Join(dir, "cache.db"))
	log := d.Replay()
	for len(log.Notes()) == 0 && log.Next() {
	}
	older, newer := 0, 0
	n, err := failures(t, log, func(dir string, notes []string) error {
		told, err := strconv.Atoi(notes[len(notes)-1])
		if err != nil {
			return err
		}
		n, err := afterRenewal(dir, told, bolt.NoSync())
		if older++; n > told {
			older--
			newer++
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if older == 0 || newer == 0 {
		t.Errorf("the old copy was there %d times, the new one %d times: the test shows nothing of the swap", older, newer)
	}
	t.Logf("%d failures of power, %d of them behind the swap", n, newer)
}

// The disk says no, once, while a copy is made anew: the old one goes on, and it is said
// why. Rows 4 and 5 of the faults.
func TestADiskThatSaysNoToACopyThatIsMadeAnew(t *testing.T) {
	t.Parallel()
	d, dir := weakDisk(t, 4)
	var asked map[string]int
	d.Refuse(func(c disk.Call) syscall.Errno { // one call at a time
		i, n, name, ok := refusedAt(c.Path)
		switch {
		case !ok:
		case name == refusedFrom:
			asked = map[string]int{}
		case name == refusedTo:
			asked = nil
		case asked != nil && c.What == renewRefusals[i].what && !strings.HasSuffix(name, ".pid"):
			if asked[c.What]++; asked[c.What] == n {
				return renewRefusals[i].no
			}
		}
		return 0
	})
	said := works(t, "refused renew", dir)
	for line := range strings.Lines(said) {
		if met, ok := strings.CutPrefix(line, "met "); !ok {
			t.Error(line)
		} else if strings.HasSuffix(strings.TrimSpace(line), ": 0") {
			t.Errorf("the test shows nothing: %s", line)
		} else {
			t.Log(strings.TrimSpace(met))
		}
	}
}

// The disk says no to the n-th thing that it is asked, once: rows 4 and 5 of the
// faults. What was told is there, also after the power has gone; after a wait that
// failed nobody tries again and says that all is well; on a full disk the store
// goes on by itself.
func TestADiskThatSaysNo(t *testing.T) {
	t.Parallel()
	d, dir := weakDisk(t, 4)
	asked := map[string]int{}
	d.Refuse(func(c disk.Call) syscall.Errno { // one call at a time
		var i, n int
		if m, _ := fmt.Sscanf(c.Path, "%d-%d.db", &i, &n); m != 2 || strings.HasSuffix(c.Path, ".pid") || c.What != refusals[i].what {
			return 0
		}
		name := refusedName(i, n)
		if asked[name]++; asked[name] == n {
			return refusals[i].no
		}
		return 0
	})
	said := works(t, "refused", dir)
	for line := range strings.Lines(said) {
		var n int
		if i := strings.LastIndexByte(line, ':'); !strings.HasPrefix(line, "met ") {
			t.Error(line)
		} else if n, _ = strconv.Atoi(strings.TrimSpace(line[i+1:])); n == 0 {
			t.Errorf("the test shows nothing: %s", line)
		} else {
			t.Log(strings.TrimSpace(line))
		}
	}
	for _, how := range []disk.Loss{disk.Lost, disk.Kept} {
		log, image := d.Replay(), imageFolder(t)
		for log.Next() {
		}
		if err := log.Image(image, how, nil); err != nil {
			t.Fatal(err)
		}
		told := map[string]int{}
		for _, note := range log.Notes() {
			if name, seq, ok := strings.Cut(note, " "); ok {
				told[name], _ = strconv.Atoi(seq)
			}
		}
		if len(told) == 0 {
			t.Error("nothing was told")
		}
		for name, seq := range told {
			if err := holds(filepath.Join(image, name), seq); err != nil {
				t.Errorf("%s, unsynced writes %s: %v", name, how, err)
			}
		}
	}
}
