package policy

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// twoOpenings opens in the morning and the afternoon, on Friday night until two.
const twoOpenings = `
currency = "EUR"
zone = "Europe/Berlin"
[[library]]
id = "main"
[library.hours]
tuesday = ["14:00-19:00", "10:00-12:30"]
friday = ["20:00-24:00"]
saturday = ["00:00-02:00"]
sunday = ["01:00-02:30"]
[[library.exception]]
date = 2026-05-05
hours = ["09:00-09:30"]
[[library.exception]]
date = 2026-05-12
until = 2026-05-17
why = "moving"
[[library]]
id = "always"
[library.hours]
monday = ["00:00-24:00"]
tuesday = ["00:00-24:00"]
wednesday = ["00:00-24:00"]
thursday = ["00:00-24:00"]
friday = ["00:00-24:00"]
saturday = ["00:00-24:00"]
sunday = ["00:00-24:00"]
[[library]]
id = "touching"
[library.hours]
monday = ["10:00-12:00", "12:00-14:00"]
[[library]]
id = "never"
[library.hours]
[[library]]
id = "unsaid"
`

func TestLastClose(t *testing.T) {
	s := parse(t, twoOpenings)
	for _, row := range []struct {
		name, library, before, want string // want empty: none
	}{
		{"in the evening it is today's closing", "main", "2026-04-28T21:00:00+02:00", "2026-04-28T19:00:00+02:00"},
		{"at closing time it is that", "main", "2026-04-28T19:00:00+02:00", "2026-04-28T19:00:00+02:00"},
		{"in the afternoon it is noon's", "main", "2026-04-28T15:00:00+02:00", "2026-04-28T12:30:00+02:00"},
		{"in the morning it is that of the last open day", "main", "2026-04-28T10:15:00+02:00", "2026-04-26T02:30:00+02:00"},
		{"days later it is still that", "main", "2026-04-30T08:00:00+02:00", "2026-04-28T19:00:00+02:00"},
		{"open over midnight: not closed at midnight", "main", "2026-05-02T01:00:00+02:00", "2026-04-28T19:00:00+02:00"},
		{"open over midnight: closed at two", "main", "2026-05-02T08:00:00+02:00", "2026-05-02T02:00:00+02:00"},
		{"an exception has other hours", "main", "2026-05-05T18:00:00+02:00", "2026-05-05T09:30:00+02:00"},
		{"closed for a week", "main", "2026-05-17T18:00:00+02:00", "2026-05-10T02:30:00+02:00"},
		{"closing at an hour that comes twice: the second time", "main", "2026-10-25T08:00:00+01:00", "2026-10-25T02:30:00+01:00"},
		{"closing at an hour that is left out: the change of clocks", "main", "2026-03-29T08:00:00+02:00", "2026-03-29T03:00:00+02:00"},
		{"openings that touch are one", "touching", "2026-05-04T13:00:00+02:00", "2026-04-27T14:00:00+02:00"},
		{"open day and night never closes", "always", "2026-05-05T18:00:00+02:00", ""},
		{"never open never closes", "never", "2026-05-05T18:00:00+02:00", ""},
		{"no hours, nothing known", "unsaid", "2026-05-05T18:00:00+02:00", ""},
		{"an unknown library", "elsewhere", "2026-05-05T18:00:00+02:00", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := s.LastClose(LibraryID(row.library), instant(t, row.before))
			if ok != (row.want != "") {
				t.Fatalf("last close %s, %v", got, ok)
			}
			if ok && !got.Equal(instant(t, row.want)) {
				t.Errorf("last close %s, want %s", got.In(s.Location("main")), row.want)
			}
		})
	}
}

func TestLastCloseIsNeverAhead(t *testing.T) {
	s := parse(t, twoOpenings)
	rapid.Check(t, func(t *rapid.T) {
		before := drawInstant(t)
		got, ok := s.LastClose("main", before)
		if !ok || got.After(before) {
			t.Fatalf("before %s closed %s, %v", before, got, ok)
		}
		if again, ok := s.LastClose("main", got); !ok || !again.Equal(got) {
			t.Fatalf("closed %s, and at that time closed %s", got, again)
		}
	})
}

func TestShelfUntil(t *testing.T) {
	s := parse(t, twoOpenings)
	for _, row := range []struct {
		name, library, at string
		days              int
		want              string
	}{
		{"open days count, from tomorrow on", "main", "2026-04-28T11:00:00+02:00", 3, "2026-05-03T23:59:59+02:00"},
		{"closed for a week: longer", "main", "2026-05-10T11:00:00+02:00", 2, "2026-05-22T23:59:59+02:00"},
		{"no days: until tonight", "main", "2026-04-28T11:00:00+02:00", 0, "2026-04-28T23:59:59+02:00"},
		{"fewer than none: until tonight", "main", "2026-04-28T11:00:00+02:00", -5, "2026-04-28T23:59:59+02:00"},
		{"never open: closed days count too", "never", "2026-04-28T11:00:00+02:00", 10, "2026-05-08T23:59:59+02:00"},
		{"no hours: every day counts", "unsaid", "2026-04-28T11:00:00+02:00", 6, "2026-05-04T23:59:59+02:00"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := s.ShelfUntil(instant(t, row.at), LibraryID(row.library), row.days); !got.Equal(instant(t, row.want)) {
				t.Errorf("until %s, want %s", got.In(s.Location("main")), row.want)
			}
		})
	}
}

func TestOpenOn(t *testing.T) {
	s := parse(t, twoOpenings+`
[[library]]
id = "feasts"
[library.hours]
monday = ["10:00-12:00"]
tuesday = ["10:00-12:00"]
[[library.exception]]
yearly = "02-29"
hours = ["10:00-12:00"]
[[library.exception]]
yearly = "12-25"
[[library.exception]]
date = 2028-12-25
hours = ["10:00-12:00"]
`)
	for _, row := range []struct {
		name, library, day string
		want               bool
	}{
		{"a Tuesday", "main", "2026-04-28", true},
		{"a Wednesday", "main", "2026-04-29", false},
		{"a Friday of the move", "main", "2026-05-15", false},
		{"the Tuesday after", "main", "2026-05-19", true},
		{"an exception beats the week", "main", "2026-05-05", true},
		{"no hours: every day", "unsaid", "2026-04-29", true},
		{"a feast on a Monday", "feasts", "2023-12-25", false},
		{"a feast comes every year", "feasts", "2034-12-25", false},
		{"a date beats the feast", "feasts", "2028-12-25", true},
		{"29 February, a Thursday", "feasts", "2024-02-29", true},
		{"28 February, a Wednesday", "feasts", "2024-02-28", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			at, err := time.Parse(time.DateOnly, row.day)
			if err != nil {
				t.Fatal(err)
			}
			for _, hour := range []time.Duration{0, 21} { // the time of day is ignored: Berlin is ahead of UTC
				if got := s.OpenOn(LibraryID(row.library), at.Add(hour*time.Hour)); got != row.want {
					t.Errorf("open on %s after %d h: %v, want %v", row.day, hour, got, row.want)
				}
			}
		})
	}
}
