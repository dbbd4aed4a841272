package sipwire

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// large is a patron information with fifty items.
func large(tb testing.TB) []byte {
	tb.Helper()
	b := Form{Charset: UTF8}.Build(PatronInformationResponse).Status(0).Set(Language, "001").Date(TransactionDate, noon, time.UTC).
		Field(Institution, "main").Field(PatronID, "21112000698132").Field(PersonalName, "Anna Händel")
	for range 50 {
		b.Field(ChargedItem, "30234000517861")
	}
	m, err := b.Message()
	if err != nil {
		tb.Fatal(err)
	}
	m = m.Sealed(3)
	return m.Bytes()
}

func benchmarkLines(b *testing.B, do func(b *testing.B, line []byte)) {
	small := []byte("121NNY20261126    120000AOmain|AA21112000698132|AB30234000517861|AJThe Name of the Rose|AH20261224    235900|AY3AZD7E8\r")
	for name, line := range map[string][]byte{"loan": small, "50items": large(b)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(line)))
			do(b, line)
		})
	}
}

// BenchmarkParse reads one message and checks its sum.
func BenchmarkParse(b *testing.B) {
	benchmarkLines(b, func(b *testing.B, line []byte) {
		for b.Loop() {
			m, err := Parse(line, 0)
			if err != nil || m.Check() == Unchecked {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkAppend writes one message.
func BenchmarkAppend(b *testing.B) {
	benchmarkLines(b, func(b *testing.B, line []byte) {
		m, err := Parse(line, 0)
		if err != nil {
			b.Fatal(err)
		}
		var dst []byte
		for b.Loop() {
			dst = m.Append(dst[:0])
		}
		if !bytes.Equal(dst, line) {
			b.Fatalf("%q", dst)
		}
	})
}

// BenchmarkReader cuts a stream into messages.
func BenchmarkReader(b *testing.B) {
	benchmarkLines(b, func(b *testing.B, line []byte) {
		r := NewReader(&forever{line: line}, 0, 0)
		for b.Loop() {
			if _, err := r.Next(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// forever gives one message again and again.
type forever struct {
	line []byte
	at   int
}

func (f *forever) Read(p []byte) (int, error) {
	n := copy(p, f.line[f.at:])
	f.at = (f.at + n) % len(f.line)
	return n, nil
}

// BenchmarkBuild makes a check-out, sealed and as bytes.
func BenchmarkBuild(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		m, err := Form{}.Build(Checkout).Flag(RenewalPolicy, true).Flag(NoBlock, false).Date(TransactionDate, noon, time.UTC).
			Field(Institution, "main").Field(PatronID, "21112000698132").Field(ItemID, "30234000517861").Message()
		if err != nil {
			b.Fatal(err)
		}
		m = m.Sealed(3)
		if len(m.Bytes()) < 60 {
			b.Fatal("short")
		}
	}
}

// Reading costs two allocations at most, whatever is in the message: its fields,
// and the tags that only its system has.
func TestParsingAllocates(t *testing.T) {
	for _, row := range []struct {
		name string
		line []byte
		most float64
	}{
		{"fifty items", large(t), 1},
		{"no fields", []byte("941AY0AZFDFD\r"), 0},
		{"a field of a system's own", []byte("36Y20261126    120000AO|AA|U1x|"), 2},
		{"nothing but delimiters", []byte("9300" + strings.Repeat("|", 100)), 1},
	} {
		n := testing.AllocsPerRun(50, func() {
			if m, err := Parse(row.line, 0); err != nil || m.Check() == Damaged {
				t.Fatal(err)
			}
		})
		if n > row.most {
			t.Errorf("%s: %v allocations", row.name, n)
		}
	}
}
