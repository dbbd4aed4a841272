package sample

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/label"
	"circdesk/desk/text"
)

func TestSizeOfTheLibrary(t *testing.T) {
	rows := sampleRows(t, wednesday)
	if n := len(kind[circ.Title](rows)); n < 200 || n > 230 {
		t.Errorf("%d titles", n)
	}
	if n := len(kind[circ.Item](rows)); n < 250 || n > 300 {
		t.Errorf("%d items", n)
	}
	both := 0
	homes := map[circ.TitleID]map[string]bool{}
	for _, it := range kind[circ.Item](rows) {
		if homes[it.Title] == nil {
			homes[it.Title] = map[string]bool{}
		}
		homes[it.Title][string(it.Home)] = true
	}
	for _, title := range kind[circ.Title](rows) {
		switch len(homes[title.ID]) {
		case 0:
			t.Errorf("no copy of %s", title.Title)
		case 2:
			both++
		}
	}
	if both < 20 {
		t.Errorf("%d titles stand at both libraries", both)
	}
}

// Two calls give the same, and a day later ids are as they were.
func TestRowsAreTheSame(t *testing.T) {
	rows := sampleRows(t, wednesday)
	if again := sampleRows(t, wednesday.Add(8*time.Hour)); !reflect.DeepEqual(rows, again) {
		t.Error("in the evening the sample is another one")
	}
	later := sampleRows(t, wednesday.AddDate(0, 0, 40))
	keys := func(rows []circ.Row) (out []circ.Key) {
		for _, r := range rows {
			out = append(out, r.Key())
		}
		return out
	}
	have, want := keys(later), keys(rows)
	slices.SortFunc(have, byKey)
	slices.SortFunc(want, byKey)
	if !slices.Equal(have, want) {
		t.Error("ids are others on another day")
	}
	if n := len(slices.Compact(want)); n != len(rows) {
		t.Errorf("%d records, %d keys", len(rows), n)
	}
}

func byKey(a, b circ.Key) int {
	return strings.Compare(string(a.Kind)+" "+a.ID, string(b.Kind)+" "+b.ID)
}

// Whatever happened did so in the past; only dates until which something counts
// lie ahead.
func TestEverythingIsInThePast(t *testing.T) {
	ahead := []string{"Expires", "Due", "Until", "Why"}
	var look func(now time.Time, path string, v reflect.Value)
	look = func(now time.Time, path string, v reflect.Value) {
		if at, ok := v.Interface().(time.Time); ok {
			if !at.IsZero() && (!at.Before(now) || at.Location() != time.UTC) {
				t.Errorf("%s: %s is not in the past, in UTC", path, at)
			}
			return
		}
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				if name := v.Type().Field(i).Name; !slices.Contains(ahead, name) {
					look(now, path+"."+name, v.Field(i))
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				look(now, path, v.Index(i))
			}
		}
	}
	midnight := time.Date(2026, 4, 1, 0, 0, 0, 0, sampleRules(t).Location(Library))
	for _, r := range sampleRows(t, midnight) {
		look(midnight, string(r.Key().Kind)+" "+r.Key().ID, reflect.ValueOf(r))
	}
}

// As the engine leaves them, records point at each other: seen through the
// server's lookups.
func TestRecordsAgree(t *testing.T) {
	w := newWorld(t, wednesday)
	for _, l := range kind[circ.Loan](w.rows) {
		it, ok := one[circ.Item](w, circ.KindItem, string(l.Item))
		p, known := one[circ.Patron](w, circ.KindPatron, string(l.Patron))
		if !ok || !known {
			t.Fatalf("loan %s: item %v, patron %v", l.ID, ok, known)
		}
		same := func(o circ.Loan) bool { return o.ID == l.ID }
		switch mine := slices.ContainsFunc(in[circ.Loan](w, circ.LoansOf, string(p.ID)), same); {
		case l.Open() != mine:
			t.Errorf("loan of %s: open is %v, among the loans of %s is %v", it.Barcode, l.Open(), p.Family, mine)
		case l.Open() != (it.Loan == l.ID):
			t.Errorf("loan of %s: open is %v, and the item names %q", it.Barcode, l.Open(), it.Loan)
		case l.Open() && (!it.Seen.At.Equal(l.Out) || it.Seen.Desk != l.Desk || it.Transit != ""):
			t.Errorf("%s is lent, and was last seen %+v", it.Barcode, it.Seen)
		case !l.Due.After(l.Out), len(l.Why) == 0:
			t.Errorf("loan of %s: due %s, because of %v", it.Barcode, l.Due, l.Why)
		}
		if !slices.ContainsFunc(in[circ.Loan](w, circ.LoansOfItem, string(it.ID)), same) {
			t.Errorf("the history of %s lacks a loan", it.Barcode)
		}
	}
	for _, it := range kind[circ.Item](w.rows) {
		loan, lent := one[circ.Loan](w, circ.KindLoan, string(it.Loan))
		held, kept := one[circ.Request](w, circ.KindRequest, string(it.Held))
		switch {
		case lent && kept:
			t.Errorf("%s is lent and held", it.Barcode)
		case it.Loan != "" && (!lent || !loan.Open() || loan.Item != it.ID):
			t.Errorf("%s names loan %q, which is %+v", it.Barcode, it.Loan, loan)
		case it.Held != "" && (!kept || held.Copy != it.ID || held.Stage != circ.OnShelf && held.Stage != circ.Underway):
			t.Errorf("%s is held for %q, which is %+v", it.Barcode, it.Held, held)
		}
		if found := w.item(it.Barcode); found.ID != it.ID {
			t.Errorf("%s is found as %s", it.Barcode, found.ID)
		}
	}
	for _, r := range kind[circ.Request](w.rows) {
		it, kept := one[circ.Item](w, circ.KindItem, string(r.Copy))
		same := func(o circ.Request) bool { return o.ID == r.ID }
		queued := slices.ContainsFunc(in[circ.Request](w, circ.QueueOf, string(r.Title)), same)
		shelved := slices.ContainsFunc(in[circ.Request](w, circ.ShelfOf, string(r.Pickup)), same)
		if kept && (it.Held != r.ID || it.Title != r.Title) {
			t.Errorf("request %s has %s, which is held for %q", r.ID, it.Barcode, it.Held)
		}
		var right bool
		switch r.Stage {
		case circ.Waiting:
			right = !kept && queued && !shelved
		case circ.OnShelf:
			right = kept && !queued && shelved && it.Seen.Library == r.Pickup && it.Transit == "" && !r.Until.IsZero()
		case circ.Underway:
			right = kept && !queued && !shelved && it.Seen.Library != r.Pickup && it.Transit == r.Pickup
		}
		if !right {
			t.Errorf("request %+v: copy %v, queued %v, on the shelf %v", r, kept, queued, shelved)
		}
		if !slices.ContainsFunc(in[circ.Request](w, circ.RequestsOf, string(r.Patron)), same) {
			t.Errorf("request %s is not among those of %s", r.ID, r.Patron)
		}
	}
}

func TestPeopleAgree(t *testing.T) {
	w := newWorld(t, wednesday)
	patron := func(id circ.PatronID) circ.Patron {
		p, ok := one[circ.Patron](w, circ.KindPatron, string(id))
		if !ok {
			t.Fatalf("patron %s is not there", id)
		}
		return p
	}
	for _, c := range kind[circ.Card](w.rows) {
		if p := patron(c.Patron); (p.Card == c.Number) != (c.State == circ.CardValid) {
			t.Errorf("card %s is %s, and %s has %s", c.Number, c.State, p.Family, p.Card)
		}
	}
	for _, p := range kind[circ.Patron](w.rows) {
		if _, ok := one[circ.Card](w, circ.KindCard, p.Card); !ok {
			t.Errorf("%s has no card", p.Family)
		}
	}
	for _, b := range kind[circ.Block](w.rows) {
		patron(b.Patron)
	}
	for _, l := range kind[circ.Link](w.rows) {
		patron(l.Patron)
		patron(l.Other)
	}
	left := map[circ.FeeID]int64{}
	for _, f := range kind[circ.Fee](w.rows) {
		patron(f.Patron)
		left[f.ID] += f.Amount.Minor
		if _, ok := one[circ.Item](w, circ.KindItem, string(f.Item)); f.Item != "" && !ok {
			t.Errorf("fee %s is for an item that is not there", f.ID)
		}
	}
	for _, m := range kind[circ.Payment](w.rows) {
		patron(m.Patron)
		if m.Fee != "" {
			left[m.Fee] -= m.Amount.Minor
		}
	}
	for id, n := range left {
		if n < 0 {
			t.Errorf("fee %s is overpaid", id)
		}
	}
}

// Numbers are as they are scanned, and easy to type.
func TestNumbers(t *testing.T) {
	w := newWorld(t, wednesday)
	tails := map[string]string{}
	right := func(code string, want label.Kind) {
		l := label.Default().Classify(code)
		if l.Kind != want || l.CheckWrong || !strings.HasPrefix(code[1:], "123456789") {
			t.Errorf("%s: %+v", code, l)
		}
		if other := tails[string(want)+code[10:]]; other != "" {
			t.Errorf("%s ends like %s", code, other)
		}
		tails[string(want)+code[10:]] = code
	}
	for _, c := range kind[circ.Card](w.rows) {
		right(c.Number, label.Card)
	}
	for _, it := range kind[circ.Item](w.rows) {
		right(it.Barcode, label.Item)
	}
	n := 0
	for _, title := range kind[circ.Title](w.rows) {
		for _, isbn := range title.ISBNs {
			n++
			if got, ok := label.ISBN13(isbn); !ok || got != isbn {
				t.Errorf("%s: %s is no ISBN-13", title.Title, isbn)
			}
			if found := in[circ.Title](w, circ.ByISBN, isbn); len(found) != 1 {
				t.Errorf("%s: %d titles have %s", title.Title, len(found), isbn)
			}
		}
	}
	if n < 50 {
		t.Errorf("%d ISBNs", n)
	}
}

// A screen shows at most so much of a text, and has so many columns for a group,
// a library's id or the type of a fee.
const (
	mostText   = 200
	mostColumn = 12
	mostRow    = 1500 // bytes of JSON: a record is no more than what is shown of it
)

func TestTextsAreCleanAndFit(t *testing.T) {
	var look func(r circ.Row, v reflect.Value)
	look = func(r circ.Row, v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			if s := v.String(); text.Clean(s, mostText) != s {
				t.Errorf("%v: %q is not clean, or too long", r.Key(), s)
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					look(r, v.Field(i))
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				look(r, v.Index(i))
			}
		}
	}
	narrow := func(r circ.Row, s string) {
		if text.Width(s) > mostColumn {
			t.Errorf("%v: %q is wider than its column", r.Key(), s)
		}
	}
	for _, r := range sampleRows(t, wednesday) {
		look(r, reflect.ValueOf(r))
		data, err := json.Marshal(r)
		must(t, err)
		if len(data) > mostRow {
			t.Errorf("%v has %d bytes", r.Key(), len(data))
		}
		switch r := r.(type) {
		case circ.Patron:
			narrow(r, string(r.Group))
		case circ.Request:
			narrow(r, string(r.Pickup))
		case circ.Item:
			narrow(r, string(r.Home))
			narrow(r, string(r.Type))
		case circ.Fee:
			narrow(r, string(r.Type))
		}
	}
}

// The scripts that a desk must show are there, and letters that keep their marks.
func TestScripts(t *testing.T) {
	var all strings.Builder
	for _, r := range sampleRows(t, wednesday) {
		switch r := r.(type) {
		case circ.Title:
			all.WriteString(r.Title + r.Author)
		case circ.Patron:
			all.WriteString(r.Family + r.Given)
		}
	}
	for name, letter := range map[string]string{
		"Greek": "ή", "Greek of old": "Ὀ", "Cyrillic": "и", "Hebrew": "ה", "Hebrew points": "\u05b4", "Arabic": "ل", "Persian": "ش",
		"Chinese": "樓", "Japanese": "の", "Korean": "김", "Devanagari": "मे", "Bengali": "গী", "Tamil": "தி", "Thai": "สี่",
		"Georgian": "ვ", "Armenian": "Ս", "Ethiopic": "ፍ", "a mark that has no letter of its own": "ẹ\u0300",
	} {
		if !strings.Contains(all.String(), letter) {
			t.Errorf("nothing in %s", name)
		}
	}
}

// Namesakes are told apart by what a list shows of them, and two people of one
// state stand beside each other as they stand alone.
func TestPeopleBesideEachOther(t *testing.T) {
	people := kind[circ.Patron](sampleRows(t, wednesday))
	table, err := readTable("patrons.tsv", patronsTSV, patronColumns...)
	must(t, err)
	states := map[string][]string{}
	for _, r := range table.rows {
		states[r.fields[0]] = strings.Fields(r.fields[15])
	}
	for i, a := range people {
		for _, b := range people[:i] {
			if text.Fold(a.Family+" "+a.Given) == text.Fold(b.Family+" "+b.Given) &&
				(a.Birth[:4] == b.Birth[:4] || text.Cut(a.Street, 16) == text.Cut(b.Street, 16)) {
				t.Errorf("%s and %s are not told apart", a.ID, b.ID)
			}
			if !slices.ContainsFunc(states[string(a.ID)], func(s string) bool { return slices.Contains(states[string(b.ID)], s) }) {
				continue
			}
			if line := a.Family + ", " + a.Given + "; " + b.Family + ", " + b.Given; text.Clean(line, len(line)) != strings.TrimSpace(line) {
				t.Errorf("%q is not clean", line)
			}
		}
	}
}

// An id, a group and a library of a record are those of the rules.
func TestIDsAreTheRules(t *testing.T) {
	rules := sampleRules(t)
	var libraries []string
	for _, l := range rules.Libraries() {
		libraries = append(libraries, string(l.ID))
	}
	if !slices.Equal(libraries, []string{"main", "east"}) || string(Library) != "main" {
		t.Fatalf("libraries %q", libraries)
	}
	for _, r := range sampleRows(t, wednesday) {
		switch r := r.(type) {
		case circ.Item:
			if !slices.Contains(libraries, string(r.Home)) || !slices.Contains([]string{"book", "cd", "dvd", "map", "game", "reference"}, string(r.Type)) {
				t.Errorf("%s: home %q, type %q", r.Barcode, r.Home, r.Type)
			}
		case circ.Patron:
			if r.ID != "P22" && (!slices.Contains(libraries, string(r.Home)) || !slices.Contains([]string{"adult", "child", "staff"}, string(r.Group))) {
				t.Errorf("%s: home %q, group %q", r.ID, r.Home, r.Group)
			}
		case circ.Request:
			if !slices.Contains(libraries, string(r.Pickup)) {
				t.Errorf("request %s: pickup %q", r.ID, r.Pickup)
			}
		}
	}
}

func BenchmarkRows(b *testing.B) {
	for b.Loop() {
		if _, err := Rows(wednesday); err != nil {
			b.Fatal(err)
		}
	}
}
