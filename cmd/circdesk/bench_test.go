package main

import (
	"context"
	"fmt"
	"iter"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/sample"
	"circdesk/desk/circ"
	"circdesk/store/bolt"
	"circdesk/tui/kit/screentest"
)

// The library of the benchmarks.
const (
	benchPatrons = 100_000
	benchItems   = 500_000
)

// bigFolder makes the folder of a desk that knows a whole library, and whose
// central server does not answer: every scan is a fact, with its commit.
func bigFolder(b *testing.B, patrons, items int) string {
	b.Helper()
	dir := b.TempDir()
	where := folder.Folder(dir)
	cache, err := bolt.OpenCache(where.File(folder.Cache))
	if err != nil {
		b.Fatal(err)
	}
	if err := cache.Load(context.Background(), benchRows(patrons, items), nil); err != nil {
		b.Fatal(err)
	}
	if err := cache.Close(); err != nil {
		b.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	nobody := l.Addr().String()
	_ = l.Close()
	for name, text := range map[string]string{
		folder.Operators: string(sample.Operators()),
		folder.DeskTOML:  fmt.Sprintf("central = \"http://%s\"\nlibrary = \"main\"\n", nobody),
	} {
		if err := os.WriteFile(where.File(name), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

// benchRows gives the records in the order of their keys.
func benchRows(patrons, items int) iter.Seq2[circ.Row, error] {
	return func(yield func(circ.Row, error) bool) {
		for n := range patrons {
			id := circ.PatronID(fmt.Sprintf("p%06d", n))
			if !yield(circ.Card{Number: cardOf(n), Patron: id, State: circ.CardValid}, nil) ||
				!yield(circ.Patron{ID: id, Card: cardOf(n), Family: "Family" + strconv.Itoa(n), Given: "Given", Street: "Elm Street 1", Phone: "030 1234567"}, nil) {
				return
			}
		}
		for n := range items {
			title := circ.TitleID(fmt.Sprintf("t%06d", n/2))
			it := circ.Item{ID: circ.ItemID(fmt.Sprintf("i%06d", n)), Barcode: itemCode(n), Title: title, Type: "book", Home: "main", Location: "stacks", CallNumber: "F " + strconv.Itoa(n)}
			if n%2 == 0 && !yield(circ.Title{ID: title, Title: "Title " + itemCode(n), Author: "Author"}, nil) || !yield(it, nil) {
				return
			}
		}
	}
}

// signIn signs ana in on the screen.
func signIn(term *screentest.Terminal) {
	term.Key("alt+o")
	term.WaitFor(screentest.Contains("PIN"), longEnough)
	term.Type("ana\t1234")
	term.Key("enter")
	term.WaitFor(screentest.Contains("Ana K."), longEnough)
}

// BenchmarkDeskScanToFrame is from before the last byte of a scan is written to
// the terminal until a frame shows its outcome, with its commit on the disk,
// through a real pty and the real program.
func BenchmarkDeskScanToFrame(b *testing.B) {
	term := screen(b, 80, 24, "desk", "--data", bigFolder(b, benchPatrons, benchItems))
	term.WaitFor(screentest.Contains("NO LINE"), longEnough)
	signIn(term)
	var took []time.Duration
	for n := 0; b.Loop(); n++ {
		if n%15 == 0 { // below the limit of loans
			term.Type(cardOf(n*37%benchPatrons) + "\r")
			term.WaitFor(screentest.Contains(fmt.Sprintf("FAMILY%d,", n*37%benchPatrons)), longEnough)
		}
		code := itemCode(n * 7919 % benchItems)
		title := "Title " + itemCode(n*7919%benchItems/2*2)
		time.Sleep(time.Duration(23+n*7%29) * time.Millisecond) // not in step with the frames
		before := time.Now()
		term.Type(code + "\r")
		term.WaitFor(screentest.Contains("OUT         "+title), longEnough)
		took = append(took, time.Since(before))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}

// BenchmarkDeskTenThousandScans is how long the program takes for 10,000 scans
// typed as fast as a real terminal takes them; none is lost, changed or
// reordered, or it fails.
func BenchmarkDeskTenThousandScans(b *testing.B) {
	const scans = 10_000
	for b.Loop() {
		b.StopTimer()
		dir := bigFolder(b, 100, scans)
		term := screen(b, 80, 24, "desk", "--data", dir)
		term.WaitFor(screentest.Contains("NO LINE"), longEnough)
		signIn(term)
		term.Key("f3")
		term.WaitFor(screentest.Contains("[F3 In]"), longEnough)
		var all strings.Builder
		for n := range scans {
			all.WriteString(itemCode(n) + "\r")
		}
		b.StartTimer()
		term.Type(all.String())
		term.WaitFor(screentest.Contains("IN          Title "+itemCode(scans-2)), 5*time.Minute)
		b.StopTimer()
		term.Close()
		out, errs, code := runs(b, "", "journal", "list", "--json", "--data", dir)
		lines := strings.Split(strings.TrimSpace(out), "\n")
		if code != 0 || len(lines) != scans {
			b.Fatalf("%d entries of %d scans: %s", len(lines), scans, errs)
		}
		for n, l := range lines {
			if !strings.Contains(l, `"item":"`+itemCode(n)+`"`) {
				b.Fatalf("entry %d is %s, want item %s", n, l, itemCode(n))
			}
		}
		b.StartTimer()
	}
}

// mostOfStart is how long the program may take until its first frame, as many times as
// it takes on a folder with one patron.
const mostOfStart = 3

// BenchmarkStart is from the start of the program, on the folder of a whole
// library (CIRCDESK_LONG=1: a million patrons and five million items), until its first
// frame, beside the same on a folder with next to nothing in it: x-empty; and how much
// memory it then has of its own.
func BenchmarkStart(b *testing.B) {
	patrons, items := benchPatrons, benchItems
	if os.Getenv("CIRCDESK_LONG") != "" {
		patrons, items = 1_000_000, 5_000_000
	}
	dir, empty := bigFolder(b, patrons, items), bigFolder(b, 1, 2)
	start := func(dir string) (took time.Duration, kB int) {
		before := time.Now()
		cmd := command("desk", "--data", dir)
		cmd.Env = append(cmd.Env, "TERM=xterm-256color")
		term := screentest.Start(b, cmd, 80, 24)
		defer term.Close()
		term.WaitFor(screentest.Contains("F2 Out"), longEnough)
		return time.Since(before), rssAnon(b, cmd.Process.Pid)
	}
	var took []time.Duration
	var ratios []float64
	memory := 0
	start(dir) // the first start of a folder makes its journal and its keys
	start(empty)
	for b.Loop() {
		large, kB := start(dir)
		small, _ := start(empty)
		took, memory = append(took, large), max(memory, kB)
		ratios = append(ratios, float64(large)/float64(small))
	}
	slices.Sort(took)
	slices.Sort(ratios)
	ratio := ratios[len(ratios)/2]
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
	b.ReportMetric(ratio, "x-empty")
	b.ReportMetric(float64(memory)/1024, "MB-anon")
	if ratio > mostOfStart {
		b.Errorf("the first frame takes %.1f times as long as without a library, at most %d", ratio, mostOfStart)
	}
}

// rssAnon gives a process's own memory in KiB: mapped pages of files are not its
// own. 0 where the system does not tell.
func rssAnon(b *testing.B, pid int) int {
	data, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return 0
	}
	for l := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(l, "RssAnon:"); ok {
			n, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				b.Fatal(err)
			}
			return n
		}
	}
	return 0
}
