package tui_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"

	"circdesk/desk"
	"circdesk/desk/label"
	"circdesk/desk/words"
	"circdesk/tui"
	"circdesk/tui/kit/screentest"
	terminals "circdesk/tui/kit/terminal"
)

// asDesk is set for a process of this test that is a desk and no test, and names
// the file for what was scanned.
const asDesk = "CIRCDESK_TEST_DESK"

func TestMain(m *testing.M) {
	if file := os.Getenv(asDesk); file != "" {
		if err := runDesk(file); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	// Most of what takes long here waits for a terminal, or makes screens for a moment.
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// lender is a session that lends whatever is scanned, on a goroutine of its own
// as the real one.
type lender struct {
	mu    sync.Mutex
	n     int64
	in    []desk.Input
	wake  chan struct{}
	codes []string
}

func (l *lender) send(in desk.Input) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n++
	l.in = append(l.in, in)
	select {
	case l.wake <- struct{}{}:
	default:
	}
	return l.n
}

func (l *lender) run(ctx context.Context, say func(desk.Output)) {
	state := desk.State{Library: "Riverside", Desk: "Main desk", Operator: "Ana K.", Place: desk.AtCheckOut, Focus: true, Up: true, Since: monday}
	p := maria()
	state.Visit = &desk.Visit{Patron: p}
	say(state)
	var done int64
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.wake:
		}
		l.mu.Lock()
		in := l.in
		l.in = nil
		l.mu.Unlock()
		for _, i := range in {
			done++
			switch i := i.(type) {
			case desk.Scan:
				l.codes = append(l.codes, i.Text)
				say(out(done, i.Text, "Title "+i.Text, day(21)))
			case desk.Go:
				state.Place = i.To
				say(desk.Outcome{N: done, Final: true, Word: desk.WordMode})
			default:
				say(desk.Outcome{N: done, Final: true, Word: desk.WordDone})
			}
		}
		say(state)
	}
}

func runDesk(file string) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	l := &lender{wake: make(chan struct{}, 1)}
	m, err := tui.New(tui.Config{Send: l.send, Words: words.English(), Labels: label.Default()})
	if err != nil {
		return err
	}
	var work sync.WaitGroup
	work.Go(func() { l.run(ctx, m.Out) })
	err = tui.Run(ctx, m)
	cancel()
	work.Wait()
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(strings.Join(l.codes, "\n")), 0o600)
}

// terminal starts a desk in a real terminal.
func terminal(tb testing.TB, env ...string) (t *screentest.Terminal, file string) {
	tb.Helper()
	file = tb.TempDir() + "/scans"
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(terminals.Environ(os.Environ()), asDesk+"="+file), env...)
	t = screentest.Start(tb, cmd, 80, 24)
	t.WaitFor(screentest.Contains("SILVA, Maria", "scan"), 10*time.Second)
	return t, file
}

func code(n int) string { return fmt.Sprintf("3%013d", n) }

func TestScansThroughARealTerminalArriveWholeAndInOrder(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a terminal")
	}
	term, file := terminal(t)
	const many = 400
	closes := []string{"\r", "\n", "\t"}
	var want []string
	var all strings.Builder
	for n := range many {
		want = append(want, code(n))
		all.WriteString(code(n) + closes[n%len(closes)])
	}
	term.Type(all.String())
	term.WaitFor(screentest.Contains("Title "+code(many-1)), 20*time.Second)
	term.Paste("pasted 1\r\npasted 2\r\n")
	term.WaitFor(screentest.Contains("Title pasted 2"), 10*time.Second)
	term.Key("f3")
	term.WaitFor(screentest.Contains("[F3 In]"), 10*time.Second)
	term.Focus(false)
	term.WaitFor(screentest.Contains("NOT LISTENING"), 10*time.Second)
	term.Focus(true)
	want = append(want, "pasted 1", "pasted 2")
	if codes := scanned(t, term, file); !slices.Equal(codes, want) {
		t.Errorf("%d scans arrived, want %d; first wrong one: %s", len(codes), len(want), firstWrong(codes, want))
	}
}

// TestScansOfEverySpeedArriveWholeAndInOrder types as wedges do: slow and fast
// ones, with CR LF, a whole label at once, several at once, and pasted. In the
// long form they are 10,000 scans.
func TestScansOfEverySpeedArriveWholeAndInOrder(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a terminal")
	}
	typed := func(perCharacter time.Duration, end string) func(*screentest.Terminal, []string) {
		return func(term *screentest.Terminal, codes []string) {
			for _, code := range codes {
				for _, c := range code + end {
					term.Type(string(c))
					time.Sleep(perCharacter)
				}
			}
		}
	}
	bursts := func(of int, end string) func(*screentest.Terminal, []string) {
		return func(term *screentest.Terminal, codes []string) {
			for some := range slices.Chunk(codes, of) {
				term.Type(strings.Join(some, end) + end)
				time.Sleep(time.Millisecond)
			}
		}
	}
	pastes := func(term *screentest.Terminal, codes []string) {
		for some := range slices.Chunk(codes, 20) {
			term.Paste(strings.Join(some, "\r\n") + "\r\n")
		}
	}
	long := os.Getenv("CIRCDESK_LONG") != ""
	for _, row := range []struct {
		name        string
		short, long int // scans
		send        func(*screentest.Terminal, []string)
	}{
		{"2 ms a character, CR", 40, 1000, typed(2*time.Millisecond, "\r")},
		{"2 ms a character, CR LF", 40, 1000, typed(2*time.Millisecond, "\r\n")},
		{"8 ms a character, CR LF", 10, 400, typed(8*time.Millisecond, "\r\n")},
		{"20 ms a character, CR LF", 4, 150, typed(20*time.Millisecond, "\r\n")},
		{"120 ms a character, CR LF", 1, 25, typed(120*time.Millisecond, "\r\n")},
		{"labels at once, CR LF", 100, 2000, bursts(1, "\r\n")},
		{"many labels at once, CR LF", 100, 2425, bursts(25, "\r\n")},
		{"pasted, CR LF", 100, 3000, pastes},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			many := row.short
			if long {
				many = row.long
			}
			want := make([]string, many)
			for n := range want {
				want[n] = code(n)
			}
			term, file := terminal(t)
			row.send(term, want)
			term.WaitFor(screentest.Contains("Title "+want[many-1]), time.Minute)
			if codes := scanned(t, term, file); !slices.Equal(codes, want) {
				t.Errorf("%d scans arrived, want %d; first wrong one: %s", len(codes), len(want), firstWrong(codes, want))
			}
		})
	}
}

func TestWithNoColorNothingIsColouredAndTheWordIsStillABlock(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a terminal")
	}
	term, _ := terminal(t, "NO_COLOR=1")
	term.Type(code(1) + "\r")
	term.WaitFor(screentest.Contains("OUT         Title "+code(1)), 10*time.Second)
	term.Look(func(em *vt.Emulator) {
		for y := range em.Height() {
			for x := range em.Width() {
				if c := em.CellAt(x, y); c != nil && (c.Style.Fg != nil || c.Style.Bg != nil) {
					t.Fatalf("the cell at %d,%d is coloured: %+v", x, y, c.Style)
				}
			}
		}
		if c := em.CellAt(2, 18); c == nil || c.Style.Attrs&uv.AttrReverse == 0 {
			t.Errorf("no block beside the word: %+v", c)
		}
	})
}

// scanned closes the program and gives what it has scanned, in order.
func scanned(tb testing.TB, term *screentest.Terminal, file string) []string {
	tb.Helper()
	term.Key("ctrl+c")
	term.WaitFor(screentest.Contains("Close the program?"), 10*time.Second)
	term.Key("alt+y")
	if err := term.Exit(10 * time.Second); err != nil {
		tb.Fatal(err)
	}
	got, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	return strings.Split(string(got), "\n")
}

func firstWrong(got, want []string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return fmt.Sprintf("%d: %q, want %q", i, got[i], want[i])
		}
	}
	return "none"
}

// BenchmarkScanToFrame is from before the last byte of a scan is written to the
// terminal until a frame shows its outcome, through a real pty.
func BenchmarkScanToFrame(b *testing.B) {
	term, _ := terminal(b)
	var took []time.Duration
	for n := 0; b.Loop(); n++ {
		time.Sleep(time.Duration(23+n*7%29) * time.Millisecond) // not in step with the frames
		before := time.Now()
		term.Type(code(n) + "\r")
		term.WaitFor(screentest.Contains("Title "+code(n)), 5*time.Second)
		took = append(took, time.Since(before))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}

// BenchmarkTenThousandScans is how long a real terminal takes for them all; none
// may be lost, changed or out of order.
func BenchmarkTenThousandScans(b *testing.B) {
	term, file := terminal(b)
	var want []string
	for b.Loop() {
		var all strings.Builder
		for range 10_000 {
			want = append(want, code(len(want)))
			all.WriteString(want[len(want)-1] + "\r")
		}
		term.Type(all.String())
		term.WaitFor(screentest.Contains("Title "+want[len(want)-1]), 2*time.Minute)
	}
	if codes := scanned(b, term, file); !slices.Equal(codes, want) {
		b.Errorf("%d scans arrived, want %d; first wrong one: %s", len(codes), len(want), firstWrong(codes, want))
	}
}
