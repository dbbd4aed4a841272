package policy

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones exist also where the machine has none
	"unicode"
	"unicode/utf8"

	"circdesk/desk/money"

	"github.com/pelletier/go-toml/v2"
)

// Bounds of a text that is read at all. The TOML reader looks for a key among
// all keys of its table one by one, so the size is what bounds its time.
const (
	mostBytes     = 1 << 18
	mostRows      = 5000
	mostLibraries = 1000
	mostSchedules = 100
	mostAmnesties = 1000
	mostMethods   = 20
)

// Parse reads the rules from TOML; [SampleTOML] shows all that can be written.
// The error is [Problems], every one at once with its line; for text that is no
// TOML it is the first place where that shows. The bytes are copied.
func Parse(text []byte) (*Set, error) {
	if len(text) > mostBytes {
		return nil, Problems{{Text: fmt.Sprintf("the text has %d bytes, at most %d are read", len(text), mostBytes)}}
	}
	if !utf8.Valid(text) {
		return nil, Problems{{Text: "the text is not UTF-8"}}
	}
	plain := bytes.TrimPrefix(text, []byte("\ufeff")) // some editors write it
	var root map[string]any
	if err := toml.Unmarshal(plain, &root); err != nil {
		return nil, Problems{notTOML(err)}
	}
	d := &document{lines: findLines(plain)}
	s := &Set{text: bytes.Clone(text), matrix: newMatrix(), byID: map[LibraryID]*library{}, schedules: map[string]*schedule{}}
	s.read(d.table("", "", root))
	if len(d.problems) > 0 {
		return nil, d.problems.sorted()
	}
	if s.version == "" {
		sum := sha256.Sum256(text)
		s.version = "sha256:" + hex.EncodeToString(sum[:8])
	}
	return s, nil
}

// notTOML gives the reader's word, which may quote the text, as it is safe to show.
func notTOML(err error) Problem {
	word := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return utf8.RuneError
	}, strings.TrimPrefix(err.Error(), "toml: "))
	if len(word) > 200 {
		word = strings.ToValidUTF8(word[:200], "") + "…"
	}
	p := Problem{Text: "not TOML: " + word}
	if at, ok := errors.AsType[*toml.DecodeError](err); ok {
		p.Line, _ = at.Position()
	}
	return p
}

func (s *Set) read(t *table) {
	s.version, _ = t.text("version", 100)
	s.readCurrency(t)
	s.readWhole(t)
	s.readDesk(t)
	s.readMoney(t)
	for _, one := range t.tables("schedule", mostSchedules) {
		s.readSchedule(one)
	}
	if row := t.table("default"); row != nil {
		var a answers
		row.numbers(&a, s.currency, "default")
		s.knows(row, &a)
		row.done()
		s.given = append(s.given, given{"default", row.line(), fit{}, a})
		s.matrix.fallback.take(&a)
	}
	s.readLibraries(t.tables("library", mostLibraries))
	s.readCopy(t)
	s.groups = s.readNames(t, "group", false)
	s.types = s.readNames(t, "item_type", false)
	s.locations = s.readNames(t, "location", true)
	s.desks = s.readNames(t, "circulation_desk", true)
	for _, row := range t.tables("desk_terms", mostRows) {
		s.readDeskRow(row)
	}
	for _, row := range t.tables("terms", mostRows) {
		s.readRow(row)
	}
	for _, row := range t.tables("block", mostRows) {
		s.readBlock(row)
	}
	for _, row := range t.tables("amnesty", mostAmnesties) {
		s.readAmnesty(row)
	}
	s.guarantors = s.matrix.fallback.asksForGuarantors() || slices.ContainsFunc(s.given, func(g given) bool { return g.asksForGuarantors() })
	s.givesUp = s.matrix.fallback.givesUp() || slices.ContainsFunc(s.given, func(g given) bool { return g.givesUp() })
	t.done()
}

func (s *Set) readCurrency(t *table) {
	if _, ok := t.left["currency"]; !ok {
		t.bad("", "currency: is missing; want a code of ISO 4217, as in \"EUR\"")
		return
	}
	code, ok := t.text("currency", 20)
	if !ok {
		return
	}
	if !money.IsCode(code) {
		t.bad("currency", "%s is not a code of ISO 4217, as in \"EUR\"", quote(code))
		return
	}
	s.currency = code
}

// readWhole reads what holds for a library that says nothing of its own.
func (s *Set) readWhole(t *table) {
	s.whole.loc = time.UTC
	if _, ok := t.left["zone"]; !ok {
		t.bad("", "zone: is missing; want an IANA name, as in \"Europe/Berlin\"")
	}
	if loc := t.zone("zone"); loc != nil {
		s.whole.loc = loc
	}
	s.whole.closed = t.closed("closed_days", NextOpen)
	s.whole.closedHours = t.closedHours("closed_hours", KeepHours)
}

func (s *Set) readDesk(t *table) {
	desk := t.table("desk")
	if desk == nil {
		desk = t.doc.table("", "", nil) // every key at its default
	}
	s.sleepAfter = desk.duration("sleep_after", 5*time.Second, time.Hour, 90*time.Second)
	s.askDeadline = desk.duration("ask_deadline", 100*time.Millisecond, 30*time.Second, 1500*time.Millisecond)
	s.searchEvery = desk.duration("search_every", time.Hour, 365*24*time.Hour, 7*24*time.Hour)
	s.bookdropEnds = desk.duration("bookdrop_ends", 10*time.Second, 24*time.Hour, 10*time.Minute)
	desk.done()
}

// readMoney reads how money changes hands, and whose the fees are.
func (s *Set) readMoney(t *table) {
	if v, said := readYesNo(t, "fees_elsewhere", ""); said {
		s.feesElsewhere = v.n != 0
	}
	s.payMethods = []string{"cash", "card"}
	v, said := t.take("pay_methods")
	if !said {
		return
	}
	list, _ := v.([]any)
	var methods []string
	for _, one := range list {
		m, ok := one.(string)
		if !ok || !isCode(m) || m == "credit" || slices.Contains(methods, m) {
			t.bad("pay_methods", "%s is no way to pay, or stands there twice", quote(fmt.Sprint(one)))
			return
		}
		methods = append(methods, m)
	}
	if len(methods) == 0 || len(methods) > mostMethods {
		t.bad("pay_methods", "want a list of 1 to %d, the usual first, as in [\"cash\", \"card\"]", mostMethods)
		return
	}
	s.payMethods = methods
}

// isCode reports whether a word is short and of small letters, digits and _ alone.
func isCode(s string) bool {
	return s != "" && len(s) <= 30 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// zone takes the name of a zone; nil: it is not there, or wrong and noted.
func (t *table) zone(key string) *time.Location {
	name, ok := t.text(key, 100)
	if !ok {
		return nil
	}
	loc, err := loadZone(name)
	if err != nil {
		t.bad(key, "%v", err)
		return nil
	}
	return loc
}

// loadZone refuses "Local", which is another zone on every machine.
func loadZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("zone %s is not an IANA name, as in \"Europe/Berlin\"", quote(name))
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("zone %s is not known, want an IANA name, as in \"Europe/Berlin\"", quote(name))
	}
	return loc, nil
}

func (t *table) closed(key string, otherwise Closed) Closed {
	s, ok := t.text(key, 60)
	if !ok {
		return otherwise
	}
	switch c := Closed(s); c {
	case Keep, NextOpen, PreviousOpen, SameWeekday, OpenDays:
		return c
	}
	t.bad(key, "%s is none of keep, next_open, previous_open, next_same_weekday, open_days", quote(s))
	return otherwise
}

func (t *table) closedHours(key string, otherwise ClosedHours) ClosedHours {
	s, ok := t.text(key, 60)
	if !ok {
		return otherwise
	}
	switch c := ClosedHours(s); c {
	case KeepHours, EndOfHours, NextHours:
		return c
	}
	t.bad(key, "%s is none of keep, end_of_hours, next_hours", quote(s))
	return otherwise
}

// knows notes words in a row that nothing else in the text explains, and words
// that say nothing without another.
func (s *Set) knows(t *table, a *answers) {
	for _, n := range []number{scheduleOf, dueBy} {
		if id := a.value[n].text; id != "" && s.schedules[id] == nil {
			t.bad(abouts[n].key, "%s is none of the schedules", quote(id))
		}
	}
}

// readLibraries reads the libraries; one may have the calendar of another, in
// whatever order they stand.
func (s *Set) readLibraries(rows []*table) {
	var all []*library
	for _, row := range rows {
		all = append(all, s.readLibrary(row))
	}
	for i, l := range all {
		if l == nil || l.like == "" {
			continue
		}
		other := s.byID[l.like]
		switch {
		case other == nil:
			rows[i].bad("calendar_of", "%s is none of the libraries", quote(string(l.like)))
		case other.like != "":
			rows[i].bad("calendar_of", "%s has its calendar from another library itself", quote(string(l.like)))
		case other.calendar == nil:
			rows[i].bad("calendar_of", "%s has no opening hours", quote(string(l.like)))
		default:
			l.calendar.under = other.calendar
		}
	}
}

// readLibrary reads one library; nil: it has no id of its own.
func (s *Set) readLibrary(t *table) *library {
	if _, said := t.left["id"]; !said {
		t.bad("", "id is missing")
	}
	id := LibraryID(t.id("id"))
	if id != "" {
		t.row = "library " + quote(string(id))
	}
	l := s.whole
	l.name, l.line = string(id), t.line()
	if name, ok := t.text("name", 100); ok {
		l.name = name
	}
	if loc := t.zone("zone"); loc != nil {
		l.loc = loc
	}
	l.closed = t.closed("closed_days", s.whole.closed)
	l.closedHours = t.closedHours("closed_hours", s.whole.closedHours)
	l.like = LibraryID(t.id("calendar_of"))
	l.calendar = t.calendar(l.like != "")
	t.done()
	if id == "" {
		return nil
	}
	if s.byID[id] != nil {
		t.bad("id", "%s is already another library", quote(string(id)))
		return nil
	}
	s.byID[id] = &l
	s.libraries = append(s.libraries, Library{ID: id, Name: l.name, Zone: l.loc.String()})
	return &l
}

// readRow reads one row of terms.
func (s *Set) readRow(t *table) {
	if name, ok := t.text("name", 100); ok {
		t.row = name
	}
	f := fit{
		location: LocationID(t.id("location")),
		library:  s.libraryOf(t, "library"),
		group:    Group(t.id("group")),
		item:     ItemType(t.id("item_type")),
	}
	if len(t.left) == 0 {
		t.bad("", "gives no number")
	}
	var a answers
	t.numbers(&a, s.currency, t.row)
	s.knows(t, &a)
	if f.location != "" || f.item != "" {
		for n := range numbers {
			if a.has&(1<<n) != 0 && abouts[n].ofPerson {
				t.bad(abouts[n].key, "counts all that a person has, so it may depend on group and library, not on item_type or location")
			}
		}
	}
	t.done()
	s.given = append(s.given, given{t.row, t.line(), f, a})
	s.matrix.at(f).take(&a)
}

// numbers takes every number that the table gives.
func (t *table) numbers(a *answers, currency, row string) {
	_, daily := t.left[perDay]
	for n := range numbers {
		if v, ok := abouts[n].read(t, abouts[n].key, currency); ok {
			a.give(n, v, row)
		}
	}
	if daily {
		a.give(fineEvery, value{n: 1, unit: Days}, row)
	}
}
