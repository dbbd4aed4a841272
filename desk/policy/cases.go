package policy

import (
	"bytes"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"circdesk/desk/money"
)

// mostCases bounds a file of cases.
const mostCases = 5000

// Tried is what became of one stored case.
type Tried struct {
	Line  int
	Name  string   // "case 3", where it has none
	Wrong []string // what is otherwise, for whoever wrote it; nil: all is as it should be
}

// Try tries stored cases on the rules: examples of what a library wants of them, in
// TOML as [[case]] tables.
//
//	[[case]]
//	name = "a DVD before Christmas"
//	item_type = "dvd"           # group, library, location
//	at = "2026-12-19 10:00"     # of the library's clock, or RFC 3339
//	waited = true               # others wait for it
//	renewal = true              # it is renewed
//	due = "2026-12-28"          # the end of that day; "2026-12-28 14:00"; "none"
//	[case.gives]                # any number, as in a row of terms
//	renewals = 1
//
// A case that names neither due nor a number is a mistake, since it cannot fail.
// The error is [Problems].
func (s *Set) Try(cases []byte) ([]Tried, error) {
	switch {
	case len(cases) > mostBytes:
		return nil, Problems{{Text: fmt.Sprintf("the text has %d bytes, at most %d are read", len(cases), mostBytes)}}
	case !utf8.Valid(cases):
		return nil, Problems{{Text: "the text is not UTF-8"}}
	}
	plain := bytes.TrimPrefix(cases, []byte("\ufeff"))
	var root map[string]any
	if err := toml.Unmarshal(plain, &root); err != nil {
		return nil, Problems{notTOML(err)}
	}
	d := &document{lines: findLines(plain)}
	top := d.table("", "", root)
	var all []Tried
	for _, t := range top.tables("case", mostCases) {
		all = append(all, s.try(t))
	}
	top.done()
	if len(d.problems) > 0 {
		return nil, d.problems.sorted()
	}
	return all, nil
}

// try tries one case.
func (s *Set) try(t *table) Tried {
	if name, ok := t.text("name", 100); ok {
		t.row = name
	}
	tried := Tried{Line: t.line(), Name: t.row}
	q := Query{
		Group: Group(t.id("group")), Type: ItemType(t.id("item_type")),
		Library: LibraryID(t.id("library")), Location: LocationID(t.id("location")),
	}
	loc := s.Location(q.Library)
	if _, said := t.left["at"]; !said {
		t.bad("", "at is missing, as in at = \"2026-12-19 10:00\"")
	}
	q.At, _ = t.clock("at", loc, false)
	waited, _ := readYesNo(t, "waited", "")
	renewal, _ := readYesNo(t, "renewal", "")
	_, dated := t.left["due"]
	var want time.Time
	if s, _ := t.left["due"].(string); s == "none" {
		t.take("due")
	} else if dated {
		want, _ = t.clock("due", loc, true)
	}
	var a answers
	if row := t.table("gives"); row != nil {
		row.numbers(&a, s.currency, "")
		row.done()
	}
	if !dated && a.has == 0 {
		t.bad("", "says neither when it is due nor what the terms give")
	}
	t.done()
	if len(t.doc.problems) > 0 {
		return tried
	}
	terms := s.Terms(q)
	if dated {
		lent, _ := terms.Lending(waited.n != 0)
		if renewal.n != 0 {
			lent, _ = terms.Renewing()
		}
		if due, _ := s.Due(q.At, q.Library, lent); !due.Equal(want) {
			tried.Wrong = append(tried.Wrong, fmt.Sprintf("due %s, not %s", clock(due, loc), clock(want, loc)))
		}
	}
	got := s.resolve(q)
	for n := range numbers {
		if a.has&(1<<n) != 0 && !got.value[n].same(a.value[n]) {
			tried.Wrong = append(tried.Wrong, fmt.Sprintf("%s is %s, not %s", abouts[n].key, n.say(got.value[n], s.currency), n.say(a.value[n], s.currency)))
		}
	}
	return tried
}

// same reports whether two values say the same: a week is seven days.
func (v value) same(o value) bool {
	for _, w := range []*value{&v, &o} {
		if w.unit == Weeks {
			w.n, w.unit = 7*w.n, Days
		}
	}
	return v == o
}

// resolve gives every number of a case.
func (s *Set) resolve(q Query) answers {
	all := s.matrix.fallback
	for i := range shapes {
		if rows := s.matrix.rows[i]; rows != nil {
			if a := rows[i.of(&q)]; a != nil {
				all.take(a)
			}
		}
	}
	return all
}

// clock takes an instant: RFC 3339, or a time of the library's clock. A day alone
// is its end, where ends allows it.
func (t *table) clock(key string, loc *time.Location, ends bool) (time.Time, bool) {
	s, ok := t.text(key, 40)
	if !ok {
		return time.Time{}, false
	}
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at.UTC(), true
	}
	if at, err := time.ParseInLocation("2006-01-02 15:04", s, loc); err == nil {
		return at.UTC(), true
	}
	if at, err := time.Parse(time.DateOnly, s); err == nil && ends {
		return dayOfDate(at.Date()).end(loc), true
	}
	t.bad(key, "%s is no time, as in \"2026-12-19 10:00\" or 2026-12-19T10:00:00Z in quotes", quote(s))
	return time.Time{}, false
}

func clock(at time.Time, loc *time.Location) string {
	if at.IsZero() {
		return "at all"
	}
	return at.In(loc).Format("2006-01-02 15:04:05")
}

// say gives a value as it is written.
func (n number) say(v value, currency string) string {
	switch n {
	case loanable, dueByExpiry, fineClosed, finePrice:
		return strconv.FormatBool(v.n != 0)
	case period, renewPeriod, waitedPeriod, fineEvery, fineGrace, suspendEvery, refundWithin:
		if v.unit == "" {
			return "none"
		}
		return Period{int(v.n), v.unit}.String()
	case scheduleOf, dueBy, closedDays, closedHours, fineCharged:
		return strconv.Quote(v.text)
	case doubleScan, renewMinGain, overnight, morning:
		return time.Duration(v.n).String()
	}
	switch {
	case n == refund:
		return strconv.FormatInt(v.n, 10) + "%"
	case v.n == NoLimit && n == price:
		return "not known"
	case v.n == NoLimit:
		return "no limit"
	case n == maxOwed || n == fine || n == maxFine || n == price || n == processing:
		return money.Amount{Minor: v.n, Currency: currency}.String()
	}
	return strconv.FormatInt(v.n, 10)
}
