package kit

import (
	"errors"
	"testing"
	"time"
)

var (
	monday = time.Date(2026, 11, 23, 14, 5, 0, 0, time.FixedZone("desk", -5*3600))

	german = DateWords{
		Order:    DayMonthYear,
		Weekdays: [7][]string{{"Sonntag"}, {"Montag"}, {"Dienstag"}, {"Mittwoch"}, {"Donnerstag"}, {"Freitag"}, {"Samstag", "Sonnabend"}},
		Today:    []string{"heute"}, Tomorrow: []string{"morgen"},
	}
	american = DateWords{Order: MonthDayYear, Weekdays: [7][]string{{"Sunday"}, {"Monday"}, {"Tuesday"}, {"Wednesday"}, {"Thursday"}, {"Friday"}, {"Saturday"}}}
	birth    = DateWords{Order: DayMonthYear, Past: true}
	japanese = DateWords{Order: YearMonthDay, Weekdays: [7][]string{{"日曜日"}, {"月曜日"}, {"火曜日"}, {"水曜日"}, {"木曜日"}, {"金曜日"}, {"土曜日"}}}
)

func TestDatesAsDeskStaffTypeThem(t *testing.T) {
	for _, c := range []struct {
		in    string
		words DateWords
		want  string // or the fault
		fault DateFault
	}{
		{"2026-12-31", german, "2026-12-31", 0},
		{"2026-12-31", american, "2026-12-31", 0},
		{" 31.12.2026 ", german, "2026-12-31", 0},
		{"31/12/2026", german, "2026-12-31", 0},
		{"12/31/2026", american, "2026-12-31", 0},
		{"1.2.27", german, "2027-02-01", 0},
		{"1/2/27", american, "2027-01-02", 0},
		{"26/12/31", japanese, "2026-12-31", 0},
		{"31122026", german, "2026-12-31", 0},
		{"20261231", japanese, "2026-12-31", 0},
		{"31.12.", german, "2026-12-31", 0},
		{"1.1.", german, "2027-01-01", 0},
		{"23.11.", german, "2026-11-23", 0},
		{"29.2.", german, "2028-02-29", 0},
		{"+14", german, "2026-12-07", 0},
		{"-3", german, "2026-11-20", 0},
		{"+0", german, "2026-11-23", 0},
		{"fr", german, "2026-11-27", 0},
		{"FREITAG", german, "2026-11-27", 0},
		{"montag", german, "2026-11-30", 0},
		{"sonna", german, "2026-11-28", 0},
		{"thu", american, "2026-11-26", 0},
		{"金曜日", japanese, "2026-11-27", 0},
		{"Heute", german, "2026-11-23", 0},
		{"morgen", german, "2026-11-24", 0},
		{"1.1.84", birth, "1984-01-01", 0},
		{"1.1.26", birth, "2026-01-01", 0},
		{"24.11.26", birth, "1926-11-24", 0},
		{"24.12.", birth, "2025-12-24", 0},
		{"1.1.84", german, "1984-01-01", 0},
		{"1.1.70", german, "2070-01-01", 0},
		{"29.2.2028", german, "2028-02-29", 0},
		{"29.2.2027", german, "", DateNoSuchDay},
		{"31.4.2026", german, "", DateNoSuchDay},
		{"12.31.2026", german, "", DateNoSuchDay},
		{"0.0.2026", german, "", DateNoSuchDay},
		{"1.1.0000", german, "", DateNoSuchDay},
		{"", german, "", DateUnreadable},
		{"son", german, "", DateUnreadable},
		{"f", german, "", DateUnreadable},
		{"soon", german, "", DateUnreadable},
		{"31234000000041", german, "", DateUnreadable},
		{"2026", german, "", DateUnreadable},
		{"1.2.3.4", german, "", DateUnreadable},
		{"1.2.127", german, "", DateUnreadable},
		{"٣١.١٢.٢٠٢٦", german, "", DateUnreadable},
		{"+", german, "", DateUnreadable},
		{"+-5", german, "", DateUnreadable},
		{"+99999", german, "", DateTooFar},
		{"-99999999999999999999", german, "", DateTooFar},
		{"\x1b[31m1.1.2026", german, "", DateUnreadable},
	} {
		t.Run(c.in, func(t *testing.T) {
			got, err := ParseDate(c.in, monday, c.words)
			var bad *DateError
			if c.fault != 0 {
				if !errors.As(err, &bad) || bad.Fault != c.fault || bad.Text != c.in || bad.Error() == "" {
					t.Fatalf("got %v, error %v", got, err)
				}
				return
			}
			if err != nil || got.Format(time.DateOnly) != c.want || got.Location() != time.UTC || got.Hour() != 0 {
				t.Errorf("got %v, error %v, want %s", got, err, c.want)
			}
		})
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-12-31", "31.12.26", "+14", "fr", "00.00.", "29.2.", "1//2"} {
		f.Add(s, uint8(0), false)
	}
	f.Fuzz(func(t *testing.T, s string, order uint8, past bool) {
		words := german
		words.Order, words.Past = DateOrder(order%3), past
		got, err := ParseDate(s, monday, words)
		if (err == nil) == got.IsZero() {
			t.Errorf("%q gives %v and %v", s, got, err)
		}
		if err == nil && got != got.Truncate(24*time.Hour) {
			t.Errorf("%q gives %v, which is no midnight", s, got)
		}
	})
}
