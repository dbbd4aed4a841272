package pending_test

import (
	"strings"
	"testing"
	"time"

	"circdesk/desk/format/pending"
)

// TestWhatAFileSaysInPartIsListed: of what it has, each thing that it has no place for.
func TestWhatAFileSaysInPartIsListed(t *testing.T) {
	now := time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)
	all := []pending.Transaction{
		{Entry: "L", Kind: pending.Loan, At: now, Card: "C", Barcode: "B", Due: now.AddDate(0, 0, 14)},
		{Entry: "B", Kind: pending.Return, At: now, Barcode: "B", Back: now.AddDate(0, 0, -2)},
		{Entry: "R", Kind: pending.Return, At: now, Barcode: "B"},
		{Entry: "P", Kind: pending.Registration, At: now, Card: "C", Person: pending.Person{Family: "Kos", Language: "sl"}},
	}
	want := map[string]string{
		"koc": "L without_due, B without_back", "almadat": "L without_due, B without_back", "rdy": "B without_back", "xacts": "P without_rest",
		"pmb": "L without_time, L without_due, B without_time, B without_back, R without_time",
	}
	for _, f := range pending.Formats() {
		to := target()
		to.Profile, to.HomeOrg = 1, 1
		_, kept, _, err := f.Export(to, all)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range f.Partly(kept) {
			got = append(got, string(l.Entry)+" "+string(l.Why))
		}
		if s := strings.Join(got, ", "); s != want[f.Name] {
			t.Errorf("%s: %s, not %s", f.Name, s, want[f.Name])
		}
	}
}
