package patroncsv

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

// readAll gives the patrons of a source and the errors of its bad rows.
func readAll(t testing.TB, source string, own Map) (patrons []Patron, bad []string) {
	t.Helper()
	r, err := NewReader(strings.NewReader(source), own)
	if err != nil {
		t.Fatal(err)
	}
	for {
		p, err := r.Next()
		if err == io.EOF {
			return patrons, bad
		}
		if _, ok := errors.AsType[*BadRow](err); ok {
			bad = append(bad, err.Error())
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		patrons = append(patrons, *p)
	}
}

func TestRead(t *testing.T) {
	joe := Patron{Line: 2, Card: "99999399294", Family: "Jones", Given: "Joe"}
	with := func(change func(*Patron)) []Patron {
		p := joe
		change(&p)
		return []Patron{p}
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("barcode\tsurname\tfirst name\r\n99999399294\tJonés\tJoe\r\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name   string
		source string
		own    Map
		want   []Patron
	}{
		{"Evergreen's headings", "barcode,family_name,given_name\n99999399294,Jones,Joe\n", nil, []Patron{joe}},
		{
			"every field", "barcode,family_name,given_name,middle_name,group,home_library,expires,birth_date,street,city,state,postcode,country,phone,email,language,note\n" +
				"1,Jones,Joe,Wayne,group-2,lib-5,2030-12-31,1971-05-09,1641 Jolly,Stamford,NY,12167,USA,555,j@x.org,en,likes jazz\n", nil,
			[]Patron{{Line: 2, Card: "1", Family: "Jones", Given: "Joe", Middle: "Wayne", Group: "group-2", HomeLibrary: "lib-5", Expires: "2030-12-31", Birth: "1971-05-09", Street: "1641 Jolly", City: "Stamford", State: "NY", Postcode: "12167", Country: "USA", Phone: "555", Email: "j@x.org", Language: "en", Note: "likes jazz"}},
		},
		{
			"Koha's headings", "cardnumber,surname,firstname,branchcode,categorycode,dateexpiry,dateofbirth,zipcode\n99999399294,Jones,Joe,CPL,PT,2030-12-31,,12167\n", nil,
			with(func(p *Patron) {
				p.HomeLibrary, p.Group, p.Expires, p.Postcode = "CPL", "PT", "2030-12-31", "12167"
			}),
		},
		{"semicolons", "Card Number;Last Name;First Name\n99999399294;Jones;Joe\n", nil, []Patron{joe}},
		{"tabs", "CARD\tSURNAME\tGIVEN NAME\n99999399294\tJones\tJoe\n", nil, []Patron{joe}},
		{"a heading with a comma among semicolons", "card;surname;\"given, first\"\n99999399294;Jones;Joe\n", Map{"given, first": Given}, []Patron{joe}},
		{"Excel says the separator", "sep=;\r\ncard;surname;first name\r\n99999399294;Jones;Joe\r\n", nil, with(func(p *Patron) { p.Line = 3 })},
		{"a byte order mark", "\xEF\xBB\xBFbarcode,surname,first name\n99999399294,Jones,Joe\n", nil, []Patron{joe}},
		{"UTF-16 from Excel", wide, nil, with(func(p *Patron) { p.Family = "Jonés" })},
		{"Windows-1252", "barcode,surname,first name\n99999399294,Jon\xE9s,Joe\x80\n", nil, with(func(p *Patron) { p.Family, p.Given = "Jonés", "Joe€" })},
		{"letters and marks apart", "barcode,surname,first name\n99999399294,Jone\u0301s,Joe\n", nil, with(func(p *Patron) { p.Family = "Jonés" })},
		{"line ends of an old Mac", "barcode,surname,first name\r99999399294,Jones,Joe\r", nil, []Patron{joe}},
		{"no line end at the end", "barcode,surname,first name\n99999399294,Jones,Joe", nil, []Patron{joe}},
		{"blank lines and empty rows", "\n\nbarcode,surname,first name\n\n,,\n99999399294,Jones,Joe\n\n", nil, with(func(p *Patron) { p.Line = 6 })},
		{"quotes, a doubled quote and a line break", "barcode,surname,first name,note\n99999399294,\"Jones\",Joe,\"says \"\"hi\"\",\nthen goes\"\n", nil, with(func(p *Patron) { p.Note = `says "hi", then goes` })},
		{"a quote inside a field without quotes", "barcode,surname,first name\n99999399294,Jones,Joe \"J\"\n", nil, with(func(p *Patron) { p.Given = `Joe "J"` })},
		{"separators too many at the end", "barcode,surname,first name\n99999399294,Jones,Joe,,\n", nil, []Patron{joe}},
		{"control characters", "barcode,surname,first name\n99999399294,Jo\x1Bnes,Joe\x07\n", nil, with(func(p *Patron) { p.Family = "Jo nes" })},
		{"the library's own headings", "Ausweis,Name,Vorname\n99999399294,Jones,Joe\n", Map{"ausweis": Card, "Name": Family, "VORNAME": Given}, []Patron{joe}},
		{"the library's own heading goes before a known one", "barcode,old card,surname,first name\n1,99999399294,Jones,Joe\n", Map{"old card": Card}, []Patron{joe}},
		{"a known heading that the library does not want", "barcode,surname,first name,note\n99999399294,Jones,Joe,secret\n", Map{"note": Ignored}, []Patron{joe}},
		{"two columns of one field: the first that says something", "barcode,surname,first name,phone,mobile\n99999399294,Jones,Joe,,555\n", nil, with(func(p *Patron) { p.Phone = "555" })},
		{
			"a date that is none", "barcode,surname,first name,expires\n99999399294,Jones,Joe,NOW() - 1 \n", nil,
			with(func(p *Patron) { p.Unread = []Unread{{Heading: "expires", Value: "NOW() - 1", Reason: NoDate}} }),
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, bad := readAll(t, tc.source, tc.own)
			if !reflect.DeepEqual(got, tc.want) || bad != nil {
				t.Errorf("got  %+v, bad rows %q\nwant %+v", got, bad, tc.want)
			}
		})
	}
}

func TestBadRows(t *testing.T) {
	const head = "card,surname,city\n"
	for _, tc := range []struct {
		name   string
		source string
		cards  []string
		bad    []string
	}{
		{"no card", "1,A,X\n ,B,Y\n3,C,Z\n", []string{"1", "3"}, []string{"patron row at line 3: no_card"}},
		{"a comma too many", "1,A,X\n2,B,Y,Y\n3,C,Z\n", []string{"1", "3"}, []string{"patron row at line 3: wrong_field_count: 4 fields, the heading line has 3"}},
		{"a row cut short", "1,A,X\n2,B\n3,C,Z\n", []string{"1", "3"}, []string{"patron row at line 3: wrong_field_count: 2 fields, the heading line has 3"}},
		{"a quote that never ends", "1,\"A,X\n2,B,Y\n3,C,Z\n", []string{"2", "3"}, []string{"patron row at line 2: bad_quote"}},
		{"a quote that ends in another row's quote", "1,\"A,X\n2,\"B\",Y\n3,C,Z\n", []string{"2", "3"}, []string{"patron row at line 2: bad_quote"}},
		{"a quote that swallows whole rows", "1,A,\"X\n2,B,Y\n3,C,\"\n4,D,Z\n", []string{"2", "4"}, []string{"patron row at line 2: bad_quote", "patron row at line 4: bad_quote"}},
		{"a quote that swallows one row", "1,A,\"X\n2,B,\"\n4,D,Z\n", []string{"4"}, []string{"patron row at line 2: bad_quote", "patron row at line 3: bad_quote"}},
		{"a quote that swallows rows and leaves too many fields", "1,A,\"X\n2,B,Y\n3,\",\"Z\n4,D,Z\n", []string{"2", "4"}, []string{"patron row at line 2: bad_quote", "patron row at line 4: bad_quote"}},
		{"a row longer than a row may be", "1,A," + strings.Repeat("x", 3*longestRow) + "\n2,B,Y\n", []string{"2"}, []string{"patron row at line 2: row_too_long"}},
		{"the last row is too long", "1,A,X\n2,B," + strings.Repeat("x", 3*longestRow), []string{"1"}, []string{"patron row at line 3: row_too_long"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			patrons, bad := readAll(t, head+tc.source, nil)
			var cards []string
			for _, p := range patrons {
				cards = append(cards, p.Card)
			}
			if !slices.Equal(cards, tc.cards) || !slices.Equal(bad, tc.bad) {
				t.Errorf("got cards %q, bad %q\nwant %q, %q", cards, bad, tc.cards, tc.bad)
			}
		})
	}
}

func TestHeadings(t *testing.T) {
	for name, source := range map[string]string{"nothing": "", "no card": "surname,city\nJones,X\n", "a text": "Dear colleagues"} {
		if _, err := NewReader(strings.NewReader(source), nil); !errors.Is(err, ErrNoCardColumn) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := NewReader(strings.NewReader("card\n"), Map{"x": "shoe_size"}); err == nil || !strings.Contains(err.Error(), "shoe_size") {
		t.Errorf("a field that is none: %v", err)
	}
	r, err := NewReader(strings.NewReader("card,Shoe size,surname,Hat\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Unused(); !slices.Equal(got, []string{"Shoe size", "Hat"}) {
		t.Errorf("unused %q", got)
	}
}

// TestBuiltInHeadings: a heading can mean one field only.
func TestBuiltInHeadings(t *testing.T) {
	seen := map[string]Field{}
	for field, names := range headings() {
		for _, name := range names {
			if other, ok := seen[name]; ok || fold(name) != name {
				t.Errorf("heading %q of %s: folded %q, also of %q", name, field, fold(name), other)
			}
			seen[name] = field
		}
	}
}

func TestReadDate(t *testing.T) {
	for _, tc := range []struct {
		in      string
		slashes Slashes
		want    string
		reason  Reason
	}{
		{"2030-12-31", Unsaid, "2030-12-31", ""},
		{"2030-2-3", Unsaid, "2030-02-03", ""},
		{"2030/12/31", Unsaid, "2030-12-31", ""},
		{"20301231", Unsaid, "2030-12-31", ""},
		{"2030-12-31T23:59:59-05:00", Unsaid, "2030-12-31", ""},
		{"2030-12-31 23:59:59", Unsaid, "2030-12-31", ""},
		{"2030-12-31 23:59:59.123-05", Unsaid, "2030-12-31", ""},
		{"31.12.2030", Unsaid, "2030-12-31", ""},
		{"3.4.2030", Unsaid, "2030-04-03", ""},
		{"31 Dec 2030", Unsaid, "2030-12-31", ""},
		{"31-Dec-2030", Unsaid, "2030-12-31", ""},
		{"December 31, 2030", Unsaid, "2030-12-31", ""},
		{"31/12/2030", Unsaid, "2030-12-31", ""},
		{"12/31/2030", Unsaid, "2030-12-31", ""},
		{"12/31/2030 12:00 AM", Unsaid, "2030-12-31", ""},
		{"12/31/2030", DayFirst, "2030-12-31", ""},
		{"05/05/2030", Unsaid, "2030-05-05", ""},
		{"03/04/2030", Unsaid, "", AmbiguousDate},
		{"03-04-2030", Unsaid, "", AmbiguousDate},
		{"03/04/2030", DayFirst, "2030-04-03", ""},
		{"03/04/2030", MonthFirst, "2030-03-04", ""},
		{"9999-12-31", Unsaid, "9999-12-31", ""},
		{"", Unsaid, "", ""},
		{"0000-00-00", Unsaid, "", ""},
		{"2030-02-30", Unsaid, "", NoDate},
		{"31/12/30", Unsaid, "", NoDate},
		{"0203-01-01", Unsaid, "", NoDate},
		{"NOW() - 1", Unsaid, "", NoDate},
		{"never", Unsaid, "", NoDate},
		{"13/13/2030", Unsaid, "", NoDate},
	} {
		if got, reason := readDate(tc.in, tc.slashes); got != tc.want || reason != tc.reason {
			t.Errorf("%q with slashes %d: got %q %q, want %q %q", tc.in, tc.slashes, got, reason, tc.want, tc.reason)
		}
	}
}

func TestSourceFails(t *testing.T) {
	broken := errors.New("the disk is gone")
	if _, err := NewReader(iotest.ErrReader(broken), nil); !errors.Is(err, broken) {
		t.Errorf("at the headings: %v", err)
	}
	long := "card\n" + strings.Repeat("1\n", 2*longestRow)
	r, err := NewReader(io.MultiReader(strings.NewReader(long), iotest.ErrReader(broken)), nil)
	for err == nil {
		_, err = r.Next()
	}
	if _, again := r.Next(); !errors.Is(err, broken) || !errors.Is(again, broken) {
		t.Errorf("among the rows: %v, then %v", err, again)
	}
}

// TestRoundTrip: what the standard library writes is read back. The columns are
// more than a value has separators, else a line of it could be a row.
func TestRoundTrip(t *testing.T) {
	value := rapid.StringMatching(`[a-zé"\n ]{0,6}[,;\t]?[a-zé"\n ]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		comma := rapid.SampledFrom([]rune{',', ';', '\t'}).Draw(t, "separator")
		var source strings.Builder
		w := csv.NewWriter(&source)
		w.Comma = comma
		want := []Patron{}
		write := func(row ...string) {
			if err := w.Write(row); err != nil {
				t.Fatal(err)
			}
			w.Flush()
		}
		write("card", "x", "y", "z", "surname", "first name")
		for i := range rapid.IntRange(0, 8).Draw(t, "rows") {
			family, given := value.Draw(t, "family"), value.Draw(t, "given")
			line := 1 + strings.Count(source.String(), "\n")
			write(fmt.Sprint(i), "", "", "", family, given)
			want = append(want, Patron{Line: line, Card: fmt.Sprint(i), Family: text([]byte(family)), Given: text([]byte(given))})
		}
		r, err := NewReader(iotest.HalfReader(strings.NewReader(source.String())), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range want {
			got, err := r.Next()
			if err != nil || !reflect.DeepEqual(*got, p) {
				t.Fatalf("%q: got %+v, %v, want %+v", source.String(), got, err, p)
			}
		}
		if _, err := r.Next(); err != io.EOF {
			t.Fatalf("at the end: %v", err)
		}
	})
}

func FuzzReader(f *testing.F) {
	f.Add([]byte("barcode,family_name,expires\n1,Jones,2030-12-31\n2,\"a\nb\",NOW()\n"))
	f.Add([]byte("sep=;\r\ncard;surname\r\n1;\"x\r\n2;y\r\n"))
	f.Add([]byte("\xFF\xFEc\x00a\x00r\x00d\x00\n\x001\x00"))
	f.Fuzz(func(t *testing.T, source []byte) {
		r, err := NewReader(strings.NewReader(string(source)), nil)
		if err != nil {
			return
		}
		line := 0
		for {
			p, err := r.Next()
			bad, ok := errors.AsType[*BadRow](err)
			switch {
			case err == io.EOF:
				return
			case ok:
				if bad.Line <= line || bad.Reason == "" {
					t.Fatalf("after line %d: %+v", line, bad)
				}
				line = bad.Line
			case err != nil:
				t.Fatal(err)
			default:
				if p.Line <= line || p.Card == "" {
					t.Fatalf("after line %d: %+v", line, p)
				}
				line = p.Line
			}
		}
	})
}
