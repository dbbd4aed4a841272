package evergreenrules

import (
	"testing"

	"circdesk/desk/policy"
)

func TestIntervalsBecomePeriods(t *testing.T) {
	for _, row := range []struct{ interval, period string }{
		{"14 days", "14 days"},
		{"1 day", "1 day"},
		{"2 weeks", "14 days"},
		{"01:00:00", "1 hour"},
		{"48:00:00", "2 days"}, // due at the end of the day, as all that is whole days
		{"00:30:00", "30 minutes"},
		{"01:30", "90 minutes"},
		{"1 mon", "1 month"},
		{"3 mons", "3 months"},
		{"1 year", "12 months"},
		{"1 year 2 mons", "14 months"},
		{"1 day 12:00:00", "36 hours"},
		{"@ 2 hours 30 mins", "150 minutes"},
		{"3 DAYS", "3 days"},
		{"100 years", "1200 months"},
		{"1 mon 3 days", ""},
		{"00:00:30", ""},
		{"00:00:00", ""},
		{"", ""},
		{"-1 days", ""},
		{"14", ""},
		{"days 14", ""},
		{"1 fortnight", ""},
		{"01:99:00", ""},
		{"1:2:3:4", ""},
		{"00:00:00.5", ""},
		{"101 years", ""},
		{"99999999999999999999 days", ""},
	} {
		v, _ := readInterval(row.interval)
		if got := v.period(); got != row.period {
			t.Errorf("%q is %q, want %q", row.interval, got, row.period)
		}
	}
}

// A period is one that our rules read.
func FuzzInterval(f *testing.F) {
	for _, seed := range []string{"14 days", "1 year 2 mons 3 days 04:05:06", "@ 1 hour", "838:59:59"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, ok := readInterval(s)
		p := v.period()
		if !ok || p == "" {
			return
		}
		if _, err := policy.ParsePeriod(p); err != nil {
			t.Errorf("%q is %q: %v", s, p, err)
		}
	})
}
