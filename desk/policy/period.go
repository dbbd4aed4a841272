package policy

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Unit is what a period counts in. It travels: never renamed.
type Unit string

// The units. Minutes and hours are instants; days and longer are calendar days
// of the library, which end when the local day ends: "24 hours" is not a day.
const (
	Minutes Unit = "minutes"
	Hours   Unit = "hours"
	Days    Unit = "days"
	Weeks   Unit = "weeks"
	Months  Unit = "months"

	EndOfOpening Unit = "end_of_hours" // until the library closes; lent while it is closed, until it closes next
	EndOfTerm    Unit = "end_of_term"  // until the date of a [Lending.Schedule]; a fixed date is a schedule of one term
)

// ends are the periods that no number belongs to, as they are written.
var ends = map[string]Unit{"end of hours": EndOfOpening, "end of term": EndOfTerm}

// A Period is how long something lasts. The zero Period is none; {0, Days} is
// until the end of the same day.
type Period struct {
	N    int  `json:"n"`
	Unit Unit `json:"unit"`
}

// IsZero reports whether there is no period.
func (p Period) IsZero() bool { return p == Period{} }

// String gives the period as [ParsePeriod] reads it.
func (p Period) String() string {
	for said, u := range ends {
		if p.Unit == u {
			return said
		}
	}
	return strconv.Itoa(p.N) + " " + string(p.Unit)
}

// most is the longest period of each unit: a hundred years.
func (u Unit) most() (n int, ok bool) {
	switch u {
	case Minutes:
		return 100 * 366 * 24 * 60, true
	case Hours:
		return 100 * 366 * 24, true
	case Days:
		return 100 * 366, true
	case Weeks:
		return 100 * 53, true
	case Months:
		return 100 * 12, true
	case EndOfOpening, EndOfTerm:
		return 0, true
	}
	return 0, false
}

// bounded gives the period with its count between none and a hundred years.
func (p Period) bounded() Period {
	n, _ := p.Unit.most()
	return Period{N: min(max(p.N, 0), n), Unit: p.Unit}
}

// ParsePeriod reads "14 days", "1 month", "2 hours", "end of hours", "end of term".
// The unit may be written in the singular; the count is whole and at most a
// hundred years.
func ParsePeriod(s string) (Period, error) {
	if u, ok := ends[strings.ToLower(strings.Join(strings.Fields(s), " "))]; ok {
		return Period{Unit: u}, nil
	}
	n, u, err := countAndUnit(s)
	if err != nil {
		return Period{}, err
	}
	most, ok := Unit(u).most()
	if !ok {
		return Period{}, fmt.Errorf("read period %s: the unit is none of minutes, hours, days, weeks, months, and it is not \"end of hours\" or \"end of term\"", quote(s))
	}
	if n > most {
		return Period{}, fmt.Errorf("read period %s: longer than a hundred years", quote(s))
	}
	if n == 0 && (Unit(u) == Minutes || Unit(u) == Hours) {
		return Period{}, fmt.Errorf("read period %s: no time at all; \"0 days\" is until the end of the day", quote(s))
	}
	return Period{N: n, Unit: Unit(u)}, nil
}

// countAndUnit splits "14 days" and puts the unit into the plural.
func countAndUnit(s string) (n int, unit string, err error) {
	f := strings.Fields(s)
	if len(f) != 2 {
		return 0, "", fmt.Errorf("read period %s: want a number and a unit, as in \"14 days\"", quote(s))
	}
	n, ok := digits(f[0])
	if !ok {
		return 0, "", fmt.Errorf("read period %s: %s is not a whole number of at most 9 digits", quote(s), quote(f[0]))
	}
	unit = strings.ToLower(f[1])
	if !strings.HasSuffix(unit, "s") {
		unit += "s"
	}
	return n, unit, nil
}

// digits reads 1 to 9 ASCII digits.
func digits(s string) (int, bool) {
	if s == "" || len(s) > 9 {
		return 0, false
	}
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// parseDuration reads a span of instants: "90s" and "1m30s" as Go writes them,
// or "90 seconds", "10 minutes", "24 hours", "1 day" (24 hours).
func parseDuration(s string) (time.Duration, error) {
	if d, err := time.ParseDuration(s); err == nil {
		return d, nil
	}
	n, u, err := countAndUnit(s)
	if err != nil {
		return 0, fmt.Errorf("read duration %s: want one as in \"90s\", \"10 minutes\" or \"1 day\"", quote(s))
	}
	for unit, d := range map[string]time.Duration{
		"seconds": time.Second, "minutes": time.Minute, "hours": time.Hour, "days": 24 * time.Hour,
	} {
		// At most 9 digits of days would overflow: the bound comes first.
		if unit == u && n <= int(100*366*24*time.Hour/d) {
			return time.Duration(n) * d, nil
		}
	}
	return 0, fmt.Errorf("read duration %s: want at most a hundred years of seconds, minutes, hours or days", quote(s))
}

// quote shows outside text in an error, cut to what a line holds.
func quote(s string) string {
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "") + "…"
	}
	return strconv.Quote(s)
}
