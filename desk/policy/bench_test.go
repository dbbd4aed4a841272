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
