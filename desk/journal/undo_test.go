package journal_test

import (
	"slices"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// TestTwoUndosOfOneEntry: what is done stays undone as long as one undo of it
// stands, in whatever order the server hears of them.
func TestTwoUndosOfOneEntry(t *testing.T) {
	lent := entry("done", journal.Fact, 30, lend,
		circ.CheckedOut{Loan: "loan", Item: "item", Patron: "reader", At: noon.Add(-30 * time.Minute), Due: noon.AddDate(0, 0, 14), Desk: "desk-1"})
	seen := entry("done", journal.Fact, 30, circ.CheckIn{Item: "item"}, circ.Seen{Item: "item", At: noon.Add(-30 * time.Minute), Desk: "desk-1"})
	undo := circ.Undo{Entry: "done"}
	voided := circ.LoanVoided{Loan: "loan", Item: "item", Patron: "reader", At: noon}
	at := func(d circ.DeskID, e journal.Entry, of circ.EntryID) journal.Entry {
		e.Act.Desk, e.Of = d, of
		return e
	}
	ours := []journal.Entry{entry("ours", journal.Asked, 5, undo), at("desk-1", entry("ours, withdrawn", journal.Withdrawn, 1, undo), "ours")}
	theirs := at("desk-2", entry("theirs", journal.Fact, 5, undo, voided), "")
	asked := at("desk-2", entry("theirs", journal.Asked, 5, undo), "")
	stood := at("desk-2", entry("theirs, stood", journal.Stood, 1, undo, voided), "theirs")
	withdrawn := at("desk-2", entry("theirs, withdrawn", journal.Withdrawn, 1, undo), "theirs")
	hostile := at("desk-3", entry("ours, another desk says", journal.Stood, 1, undo, voided), "ours")
	unread := at("desk-2", entry("theirs", journal.Fact, 5, undo, circ.UnknownEvent{As: "levitated", Raw: []byte(`{}`)}), "")
	second := at("desk-1", theirs, "")

	const applied, refused, noop, rejected = journal.Applied, journal.Refused, journal.Noop, journal.Rejected
	for _, tt := range []struct {
		name     string
		done     journal.Entry
		undos    []journal.Entry
		verdicts []journal.Verdict
		stands   bool // what was done, in the end
	}{
		{"told elsewhere, then asked here and withdrawn", lent, []journal.Entry{theirs, ours[0], ours[1]}, []journal.Verdict{applied, refused, noop}, false},
		{"asked here, told elsewhere, then withdrawn here", lent, []journal.Entry{ours[0], theirs, ours[1]}, []journal.Verdict{applied, applied, noop}, false},
		{"asked here and withdrawn, then told elsewhere", lent, []journal.Entry{ours[0], ours[1], theirs}, []journal.Verdict{applied, applied, applied}, false},
		{"asked here, refused elsewhere, then withdrawn here", lent, []journal.Entry{ours[0], asked, ours[1]}, []journal.Verdict{applied, refused, applied}, true},
		{"asked here, refused elsewhere where the clerk was told so, then withdrawn here", lent, []journal.Entry{ours[0], asked, stood, ours[1]}, []journal.Verdict{applied, refused, applied, noop}, false},
		{"asked here, refused elsewhere, then withdrawn here, and the clerk elsewhere was told so", lent, []journal.Entry{ours[0], asked, ours[1], stood}, []journal.Verdict{applied, refused, applied, applied}, false},
		{"asked here, rejected from elsewhere, then withdrawn here", lent, []journal.Entry{ours[0], unread, ours[1]}, []journal.Verdict{applied, rejected, applied}, true},

		{"a sighting, told elsewhere, then asked here and withdrawn", seen, []journal.Entry{theirs, ours[0], ours[1]}, []journal.Verdict{applied, applied, noop}, false},
		{"a sighting, asked here, told elsewhere, then withdrawn here", seen, []journal.Entry{ours[0], theirs, ours[1]}, []journal.Verdict{applied, applied, noop}, false},
		{"a sighting, told here, then asked here and withdrawn", seen, []journal.Entry{second, ours[0], ours[1]}, []journal.Verdict{applied, applied, noop}, false},
		{"a sighting, asked at both, withdrawn at one", seen, []journal.Entry{ours[0], asked, ours[1]}, []journal.Verdict{applied, applied, noop}, false},
		{"asked here, which another desk says stood, withdrawn here, then asked elsewhere and withdrawn", lent, []journal.Entry{ours[0], hostile, ours[1], asked, withdrawn}, []journal.Verdict{applied, rejected, applied, applied, applied}, true},
		{"a sighting, asked and withdrawn at both", seen, []journal.Entry{ours[0], asked, ours[1], withdrawn}, []journal.Verdict{applied, applied, noop, applied}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newCourt(t)
			c.judge(tt.done)
			var got []journal.Verdict
			for _, e := range tt.undos {
				got = append(got, c.judge(e).Verdict)
			}
			if !slices.Equal(got, tt.verdicts) {
				t.Errorf("the verdicts are %v, want %v", got, tt.verdicts)
			}
			it := c.item()
			if stands := it.Loan == "loan" || !it.Seen.At.IsZero(); stands != tt.stands {
				t.Errorf("it stands: %v; the item is %+v", stands, it)
			}
		})
	}
}

// TestUndoneBeforeItIsToldOtherwise: a desk told its clerk something else than was
// applied, and another desk has undone that meanwhile: it stays undone, and somebody
// hears that it was told otherwise.
func TestUndoneBeforeItIsToldOtherwise(t *testing.T) {
	loan := circ.LoanID(circ.NewID("done", circ.KindLoan, 0))
	told := circ.CheckedOut{Loan: loan, Item: "item", Patron: "reader", At: noon.Add(-30 * time.Minute), Due: noon.AddDate(0, 1, 0), Desk: "desk-1"}
	asked := entry("done", journal.Asked, 30, lend)
	stood := entry("stood", journal.Stood, 29, lend, told)
	stood.Of = "done"
	undo := entry("undo", journal.Fact, 5, circ.Undo{Entry: "done"}, circ.LoanVoided{Loan: loan, Item: "item", Patron: "reader", At: noon})
	undo.Act.Desk = "desk-2"
	for _, tt := range []struct {
		name     string
		entries  []journal.Entry
		verdicts []journal.Verdict
		lent     bool
	}{
		{"told otherwise", []journal.Entry{asked, stood}, []journal.Verdict{journal.Applied, journal.Applied}, true},
		{"told otherwise, then undone", []journal.Entry{asked, stood, undo}, []journal.Verdict{journal.Applied, journal.Applied, journal.Applied}, false},
		{"undone, then told otherwise", []journal.Entry{asked, undo, stood}, []journal.Verdict{journal.Applied, journal.Applied, journal.Noop}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newCourt(t)
			var got []journal.Verdict
			var told []circ.Remark
			for _, e := range tt.entries {
				r := c.judge(e)
				got, told = append(got, r.Verdict), append(told, r.Objections...)
			}
			if !slices.Equal(got, tt.verdicts) {
				t.Errorf("the verdicts are %v, want %v", got, tt.verdicts)
			}
			if lent := c.item().Loan != ""; lent != tt.lent {
				t.Errorf("it is lent: %v", lent)
			}
			if !slices.ContainsFunc(told, func(r circ.Remark) bool { return r.Reason == circ.ToldOtherwise }) {
				t.Errorf("nobody hears of it: %v", told)
			}
		})
	}
}
