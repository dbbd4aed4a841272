package sipwire

import (
	"errors"
	"time"
)

// Why a date cannot be read. Neither error quotes it.
var (
	ErrDate = errors.New("not a SIP2 date")
	ErrZone = errors.New("a SIP2 date in a zone that is not known")
)

const dateWidth = 18

// ReadDate reads a date and time of 18 characters, YYYYMMDDZZZZHHMMSS, as an
// instant in UTC. ZZZZ is
//
//   - blank: local time, in the zone given;
//   - one letter between blanks: Z is UTC, A to M without J are 1 to 12 hours
//     before it, N to Y 1 to 12 hours behind it;
//   - 0000: UTC, which is how a client in use writes it.
//
// 18 blanks, or 18 zeros, are none: the zero Time. The error is [ErrDate], or
// [ErrZone] where all but the zone can be read; the time then is the zero Time.
func ReadDate(b []byte, local *time.Location) (time.Time, error) {
	if len(b) != dateWidth {
		return time.Time{}, ErrDate
	}
	if blank(b) || every(b, func(c byte) bool { return c == '0' }) {
		return time.Time{}, nil
	}
	day, zone, clock := b[:8], b[8:12], b[12:]
	if !every(day, digit) || !every(clock, digit) {
		return time.Time{}, ErrDate
	}
	f := [6]int{two(day)*100 + two(day[2:]), two(day[4:]), two(day[6:]), two(clock), two(clock[2:]), two(clock[4:])}
	in, ok := readZone(zone, local)
	if !ok {
		in = time.UTC
	}
	t, valid := instant(f, in)
	switch {
	case !valid:
		return time.Time{}, ErrDate
	case !ok:
		return time.Time{}, ErrZone
	}
	return t, nil
}

// two reads two digits.
func two(b []byte) int { return int(b[0]-'0')*10 + int(b[1]-'0') }

// instant makes a time of year, month, day, hour, minute and second. ok is false
// where a calendar or a clock has no such thing. An hour that a change of the
// clocks leaves out is as the zone has it.
func instant(f [6]int, in *time.Location) (t time.Time, ok bool) {
	if f[1] < 1 || f[1] > 12 || f[2] < 1 || f[3] > 23 || f[4] > 59 || f[5] > 59 {
		return time.Time{}, false
	}
	last := time.Date(f[0], time.Month(f[1])+1, 0, 0, 0, 0, 0, time.UTC).Day()
	if f[2] > last {
		return time.Time{}, false
	}
	return time.Date(f[0], time.Month(f[1]), f[2], f[3], f[4], f[5], 0, in).UTC(), true
}

// readZone reads the four characters of a zone.
func readZone(b []byte, local *time.Location) (in *time.Location, ok bool) {
	b = trimBlanks(b)
	switch {
	case len(b) == 0:
		return local, true
	case string(b) == "0000":
		return time.UTC, true
	case len(b) != 1:
		return nil, false
	}
	hours, ok := zoneHours(b[0])
	if !ok {
		return nil, false
	}
	return time.FixedZone("", hours*60*60), true
}

// zoneHours returns how many hours a zone's letter is before UTC.
func zoneHours(c byte) (hours int, ok bool) {
	switch {
	case c == 'Z':
		return 0, true
	case c >= 'A' && c <= 'I':
		return int(c-'A') + 1, true
	case c >= 'K' && c <= 'M':
		return int(c-'K') + 10, true
	case c >= 'N' && c <= 'Y':
		return -(int(c-'N') + 1), true
	}
	return 0, false
}

// looksLikeDate reports whether bytes may be a date: blank, or digits with
// anything for a zone.
func looksLikeDate(b []byte) bool {
	if blank(b) {
		return true
	}
	zone := func(c byte) bool { return digitOrBlank(c) || c >= 'A' && c <= 'Z' }
	return every(b[:8], digit) && every(b[8:12], zone) && every(b[12:], digit)
}

// AppendDate writes a date and time in local time with a blank zone, as the
// protocol prefers. The zero Time, and a year that has not four digits, are 18
// blanks. In the hour that the clocks repeat it does not say which is meant:
// see [AppendUTC].
func AppendDate(dst []byte, t time.Time, local *time.Location) []byte {
	return appendDate(dst, t, local, "    ")
}

// AppendUTC writes a date and time in UTC, with Z for a zone.
func AppendUTC(dst []byte, t time.Time) []byte { return appendDate(dst, t, time.UTC, "   Z") }

func appendDate(dst []byte, t time.Time, in *time.Location, zone string) []byte {
	local := t.In(in)
	if t.IsZero() || local.Year() < 1 || local.Year() > 9999 {
		return append(dst, "                  "...)
	}
	dst = local.AppendFormat(dst, "20060102")
	dst = append(dst, zone...)
	return local.AppendFormat(dst, "150405")
}

// Date returns a fixed part that is a date, as [ReadDate] reads it. A part that
// is not there is [ErrDate].
func (m *Message) Date(p Part, local *time.Location) (time.Time, error) {
	b, k, ok := m.part(p)
	if !ok || k != Date && k != DateOrNone {
		return time.Time{}, ErrDate
	}
	return ReadDate(b, local)
}

// ReadDue reads a due date, which is free text: 18 characters as [ReadDate] has
// them, 2026-11-30 23:59:59 with or without seconds, 30.11.2026 23:59 likewise,
// and further layouts of package time that a system is known for. A day alone is
// its last second. Blanks around it do no harm.
//
// ok is false for anything else; show the text then. It is false for 11/30/2026,
// too, unless a layout says so: whether day or month comes first is the system's
// setting.
func ReadDue(b []byte, local *time.Location, layouts ...string) (due time.Time, ok bool) {
	if len(b) == dateWidth {
		if t, err := ReadDate(b, local); err == nil && !t.IsZero() {
			return t, true
		}
	}
	s := string(trimBlanks(b))
	if len(s) > 64 {
		return time.Time{}, false
	}
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "02.01.2006 15:04:05", "02.01.2006 15:04"} {
		if t, err := time.ParseInLocation(layout, s, local); err == nil {
			return t.UTC(), true
		}
	}
	for _, layout := range []string{"2006-01-02", "02.01.2006"} {
		if t, err := time.ParseInLocation(layout, s, local); err == nil {
			return lastSecond(t), true
		}
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, s, local); err == nil {
			if dayOnly(layout) {
				return lastSecond(t), true
			}
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// lastSecond returns the last second of a day that begins at t.
func lastSecond(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 23, 59, 59, 0, t.Location()).UTC()
}

// dayOnly reports whether a layout has no time of the day: two that differ only
// in it are then written alike.
func dayOnly(layout string) bool {
	day := time.Date(2026, time.November, 30, 1, 2, 3, 0, time.UTC)
	return day.Format(layout) == day.Add(13*time.Hour+31*time.Minute+29*time.Second).Format(layout)
}
