package policy

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func BenchmarkTermsAndDue(b *testing.B) {
	var many strings.Builder
	many.Write(sampleTOML)
	for i := range 1000 {
		fmt.Fprintf(&many, "[[terms]]\ngroup = \"g%d\"\nitem_type = \"t%d\"\nlibrary = \"main\"\nperiod = \"%d days\"\n", i, i, i)
	}
	at := time.Date(2026, 12, 19, 10, 0, 0, 0, time.UTC) // due on Christmas: the slow way
	q := Query{Group: "child", Type: "dvd", Library: "east", Location: "stacks"}
	for _, row := range []struct {
		name string
		set  *Set
	}{{"sample", Sample()}, {"1000 rows more", parse(b, many.String())}} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				terms := row.set.Terms(q)
				row.set.Due(at, q.Library, Lending{Period: terms.Period})
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(sampleTOML); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDoubts doubts a large library's rules: rows for 20 libraries, 20 groups
// and 20 types, many of which need another.
func BenchmarkDoubts(b *testing.B) {
	var text strings.Builder
	text.Write(sampleTOML)
	for i := range 200 {
		fmt.Fprintf(&text, "[[terms]]\n%s\nitem_type = \"t%d\"\n%s\n",
			[]string{fmt.Sprintf("library = %q", []string{"main", "east"}[i%2]), fmt.Sprintf("group = \"g%d\"", i%20)}[i/2%2], i/3%20,
			[]string{"schedule = \"semester\"", "period = \"end of term\"", "overnight_due = \"1h\"", "overnight_from = \"1h\"\nperiod = \"2 hours\""}[i%4])
	}
	s := parse(b, text.String())
	b.ReportAllocs()
	for b.Loop() {
		s.Doubts(time.Date(2026, 12, 19, 10, 0, 0, 0, time.UTC))
	}
}
