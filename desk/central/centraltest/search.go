package centraltest

import (
	"slices"
	"testing"

	"circdesk/desk/central"
	"circdesk/desk/circ"
)

// searcher is a system that answers lookups.
type searcher interface {
	central.System
	central.Searcher
}

// find looks up, and checks that there is an answer to each question.
func find(t testing.TB, s central.Searcher, wants ...circ.Want) [][]circ.Row {
	t.Helper()
	found, err := s.Search(t.Context(), wants)
	if err != nil {
		t.Fatalf("search: %v", err)
	}
	if len(found) != len(wants) {
		t.Fatalf("%d answers to %d questions", len(found), len(wants))
	}
	return found
}

// keys gives the ids of rows.
func keys(rows []circ.Row) []string {
	var out []string
	for _, r := range rows {
		out = append(out, r.Key().ID)
	}
	return out
}

// searches is what a search promises.
var searches = []story[searcher]{
	{"answers stand in the order of the questions", func(t *testing.T, s searcher) {
		found := find(t, s,
			circ.In(circ.ByBarcode, barcode(2), 5), circ.ByKey(circ.KindPatron, "nobody"), circ.ByKey(circ.KindCard, "2002"),
			circ.In(circ.ByName, "unal", 2), circ.In(circ.ItemsOf, "t1", 9), circ.In(circ.ByISBN, "9780000000002", 3))
		for i, want := range [][]string{{"i2"}, nil, {"2002"}, {"ada", "ben"}, {"i1", "i2"}, nil} {
			if got := keys(found[i]); !slices.Equal(got, want) {
				t.Errorf("question %d: found %v, not %v", i+1, got, want)
			}
		}
	}},
	{"nothing is asked", func(t *testing.T, s searcher) { find(t, s) }},
	{"more questions than go in one request", func(t *testing.T, s searcher) {
		var wants []circ.Want
		for n := range 1200 {
			wants = append(wants, circ.ByKey(circ.KindItem, string(item(n%shelf+1))))
		}
		for i, rows := range find(t, s, wants...) {
			if len(rows) != 1 || rows[0].Key() != wants[i].Key {
				t.Fatalf("question %d for %v: %v", i+1, wants[i].Key, keys(rows))
			}
		}
	}},
	{"the loans of a patron, oldest first and in pages", func(t *testing.T, s searcher) {
		d := newDesk(t, "d1")
		deliver(t, s, d.fact(out("2001", 3)), d.fact(out("2001", 1)), d.fact(out("2001", 2)))
		all := find(t, s, circ.In(circ.LoansOf, "ada", 10))[0]
		var items []string
		for _, r := range all {
			items = append(items, string(r.(circ.Loan).Item))
		}
		if !slices.Equal(items, []string{"i3", "i1", "i2"}) {
			t.Fatalf("loans of %v", items)
		}
		first := find(t, s, circ.In(circ.LoansOf, "ada", 1))[0]
		if len(first) != 1 || first[0].Key() != all[0].Key() {
			t.Fatalf("the first page is %v", keys(first))
		}
		var after string
		for _, l := range first[0].Index() {
			if l.Index == circ.LoansOf {
				after = l.Sort
			}
		}
		next := find(t, s, circ.Want{Index: circ.LoansOf, ID: "ada", After: after, N: 10})[0]
		if !slices.Equal(keys(next), keys(all[1:])) {
			t.Errorf("the next page is %v, not %v", keys(next), keys(all[1:]))
		}
	}},
}
