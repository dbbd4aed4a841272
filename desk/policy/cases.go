package policy

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
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
//	item_type = "dvd"             # group, library, location; desk, where it is done
//	at = "2026-12-19 10:00"       # of the library's clock, or RFC 3339
//	waited = true                 # others wait for it
//	renewal = true                # it is renewed; renewed = 2, so often already; recalled = true
//	card_until = 2026-12-31       # the card's last day
//	born = 2015-03-01             # guarantor = true
//	owes = "12.50"                # and loans, overdue, long_overdue, requests: how many the patron has
//	due = "2026-12-28"            # the end of that day; "2026-12-28 14:00"; "none"
//	back = "2027-01-05 12:00"     # and comes back then: price, of the item
//	fee = "4.00"                  # for being late
//	asked = ["owes_too_much"]     # all that somebody has to say yes to; [] is nothing
//	refused = []
//	[case.gives]                  # any number, as in a row of terms
//	renewals = 1
//
// What stands against a case, and when it is due, is the engine's to say: judge does. A case that names nothing which it gives is a
// mistake, since it cannot fail. The error is [Problems].
func (s *Set) Try(cases []byte, judge func(*Set, Example) Judgement) ([]Tried, error) {
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
	var all []storedCase
	for _, t := range top.tables("case", mostCases) {
		all = append(all, s.readCase(t))
	}
	top.done()
	if len(d.problems) > 0 {
		return nil, d.problems.sorted()
	}
	tried := make([]Tried, len(all))
	for i, c := range all {
		tried[i] = Tried{Line: c.line, Name: c.name, Wrong: s.try(c, judge)}
	}
	return tried, nil
}

// Example is a patron and an item of whom only so much is known, as a stored case
// says it: an act that may be judged.
type Example struct {
	Query
	Desk            DeskID // where it is done
	Waited, Renewal bool
	CardUntil       time.Time // the card is valid before it; zero: it has no end
	Born            string    // 2006-01-02; empty: not known
	Guarantor       bool
	Owes            int64 // minor units
	Loans, Overdue  int   // Overdue are among the loans; the one to be renewed is not
	LongOverdue     int   // among the loans
	Requests        int
	Renewed         int  // so often already
	Recalled        bool // the one to be renewed
}

// Judgement is what the engine says of an example.
type Judgement struct {
	Refused, Asked []string  // all that stands against it, by the engine's codes
	Due            time.Time // if nothing did; zero: the rules give no date
}

// storedCase is a case as it was read, and what the library wants of it.
type storedCase struct {
	Example
	line           int
	name           string
	due            *time.Time // nil: nothing is wanted
	back           time.Time
	price          int64
	fee            *int64
	refused, asked []string // nil: nothing is wanted
	gives          answers
}

// readCase reads a case.
func (s *Set) readCase(t *table) storedCase {
	if name, ok := t.text("name", 100); ok {
		t.row = name
	}
	mistakes := len(t.doc.problems)
	c := storedCase{line: t.line(), name: t.row, Example: Example{Query: Query{
		Group: Group(t.id("group")), Type: ItemType(t.id("item_type")),
		Library: LibraryID(t.id("library")), Location: LocationID(t.id("location")),
	}, Desk: DeskID(t.id("desk"))}}
	loc := s.Location(c.Library)
	if _, said := t.left["at"]; !said {
		t.bad("", "at is missing, as in at = \"2026-12-19 10:00\"")
	}
	c.At, _ = t.clock("at", loc, false)
	yes := func(key string) bool { v, _ := readYesNo(t, key, ""); return v.n != 0 }
	c.Waited, c.Renewal, c.Guarantor, c.Recalled = yes("waited"), yes("renewal"), yes("guarantor"), yes("recalled")
	if _, said := t.left["card_until"]; said {
		if last, ok := t.date("card_until"); ok {
			c.CardUntil = last.end(loc).Add(time.Second)
		}
	}
	if _, said := t.left["born"]; said {
		if born, ok := t.date("born"); ok {
			c.Born = born.date().Format(time.DateOnly)
		}
	}
	many := func(key string) int { v, _ := readCount(t, key, 1000); return int(v.n) }
	c.Loans, c.Overdue, c.LongOverdue = many("loans"), many("overdue"), many("long_overdue")
	c.Requests, c.Renewed = many("requests"), many("renewed")
	if c.Renewed > 0 && !c.Renewal {
		t.bad("renewed", "goes with renewal = true")
	}
	if c.Recalled && !c.Renewal {
		t.bad("recalled", "goes with renewal = true")
	}
	amount := func(key string) (int64, bool) { v, ok := readAmount(t, key, s.currency); return v.n, ok }
	c.Owes, _ = amount("owes")
	s.readWanted(t, loc, &c, amount)
	t.done()
	switch {
	case len(t.doc.problems) > mistakes:
	case c.due == nil && c.fee == nil && c.refused == nil && c.asked == nil && c.gives.has == 0:
		t.bad("", "says neither when it is due, nor what stands against it, nor what the terms give")
	case c.back.IsZero() != (c.fee == nil):
		t.bad("", "back and fee go together")
	}
	return c
}

// readWanted reads what the library wants of a case.
func (s *Set) readWanted(t *table, loc *time.Location, c *storedCase, amount func(string) (int64, bool)) {
	if w, _ := t.left["due"].(string); w == "none" {
		t.take("due")
		c.due = &time.Time{}
	} else if due, ok := t.clock("due", loc, true); ok {
		c.due = &due
	}
	c.back, _ = t.clock("back", loc, false)
	c.price, _ = amount("price")
	if fee, ok := amount("fee"); ok {
		c.fee = &fee
	}
	c.refused, c.asked = t.words("refused"), t.words("asked")
	if row := t.table("gives"); row != nil {
		row.numbers(&c.gives, s.currency, "")
		row.done()
	}
}

// try tries one case, and says what is otherwise.
func (s *Set) try(c storedCase, judge func(*Set, Example) Judgement) (wrong []string) {
	say := func(format string, a ...any) { wrong = append(wrong, fmt.Sprintf(format, a...)) }
	loc := s.Location(c.Library)
	engine := judge(s, c.Example)
	if c.due != nil && !engine.Due.Equal(*c.due) {
		say("due %s, not %s", clock(engine.Due, loc), clock(*c.due, loc))
	}
	if c.fee != nil {
		if got, _ := s.Fine(c.Library, s.Terms(c.Query), Late{Due: engine.Due, Back: c.back, Price: c.price}); got != *c.fee {
			say("the fee is %s, not %s", money.Amount{Minor: got, Currency: s.currency}, money.Amount{Minor: *c.fee, Currency: s.currency})
		}
	}
	if c.refused != nil && !sameWords(engine.Refused, c.refused) {
		say("refused is %s, not %s", list(engine.Refused), list(c.refused))
	}
	if c.asked != nil && !sameWords(engine.Asked, c.asked) {
		say("asked is %s, not %s", list(engine.Asked), list(c.asked))
	}
	got := s.resolve(c.Query)
	for n := range numbers {
		if c.gives.has&(1<<n) != 0 && !got.value[n].same(c.gives.value[n]) {
			say("%s is %s, not %s", abouts[n].key, n.say(got.value[n], s.currency), n.say(c.gives.value[n], s.currency))
		}
	}
	return wrong
}

// words takes a list of words, which may be empty; nil: it is not there, or wrong and
// noted.
func (t *table) words(key string) []string {
	v, ok := t.take(key)
	if !ok {
		return nil
	}
	list, ok := v.([]any)
	words := make([]string, 0, len(list))
	for _, one := range list {
		w, is := one.(string)
		ok = ok && is && w != ""
		words = append(words, w)
	}
	if !ok {
		t.bad(key, "want words, as in [\"owes_too_much\"]")
		return nil
	}
	return words
}

// sameWords reports whether two lists say the same, in any order.
func sameWords(a, b []string) bool {
	return slices.Equal(slices.Compact(slices.Sorted(slices.Values(a))), slices.Compact(slices.Sorted(slices.Values(b))))
}

func list(words []string) string {
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, ", ")
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
	case longOverdue:
		if v.unit == "" {
			return "never"
		}
		return Period{int(v.n), v.unit}.String()
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
