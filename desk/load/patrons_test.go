package load_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"circdesk/desk/circ"
	"circdesk/desk/format/patroncsv"
	"circdesk/desk/load"
	"circdesk/desk/text"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestPatrons(t *testing.T) {
	joe := circ.Patron{Card: "2001", Family: "Jones", Given: "Joe"}
	with := func(change func(*circ.Patron)) []circ.Patron {
		p := joe
		change(&p)
		return []circ.Patron{p}
	}
	const head = "card,surname,first name"
	plain := load.Counts{Read: 1, Patrons: 1}
	named := load.Counts{Read: 1, Patrons: 1, Troubles: 1}
	for _, tc := range []struct {
		name     string
		file     string
		options  load.PatronOptions
		patrons  []circ.Patron
		troubles []load.Trouble
		counts   load.Counts
	}{
		{name: "a name and a card", file: head + "\n2001,Jones,Joe\n", patrons: []circ.Patron{joe}, counts: plain},
		{
			name: "every field",
			file: "barcode,family_name,given_name,middle_name,group,home_library,expires,birth_date,street,city,state,postcode,country,phone,email,language,note\n" +
				"2001,Jones,Joe,Wayne,group-2,lib-5,2030-12-31,1971-05-09,1641 Jolly,Stamford,NY,12167,USA,555,j@x.org,en-us,likes jazz\n",
			options: load.PatronOptions{Zone: zone(t, "America/New_York")},
			patrons: []circ.Patron{{
				Card: "2001", Family: "Jones", Given: "Joe Wayne", Group: "group-2", Home: "lib-5", Birth: "1971-05-09",
				Street: "1641 Jolly", City: "Stamford, NY, USA", Postcode: "12167", Phone: "555", Email: "j@x.org", Language: "en-US", Note: "likes jazz",
				Expires: time.Date(2031, 1, 1, 5, 0, 0, 0, time.UTC),
			}},
			counts: plain,
		},
		{
			name: "a card whose last day is long past", file: head + ",expires\n2001,Jones,Joe,1999-01-01\n",
			patrons: with(func(p *circ.Patron) { p.Expires = time.Date(1999, 1, 2, 0, 0, 0, 0, time.UTC) }), counts: plain,
		},
		{
			name: "a last day after which there is no midnight", file: head + ",expires\n2001,Jones,Joe,2018-11-03\n", options: load.PatronOptions{Zone: zone(t, "America/Sao_Paulo")},
			patrons: with(func(p *circ.Patron) { p.Expires = time.Date(2018, 11, 4, 3, 0, 0, 0, time.UTC) }), counts: plain,
		},
		{
			name: "a last day after which a day is left out", file: head + ",expires\n2001,Jones,Joe,2011-12-29\n", options: load.PatronOptions{Zone: zone(t, "Pacific/Apia")},
			patrons: with(func(p *circ.Patron) { p.Expires = time.Date(2011, 12, 30, 10, 0, 0, 0, time.UTC) }), counts: plain,
		},
		{name: "a card without an end", file: head + ",expires\n2001,Jones,Joe,9999-12-31\n", patrons: []circ.Patron{joe}, counts: plain},
		{
			name: "an expiry date that is none", file: head + ",expires\n2001,Jones,Joe,NOW() - 1 \n", patrons: []circ.Patron{joe},
			troubles: []load.Trouble{{Number: 2, ID: "2001", Field: "expires", Why: "“NOW() - 1” is no date"}}, counts: named,
		},
		{
			name: "a birth date that can be read in two ways", file: head + ",dob\n2001,Jones,Joe,03/04/1980\n", patrons: []circ.Patron{joe},
			troubles: []load.Trouble{{Number: 2, ID: "2001", Field: "dob", Why: "“03/04/1980” may begin with the day or with the month"}}, counts: named,
		},
		{
			name: "the library says which", file: head + ",dob\n2001,Jones,Joe,03/04/1980\n", options: load.PatronOptions{Slashes: patroncsv.DayFirst},
			patrons: with(func(p *circ.Patron) { p.Birth = "1980-04-03" }), counts: plain,
		},
		{
			name: "the library's own headings", file: "Ausweis,Name,Vorname\n2001,Jones,Joe\n",
			options: load.PatronOptions{Headings: patroncsv.Map{"Ausweis": patroncsv.Card, "Name": patroncsv.Family, "Vorname": patroncsv.Given}},
			patrons: []circ.Patron{joe}, counts: plain,
		},
		{
			name: "a column that is not read", file: head + ",Shoe size\n2001,Jones,Joe,43\n", patrons: []circ.Patron{joe},
			troubles: []load.Trouble{{Number: 1, Field: "Shoe size", Why: "no heading of a patron's: the column is not read"}}, counts: named,
		},
		{
			name: "no name", file: head + "\n2001,,\n", patrons: []circ.Patron{{Card: "2001"}},
			troubles: []load.Trouble{{Number: 2, ID: "2001", Field: "name", Why: "no name"}}, counts: named,
		},
		{
			name: "a language that is none", file: head + ",language\n2001,Jones,Joe,English\n", patrons: []circ.Patron{joe},
			troubles: []load.Trouble{{Number: 2, ID: "2001", Field: "language", Why: "“English” is no language (BCP 47)"}}, counts: named,
		},
		{
			name: "no card", file: head + "\n,Jones,Joe\n2002,Silva,Ana\n", patrons: []circ.Patron{{Card: "2002", Family: "Silva", Given: "Ana"}},
			troubles: []load.Trouble{{Number: 2, Why: "no card"}}, counts: load.Counts{Read: 2, Patrons: 1, Skipped: 1, Troubles: 1},
		},
		{
			name: "a row cut short, and a quote that does not end", file: head + "\n2003,Doe\n2004,\"Poe,Jo\n2001,Jones,Joe\n", patrons: []circ.Patron{joe},
			troubles: []load.Trouble{{Number: 2, Why: "2 fields, the heading line has 3"}, {Number: 3, Why: "a quote too many or too few"}},
			counts:   load.Counts{Read: 3, Patrons: 1, Skipped: 2, Troubles: 2},
		},
		{
			name: "a card twice", file: head + "\n2001,Jones,Joe\n 2001 ,Silva,Ana\n", patrons: []circ.Patron{joe},
			troubles: []load.Trouble{{Number: 3, ID: "2001", Why: "the card is that of line 2"}}, counts: load.Counts{Read: 2, Patrons: 1, Skipped: 1, Troubles: 1},
		},
		{
			name: "a card of 10 kB", file: head + "\n" + strings.Repeat("2", 10_000) + ",Doe,Jo\n2001,Jones,Joe\n", patrons: []circ.Patron{joe},
			troubles: []load.Trouble{{Number: 2, ID: strings.Repeat("2", 59) + "…", Why: "“" + strings.Repeat("2", 59) + "…” cannot be a card"}},
			counts:   load.Counts{Read: 2, Patrons: 1, Skipped: 1, Troubles: 1},
		},
		{
			name: "a card with a slash, and an emoji", file: head + "\na/b,Jones,Joe\n👩\u200d🚀,Silva,Ana\n",
			patrons: []circ.Patron{{Card: "a/b", Family: "Jones", Given: "Joe"}, {Card: "👩\u200d🚀", Family: "Silva", Given: "Ana"}},
			counts:  load.Counts{Read: 2, Patrons: 2},
		},
		{
			name: "escape sequences and marks that reorder", file: head + ",note\n2001,\"\x1b[2JJones\",J\u202eoe,\"a\x07\nb\"\n",
			patrons: with(func(p *circ.Patron) { p.Family, p.Note = "[2JJones", "a b" }), counts: plain,
		},
		{
			name: "a name of 10 kB", file: head + "\n2001," + strings.Repeat("J", 10_000) + ",Joe\n",
			patrons:  with(func(p *circ.Patron) { p.Family = strings.Repeat("J", 199) + "…" }),
			troubles: []load.Trouble{{Number: 2, ID: "2001", Field: "family", Kept: true, Why: "cut after 200 characters"}}, counts: named,
		},
		{
			name: "a group that no rule could name", file: head + ",group\n2001,Jones,Joe," + strings.Repeat("g", 101) + "\n", patrons: []circ.Patron{joe},
			troubles: []load.Trouble{{Number: 2, ID: "2001", Field: "group", Why: "a code of more than 100 characters: “" + strings.Repeat("g", 59) + "…”"}}, counts: named,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := patrons(t, tc.file, tc.options)
			if ps := all[circ.Patron](got.rows); !reflect.DeepEqual(ps, tc.patrons) {
				t.Errorf("patrons %+v\nwant    %+v", ps, tc.patrons)
			}
			if !reflect.DeepEqual(got.troubles, tc.troubles) {
				t.Errorf("troubles %+v\nwant     %+v", got.troubles, tc.troubles)
			}
			if got.counts != tc.counts {
				t.Errorf("counts %+v\nwant   %+v", got.counts, tc.counts)
			}
			hasCards(t, got.rows)
			if again := patrons(t, tc.file, tc.options); !reflect.DeepEqual(again.rows, got.rows) {
				t.Errorf("read again it gives %+v\nnot %+v", again.rows, got.rows)
			}
		})
	}
}

// hasCards checks that each patron is followed by the card, and ids are there once.
func hasCards(t *testing.T, rows []circ.Row) {
	t.Helper()
	seen := map[circ.Key]bool{}
	for i := 0; i < len(rows); i += 2 {
		p := rows[i].(circ.Patron)
		if want := (circ.Card{Number: p.Card, Patron: p.ID, State: circ.CardValid}); rows[i+1] != circ.Row(want) {
			t.Errorf("after patron %s comes %+v", p.Card, rows[i+1])
		}
		if seen[p.Key()] || p.ID == "" {
			t.Errorf("patron %s: no id, or twice", p.Card)
		}
		seen[p.Key()] = true
	}
}

func TestATableWithoutCardsIsAnError(t *testing.T) {
	var err error
	for _, e := range load.Patrons(strings.NewReader("surname,city\nJones,X\n"), load.PatronOptions{}).Rows() {
		err = e
	}
	if !errors.Is(err, patroncsv.ErrNoCardColumn) {
		t.Errorf("it says %v", err)
	}
}

// What is drawn is clean, and its cards can be scanned.
func FuzzPatrons(f *testing.F) {
	f.Add("card,surname,expires\n2001,Jones,2030-12-31\n2001,Silva,NOW() - 1\n")
	f.Add("card;surname;note\n\u202e1;\"\x1b[31mJ\";\"a\nb\"\n")
	f.Fuzz(func(t *testing.T, file string) {
		troubles := 0
		src := load.Patrons(strings.NewReader(file), load.PatronOptions{Trouble: func(x load.Trouble) {
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
				return
			}
			rows = append(rows, row)
		}
		hasCards(t, rows)
		if counts := src.Counts(); 2*counts.Patrons != len(rows) || counts.Read != counts.Patrons+counts.Skipped || counts.Troubles != troubles {
			t.Errorf("%d rows, %d troubles: %+v", len(rows), troubles, counts)
		}
		for _, p := range all[circ.Patron](rows) {
			if code, ok := text.Code(p.Card); !ok || code != p.Card {
				t.Errorf("card %+q", p.Card)
			}
			for _, s := range []string{p.Family, p.Given, p.Street, p.City, p.Postcode, p.Phone, p.Email, p.Note, string(p.Group), string(p.Home)} {
				if text.Clean(s, 2000) != s {
					t.Errorf("a patron says %+q", s)
				}
			}
		}
	})
}
