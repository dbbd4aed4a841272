package policy

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// deskLists begins a text with two libraries and their desks; it is 25 lines long.
const deskLists = head + `[default]
renewals = 1

[[library]]
id = "main"
name = "Main Library"

[[library]]
id = "east"

[[location]]
id = "open"
name = "Open shelves"

[[circulation_desk]]
id = "m1"
name = "Loans desk"
library = "main"

[[circulation_desk]]
id = "e1"
library = "east"

`

func says(t DeskTerms) string {
	return fmt.Sprint(t.CheckOut, t.CheckIn, t.Reshelve, t.HoldShelf, t.LongestStay, t.PicksFromShelf)
}

// TestDeskRowThatWins: each word comes by itself from the most specific row that
// says it.
func TestDeskRowThatWins(t *testing.T) {
	here := DeskQuery{Desk: "m1", Library: "main", Home: "main", Location: "open"}
	row := func(name string, more ...string) string {
		return "[[desk_terms]]\nname = \"" + name + "\"\n" + strings.Join(more, "\n") + "\n"
	}
	for _, c := range []struct {
		name, rows string
		q          DeskQuery
		lends      bool
		by         string
	}{
		{"no row: every desk lends everything", "", here, true, ""},
		{"a row for every desk", row("all", "check_out = false"), here, false, "all"},
		{"a row for the library of the desk", row("all", "check_out = true") + row("main", "library = \"main\"", "check_out = false"), here, false, "main"},
		{"the library of the item goes before that of the desk", row("of east", "home = \"main\"", "check_out = true") + row("main", "library = \"main\"", "check_out = false"), here, true, "of east"},
		{"the location goes before both", row("open", "location = \"open\"", "check_out = false") + row("both", "home = \"main\"", "library = \"main\"", "check_out = true"), here, false, "open"},
		{"the desk goes before the location", row("m1", "desk = \"m1\"", "check_out = false") + row("open", "location = \"open\"", "home = \"main\"", "check_out = true"), here, false, "m1"},
		{"a row of the desk that says something else", row("m1", "desk = \"m1\"", "hold_shelf = false") + row("open", "location = \"open\"", "check_out = false"), here, false, "open"},
		{"of equal rows the later", row("one", "check_out = true") + row("two", "check_out = false"), here, false, "two"},
		{"another desk", row("m1", "desk = \"m1\"", "check_out = false"), DeskQuery{Desk: "m2", Library: "main"}, true, ""},
		{"a case that names nothing fits no row that does", row("m1", "desk = \"m1\"", "check_out = false"), DeskQuery{}, true, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := parse(t, head+"[[library]]\nid = \"main\"\n"+c.rows).Desk(c.q)
			if step := got.Trace()[deskLends]; got.CheckOut != c.lends || step.Row != c.by || step.N != yes(c.lends) {
				t.Errorf("%v by %q, want %v by %q", got.CheckOut, step.Row, c.lends, c.by)
			}
		})
	}
}

// TestDeskTermsWithoutRows: they are as a desk that no row is about.
func TestDeskTermsWithoutRows(t *testing.T) {
	with := parse(t, deskLists+"[[desk_terms]]\ndesk = \"m1\"\ncheck_out = false\n")
	q := DeskQuery{Desk: "e1", Library: "east"}
	if a, b := says(parse(t, deskLists).Desk(q)), says(with.Desk(q)); a != b || a != "true true true true -1 true" {
		t.Errorf("%s without rows, %s beside one", a, b)
	}
	if got := (DeskTerms{Reshelve: true}).Reshelves(); got {
		t.Error("what it does not take back it shelves")
	}
}

// TestDeskRowWinsAsItShould: the answer is that of the rows looked through one by one.
func TestDeskRowWinsAsItShould(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		one := func(name string) string { return rapid.SampledFrom([]string{"", "a", "b"}).Draw(r, name) }
		text := head
		type asked struct {
			fit  deskFit
			yes  bool
			name string
		}
		var rows []asked
		for i := range rapid.IntRange(0, 12).Draw(r, "rows") {
			f := deskFit{DeskID(one("desk")), LocationID(one("location")), LibraryID(one("home")), LibraryID(one("library"))}
			text += fmt.Sprintf("[[desk_terms]]\nname = \"row %d\"\n", i)
			for _, field := range [][2]string{{"desk", string(f.desk)}, {"location", string(f.location)}, {"home", string(f.home)}, {"library", string(f.library)}} {
				if field[1] != "" {
					text += field[0] + " = \"" + field[1] + "\"\n"
				}
			}
			does := rapid.Bool().Draw(r, "reshelve")
			text += fmt.Sprintf("reshelve = %v\n", does)
			rows = append(rows, asked{f, does, fmt.Sprint("row ", i)})
		}
		q := DeskQuery{DeskID(one("desk")), LibraryID(one("library")), LibraryID(one("home")), LocationID(one("location"))}
		want, by, best := true, "", -1
		for _, row := range rows {
			fits := (row.fit.desk == "" || row.fit.desk == q.Desk) && (row.fit.location == "" || row.fit.location == q.Location) &&
				(row.fit.home == "" || row.fit.home == q.Home) && (row.fit.library == "" || row.fit.library == q.Library)
			if s := int(row.fit.shape()); fits && s >= best {
				want, by, best = row.yes, row.name, s
			}
		}
		got := parse(t, text).Desk(q)
		if step := got.Trace()[deskShelves]; got.Reshelve != want || step.Row != by {
			r.Fatalf("%v by %q, want %v by %q\n%s", got.Reshelve, step.Row, want, by, text)
		}
	})
}

func TestParseNamesWhatIsWrongWithADesk(t *testing.T) {
	const row = head + "[[desk_terms]]\n"
	for _, c := range []struct{ name, text, want string }{
		{"a row that says nothing", row + "desk = \"m1\"\n", "line 3: desk_terms 1: says nothing of the desk"},
		{"a right in words", row + "check_out = \"yes\"\n", "line 4: desk_terms 1: check_out: want true or false, not text"},
		{"a hold shelf of a location", row + "location = \"open\"\nhold_shelf = false\n", "line 5: desk_terms 1: hold_shelf: is of the desk, so it may depend on desk and library"},
		{"a stay of the item's library", row + "home = \"main\"\nlongest_stay = 3\n", "line 5: desk_terms 1: longest_stay: is of the desk"},
		{"a stay below zero", row + "longest_stay = -1\n", "line 4: desk_terms 1: longest_stay: -1 is below zero"},
		{"a stay in words", row + "longest_stay = \"3 days\"\n", "line 4: desk_terms 1: longest_stay: want a whole number, not text"},
		{"a key of another table", row + "loanable = true\n", "line 4: desk_terms 1: loanable: is not known here"},
		{"a group", row + "group = \"adult\"\ncheck_out = true\n", "line 4: desk_terms 1: group: is not known here"},
		{"a library that is none", head + "[[library]]\nid = \"main\"\n[[desk_terms]]\nlibrary = \"mian\"\ncheck_out = true\n", "line 6: desk_terms 1: library: \"mian\" is none of the libraries"},
		{"an item's library that is none", head + "[[library]]\nid = \"main\"\n[[desk_terms]]\nhome = \"mian\"\ncheck_out = true\n", "line 6: desk_terms 1: home: \"mian\" is none of the libraries"},
		{"a location without an id", head + "[[location]]\nname = \"Open\"\n", "line 3: location 1: id is missing"},
		{"a location in no library", head + "[[library]]\nid = \"main\"\n[[location]]\nid = \"open\"\nlibrary = \"mian\"\n", "line 7: location \"open\": library: \"mian\" is none of the libraries"},
		{"a location twice", head + strings.Repeat("[[location]]\nid = \"open\"\n", 2), "line 6: location \"open\": id: \"open\" is already another location"},
		{"a group twice", head + strings.Repeat("[[group]]\nid = \"adult\"\n", 2), "line 6: group \"adult\": id: \"adult\" is already another group"},
		{"a group of a library", head + "[[group]]\nid = \"adult\"\nlibrary = \"main\"\n", "line 5: group \"adult\": library: is not known here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.text))
			problems, _ := err.(Problems)
			if len(problems) != 1 || !strings.HasPrefix(problems[0].String(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
	if _, err := Parse([]byte(head + "[[library]]\nid = \"main\"\n[[library]]\nid = \"east\"\n[[location]]\nid = \"open\"\n[[location]]\nid = \"open\"\nlibrary = \"main\"\n[[location]]\nid = \"open\"\nlibrary = \"east\"\n")); err != nil {
		t.Errorf("the same location in every library, and in two: %v", err)
	}
}

// TestNames: people read names where the library gives some, and ids elsewhere.
func TestNames(t *testing.T) {
	s := parse(t, deskLists+"[[location]]\nid = \"open\"\nlibrary = \"east\"\nname = \"Children's room\"\n[[group]]\nid = \"adult\"\nname = \"Adults\"\n[[item_type]]\nid = \"cd\"\nname = \"Compact disc\"\n")
	for _, c := range []struct{ what, got, want string }{
		{"a location of every library", s.LocationName("main", "open"), "Open shelves"},
		{"one of a library's own", s.LocationName("east", "open"), "Children's room"},
		{"one that is not known", s.LocationName("east", "cellar"), "cellar"},
		{"a group", s.GroupName("adult"), "Adults"},
		{"a group that is not known", s.GroupName("child"), "child"},
		{"an item type", s.TypeName("cd"), "Compact disc"},
		{"a desk", s.DeskName("m1"), "Loans desk"},
		{"a desk without a name", s.DeskName("e1"), "e1"},
		{"a desk that is not known", s.DeskName("x"), "x"},
	} {
		if c.got != c.want {
			t.Errorf("%s is called %q, want %q", c.what, c.got, c.want)
		}
	}
}

func TestDoubtsOfDesks(t *testing.T) {
	row := func(more ...string) string { return "[[desk_terms]]\n" + strings.Join(more, "\n") + "\n" }
	const (
		main, m1, open = "library = \"main\"", "desk = \"m1\"", "location = \"open\""
		noShelving     = "reshelve = false"
	)
	for _, c := range []struct {
		name, more string
		want       []string // kind, line, and the beginning of what is said
	}{
		{"no rows", "", nil},
		{"a row that counts", row(m1, "check_out = false"), nil},
		{"the same twice", row(m1, "check_out = false") + row(m1, "check_out = false"), []string{"unreachable 26 nothing of it ever counts"}},
		{"two that say another", row(m1, "check_out = false", "reshelve = true") + row(m1, "check_out = true"), []string{"contradiction 26 check_out: desk_terms 2 (line 30) is for the same cases"}},
		{"a desk that the list does not have", row("desk = \"m9\"", "check_out = false"), []string{"unknown_id 26 desk: \"m9\" is none of the list of [[circulation_desk]]"}},
		{"a location that the list does not have", row("location = \"cellar\"", "check_out = false"), []string{"unknown_id 26 location: \"cellar\" is none of the list of [[location]]"}},
		{"a location of terms that the list does not have", "[[terms]]\nlocation = \"cellar\"\nrenewals = 2\n", []string{"unknown_id 26 location: \"cellar\""}},
		{"a group where no list is given", "[[terms]]\ngroup = \"adlut\"\nrenewals = 2\n", nil},
		{"a group that the list does not have", "[[terms]]\ngroup = \"adlut\"\nrenewals = 2\n[[group]]\nid = \"adult\"\n", []string{"unknown_id 26 group: \"adlut\" is none of the list of [[group]]"}},
		{"a type of a block that the list does not have", "[[block]]\nreason = \"card_expired\"\nitem_type = \"dvd\"\ndo = \"tell\"\n[[item_type]]\nid = \"cd\"\n", []string{"unknown_id 26 item_type: \"dvd\""}},
		{"a desk in another library", row(m1, "library = \"east\"", "check_out = false"), []string{"unreachable 26 desk \"m1\" does not stand in library \"east\""}},
		{"a desk in its own library", row(m1, main, "check_out = false"), nil},
		{"it shelves what it may not take back", row(m1, "check_in = false", "reshelve = true"), []string{"missing 13 no desk of its library reshelves it in \"main\"", "unreachable 26 reshelve: what a desk may not take back"}},
		{"it shelves what it takes back of one location", row(m1, "check_in = false") + row(m1, open, "check_in = true") + row(m1, open, "reshelve = true"), nil},
		{"a stay without a hold shelf", row(m1, "hold_shelf = false", "longest_stay = 3"), []string{"missing 6 no desk has a hold shelf", "unreachable 26 longest_stay: it has no hold shelf"}},
		{"a stay of a library where one desk has a shelf", row(main, "hold_shelf = false", "longest_stay = 3") + row(m1, "hold_shelf = true"), nil},
		{"no limit to a stay without a hold shelf", row("library = \"east\"", "longest_stay = \"no limit\""), nil},
		{"nobody shelves a location", row(open, noShelving), []string{"missing 13 no desk of its library reshelves it: what comes back"}},
		{"nobody shelves it in one library", row(open, main, noShelving), []string{"missing 13 no desk of its library reshelves it in \"main\""}},
		{"one desk shelves it", row(open, noShelving) + row("desk = \"m1\"", "reshelve = true") + row("desk = \"e1\"", "reshelve = true"), nil},
		{"a block for what every desk may", "[[block]]\nreason = \"not_from_this_desk\"\ndo = \"tell\"\n", []string{"unreachable 26 not_from_this_desk never stands: every desk may lend everything"}},
		{"a block for what a desk may not", "[[block]]\nreason = \"not_from_this_desk\"\ndo = \"tell\"\n" + row(m1, "check_out = false"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, d := range parse(t, deskLists+c.more).Doubts(instant(t, "2026-11-26T12:00:00Z")) {
				if !strings.Contains(d.Text, "opening hours") {
					got = append(got, fmt.Sprint(d.Kind, " ", d.Line, " ", d.Text))
				}
			}
			if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestDeskThat: of the desks that may, the first in the list of the library.
func TestDeskThat(t *testing.T) {
	s := parse(t, deskLists+"[[circulation_desk]]\nid = \"m2\"\nlibrary = \"main\"\n[[desk_terms]]\ndesk = \"m1\"\nlocation = \"open\"\ncheck_out = false\n")
	lends := func(d DeskTerms) bool { return d.CheckOut }
	for _, c := range []struct {
		name string
		q    DeskQuery
		want DeskID
	}{
		{"the first may not", DeskQuery{Library: "main", Location: "open"}, "m2"},
		{"the first may, of another location", DeskQuery{Library: "main", Location: "cellar"}, "m1"},
		{"the other library", DeskQuery{Library: "east", Location: "open"}, "e1"},
		{"a library without desks", DeskQuery{Library: "north", Location: "open"}, ""},
	} {
		if got := s.DeskThat(c.q, lends); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
