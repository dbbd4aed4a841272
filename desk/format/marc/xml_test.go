package marc

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

const (
	xmlHead   = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<collection xmlns="http://www.loc.gov/MARC21/slim">` + "\n"
	xmlFoot   = "\n</collection>\n"
	xmlLeader = "<leader>00000nam a2200000   4500</leader>"
)

func xmlBook(number string) string {
	return `<record>` + xmlLeader + `<controlfield tag="001">` + number + `</controlfield>` +
		`<datafield tag="245" ind1="1" ind2="0"><subfield code="a">Caf&#233; &amp; ` + number + `</subfield></datafield></record>`
}

func TestXML(t *testing.T) {
	a, b := xmlBook("a"), xmlBook("b")
	prefixed := strings.NewReplacer("</", "</marc:", "<", "<marc:").Replace(a)
	for _, tc := range []struct {
		name   string
		source string
		want   []string
	}{
		{"two records of a collection", xmlHead + a + "\n" + b + xmlFoot, []string{"a", "b"}},
		{"a byte order mark and a blank line first", "\xEF\xBB\xBF\n<collection>" + a + xmlFoot, []string{"a"}},
		{"a record alone", a, []string{"a"}},
		{"records without a collection", a + b, []string{"a", "b"}},
		{"an empty collection", xmlHead + xmlFoot, nil},
		{"names with a prefix", `<marc:collection xmlns:marc="http://www.loc.gov/MARC21/slim">` + prefixed + `</marc:collection>`, []string{"a"}},
		{"a harvest wraps each record in a record", "<OAI-PMH><ListRecords><record><header/><metadata>" + a + "</metadata></record><record><metadata>" + b + "</metadata></record></ListRecords></OAI-PMH>", []string{"a", "b"}},
		{"a deleted record of a harvest", `<OAI-PMH><record><header status="deleted"/></record><record><metadata>` + b + "</metadata></record></OAI-PMH>", []string{"1: a record without fields", "b"}},
		{"a record that is not well formed", xmlHead + strings.Replace(a, "</subfield>", "</subfeld>", 1) + b + xmlFoot, []string{"1: XML syntax error on line 1: element <subfield> closed by </subfeld>", "b"}},
		{"a record that is not closed", xmlHead + strings.TrimSuffix(a, "</record>") + b + xmlFoot, []string{"1: not closed before the next record", "b"}},
		{"the last record is not closed", xmlHead + a + strings.TrimSuffix(b, "</record>") + xmlFoot, []string{"a", "2: not closed before </collection>"}},
		{"a tag that is not closed", xmlHead + strings.Replace(a, "<controlfield ", "<controlfield <", 1) + b + xmlFoot, []string{"1: XML syntax error on line 1: expected attribute name in element", "b"}},
		{"a quote that is not closed", xmlHead + strings.Replace(a, `tag="001"`, `tag="001`, 1) + b + xmlFoot, []string{"1: XML syntax error on line 1: unescaped < inside quoted string", "b"}},
		{"an entity that nobody defined", xmlHead + strings.Replace(a, "&amp;", "&lol;", 1) + b + xmlFoot, []string{"1: XML syntax error on line 1: invalid character entity &lol;", "b"}},
		{"an entity of HTML", xmlHead + strings.Replace(a, "&amp;", "&eacute;", 1) + xmlFoot, []string{"a"}},
		{"the document ends inside a record", xmlHead + a + b[:70], []string{"a", "2: the document ends inside this record"}},
		{"the document ends between records", xmlHead + a + b, []string{"a", "b", "3: the document ends before </collection>"}},
		{"a record in a comment is none", xmlHead + "<!-- " + a + " -->" + b + xmlFoot, []string{"b"}},
		{"a tag in CDATA is none", xmlHead + strings.Replace(a, "Caf", "<![CDATA[</record>]]>", 1) + b + xmlFoot, []string{"a", "b"}},
		{"a document type with definitions", `<?xml version="1.0"?><!DOCTYPE collection [<!ENTITY x "<record/>"> <!ELEMENT a (b)>]><collection>` + a + xmlFoot, []string{"a"}},
		{"a record too long to keep", xmlHead + strings.Replace(a, "Caf", strings.Repeat("x", longestXML), 1) + b + xmlFoot, []string{"1: longer than 1048576 bytes", "b"}},
		{"a record with too many fields to keep", xmlHead + strings.Replace(a, xmlLeader, strings.Repeat("<leader/>", longestXML/9), 1) + b + xmlFoot, []string{"1: longer than 1048576 bytes", "b"}},
		{"a web page", "<html><body>Not found</body></html>", []string{`1: a document of the element "html" holds no MARC record`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got, _ := readAll(t, tc.source); !slices.Equal(got, tc.want) {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

func TestXMLText(t *testing.T) {
	page := func(title string) string {
		return "<collection><record>" + xmlLeader + `<datafield tag="245" ind1="1" ind2="0"><subfield code="a">` + title + "</subfield></datafield></record></collection>"
	}
	inEncoding := func(name, s string) string { return `<?xml version="1.0" encoding="` + name + `"?>` + s }
	latin, err := charmap.ISO8859_1.NewEncoder().String(inEncoding("ISO-8859-1", page("Café")))
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(inEncoding("UTF-16", page("Café 中")))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, source, want, warning string }{
		{"decomposed letters are composed", page("Cafe\u0301"), "Café", ""},
		{"the encoding that the document declares", latin, "Café", ""},
		{"UTF-16 with its mark", wide, "Café 中", ""},
		{"a line break of a pretty printer", page("\n    Café\n    noir\n  "), "Café noir", ""},
		{"a byte that is no UTF-8", page("Caf\xE9 noir"), "Caf\uFFFD noir", "record 1: " + replaced + " (E9)"},
		{"a control character", page("Caf\x07"), "Caf\uFFFD", "record 1: " + replaced + " (07)"},
		{"a control character by number", page("Caf&#x9B;"), "Caf\uFFFD", "record 1 field 245: " + replaced + " (C2 9B)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, records := readAll(t, tc.source)
			if len(records) != 1 {
				t.Fatalf("%d records", len(records))
			}
			if got := records[0].Data[0].Value('a'); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			warning := ""
			for _, w := range records[0].Warnings {
				warning += w.String()
			}
			if warning != tc.warning {
				t.Errorf("warning %q, want %q", warning, tc.warning)
			}
		})
	}
}

func TestXMLOddFields(t *testing.T) {
	_, records := readAll(t, `<record><leader>short</leader><controlfield tag="245">x</controlfield>`+
		`<datafield tag="24"><subfield code="a">x</subfield></datafield>`+
		`<datafield tag="500" ind1="" ind2=" "><subfield code="">kept</subfield></datafield></record>`)
	var got []string
	for _, w := range records[0].Warnings {
		got = append(got, w.String())
	}
	want := []string{
		"record 1: a leader of 5 characters",
		`record 1: a control field of the tag "245": passed over (78)`,
		`record 1: a data field of the tag "24": passed over`,
		"record 1 field 500: a subfield code that is none: kept under the code ' '",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if f := records[0].Data[0]; f.Ind1 != ' ' || f.Value(' ') != "kept" {
		t.Errorf("field %+v", f)
	}
}

func TestXMLUnknownEncoding(t *testing.T) {
	_, err := NewReader(strings.NewReader(`<?xml version="1.0" encoding="EBCDIC"?><record/>`)).Next()
	if err == nil || !strings.Contains(err.Error(), `"EBCDIC"`) {
		t.Errorf("got %v", err)
	}
}
