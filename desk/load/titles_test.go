package load_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"circdesk/desk/circ"
	"circdesk/desk/format/marc"
	"circdesk/desk/load"
	"circdesk/desk/text"
)

func TestTitles(t *testing.T) {
	theEmma := circ.Title{Title: "Emma", Author: "Austen, Jane", Year: "1996", ISBNs: []string{"9780139365423"}}
	itsItem := circ.Item{Barcode: "30001", Type: "BOOK", Home: "MAIN", Location: "STACKS", CallNumber: "PR 4034"}
	with := func(fields ...string) []*marc.Record {
		r := emma()
		r.Data = append(r.Data, rec("", fields...).Data...)
		return []*marc.Record{r}
	}
	without := func(tag string) []*marc.Record {
		r := emma()
		r.Data = slices.DeleteFunc(r.Data, func(f marc.Field) bool { return f.Tag == tag })
		return []*marc.Record{r}
	}
	long := strings.Repeat("x", 10_000-200)
	for _, tc := range []struct {
		name     string
		records  []*marc.Record
		options  load.TitleOptions
		titles   []circ.Title
		items    []circ.Item
		troubles []load.Trouble
		counts   load.Counts
	}{
		{
			name: "a title with an item", records: []*marc.Record{emma()},
			titles: []circ.Title{theEmma}, items: []circ.Item{itsItem}, counts: load.Counts{Read: 1, Titles: 1, Items: 1},
		},
		{
			name: "Koha's items, with a note", records: []*marc.Record{rec("c1", "245 $aEmma", "952 $aCPL$bMPL$cGEN$oQA 76$p31$yBK$zno map")},
			titles: []circ.Title{{Title: "Emma"}}, items: []circ.Item{{Barcode: "31", Type: "BK", Home: "CPL", Location: "GEN", CallNumber: "QA 76", Note: "no map"}},
			counts: load.Counts{Read: 1, Titles: 1, Items: 1},
		},
		{
			name: "Koha's materials specified are what belongs to it", records: []*marc.Record{rec("c1", "245 $aEmma", "952 $aCPL$p31$31 book + 2 discs", "952 $aCPL$p32$32 discs")},
			titles: []circ.Title{{Title: "Emma"}}, items: []circ.Item{{Barcode: "31", Home: "CPL", Parts: []string{"1 book", "2 discs"}}, {Barcode: "32", Home: "CPL"}},
			counts: load.Counts{Read: 1, Titles: 1, Items: 2},
		},
		{
			name: "holdings of MARC", records: []*marc.Record{rec("c1", "245 $aEmma", "852 $bMain$cStacks$hQA76$i.B63$p31")},
			titles: []circ.Title{{Title: "Emma"}}, items: []circ.Item{{Barcode: "31", Home: "Main", Location: "Stacks", CallNumber: "QA76 .B63"}},
			counts: load.Counts{Read: 1, Titles: 1, Items: 1},
		},
		{
			name: "the library's own field", records: []*marc.Record{rec("c1", "245 $aEmma", "999 $bX/1$tbook")},
			options: load.TitleOptions{Items: []marc.Fields{{Tag: "999", Barcode: "b", ItemType: "t"}}},
			titles:  []circ.Title{{Title: "Emma"}}, items: []circ.Item{{Barcode: "X/1", Type: "book"}},
			counts: load.Counts{Read: 1, Titles: 1, Items: 1},
		},
		{
			name: "a title without an item", records: without("949"),
			titles: []circ.Title{theEmma}, counts: load.Counts{Read: 1, Titles: 1},
		},
		{
			name: "no title in it", records: without("245"),
			titles: []circ.Title{{Author: "Austen, Jane", Year: "1996", ISBNs: theEmma.ISBNs}}, items: []circ.Item{itsItem},
			troubles: []load.Trouble{{Number: 1, ID: "c1", Field: "245", Why: "no title"}},
			counts:   load.Counts{Read: 1, Titles: 1, Items: 1, Troubles: 1},
		},
		{
			name: "nothing that a desk could use", records: []*marc.Record{emma(), rec("", "500 $aA note.")},
			titles: []circ.Title{theEmma}, items: []circ.Item{itsItem},
			troubles: []load.Trouble{{Number: 2, Why: "no control number, no title and no item"}},
			counts:   load.Counts{Read: 2, Titles: 1, Items: 1, Skipped: 1, Troubles: 1},
		},
		{
			name: "an ISBN twice, and one with a wrong check digit", records: with("020 $a9780139365423", "020 $a0139365428"),
			titles: []circ.Title{theEmma}, items: []circ.Item{itsItem},
			troubles: []load.Trouble{{Number: 1, ID: "c1", Field: "020", Why: "“0139365428” is no ISBN"}},
			counts:   load.Counts{Read: 1, Titles: 1, Items: 1, Troubles: 1},
		},
		{
			name: "an item without a barcode beside one with", records: with("949 $aPR 1$mMAIN"),
			titles: []circ.Title{theEmma}, items: []circ.Item{itsItem},
			troubles: []load.Trouble{{Number: 1, ID: "c1", Field: "949", Why: "no barcode: “$a PR 1 $m MAIN”"}},
			counts:   load.Counts{Read: 1, Titles: 1, Items: 1, NoItems: 1, Troubles: 1},
		},
		{
			name: "the same barcode in one record", records: with("949 $i30001$mEAST"),
			titles: []circ.Title{theEmma}, items: []circ.Item{itsItem},
			troubles: []load.Trouble{{Number: 1, ID: "c1", Field: "949", Why: "the barcode “30001” is that of an item of record 1: the second is left out"}},
			counts:   load.Counts{Read: 1, Titles: 1, Items: 1, NoItems: 1, Troubles: 1},
		},
		{
			name: "the same barcode in two records", records: []*marc.Record{emma(), rec("c3", "245 $aOther", "949 $i30001$mEAST", "949 $i30003")},
			titles: []circ.Title{theEmma, {Title: "Other"}}, items: []circ.Item{itsItem, {Barcode: "30003"}},
			troubles: []load.Trouble{{Number: 2, ID: "c3", Field: "949", Why: "the barcode “30001” is that of an item of record 1: the second is left out"}},
			counts:   load.Counts{Read: 2, Titles: 2, Items: 2, NoItems: 1, Troubles: 1},
		},
		{
			name: "a barcode with a slash, and an emoji", records: []*marc.Record{rec("c1", "245 $aEmma", "949 $i../../etc/passwd", "949 $i👩\u200d🚀")},
			titles: []circ.Title{{Title: "Emma"}}, items: []circ.Item{{Barcode: "../../etc/passwd"}, {Barcode: "👩\u200d🚀"}},
			counts: load.Counts{Read: 1, Titles: 1, Items: 2},
		},
		{
			name: "a barcode as long as a field", records: with("949 $i" + long),
			titles: []circ.Title{theEmma}, items: []circ.Item{itsItem},
			troubles: []load.Trouble{{Number: 1, ID: "c1", Field: "949", Why: "“" + strings.Repeat("x", 59) + "…” cannot be a barcode: the item is left out"}},
			counts:   load.Counts{Read: 1, Titles: 1, Items: 1, NoItems: 1, Troubles: 1},
		},
		{
			name: "a barcode that reorders what stands beside it", records: with("949 $i123\u202e456"),
			titles: []circ.Title{theEmma}, items: []circ.Item{itsItem},
			troubles: []load.Trouble{{Number: 1, ID: "c1", Field: "949", Why: "“123456” cannot be a barcode: the item is left out"}},
			counts:   load.Counts{Read: 1, Titles: 1, Items: 1, NoItems: 1, Troubles: 1},
		},
		{
			name: "control characters and marks that hide", records: []*marc.Record{rec("c1", "245 $aEm\x1b[31mma\x07 \u202eamme", "949 $i31$aPR\u009b4034")},
			titles: []circ.Title{{Title: "Em\ufffd[31mma\ufffd amme"}}, items: []circ.Item{{Barcode: "31", CallNumber: "PR\ufffd4034"}},
			troubles: []load.Trouble{
				{Number: 1, ID: "c1", Field: "245", Kept: true, Why: "characters without a meaning here became U+FFFD (1B 07)"},
				{Number: 1, ID: "c1", Field: "949", Kept: true, Why: "characters without a meaning here became U+FFFD (C2 9B)"},
			},
			counts: load.Counts{Read: 1, Titles: 1, Items: 1, Troubles: 2},
		},
		{
			name: "a title as long as a field", records: []*marc.Record{rec("c1", "245 $a"+long)},
			titles:   []circ.Title{{Title: strings.Repeat("x", 999) + "…"}},
			troubles: []load.Trouble{{Number: 1, ID: "c1", Field: "245", Kept: true, Why: "cut after 1000 characters"}},
			counts:   load.Counts{Read: 1, Titles: 1, Troubles: 1},
		},
		{
			name: "a type that no rule could name", records: []*marc.Record{rec("c1", "245 $aEmma", "949 $i31$t"+strings.Repeat("T", 101)+"$mMAIN")},
			titles: []circ.Title{{Title: "Emma"}}, items: []circ.Item{{Barcode: "31", Home: "MAIN"}},
			troubles: []load.Trouble{{Number: 1, ID: "c1", Field: "949", Why: "a code of more than 100 characters: “" + strings.Repeat("T", 59) + "…”"}},
			counts:   load.Counts{Read: 1, Titles: 1, Items: 1, Troubles: 1},
		},
		{
			name: "a record for each item", records: []*marc.Record{rec("c1", "245 $aEmma", "949 $i31"), rec("c1", "245 $aEmma", "949 $i32")},
			titles: []circ.Title{{Title: "Emma"}}, items: []circ.Item{{Barcode: "31"}, {Barcode: "32"}},
			troubles: []load.Trouble{{Number: 2, ID: "c1", Field: "001", Kept: true, Why: "the number and the title are those of record 1: one title with the items of both"}},
			counts:   load.Counts{Read: 2, Titles: 1, Items: 2, Troubles: 1},
		},
		{
			name: "two titles with one control number", records: []*marc.Record{rec("c1", "245 $aEmma", "949 $i31"), rec("c1", "245 $aMulder", "949 $i32")},
			titles: []circ.Title{{Title: "Emma"}, {Title: "Mulder"}}, items: []circ.Item{{Barcode: "31"}, {Barcode: "32"}},
			troubles: []load.Trouble{{Number: 2, ID: "c1", Field: "001", Kept: true, Why: "the number is that of record 1, whose title is another: kept as a title without a number"}},
			counts:   load.Counts{Read: 2, Titles: 2, Items: 2, Troubles: 1},
		},
		{
			name: "two titles without a control number", records: []*marc.Record{rec("", "245 $aEmma", "949 $i31"), rec("", "245 $aMulder", "949 $i32")},
			titles: []circ.Title{{Title: "Emma"}, {Title: "Mulder"}}, items: []circ.Item{{Barcode: "31"}, {Barcode: "32"}},
			counts: load.Counts{Read: 2, Titles: 2, Items: 2},
		},
		{
			name: "one title twice without a control number", records: []*marc.Record{rec("", "245 $aEmma", "949 $i31"), rec("", "245 $aEmma", "949 $i32")},
			titles: []circ.Title{{Title: "Emma"}}, items: []circ.Item{{Barcode: "31"}, {Barcode: "32"}},
			troubles: []load.Trouble{{Number: 2, Field: "245", Kept: true, Why: "the title is that of record 1: one title with the items of both"}},
			counts:   load.Counts{Read: 2, Titles: 1, Items: 2, Troubles: 1},
		},
		{
			name: "two items of which nothing is known", records: []*marc.Record{rec("", "949 $i31"), rec("", "949 $i32")},
			titles: []circ.Title{{}, {}}, items: []circ.Item{{Barcode: "31"}, {Barcode: "32"}},
			troubles: []load.Trouble{{Number: 1, Field: "245", Why: "no title"}, {Number: 2, Field: "245", Why: "no title"}},
			counts:   load.Counts{Read: 2, Titles: 2, Items: 2, Troubles: 2},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			file := iso(t, tc.records...)
			got := titles(t, file, tc.options)
			if ts := all[circ.Title](got.rows); !reflect.DeepEqual(ts, tc.titles) {
				t.Errorf("titles %+v\nwant   %+v", ts, tc.titles)
			}
			if items := all[circ.Item](got.rows); !reflect.DeepEqual(items, tc.items) {
				t.Errorf("items %+v\nwant  %+v", items, tc.items)
			}
			if !reflect.DeepEqual(got.troubles, tc.troubles) {
				t.Errorf("troubles %+v\nwant     %+v", got.troubles, tc.troubles)
			}
			if got.counts != tc.counts {
				t.Errorf("counts %+v\nwant   %+v", got.counts, tc.counts)
			}
			pointsToTitles(t, got.rows)
			if again := titles(t, file, tc.options); !reflect.DeepEqual(again.rows, got.rows) {
				t.Errorf("read again it gives %+v\nnot %+v", again.rows, got.rows)
			}
		})
	}
}

// pointsToTitles checks that ids are there once, and that every item's title
// stands before it.
func pointsToTitles(t *testing.T, rows []circ.Row) {
	t.Helper()
	seen := map[circ.Key]bool{}
	for _, r := range rows {
		if seen[r.Key()] || r.Key().ID == "" {
			t.Errorf("%+v: no id, or twice", r)
		}
		seen[r.Key()] = true
		if it, ok := r.(circ.Item); ok && !seen[circ.Key{Kind: circ.KindTitle, ID: string(it.Title)}] {
			t.Errorf("item %s before its title, or without one", it.Barcode)
		}
	}
}

func TestARecordThatCannotBeRead(t *testing.T) {
	good := iso(t, emma())
	cut := iso(t, mulder())
	got := titles(t, good+cut[:len(cut)/2], load.TitleOptions{})
	if len(all[circ.Title](got.rows)) != 1 || got.counts != (load.Counts{Read: 2, Titles: 1, Items: 1, Skipped: 1, Troubles: 1}) {
		t.Errorf("got %+v", got)
	}
	if x := got.troubles[0]; x.Number != 2 || x.Field != "" || !strings.Contains(x.Why, "ends inside this record") || !strings.Contains(x.Why, fmt.Sprint(len(good))) {
		t.Errorf("it says %+v", x)
	}
}

func TestMARCXML(t *testing.T) {
	const file = `<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>00000nam a2200000 a 4500</leader>
<controlfield tag="001">c1</controlfield><datafield tag="020" ind1=" " ind2=" "><subfield code="a">0139365427</subfield></datafield>
<datafield tag="100" ind1=" " ind2=" "><subfield code="a">Austen, Jane,</subfield></datafield>
<datafield tag="245" ind1=" " ind2=" "><subfield code="a">Emma /</subfield></datafield>
<datafield tag="260" ind1=" " ind2=" "><subfield code="c">1996.</subfield></datafield>
<datafield tag="949" ind1=" " ind2=" "><subfield code="a">PR 4034</subfield><subfield code="i">30001</subfield><subfield code="l">STACKS</subfield><subfield code="m">MAIN</subfield><subfield code="t">BOOK</subfield></datafield>
</record></collection>`
	if got, want := titles(t, file, load.TitleOptions{}).rows, titles(t, iso(t, emma()), load.TitleOptions{}).rows; !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestTitlesOfTwoCataloguesHaveIdsOfTheirOwn(t *testing.T) {
	file := iso(t, emma())
	own := titles(t, file, load.TitleOptions{}).rows
	other := titles(t, file, load.TitleOptions{Catalogue: "school"}).rows
	if own[0].Key() == other[0].Key() {
		t.Error("one title")
	}
	if own[1].Key() != other[1].Key() {
		t.Error("one barcode is two items")
	}
}

func TestASourceThatFailsEndsWithTheError(t *testing.T) {
	sorry := errors.New("the disk is gone")
	rows, failed := 0, error(nil)
	src := load.Titles(iotest.TimeoutReader(iotest.ErrReader(sorry)), load.TitleOptions{})
	for _, err := range src.Rows() {
		if err != nil {
			failed = err
			continue
		}
		rows++
	}
	if rows != 0 || !errors.Is(failed, sorry) {
		t.Errorf("%d rows, then %v", rows, failed)
	}
}

func TestASourceMayBeLeft(t *testing.T) {
	for range load.Titles(strings.NewReader(iso(t, emma(), mulder())), load.TitleOptions{}).Rows() {
		break
	}
	for range load.Patrons(strings.NewReader("card,surname\n1,A\n2,B\n"), load.PatronOptions{}).Rows() {
		break
	}
}

// What is drawn is clean, and its codes can be scanned.
func FuzzTitles(f *testing.F) {
	f.Add("c1", "Emma", "30001", "BOOK", "PR 4034")
	f.Add("", "", "30001", "", "\x1b[31m")
	f.Add("c1\x00", "\u202eEmma", " 3\u200b1\t", strings.Repeat("T", 200), "\u009b")
	f.Fuzz(func(t *testing.T, control, title, barcode, code, shelf string) {
		item := marc.Field{Tag: "949", Subfields: []marc.Subfield{{Code: 'i', Value: barcode}, {Code: 't', Value: code}, {Code: 'a', Value: shelf}}}
		var file []byte
		for _, number := range []string{control, control, ""} {
			r := rec(number, "245 $a"+"x", "020 $ax", "100 $ax")
			r.Data[0].Subfields[0].Value, r.Data[1].Subfields[0].Value, r.Data[2].Subfields[0].Value = title, code, shelf
			r.Data = append(r.Data, item)
			raw, err := marc.Encode(r)
			if err != nil {
				t.Skip()
			}
			file = append(file, raw...)
		}
		troubles := 0
		src := load.Titles(bytes.NewReader(file), load.TitleOptions{Trouble: func(x load.Trouble) {
			troubles++
			for _, s := range []string{x.ID, x.Field, x.Why} {
				if text.Clean(s, 1000) != s {
					t.Errorf("a trouble says %+q", s)
				}
			}
		}})
		var rows []circ.Row
		for row, err := range src.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, row)
		}
		pointsToTitles(t, rows)
		counts := src.Counts()
		if n := len(all[circ.Title](rows)); n != counts.Titles || counts.Troubles != troubles || counts.Titles > counts.Read-counts.Skipped {
			t.Errorf("%d titles, %d troubles: %+v", n, troubles, counts)
		}
		items := all[circ.Item](rows)
		if len(items) > 1 || len(items)+counts.NoItems != 3 && counts.Skipped == 0 {
			t.Errorf("%d items of three with one barcode: %+v", len(items), counts)
		}
		for _, it := range items {
			if code, ok := text.Code(it.Barcode); !ok || code != it.Barcode {
				t.Errorf("barcode %+q", it.Barcode)
			}
			for _, s := range []string{it.CallNumber, it.Note, string(it.Type), string(it.Home), string(it.Location)} {
				if text.Clean(s, 2000) != s {
					t.Errorf("an item says %+q", s)
				}
			}
		}
	})
}
