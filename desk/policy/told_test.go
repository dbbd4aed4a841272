package policy

import "testing"

// TestFineLetOff: an amnesty lets off its days of a fee that was told by other rules, and
// nothing else of the rules changes the fee.
func TestFineLetOff(t *testing.T) {
	const pipe = "[[amnesty]]\nname = \"the water pipe\"\nfrom = 2026-05-06\nto = 2026-05-07\n"
	const all = "[[amnesty]]\nname = \"bring it all back\"\nfrom = 2026-05-08\nto = 2026-05-08\nreturns = true\n"
	const half, one = "fine = \"0.50\"\n", "fine = \"1.00\"\n"
	rules := func(amnesties, terms string) *Set {
		return parse(t, "currency = \"EUR\"\nzone = \"UTC\"\n"+amnesties+"[default]\n"+terms)
	}
	l := Late{Due: instant(t, "2026-05-04T23:59:59Z"), Back: instant(t, "2026-05-08T12:00:00Z")} // four days
	for _, row := range []struct {
		name      string
		then, now *Set
		forgotten bool // what was told says nothing of the terms
		told      int64
		want      int64
		by        string
	}{
		{"two of four days", rules("", half), rules(pipe, half), false, 200, 100, "the water pipe"},
		{"and it costs twice as much now", rules("", half), rules(pipe, one), false, 200, 100, "the water pipe"},
		{"and nothing any more", rules("", half), rules(pipe, ""), false, 200, 100, "the water pipe"},
		{"and costs that for each two days", rules("", half), rules(pipe, half+"fine_every = \"2 days\"\n"), false, 200, 100, "the water pipe"},
		{"of a fee that was as much as one may be", rules("", half+"max_fine = \"0.70\"\n"), rules(pipe, half), false, 70, 70, ""},
		{"of a fee for each week that is over", rules("", half+"fine_every = \"2 days\"\nfine_charged = \"completed\"\n"), rules(pipe, half), false, 100, 50, "the water pipe"},
		{"all", rules("", half), rules(all+pipe, one), false, 200, 0, "bring it all back"},
		{"no amnesty, and it is cheaper", rules("", one), rules("", half), false, 400, 0, ""},
		{"one that was heard of", rules(pipe, half), rules(pipe, "fine = \"0.10\"\n"), false, 100, 0, ""},
		{"one that was heard of, and another", rules(pipe, half), rules(pipe+all, half), false, 100, 0, "bring it all back"},
		{"nobody knows the rate: a share", rules("", half), rules(pipe, one), true, 201, 100, "the water pipe"},
		{"nobody knows the rate, and it costs nothing now", rules("", half), rules(pipe, ""), true, 200, 0, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			told, why := row.then.Fine("", row.then.Terms(Query{}), l)
			if row.forgotten {
				told, why = row.told, nil
			}
			if told != row.told {
				t.Fatalf("told %d, want %d", told, row.told)
			}
			got, trace, by := row.now.FineLetOff("", row.now.Terms(Query{}), l, told, why)
			if by != row.by || by != "" && got != row.want {
				t.Errorf("comes to %d by %q, want %d by %q: %v", got, by, row.want, row.by, trace)
			}
			if by != "" && len(trace) == 0 {
				t.Error("nobody says why")
			}
		})
	}
}
