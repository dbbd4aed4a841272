package evergreenrules

import (
	"strconv"
	"strings"
)

// interval is a time as PostgreSQL keeps it: its months, days and seconds do not
// run into each other.
type interval struct{ months, days, seconds int64 }

// The longest that is read: a hundred years, of each part.
const (
	mostMonths  = 1200
	mostDays    = 36_600
	mostSeconds = mostDays * secondsADay
	secondsADay = 86_400
)

// units are the words of PostgreSQL, in the singular.
var units = map[string]interval{
	"year": {months: 12}, "yr": {months: 12}, "y": {months: 12},
	"month": {months: 1}, "mon": {months: 1},
	"week": {days: 7}, "w": {days: 7},
	"day": {days: 1}, "d": {days: 1},
	"hour": {seconds: 3600}, "hr": {seconds: 3600}, "h": {seconds: 3600},
	"minute": {seconds: 60}, "min": {seconds: 60}, "m": {seconds: 60},
	"second": {seconds: 1}, "sec": {seconds: 1}, "s": {seconds: 1},
}

// readInterval reads an interval as PostgreSQL writes it with the style postgres,
// which is its own, or postgres_verbose: "14 days", "1 mon", "2 days 03:00:00",
// "@ 2 weeks". Parts below zero, and of a second, are not read.
func readInterval(s string) (all interval, ok bool) {
	parts := strings.Fields(strings.ToLower(strings.TrimPrefix(s, "@")))
	if len(parts) == 0 || len(parts) > 12 {
		return all, false
	}
	for i := 0; i < len(parts); i++ {
		var one interval
		if strings.Contains(parts[i], ":") {
			one, ok = readClock(parts[i])
		} else if i+1 < len(parts) {
			one, ok = readPart(parts[i], parts[i+1])
			i++
		} else {
			return interval{}, false
		}
		if !ok {
			return interval{}, false
		}
		all = interval{all.months + one.months, all.days + one.days, all.seconds + one.seconds}
	}
	if all.months > mostMonths || all.days > mostDays || all.seconds > mostSeconds {
		return interval{}, false
	}
	return all, true
}

func readPart(count, word string) (interval, bool) {
	n, err := strconv.ParseInt(count, 10, 64)
	unit, known := units[word]
	if !known {
		unit, known = units[strings.TrimSuffix(word, "s")]
	}
	if err != nil || !known || n < 0 || n > mostSeconds {
		return interval{}, false
	}
	return interval{n * unit.months, n * unit.days, n * unit.seconds}, true
}

// readClock reads "03:00:00", which may have more hours than a day.
func readClock(s string) (interval, bool) {
	parts := strings.Split(s, ":")
	if len(parts) != 2 && len(parts) != 3 {
		return interval{}, false
	}
	var all int64
	for i, p := range parts {
		n, err := strconv.ParseInt(p, 10, 64)
		if err != nil || n < 0 || n > mostSeconds/3600 || i > 0 && n > 59 || p[0] == '+' {
			return interval{}, false
		}
		all += n * [3]int64{3600, 60, 1}[i]
	}
	return interval{seconds: all}, true
}

// period gives the interval as a period of ours; "": there is none. Whole days end
// when the day does, however they are written (action.push_circ_due_time).
func (v interval) period() string {
	if v.seconds%secondsADay == 0 {
		v.days, v.seconds = v.days+v.seconds/secondsADay, 0
	}
	if v.seconds != 0 {
		v.days, v.seconds = 0, v.seconds+v.days*secondsADay
	}
	switch {
	case v == interval{}, v.months != 0 && v != interval{months: v.months}:
		return ""
	case v.months != 0:
		return counted(v.months, "month")
	case v.days > mostDays, v.seconds > mostSeconds:
		return ""
	case v.days != 0:
		return counted(v.days, "day")
	case v.seconds%3600 == 0:
		return counted(v.seconds/3600, "hour")
	case v.seconds%60 == 0:
		return counted(v.seconds/60, "minute")
	}
	return ""
}

func counted(n int64, unit string) string {
	if n != 1 {
		unit += "s"
	}
	return strconv.FormatInt(n, 10) + " " + unit
}
