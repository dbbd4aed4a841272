package patroncsv

import (
	"strings"
	"time"
)

// Slashes says how a date such as 03/04/2030 is meant.
type Slashes byte

// What a date with slashes begins with.
const (
	Unsaid     Slashes = iota // only dates that can be read in one way are
	DayFirst                  // 3 April 2030
	MonthFirst                // 4 March 2030
)

// dateLayouts are the ways to write a date that can be read in one way only. A
// time of day may follow; it says nothing here.
var dateLayouts = [...]string{
	"2006-1-2", "2006/1/2", "2006.1.2", "20060102",
	"2.1.2006", // a date with periods begins with the day wherever it is used
	"2 Jan 2006", "2 January 2006", "2-Jan-2006", "2. January 2006",
	"Jan 2, 2006", "January 2, 2006", "Jan 2 2006", "January 2 2006",
}

// readDate reads a date as 2006-01-02. "" without a reason is no date: an
// empty field, or the zeros that MySQL writes for one.
func readDate(s string, slashes Slashes) (date string, reason Reason) {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" || strings.HasPrefix(s, "0000-00-00") {
		return "", ""
	}
	s = withoutTime(s)
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil && credible(t) {
			return t.Format(time.DateOnly), ""
		}
	}
	return slashed(s, slashes)
}

// slashed reads a date with slashes or hyphens that ends in the year.
func slashed(s string, slashes Slashes) (date string, reason Reason) {
	s = strings.ReplaceAll(s, "-", "/")
	day, dayErr := time.Parse("2/1/2006", s)
	month, monthErr := time.Parse("1/2/2006", s)
	dayOK, monthOK := dayErr == nil && credible(day), monthErr == nil && credible(month)
	switch {
	case dayOK && monthOK && !day.Equal(month) && slashes == Unsaid:
		return "", AmbiguousDate
	case dayOK && (slashes != MonthFirst || !monthOK):
		return day.Format(time.DateOnly), ""
	case monthOK:
		return month.Format(time.DateOnly), ""
	}
	return "", NoDate
}

// withoutTime takes a time of day off a date.
func withoutTime(s string) string {
	at := strings.IndexAny(s, " T")
	if at < 0 {
		return s
	}
	rest := strings.TrimSpace(s[at+1:])
	for _, layout := range []string{"15:04", "15:04:05", "15:04Z07:00", "15:04:05Z07:00", "15:04:05-07", "15:04:05 MST", "3:04 PM", "3:04:05 PM"} {
		if _, err := time.Parse(layout, rest); err == nil {
			return s[:at]
		}
	}
	return s
}

// credible: a year that a card or a person can have; 9999 is "never".
func credible(t time.Time) bool {
	return t.Year() >= 1850 && t.Year() <= 9999
}
