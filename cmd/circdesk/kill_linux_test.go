package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
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

// tracer is strace, attached to a running program.
type tracer struct {
	cmd *exec.Cmd
	err *bufio.Reader
}

// trace attaches strace to a program; an error says why it could not be.
func trace(p *process, args ...string) (*tracer, error) {
	tr := &tracer{cmd: exec.Command("strace", append(args, "-f", "-p", fmt.Sprint(p.cmd.Process.Pid))...)}
	errs, err := tr.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	tr.err = bufio.NewReader(errs)
	if err := tr.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := tr.err.ReadString('\n')
	if err != nil || !strings.Contains(line, "attached") {
		_ = tr.cmd.Wait()
		return nil, fmt.Errorf("strace says %q", line)
	}
	return tr, nil
}

// end lets the program go.
func (tr *tracer) end() {
	_ = tr.cmd.Process.Signal(os.Interrupt)
	_, _ = io.Copy(io.Discard, tr.err)
	_ = tr.cmd.Wait()
}

// pauses are calls that only wait: a kill at one is one between two others.
var pauses = []string{"futex", "epoll_pwait", "nanosleep", "sched_yield", "restart_syscall", "rt_sigreturn", "exit", "???"}

// systemCalls counts what one scan asks of the system, by name: the most that one
// thread asks.
func systemCalls(t *testing.T, p *process, scan string) map[string]int {
	t.Helper()
	out := filepath.Join(t.TempDir(), "calls")
	tr, err := trace(p, "-o", out)
	if err != nil {
		notRun(t, 1, err)
	}
	p.want(scan, "OUT")
	tr.end()
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	each, most := map[[2]string]int{}, map[string]int{}
	for line := range strings.Lines(string(text)) {
		thread, rest, _ := strings.Cut(line, " ")
		name, _, call := strings.Cut(strings.TrimSpace(rest), "(")
		if !call || strings.ContainsAny(name, " <+") || slices.Contains(pauses, name) {
			continue
		}
		k := [2]string{thread, name}
		each[k]++
		most[name] = max(most[name], each[k])
	}
	return most
}

// TestAKillAtASystemCallOfAScan kills the program as it enters a system call of a
// scan, and starts it again: what was shown is there, at most once, and nothing is
// half there. The short form draws some of the calls, the long form has them all.
func TestAKillAtASystemCallOfAScan(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("strace"); err != nil {
		notRun(t, 1, err)
	}
	csv, mrc := ownFiles(t, 90, 900)
	dir := demoFolder(t)
	borrower := func(item int) string { return cardOf(item / 10) } // before the limit of loans
	begin := func(item int) *process {
		cmd := command("demo", "--json", "--data", dir, "--patrons", csv, "--titles", mrc)
		cmd.Env = append(cmd.Env, "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1") // calls are counted for each thread
		p := started(t, cmd)
		p.want(borrower(item), "PATRON")
		return p
	}
	p := begin(0)
	p.want(itemCode(0), "OUT") // whatever is done once is done
	calls := systemCalls(t, p, itemCode(1))
	p.end()
	var places [][2]any
	for _, name := range slices.Sorted(maps.Keys(calls)) {
		for n := range calls[name] + 1 {
			places = append(places, [2]any{name, n + 1})
		}
	}
	if calls["pwrite64"] == 0 || calls["fdatasync"] == 0 {
		t.Fatalf("a scan writes and does not wait: %v", calls)
	}
	all := len(places)
	if os.Getenv("CIRCDESK_LONG") == "" {
		rand.Shuffle(len(places), func(i, k int) { places[i], places[k] = places[k], places[i] })
		places = append([][2]any{{"fdatasync", 1}}, places[:1]...)
	}
	shown, kills, slowest := []int{0, 1}, 0, time.Duration(0)
	for i, at := range places {
		item := i + 2
		begun := time.Now()
		p := begin(item)
		slowest = max(slowest, time.Since(begun))
		for _, last := range shown[len(shown)-1:] {
			if a := p.want(":item "+itemCode(last), "ITEM"); a.Item.Person == "" {
				t.Fatalf("before %v: item %d was shown as lent, and is not: %s", at, last, a.raw)
			}
		}
		tr, err := trace(p, "-o", "/dev/null", "-e", fmt.Sprint("trace=", at[0]), "-e", fmt.Sprintf("inject=%v:signal=KILL:when=%v", at[0], at[1]))
		if err != nil {
			notRun(t, 1, err)
		}
		_, err = io.WriteString(p.in, itemCode(item)+"\n")
		if a, failed := p.next(); err == nil && failed == nil && a.Word == "OUT" {
			shown = append(shown, item)
		} else if failed == nil {
			t.Errorf("at %v it said %s", at, a.raw)
		} else {
			kills++
		}
		p.kill()
		tr.end()
	}
	t.Logf("%d kills at %d places of %d, %d scans were shown, the slowest start took %v", kills, len(places), all, len(shown), slowest)
	if kills == 0 {
		t.Error("no kill hit a scan")
	}
	p = begin(0)
	p.want(":sync", "DONE")
	p.end()
	open := openLoans(t, dir)
	for _, item := range shown {
		if open[itemCode(item)] != borrower(item) {
			t.Errorf("item %d was shown as lent, the server has %q", item, open[itemCode(item)])
		}
	}
	loans, _, _ := atServer(t, dir)
	if len(loans) > len(places)+2 || len(loans) < len(shown) {
		t.Errorf("%d scans, %d loans", len(places)+2, len(loans))
	}
	if out, errs, code := here(t, "", "journal", "verify", "--data", dir); code != 0 {
		t.Errorf("verify ended with %d: %s%s", code, out, errs)
	}
}
