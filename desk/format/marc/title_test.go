package marc

import (
	"reflect"
	"strings"
	"testing"
)

// titled reads a record of the leader's positions 06 and 07 and the fields.
func titled(t *testing.T, kind string, fields ...fieldOf) *Record {
	t.Helper()
	raw := iso('a', fields...)
	_, records := readAll(t, raw[:6]+kind+raw[8:])
	if len(records) != 1 {
		t.Fatalf("%d records", len(records))
	}
	return records[0]
}

func TestTitle(t *testing.T) {
	fixed := fieldOf{"008", "020121s1999    cauuuu              eng d"}
	for _, tc := range []struct {
		name   string
		kind   string
		fields []fieldOf
		want   Title
	}{
		{
			"a book with everything", "am",
			[]fieldOf{{"001", " 42 "}, fixed, field("020", "  $a0-13-936542-7 (pbk.) :$c$5"), field("020", "  $a978013936542X"), field("020", "  $z9780139365423"), field("020", "  $a9780139365423"), field("100", "1 $aOstransky, Leroy,$d1918-"), field("245", "10$aUnderstanding jazz :$ban introduction /$cLeroy Ostransky."), field("264", " 4$c©1978"), field("264", " 1$aNJ :$bPrentice,$c[1977]")},
			Title{Control: "42", ISBNs: []string{"0139365427", "978013936542X", "9780139365423"}, Title: "Understanding jazz : an introduction", Sort: "Understanding jazz : an introduction", Author: "Ostransky, Leroy", Year: "1977", Material: Book},
		},
		{"an ISBN that ends in X", "am", []fieldOf{field("020", "  $a080442957x")}, Title{ISBNs: []string{"080442957X"}, Material: Book}},
		{"ISBNs with blanks, a price behind it, and none", "am", []fieldOf{field("020", "  $a978 0 13 936542 3"), field("020", "  $a0139365427 1250"), field("020", "  $a(pbk.)"), field("020", "  $a01393 (v. 1)")}, Title{ISBNs: []string{"9780139365423", "0139365427", "01393"}, Material: Book}},
		{"an article is not filed", "am", []fieldOf{field("245", "14$aThe big book.")}, Title{Title: "The big book", Sort: "big book", Material: Book}},
		{"a count that ends inside a letter", "am", []fieldOf{field("245", "14$aL'été :$broman")}, Title{Title: "L'été : roman", Sort: "L'été : roman", Material: Book}},
		{"a mark counts as a character", "am", []fieldOf{field("245", "13$aÓ vida")}, Title{Title: "Ó vida", Sort: "vida", Material: Book}},
		{"an elided article", "am", []fieldOf{field("245", "12$aL'été")}, Title{Title: "L'été", Sort: "été", Material: Book}},
		{"a count into the middle of a word", "am", []fieldOf{field("245", "14$aTheory of jazz")}, Title{Title: "Theory of jazz", Sort: "Theory of jazz", Material: Book}},
		{"a count beyond the title", "am", []fieldOf{field("245", "19$aThe ")}, Title{Title: "The", Sort: "The", Material: Book}},
		{"text that is marked as not filed", "am", []fieldOf{field("245", "10$a\u0098Der \u009cProzess")}, Title{Title: "Der Prozess", Sort: "Prozess", Material: Book}},
		{"a part with number and name", "jm", []fieldOf{field("245", "00$aSymphonies.$nNo. 5,$pAdagio /$cX.")}, Title{Title: "Symphonies. No. 5, Adagio", Sort: "Symphonies. No. 5, Adagio", Material: Music}},
		{"an initial keeps its period", "am", []fieldOf{field("245", "00$aJob /$cx"), field("100", "1 $aDick, Philip K.")}, Title{Title: "Job", Sort: "Job", Author: "Dick, Philip K.", Material: Book}},
		{"dots that are no end", "am", []fieldOf{field("245", "00$aAnd then ...")}, Title{Title: "And then ...", Sort: "And then ...", Material: Book}},
		{"an added author when there is no main one", "gm", []fieldOf{field("700", "1 $aHitchcock, Alfred,$d1899-1980.")}, Title{Author: "Hitchcock, Alfred", Material: Film}},
		{"a corporate author goes before an added person", "am", []fieldOf{field("700", "1 $aDoe, J."), field("110", "2 $aUnited Nations.$bLibrary.")}, Title{Author: "United Nations. Library", Material: Book}},
		{"a year with a copyright letter", "cm", []fieldOf{field("260", "  $aNY :$bX,$cc1960.")}, Title{Year: "1960", Material: Score}},
		{"no year in 260: the fixed field", "am", []fieldOf{fixed, field("260", "  $c[19--]")}, Title{Year: "1999", Material: Book}},
		{"no year at all", "am", []fieldOf{{"008", "020121s19uu"}, field("260", "  $cn.d. 12345")}, Title{Material: Book}},
		{"a journal", "as", nil, Title{Material: Serial}},
		{"a kind that is none", "zz", nil, Title{Material: Unknown}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fields := append([]fieldOf{{"005", "x"}}, tc.fields...)
			if got := titled(t, tc.kind, fields...).Title(); !reflect.DeepEqual(got, tc.want) {
				t.Errorf("got  %+v\nwant %+v", got, tc.want)
			}
		})
	}
}

func TestTitleOfNothing(t *testing.T) {
	if got := (&Record{}).Title(); !reflect.DeepEqual(got, Title{}) {
		t.Errorf("got %+v", got)
	}
}

func TestHoldings(t *testing.T) {
	sirsi := field("949", "  $aQA 76$wLC$i30007007467409$rY$tSOUND$lAUDIO$mMAIN$c2")
	koha := field("952", "  $aCPL$bMPL$cGEN$oQA 76 .B$p39999000001310$t1$yBK$zmissing a page")
	standard := field("852", "0 $aDLC$bMain$cStacks$kOversize$hQA76$i.B63 1999$p31234000567890$zfragile")
	for _, tc := range []struct {
		name   string
		fields []fieldOf
		in     []Fields
		want   Holdings
	}{
		{"Sirsi", []fieldOf{sirsi}, nil, Holdings{Tag: "949", Copies: []Copy{{Barcode: "30007007467409", CallNumber: "QA 76", Library: "MAIN", Location: "AUDIO", ItemType: "SOUND", Number: "2"}}}},
		{"Koha", []fieldOf{koha}, nil, Holdings{Tag: "952", Copies: []Copy{{Barcode: "39999000001310", CallNumber: "QA 76 .B", Library: "CPL", Location: "GEN", ItemType: "BK", Number: "1", Note: "missing a page"}}}},
		{"holdings of MARC 21", []fieldOf{standard}, nil, Holdings{Tag: "852", Copies: []Copy{{Barcode: "31234000567890", CallNumber: "Oversize QA76 .B63 1999", Library: "Main", Location: "Stacks", Note: "fragile"}}}},
		{"949 goes before 952", []fieldOf{koha, field("949", "  $i1")}, nil, Holdings{Tag: "949", Copies: []Copy{{Barcode: "1"}}}},
		{"949 without a barcode is passed over", []fieldOf{koha, field("949", "  $aQA 76")}, []Fields{Field949(), {Tag: "952", Barcode: "p"}}, Holdings{Tag: "952", Copies: []Copy{{Barcode: "39999000001310"}}}},
		{"a mapping of the library's own", []fieldOf{field("999", "  $bX1$cY 2")}, []Fields{{Tag: "999", Barcode: "b", CallNumber: "c"}}, Holdings{Tag: "999", Copies: []Copy{{Barcode: "X1", CallNumber: "Y 2"}}}},
		{"two barcodes in one field", []fieldOf{field("949", "  $aQA$i1$i2")}, nil, Holdings{Tag: "949", Copies: []Copy{{Barcode: "1", CallNumber: "QA"}, {Barcode: "2", CallNumber: "QA"}}}},
		{"blanks around a barcode", []fieldOf{field("949", "  $i 1 ")}, nil, Holdings{Tag: "949", Copies: []Copy{{Barcode: "1"}}}},
		{
			"one item of two has no barcode", []fieldOf{field("949", "  $i1"), field("949", "  $i $aQA")}, nil,
			Holdings{Tag: "949", Copies: []Copy{{Barcode: "1"}}, Unread: []Field{{Tag: "949", Ind1: ' ', Ind2: ' ', Subfields: []Subfield{{'i', " "}, {'a', "QA"}}}}},
		},
		{
			"no item has a barcode", []fieldOf{field("852", "  $aDLC")}, nil,
			Holdings{Unread: []Field{{Tag: "852", Ind1: ' ', Ind2: ' ', Subfields: []Subfield{{'a', "DLC"}}}}},
		},
		{"no item at all", nil, nil, Holdings{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rec := titled(t, "am", append([]fieldOf{{"001", "x"}}, tc.fields...)...)
			if got := rec.Holdings(tc.in...); !reflect.DeepEqual(got, tc.want) {
				t.Errorf("got  %+v\nwant %+v", got, tc.want)
			}
		})
	}
}

func TestWarningIsShort(t *testing.T) {
	w := Warning{Record: 3, Tag: "245", Bytes: []byte(strings.Repeat("\xFF", 20)), Reason: "odd"}
	if got, want := w.String(), "record 3 field 245: odd ("+strings.Repeat("FF ", 15)+"FF … and 4 more)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
