package names_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/names"
	"circdesk/desk/names/namestest"
	"circdesk/desk/text"
)

// filled makes an index of n people.
func filled(n int) (*names.Index, []namestest.Person) {
	people := namestest.People(1, n)
	x := &names.Index{}
	f := x.Fill()
	for i, p := range people {
		f.Add(text.Fold(p.Family+" "+p.Given), circ.NewID("E", circ.KindPatron, i))
	}
	f.Done()
	return x, people
}

// percentile gives the p-th part of some times.
func percentile(all []time.Duration, p float64) float64 {
	slices.Sort(all)
	return float64(all[int(float64(len(all)-1)*p)].Microseconds()) / 1000
}

// foundNear reports whether a family name is among the first 50 names that a search
// gives, whether it fits or is near.
func foundNear(x *names.Index, ofID map[string]int, people []namestest.Person, typed, family string) bool {
	want := text.Fold(family)
	a := x.Find(typed, 50)
	for _, id := range a.IDs {
		if strings.HasPrefix(text.Fold(people[ofID[id]].Family), want) {
			return true
		}
	}
	return slices.ContainsFunc(a.Near, func(n names.Near) bool { return n.Query == want || strings.HasPrefix(want, n.Query+" ") })
}

// BenchmarkNames looks a million people up: by the beginning of a name, by a part of it,
// and with one wrong letter. Fewer than 95 of 100 names with a mistake among the first 50
// fail it, and more than 80 bytes a person.
func BenchmarkNames(b *testing.B) {
	const n = 1_000_000
	begun := time.Now()
	x, people := filled(n)
	took := time.Since(begun)
	size, _ := x.Size()
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(size)/1e6, "MB")
	b.ReportMetric(took.Seconds(), "s-to-fill")
	if size > 80*n {
		b.Errorf("%d bytes for %d people", size, n)
	}
	families := map[string]bool{}
	for _, p := range people {
		families[p.Family] = true
	}
	b.ReportMetric(float64(len(families)), "family-names")
	clear(families)
	ofID := make(map[string]int, n)
	for i := range people {
		ofID[circ.NewID("E", circ.KindPatron, i)] = i
	}
	r := rand.New(rand.NewPCG(3, 3))
	const rounds = 600
	b.Run("prefix", func(b *testing.B) {
		for b.Loop() {
			var all []time.Duration
			for range rounds * 5 {
				q := []rune(text.Fold(people[r.IntN(n)].Family))
				q = q[:min(len(q), 1+r.IntN(5))]
				at := time.Now()
				x.Prefix(string(q), 50)
				all = append(all, time.Since(at))
			}
			b.ReportMetric(percentile(all, 0.99), "p99-ms")
			b.ReportMetric(percentile(all, 0.5), "p50-ms")
		}
	})
	b.Run("substring", func(b *testing.B) {
		for b.Loop() {
			var all []time.Duration
			for range rounds {
				q := []rune(text.Fold(people[r.IntN(n)].Family))
				q = q[len(q)/3:]
				at := time.Now()
				x.Part(string(q), 50)
				all = append(all, time.Since(at))
			}
			b.ReportMetric(percentile(all, 0.99), "p99-ms")
			b.ReportMetric(percentile(all, 0.5), "p50-ms")
		}
	})
	b.Run("one wrong letter", func(b *testing.B) {
		for b.Loop() {
			var all []time.Duration
			hit, of := map[string]int{}, map[string]int{}
			for range rounds {
				p := people[r.IntN(n)]
				typed := namestest.Mistake(r, p)
				at := time.Now()
				x.Find(typed, 50)
				all = append(all, time.Since(at))
				of[p.Script]++
				if foundNear(x, ofID, people, typed, p.Family) {
					hit[p.Script]++
				}
			}
			hits := 0
			var each []string
			for _, s := range namestest.Scripts() {
				hits += hit[s.Name]
				each = append(each, fmt.Sprintf("%s %d of %d", s.Name, hit[s.Name], of[s.Name]))
			}
			recall := 100 * float64(hits) / rounds
			b.Log(strings.Join(each, ", "))
			if recall < 95 {
				b.Errorf("%.1f %% of the names with a mistake are found", recall)
			}
			b.ReportMetric(recall, "recall-%")
			b.ReportMetric(percentile(all, 0.99), "p99-ms")
			b.ReportMetric(percentile(all, 0.5), "p50-ms")
		}
	})
}
