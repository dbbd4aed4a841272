package kit

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"circdesk/desk/text"
)

// DateOrder is the order in which a place writes day, month and year.
type DateOrder uint8

// The orders in use. A date that begins with four digits is always read as year, month, day.
const (
	DayMonthYear DateOrder = iota
	MonthDayYear
	YearMonthDay
)

// DateWords is how people of a place say dates. Words are compared without regard to case and accents, and a name
// of a weekday is known by its beginning, from two letters on, if no other begins so.
type DateWords struct {
	Order    DateOrder
	Weekdays [7][]string // by time.Weekday, Sunday first; each may have several names
	Today    []string
	Tomorrow []string
	Past     bool // dates of birth: a year of two digits is the latest one not after today
}

// DateFault is what is wrong with a date; the words for it are the screen's.
type DateFault uint8

// The faults of a date.
const (
	DateUnreadable DateFault = iota + 1 // no form of a date
	DateNoSuchDay                       // 30 February, month 13
	DateTooFar                          // a count of days beyond ten years
)

// DateError says which text was no date.
type DateError struct {
	Fault DateFault
	Text  string
}

func (e *DateError) Error() string {
	what := map[DateFault]string{DateUnreadable: "not a date", DateNoSuchDay: "no such day", DateTooFar: "too many days"}[e.Fault]
	return fmt.Sprintf("date %q: %s", e.Text, what)
}

const daysMost = 3660

// ParseDate reads a date as desk staff type it: 2026-12-31, 31.12.2026, 31/12/26, 31.12., +14 and -3 (days from
// today), the name of a weekday (the next one, never today), the words for today and tomorrow. The result is the
// calendar day at midnight UTC, and so is today taken, whatever its zone. The error is a *[DateError].
func ParseDate(s string, today time.Time, words DateWords) (time.Time, error) {
	y, m, d := today.Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	in := strings.TrimSpace(s)
	fail := func(f DateFault) (time.Time, error) { return time.Time{}, &DateError{f, s} }
	if in == "" || len(in) > 40 {
		return fail(DateUnreadable)
	}
	if in[0] == '+' || in[0] == '-' {
		n, err := strconv.Atoi(strings.TrimSpace(in[1:]))
		switch {
		case err != nil && onlyDigits(strings.TrimSpace(in[1:])), n > daysMost:
			return fail(DateTooFar)
		case err != nil || n < 0:
			return fail(DateUnreadable)
		case in[0] == '-':
			n = -n
		}
		return day.AddDate(0, 0, n), nil
	}
	if days, ok := words.named(in, day.Weekday()); ok {
		return day.AddDate(0, 0, days), nil
	}
	parts, ok := numbers(in)
	if !ok {
		return fail(DateUnreadable)
	}
	got, ok := words.assemble(parts, day)
	if !ok {
		return fail(DateUnreadable)
	}
	if got.IsZero() {
		return fail(DateNoSuchDay)
	}
	return got, nil
}

// named is how many days from a weekday the word means.
func (w DateWords) named(s string, from time.Weekday) (days int, ok bool) {
	word := text.Fold(s)
	if word == "" {
		return 0, false
	}
	for _, n := range w.Today {
		if text.Fold(n) == word {
			return 0, true
		}
	}
	for _, n := range w.Tomorrow {
		if text.Fold(n) == word {
			return 1, true
		}
	}
	day, found := w.weekday(word)
	if !found {
		return 0, false
	}
	if days = (day - int(from) + 7) % 7; days == 0 {
		days = 7
	}
	return days, true
}

// weekday is the day whose name the word is, or begins if it begins no other.
func (w DateWords) weekday(word string) (day int, ok bool) {
	begins := -1
	for d, names := range w.Weekdays {
		for _, n := range names {
			name := text.Fold(n)
			if name == word {
				return d, true
			}
			if len([]rune(word)) >= 2 && strings.HasPrefix(name, word) {
				if begins >= 0 && begins != d {
					return 0, false
				}
				begins = d
			}
		}
	}
	return begins, begins >= 0
}

// numbers takes 2 or 3 numbers apart that stand between points, slashes, hyphens or blanks, or 8 digits in a row.
func numbers(s string) ([]string, bool) {
	if onlyDigits(s) && len(s) == 8 {
		return []string{s}, true
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("./- ", r) })
	for _, p := range parts {
		if !onlyDigits(p) || len(p) > 4 {
			return nil, false
		}
	}
	separators := strings.Trim(s, "0123456789") != "" || len(parts) > 1
	return parts, separators && (len(parts) == 2 || len(parts) == 3)
}

func onlyDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// assemble makes a day of the numbers: false when they are in no order it knows, the zero time when there is no
// such day.
func (w DateWords) assemble(parts []string, today time.Time) (time.Time, bool) {
	if len(parts) == 1 {
		s := parts[0]
		if w.Order == YearMonthDay {
			parts = []string{s[:4], s[4:6], s[6:]}
		} else {
			parts = []string{s[:2], s[2:4], s[4:]}
		}
	}
	if len(parts) == 2 {
		m, d := parts[1], parts[0]
		if w.Order != DayMonthYear {
			m, d = d, m
		}
		return w.thisOrNext(m, d, today), len(m) <= 2 && len(d) <= 2
	}
	var y, m, d string
	switch {
	case len(parts[0]) == 4 || w.Order == YearMonthDay:
		y, m, d = parts[0], parts[1], parts[2]
	case w.Order == MonthDayYear:
		m, d, y = parts[0], parts[1], parts[2]
	default:
		d, m, y = parts[0], parts[1], parts[2]
	}
	if len(m) > 2 || len(d) > 2 || len(y) != 4 && len(y) != 2 {
		return time.Time{}, false
	}
	year := atoi(y)
	if len(y) == 2 {
		year = w.century(year, atoi(m), atoi(d), today)
	}
	return calendarDay(year, atoi(m), atoi(d)), true
}

// thisOrNext is a day without a year: the next one from today on, or, for dates of the past, the last one.
func (w DateWords) thisOrNext(m, d string, today time.Time) time.Time {
	for n := range 9 { // 29 February may be eight years away
		if w.Past {
			n = -n
		}
		got := calendarDay(today.Year()+n, atoi(m), atoi(d))
		if !got.IsZero() && (w.Past && !got.After(today) || !w.Past && !got.Before(today)) {
			return got
		}
	}
	return time.Time{}
}

// century completes a year of two digits: for dates of the past the latest that is not after today, otherwise
// within 50 years of this one.
func (w DateWords) century(year, m, d int, today time.Time) int {
	full := today.Year()/100*100 + year
	switch {
	case w.Past:
		for time.Date(full, time.Month(m), d, 0, 0, 0, 0, time.UTC).After(today) {
			full -= 100
		}
	case full < today.Year()-50:
		full += 100
	case full > today.Year()+50:
		full -= 100
	}
	return full
}

// calendarDay is the day, or the zero time when there is none.
func calendarDay(y, m, d int) time.Time {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y < 1 || t.Year() != y || int(t.Month()) != m || t.Day() != d {
		return time.Time{}
	}
	return t
}

// atoi reads a number of at most four digits that are known to be digits.
func atoi(s string) int {
	n := 0
	for _, c := range []byte(s) {
		n = n*10 + int(c-'0')
	}
	return n
}
