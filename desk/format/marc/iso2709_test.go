package marc

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// fieldOf is a field as bytes: indicators and subfields, with $ for the
// subfield delimiter where a test has no other use for it.
type fieldOf struct{ tag, bytes string }

func field(tag, text string) fieldOf {
	return fieldOf{tag, strings.ReplaceAll(text, "$", "\x1F")}
}

// iso builds a record without [Encode], so that it may hold any bytes. coding
// is leader position 9.
func iso(coding byte, fields ...fieldOf) string {
	var dir, data strings.Builder
	for _, f := range fields {
		fmt.Fprintf(&dir, "%s%04d%05d", f.tag, len(f.bytes)+1, data.Len())
		data.WriteString(f.bytes + "\x1E")
	}
	base := leaderLen + dir.Len() + 1
	return fmt.Sprintf("%05dnam %c22%05d   4500%s\x1E%s\x1D", base+data.Len()+1, coding, base, dir.String(), data.String())
}

// book is a record with the number and one item.
func book(number string) string {
	return iso(' ', fieldOf{"001", number}, field("245", "10$aTitle "+number+" /$cSomebody."), field("949", "  $i3000"+number+"$aQA 76"))
}

// readAll gives the control numbers of the records read and the reasons of
// those that were not, in the order they came.
func readAll(t testing.TB, source string) (got []string, records []*Record) {
	t.Helper()
	r := NewReader(strings.NewReader(source))
	for range 10000 {
		rec, err := r.Next()
		if err == io.EOF {
			return got, records
		}
		if bad, ok := errors.AsType[*BadRecord](err); ok {
			got = append(got, fmt.Sprintf("%d: %s", bad.Number, bad.Reason))
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, rec.ControlValue("001"))
		records = append(records, rec)
	}
	t.Fatal("no end")
	return nil, nil
}

func TestDamage(t *testing.T) {
	a, b, c := book("a"), book("b"), book("c")
	long := "\x1E" + strings.Repeat("x", longest)
	withLength := func(n int, rec string) string { return fmt.Sprintf("%05d%s", n, rec[5:]) }
	for _, tc := range []struct {
		name   string
		source string
		want   []string
	}{
		{"three records", a + b + c, []string{"a", "b", "c"}},
		{"nothing", "", nil},
		{"only line ends", "\r\n\r\n", nil},
		{"a byte order mark and blanks before the first", "\xEF\xBB\xBF \n" + a, []string{"a"}},
		{"a line end after each", a + "\r\n" + b + "\n", []string{"a", "b"}},
		{"the mark of CP/M at the end", a + "\x1A", []string{"a"}},
		{"a length that is too short", a + withLength(60, b) + c, []string{"a", "b", "c"}},
		{"a length that is too long", a + withLength(len(b)+7, b) + c, []string{"a", "b", "c"}},
		{"a length that reaches exactly over the next record", a + withLength(len(b)+len(c), b) + c, []string{"a", "b", "c"}},
		{"a length of letters", a + "xxxxx" + b[5:] + c, []string{"a", "b", "c"}},
		{"a length of nothing", a + withLength(0, b) + c, []string{"a", "b", "c"}},
		{"no terminator", a[:len(a)-1] + b + c, []string{"a", "b", "c"}},
		{"no terminator at the end of the source", a + b[:len(b)-1], []string{"a", "b"}},
		{"the source ends inside a record", a + b[:len(b)-9], []string{"a", fmt.Sprintf("2: the source ends inside this record, after %d bytes", len(b)-9)}},
		{"the source ends inside a leader", a + b[:9], []string{"a", "2: the source ends inside this record, after 9 bytes"}},
		{"the source ends after a field", a + b[:len(b)-18], []string{"a", "2: the directory names 3 fields, the record has 2"}},
		{"garbage between records", a + "-- page 2 --" + b + c, []string{"a", "2: 12 bytes that are no record", "b", "c"}},
		{"a terminator alone", a + "\x1D" + b, []string{"a", "2: shorter than a leader", "b"}},
		{"a record without fields ends", a + strings.ReplaceAll(b, "\x1E", " ") + c, []string{"a", "2: no field ends in it", "c"}},
		{"a directory that is cut", a + strings.Replace(b, "949", "94", 1) + c, []string{"a", "2: a directory of 35 bytes, which is not a multiple of 12", "c"}},
		{"a directory with a tag that is none", a + strings.Replace(b, "949", "9 9", 1) + c, []string{"a", `2: "9 9" in the directory is no tag`, "c"}},
		{"a field that the directory does not know", a + strings.Replace(b, "Title", "Ti\x1Ele", 1) + c, []string{"a", "2: the directory names 3 fields, the record has 4", "c"}},
		{"no end for longer than a record may be", a + b[:30] + long + "\x1D" + c, []string{"a", "2: no end within the 99999 bytes that a record may have; passed over 100031", "c"}},
		{"a text file", "Dear colleagues, enclosed please find", []string{"1: the source ends inside this record, after 37 bytes"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got, _ := readAll(t, tc.source); !slices.Equal(got, tc.want) {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

func TestWarnings(t *testing.T) {
	good := iso('a', fieldOf{"001", "a"}, field("245", "10$aTitle"))
	for _, tc := range []struct {
		name   string
		source string
		want   string // of the only warning
		title  string
	}{
		{"the directory points beside the fields", strings.Replace(good, "001000002", "001000001", 1), "record 1: the directory points beside the fields: taken in the order they stand", "Title"},
		{"the length is wrong", "00099" + good[5:], "record 1: the leader says \"00099\" bytes, the record has " + fmt.Sprint(len(good)), "Title"},
		{"a terminator in the text", iso('a', fieldOf{"001", "a"}, field("245", "10$aTi\x1Dle")), "record 1 field 245: " + replaced + " (1D)", "Ti\uFFFDle"},
		{"a control character in the text", iso(' ', fieldOf{"001", "a"}, field("245", "10$aTi\x07le")), "record 1 field 245: " + replaced + " (07)", "Ti\uFFFDle"},
		{"the leader says UTF-8, the field is MARC-8", iso('a', fieldOf{"001", "a"}, field("245", "10$acaf\xE2e")), "record 1 field 245: " + notUTF8, "café"},
		{"text without a subfield", iso('a', fieldOf{"001", "a"}, field("245", "10Title$aTitle")), "record 1 field 245: text before the first subfield: kept under the code ' '", "Title"},
		{"no indicators", iso('a', fieldOf{"001", "a"}, field("245", "$aTitle")), "record 1 field 245: fewer than two indicators", "Title"},
		{"two delimiters in a row", iso('a', fieldOf{"001", "a"}, field("245", "10$$aTitle")), "record 1 field 245: a subfield without a code and text", "Title"},
		{"a subfield code of a letter with an accent", iso(' ', fieldOf{"001", "a"}, field("245", "10$\xC3$aTitle")), "record 1 field 245: a subfield code that is none: kept under the code ' ' (C3)", "Title"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, records := readAll(t, tc.source)
			if len(records) != 1 || len(records[0].Warnings) != 1 {
				t.Fatalf("%d records, want one with one warning: %+v", len(records), records)
			}
			if got := records[0].Warnings[0].String(); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			if got := records[0].Title().Title; got != tc.title {
				t.Errorf("title %q, want %q", got, tc.title)
			}
		})
	}
}

func TestReadField(t *testing.T) {
	_, records := readAll(t, iso(' ', fieldOf{"001", "x"}, field("245", "1 $aLe caf\xE2e :$bune vie /$a\xC3"), field("700", "  $aB")))
	got := records[0].Data[0]
	want := Field{Tag: "245", Ind1: '1', Ind2: ' ', Subfields: []Subfield{{'a', "Le café :"}, {'b', "une vie /"}, {'a', "©"}}}
	if got.Tag != want.Tag || got.Ind1 != want.Ind1 || got.Ind2 != want.Ind2 || !slices.Equal(got.Subfields, want.Subfields) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if v := got.Values('a'); !slices.Equal(v, []string{"Le café :", "©"}) {
		t.Errorf("values of $a: %q", v)
	}
	if v := got.Value('z'); v != "" {
		t.Errorf("value of a subfield that is not there: %q", v)
	}
}

func TestSourceFails(t *testing.T) {
	broken := errors.New("the disk is gone")
	for name, after := range map[string]string{"before the first record": "", "after one": book("a"), "inside the second": book("a") + book("b")[:40]} {
		r := NewReader(io.MultiReader(strings.NewReader(after), iotest.ErrReader(broken)))
		var err error
		for err == nil {
			_, err = r.Next()
		}
		if _, again := r.Next(); !errors.Is(err, broken) || !errors.Is(again, broken) {
			t.Errorf("%s: got %v, then %v", name, err, again)
		}
	}
}

func TestOffsets(t *testing.T) {
	a, b := book("a"), book("b")
	_, records := readAll(t, "\n"+a+"\r\n"+b)
	if records[0].Offset != 1 || records[1].Offset != int64(3+len(a)) {
		t.Errorf("offsets %d and %d", records[0].Offset, records[1].Offset)
	}
}

// TestShortReads: how the source hands out its bytes changes nothing.
func TestShortReads(t *testing.T) {
	source := book("a") + "00007" + book("b")[5:] + book("c")
	r := NewReader(iotest.OneByteReader(strings.NewReader(source)))
	for _, want := range []string{"a", "b", "c"} {
		rec, err := r.Next()
		if err != nil || rec.ControlValue("001") != want {
			t.Fatalf("got %v, %v, want record %s", rec, err, want)
		}
	}
}

func FuzzReader(f *testing.F) {
	a, b := book("a"), book("b")
	f.Add([]byte(a + b))
	f.Add([]byte("00060" + a[5:] + b))
	f.Add([]byte(a[:len(a)-1] + b[:40]))
	f.Add([]byte("<collection>" + xmlBook("a") + xmlBook("b") + "</collection>"))
	f.Add([]byte("<collection><record><leader>" + xmlBook("b")))
	f.Add([]byte("\xFF\xFE<\x00r\x00"))
	f.Fuzz(func(t *testing.T, source []byte) {
		r := NewReader(strings.NewReader(string(source)))
		for n := 1; ; n++ {
			if n > len(source)+2 {
				t.Fatalf("%d records of %d bytes", n, len(source))
			}
			rec, err := r.Next()
			if bad, ok := errors.AsType[*BadRecord](err); ok {
				if bad.Number != n || bad.Reason == "" {
					t.Fatalf("bad record %d: %+v", n, bad)
				}
				continue
			}
			if err != nil {
				return
			}
			if rec.Number != n {
				t.Fatalf("record %d says it is %d", n, rec.Number)
			}
			rec.Title()
			for _, c := range rec.Holdings().Copies {
				if c.Barcode == "" {
					t.Fatal("a copy without a barcode")
				}
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var source strings.Builder
	for i := range 1000 {
		source.WriteString(iso(' ', fieldOf{"001", fmt.Sprint(i)}, field("020", "  $a0139365427"),
			field("245", "14$aThe caf\xE2e of \xE9Zi\xE9zek /$cSlavoj \xE9Zi\xE9zek."), field("260", "  $aParis :$bPuf,$cc1999"),
			field("500", "  $a"+strings.Repeat("Notes of some length. ", 20)), field("949", fmt.Sprintf("  $i%014d$aQA 76$mMAIN", i))))
	}
	text := source.String()
	b.SetBytes(int64(len(text)))
	records := 0
	for b.Loop() {
		r := NewReader(strings.NewReader(text))
		for {
			rec, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			rec.Title()
			rec.Holdings()
			records++
		}
	}
	b.ReportMetric(float64(records)/b.Elapsed().Seconds(), "records/s")
}
