package load_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/format/marc"
	"circdesk/desk/load"
	"circdesk/desk/policy"
	"circdesk/store/bolt"
)

// many makes the i-th of many records, about as long as real ones.
func many(i int) *marc.Record {
	r := rec(fmt.Sprintf("ocm%08d", i*7919%1_000_003),
		fmt.Sprintf("020 $a%s", isbn10(i)), "035 $a(Sirsi) a"+fmt.Sprint(i), "050 $aML 3506 .B49 1994",
		fmt.Sprintf("100 $aAuthor%d, Given,$d19%02d-", i%20_000, i%90),
		fmt.Sprintf("245 $aThe collected works of author %d :$bvolume %d, with é and ü /$cedited by several hands.", i%20_000, i),
		"260 $aNew York, NY :$bSome Publisher and Sons,$cc1994.", "300 $a302 p. :$bill., music ;$c24 cm.",
		"500 $aIncludes index and a note that is as long as notes are in real records of real libraries.",
		"505 $aOne -- Two -- Three -- Four -- Five -- Six -- Seven -- Eight -- Nine -- Ten -- Eleven -- Twelve",
		"650 $aJazz$xHistory and criticism.", "650 $aPiano music (Jazz)$zUnited States.", "700 $aSecond, Author,$d1931-",
	)
	for n := range 1 + i%4/3 { // every fourth has two
		r.Data = append(r.Data, rec("", fmt.Sprintf("949 $aML %d .B49$wLC$i3%08d%d$rY$tBOOK$lSTACKS$mLIB%d", i, i*7919%100_000_007, n, i%9)).Data...)
	}
	return r
}

func isbn10(i int) string {
	n, sum := fmt.Sprintf("%09d", i), 0
	for at, d := range []byte(n) {
		sum += (10 - at) * int(d-'0')
	}
	return n + string("0123456789X"[(11-sum%11)%11])
}

// writeTitles and writePatrons write files of many records.
func writeTitles(t testing.TB, n int) string {
	return written(t, "titles.mrc", n, func(w *bufio.Writer, i int) {
		raw, err := marc.Encode(many(i))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write(raw) // Flush tells
	})
}

func writePatrons(t testing.TB, n int) string {
	return written(t, "patrons.csv", n, func(w *bufio.Writer, i int) {
		if i == 0 {
			_, _ = w.WriteString("barcode,family_name,given_name,group,home_library,expires,birth_date,street,city,state,postcode,phone,email\n")
		}
		_, _ = fmt.Fprintf(w, "2%013d,Family%d,Given%d,adult,lib-%d,2030-12-31,1980-%02d-11,%d Long Street,Springfield,NY,%05d,555-%07d,reader%d@example.org\n",
			i*7919%100_000_007, i%30_000, i%500, i%9, 1+i%12, i, i%99_999, i, i)
	})
}

func written(t testing.TB, name string, n int, write func(*bufio.Writer, int)) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	for i := range n {
		write(w, i)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// durable is a server on a store that waits for the disk.
func durable(t testing.TB) load.Target {
	t.Helper()
	store, err := bolt.OpenHub(filepath.Join(t.TempDir(), "hub.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	s := hubserver.New(hubserver.Config{Store: hubserver.Watch(store), Rules: policy.Default("EUR", "Europe/Berlin"), Now: time.Now})
	return load.Target{Store: store, Server: s, Now: time.Now, NewID: (&library{}).newID}
}

// loaded loads a file into a target and says how fast and with how much memory.
func loaded(t testing.TB, to load.Target, path string) (r load.Report, took time.Duration, peak float64) {
	t.Helper()
	src, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	f := load.TitleFile(path, src, load.TitleOptions{})
	if strings.HasSuffix(path, ".csv") {
		f = load.PatronFile(path, src, load.PatronOptions{})
	}
	f.Progress = func(load.Progress) {}
	debug.FreeOSMemory()
	over, measured := make(chan bool), make(chan float64)
	go func() {
		most := 0.0
		for tick := time.Tick(5 * time.Millisecond); ; {
			most = max(most, anonymous())
			select {
			case <-tick:
			case <-over:
				measured <- most / 1024
				return
			}
		}
	}()
	start := time.Now()
	r, err = load.Into(t.Context(), to, f)
	took = time.Since(start)
	close(over)
	if peak = <-measured; err != nil {
		t.Fatal(err)
	}
	return r, took, peak
}

// anonymous gives the process's anonymous memory in kB, where the system tells.
func anonymous() float64 {
	b, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(b)) {
		var kb float64
		if n, _ := fmt.Sscanf(line, "RssAnon: %f kB", &kb); n == 1 {
			return kb
		}
	}
	return 0
}

// CIRCDESK_LONG=1 loads 100,000 records of each kind, twice, and prints how
// fast. The memory that a load may take is a promise; how fast it is the
// benchmark says.
func TestAHundredThousandRecords(t *testing.T) {
	n := 1_000
	if os.Getenv("CIRCDESK_LONG") != "" {
		n = 100_000
	}
	const mostMB = 100
	for _, path := range []string{writeTitles(t, n), writePatrons(t, n)} {
		t.Run(filepath.Base(path), func(t *testing.T) { // each with a store of its own, and none beside it
			to := durable(t)
			r, took, peak := loaded(t, to, path)
			t.Logf("%s: %.0f records/s, RssAnon %.0f MB, %+v", filepath.Base(path), float64(n)/took.Seconds(), peak, r.Merged)
			if r.Counts.Read != n || r.Counts.Skipped+r.Counts.NoItems+r.Counts.Troubles != 0 || r.Merged.Added != r.Counts.Titles+r.Counts.Items+r.Counts.Patrons {
				t.Errorf("it reports %+v", r)
			}
			if peak > mostMB {
				t.Errorf("RssAnon %.0f MB, at most %d", peak, mostMB)
			}

			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			changed := strings.NewReplacer("STACKS", "DEPOTS", "Long Street", "Road").Replace(string(raw))
			raw = nil
			if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
				t.Fatal(err)
			}
			changed = ""
			r, took, peak = loaded(t, to, path)
			t.Logf("changed: %.0f records/s, RssAnon %.0f MB, %+v", float64(n)/took.Seconds(), peak, r.Merged)
			if want := r.Counts.Items + r.Counts.Patrons; r.Merged.Changed != want || r.Merged.Same != r.Counts.Titles {
				t.Errorf("it reports %+v", r)
			}
			if peak > mostMB {
				t.Errorf("RssAnon %.0f MB, at most %d", peak, mostMB)
			}
		})
	}
}

// BenchmarkLoadTitles loads 5,000 titles into an empty store, durably.
func BenchmarkLoadTitles(b *testing.B) { benchmark(b, writeTitles(b, 5_000)) }

// BenchmarkLoadPatrons loads 5,000 patrons into an empty store, durably.
func BenchmarkLoadPatrons(b *testing.B) { benchmark(b, writePatrons(b, 5_000)) }

func benchmark(b *testing.B, path string) {
	records, all, most := 0, time.Duration(0), 0.0
	for b.Loop() {
		b.StopTimer()
		to := durable(b)
		b.StartTimer()
		r, took, peak := loaded(b, to, path)
		records, all, most = records+r.Counts.Read, all+took, max(most, peak)
	}
	b.ReportMetric(float64(records)/all.Seconds(), "records/s")
	b.ReportMetric(most, "MB-RssAnon")
}

var (
	_ load.Store  = (*bolt.Hub)(nil)
	_ load.Server = (*hubserver.Server)(nil)
)
