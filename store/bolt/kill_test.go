package bolt_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

// rounds is how often a test kills: more in the long form.
func rounds(few, many int) int {
	if os.Getenv("CIRCDESK_LONG") != "" {
		return many
	}
	return few
}

// underWay begins a line that tells no more than that something is going on.
const underWay = "at "

// killed lets a child tell a few lines, kills it at any moment after that, and
// gives the last number that it told; before if there was none.
func killed(t testing.TB, cmd *exec.Cmd, out *bufio.Reader, lines int, most time.Duration, before uint64) (told uint64) {
	t.Helper()
	told = before
	for range lines {
		line, err := out.ReadString('\n')
		if err != nil {
			t.Fatalf("the child ended by itself: %v", err)
		}
		if !strings.HasPrefix(line, underWay) {
			told = number(t, line)
		}
	}
	time.Sleep(rand.N(most))
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	rest, _ := io.ReadAll(out) // told before it died
	for line := range strings.Lines(string(rest)) {
		if strings.HasSuffix(line, "\n") && !strings.HasPrefix(line, underWay) {
			told = number(t, line)
		}
	}
	_ = cmd.Wait()
	return told
}

func number(t testing.TB, line string) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(strings.TrimSpace(line), 10, 64)
	if err != nil {
		t.Fatalf("the child said %q", line)
	}
	return n
}

func TestWhatWasToldToBeWrittenOutlivesAKill(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.db")
	told := uint64(0)
	for i := range rounds(10, 150) {
		cmd, out := child(t, "write", path)
		told = killed(t, cmd, out, rand.IntN(12), time.Duration(i%2)*2*time.Millisecond+1, told)
		j, err := bolt.OpenJournal(path)
		if err != nil {
			t.Fatalf("round %d: %v", i, err)
		}
		seen := uint64(0)
		r, err := j.Verify(t.Context(), func(e journal.Entry) error {
			seen = e.Seq
			return nil
		})
		if err != nil || len(r.Problems) != 0 || seen < told {
			t.Fatalf("round %d: %d were told to be written, %d are there: %v %v", i, told, seen, r.Problems, err)
		}
		closed(t, j)
	}
	if told == 0 {
		t.Error("nothing was written")
	}
	t.Logf("%d entries told to be written", told)
}

// beginForEver makes journals with one entry each, and tells each number once
// its entry is durable.
func beginForEver(path string) {
	ctx := context.Background()
	e := must(entryAfter(journal.Mark{Desk: "d", Epoch: 1}))
	for i := range 1 << 20 {
		j := must(bolt.OpenJournal(fmt.Sprint(path, i)))
		must(0, j.Update(ctx, func(tx journal.JournalTx) error {
			_, err := tx.Add(ctx, e)
			return err
		}))
		must(0, j.Close())
		fmt.Println(i)
	}
}

func TestAFirstStartThatIsKilledIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	halves := 0
	for i := range rounds(4, 60) {
		path := filepath.Join(t.TempDir(), "journal.db")
		cmd, out := child(t, "begin", path)
		told := killed(t, cmd, out, 1+rand.IntN(3), 5*time.Millisecond, 0)
		for n := range told + 2 { // the last may be anywhere on its way
			at := fmt.Sprint(path, n)
			_, err := os.Stat(at)
			if half := err != nil; half && n <= told {
				t.Fatalf("round %d: journal %d was told to be there: %v", i, n, err)
			} else if half {
				halves++
			}
			if err := bolt.Check(t.Context(), at); err != nil {
				t.Fatalf("round %d: %v", i, err)
			}
			j, err := bolt.OpenJournal(at)
			if err != nil {
				t.Fatalf("round %d: %v", i, err)
			}
			r, err := j.Verify(t.Context(), nil)
			if err != nil || len(r.Problems) != 0 || r.Entries > 1 || n <= told && r.Entries != 1 {
				t.Errorf("round %d: journal %d of %d has %d entries: %v %v", i, n, told, r.Entries, r.Problems, err)
			}
			closed(t, j)
		}
	}
	t.Logf("%d journals had not come to their place", halves)
}

// loadForEver loads the same patrons under other names, again and again, and
// tells each number once its load is done.
func loadForEver(path string) {
	h := must(bolt.OpenHub(path))
	for i := range 1 << 20 {
		must(0, h.Load(context.Background(), named(i), tellProgress))
		fmt.Println(i)
	}
}

func tellProgress(n int) { fmt.Print(underWay, n, "\n") }

// killedLoad is how many patrons a load that is killed has: two commits of
// records, and more of lines.
const killedLoad = 11_000

// named gives patrons of whom each second has another name in each round.
func named(round int) iter.Seq2[circ.Row, error] {
	return func(yield func(circ.Row, error) bool) {
		for i := range killedLoad {
			p := patron(i)
			if i%2 == 1 {
				p.Family = fmt.Sprint("round", round)
			}
			if !yield(p, nil) {
				return
			}
		}
	}
}

func TestALoadThatIsKilledLeavesRecordsAndLookupsThatAgree(t *testing.T) {
	t.Parallel()
	cut := 0
	for i := range rounds(2, 40) {
		path := filepath.Join(t.TempDir(), "hub.db")
		cmd, out := child(t, "load", path)
		told := killed(t, cmd, out, 1+3*(i%2), 60*time.Millisecond, 0) // in the first load, or in the second
		h, err := bolt.OpenHub(path)
		if err != nil {
			t.Fatalf("round %d: %v", i, err)
		}
		var wants []circ.Want
		for k := range killedLoad {
			wants = append(wants, circ.ByKey(circ.KindPatron, string(patron(k).ID)), byEmail(k))
		}
		rows, got := find(t, h, wants...), map[string]int{}
		for k := range killedLoad {
			there, found := rows[2*k], rows[2*k+1]
			if len(there) != len(found) {
				t.Fatalf("round %d: patron %d is there: %v, and is found: %v", i, k, there, found)
			}
			if len(there) == 1 && k%2 == 1 {
				got[there[0].(circ.Patron).Family]++
			}
		}
		byName := 0
		for name, n := range got {
			found := len(find(t, h, circ.In(circ.ByName, name+" ", 2*killedLoad))[0])
			if byName += found; found != n {
				t.Errorf("round %d: %d are called %s, %d are found by it", i, n, name, found)
			}
			if round := number(t, strings.TrimPrefix(name, "round")); i%2 == 1 && round < told {
				t.Errorf("round %d: load %d was told to be done, and %d have the name of load %d", i, told, n, round)
			}
		}
		if all := len(find(t, h, circ.In(circ.ByName, "round", 2*killedLoad))[0]); all != byName {
			t.Errorf("round %d: %d names are found, %d are there", i, all, byName)
		}
		if len(got) != 1 || byName != killedLoad/2 {
			cut++
		}
		if err := h.Load(t.Context(), named(99), nil); err != nil {
			t.Fatalf("round %d: the next load: %v", i, err)
		}
		if n := len(find(t, h, circ.In(circ.ByName, "round99 ", 2*killedLoad))[0]); n != killedLoad/2 {
			t.Errorf("round %d: the next load gave %d their names", i, n)
		}
		closed(t, h)
	}
	t.Logf("%d loads were cut short", cut)
}

func fillForEver(path string) {
	c := must(bolt.OpenCache(path))
	must(0, c.Load(context.Background(), mixed(2*killedLoad), tellProgress))
	fmt.Println(1)
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// A copy of the central system's records is whole, or it is known that it is not.
func TestACopyWhoseFillingIsKilledIsWholeOrTold(t *testing.T) {
	t.Parallel()
	told := 0
	for i := range rounds(3, 30) {
		path := filepath.Join(t.TempDir(), "cache.db")
		cmd, out := child(t, "fill", path)
		done := killed(t, cmd, out, i%2, 150*time.Millisecond, 0)
		c, err := bolt.OpenCache(path)
		if _, damaged := errors.AsType[*bolt.DamagedError](err); damaged {
			told++
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			c, err = bolt.OpenCache(path)
		}
		if err != nil {
			t.Fatalf("round %d: %v", i, err)
		}
		var rows [][]circ.Row
		if err := c.View(t.Context(), func(tx journal.CacheTx) (err error) {
			rows, err = tx.Read(t.Context(), []circ.Want{circ.In(circ.ByName, "family", 3*killedLoad)})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if n := len(rows[0]); n != 0 && n != 2*killedLoad || done == 1 && n == 0 {
			t.Errorf("round %d: filled: %d, and %d are found", i, done, n)
		}
		closed(t, c)
	}
	t.Logf("%d were told to be cut short", told)
}
