package sipserver

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"circdesk/desk/policy"
	"circdesk/desk/text"
)

// document is a settings text while it is read.
type document struct {
	lines    lines
	problems Problems
}

// table is one table of it, and which of its keys nobody has read yet.
type table struct {
	doc  *document
	path string // "" or "terminal#2"
	name string // for people
	left map[string]any
}

// bad notes a mistake at a key, at the table where key is empty.
func (t *table) bad(key, format string, args ...any) {
	path := t.path
	if key != "" {
		path = t.at(key)
	}
	line := t.doc.lines[path]
	if line == 0 {
		line = t.doc.lines[t.path]
	}
	said := fmt.Sprintf(format, args...)
	if key != "" {
		said = key + ": " + said
	}
	t.doc.problems = append(t.doc.problems, policy.Problem{Line: line, Row: t.name, Text: said})
}

func (t *table) at(key string) string {
	if t.path == "" {
		return key
	}
	return t.path + "." + key
}

func (t *table) take(key string) (any, bool) {
	v, ok := t.left[key]
	delete(t.left, key)
	return v, ok
}

// longest is how long a text of the settings may be, in bytes.
const longest = 300

// text reads a text; said is false where there is none.
func (t *table) text(key string) (s string, said bool) {
	v, ok := t.take(key)
	if !ok {
		return "", false
	}
	s, ok = v.(string)
	switch {
	case !ok:
		t.bad(key, "is no text in quotes")
	case len(s) > longest || text.Clean(s, longest) != s:
		t.bad(key, "is too long, or has characters that cannot be seen")
	default:
		return s, true
	}
	return "", false
}

func (t *table) flag(key string) bool {
	v, said := t.take(key)
	b, ok := v.(bool)
	if said && !ok {
		t.bad(key, "is neither true nor false")
	}
	return b
}

// number reads a number between least and most; unless says what it is where nothing
// is said.
func (t *table) number(key string, least, most, unless int) int {
	v, said := t.take(key)
	if !said {
		return unless
	}
	n, ok := v.(int64)
	if !ok || n < int64(least) || n > int64(most) {
		t.bad(key, "want a number from %d to %d", least, most)
		return unless
	}
	return int(n)
}

func (t *table) duration(key string, least, most, unless time.Duration) time.Duration {
	s, said := t.text(key)
	if !said {
		return unless
	}
	d, err := time.ParseDuration(strings.ReplaceAll(s, " ", ""))
	if err != nil || d < least || d > most {
		t.bad(key, "want a time from %v to %v, as in \"90s\" or \"15m\"", least, most)
		return unless
	}
	return d
}

// list reads a list of texts; said is false where there is none.
func (t *table) list(key string) (all []string, said bool) {
	v, said := t.take(key)
	if !said {
		return nil, false
	}
	rows, ok := v.([]any)
	if !ok {
		t.bad(key, "is no list, as in [\"one\", \"other\"]")
		return nil, false
	}
	for i, one := range rows {
		s, ok := one.(string)
		if !ok || s == "" || len(s) > longest || text.Clean(s, longest) != s {
			t.bad(key, "number %d of the list is no text in quotes", i+1)
			continue
		}
		all = append(all, s)
	}
	return all, true
}

// one reads a text that is one of several; unless where nothing is said.
func one[V any](t *table, key string, known map[string]V, unless V) V {
	s, said := t.text(key)
	if !said {
		return unless
	}
	v, ok := known[s]
	if !ok {
		t.bad(key, "%s is not one of %s", quote(s), names(known))
		return unless
	}
	return v
}

// some reads a list of several; unless where nothing is said.
func some[V any](t *table, key string, known map[string]V, unless []V) []V {
	words, said := t.list(key)
	if !said {
		return unless
	}
	all := []V{}
	for _, s := range words {
		v, ok := known[s]
		if !ok {
			t.bad(key, "%s is not one of %s", quote(s), names(known))
			continue
		}
		all = append(all, v)
	}
	return all
}

func names[V any](known map[string]V) string {
	return strings.Join(slices.Sorted(maps.Keys(known)), ", ")
}

func quote(s string) string { return strconv.Quote(text.Clean(s, 60)) }

// tables reads an array of tables.
func (t *table) tables(key string, most int) (all []*table) {
	v, said := t.take(key)
	if !said {
		return nil
	}
	rows, ok := v.([]any)
	if !ok {
		t.bad(key, "is no list of tables: write [[%s]]", key)
		return nil
	}
	if len(rows) > most {
		t.bad(key, "%d tables, at most %d", len(rows), most)
		rows = rows[:most]
	}
	for i, r := range rows {
		m, ok := r.(map[string]any)
		if !ok {
			t.bad(key, "is no list of tables: write [[%s]]", key)
			continue
		}
		n := strconv.Itoa(i + 1)
		all = append(all, &table{t.doc, t.at(key) + "#" + n, key + " " + n, m})
	}
	return all
}

// table reads one table; an empty one where there is none.
func (t *table) table(key string) *table {
	v, said := t.take(key)
	m, ok := v.(map[string]any)
	if said && !ok {
		t.bad(key, "is no table: write [%s]", key)
	}
	if m == nil {
		m = map[string]any{}
	}
	return &table{t.doc, t.at(key), key, m}
}

// done names the keys that nobody knows.
func (t *table) done() {
	for _, key := range slices.Sorted(maps.Keys(t.left)) {
		at := t.at(key)
		line := cmp.Or(t.doc.lines[at], t.doc.lines[at+"#1"], t.doc.lines[t.path])
		t.doc.problems = append(t.doc.problems, policy.Problem{Line: line, Row: t.name, Text: "no such key: " + quote(key)})
	}
}
