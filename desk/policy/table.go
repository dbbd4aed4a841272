package policy

import (
	"fmt"
	"maps"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
)

// A document is a TOML text while it is read: where each key stands, and what
// was found wrong so far.
type document struct {
	lines    lines
	problems Problems
}

// A table is one table of a document. Keys are taken out of it one by one; what
// nobody took is unknown.
type table struct {
	doc  *document
	path string
	row  string // how problems name it
	left map[string]any
}

func (d *document) table(path, row string, values map[string]any) *table {
	return &table{doc: d, path: path, row: row, left: maps.Clone(values)}
}

// bad notes what is wrong with a key; the key "" is the table itself.
func (t *table) bad(key, format string, a ...any) {
	path, text := t.path, fmt.Sprintf(format, a...)
	if key != "" {
		path, text = join(path, key), shown(key)+": "+text
	}
	t.doc.problems = append(t.doc.problems, Problem{Line: t.doc.lines.of(path), Row: t.row, Text: text})
}

// line says where the table begins.
func (t *table) line() int { return t.doc.lines.of(t.path) }

func (t *table) take(key string) (any, bool) {
	v, ok := t.left[key]
	delete(t.left, key)
	return v, ok
}

// done notes every key that nobody took.
func (t *table) done() {
	for key := range t.left {
		t.bad(key, "is not known here")
	}
}

// shown gives a key as it is safe to show, and as it was if it is a plain one.
func shown(key string) string {
	plain := strings.IndexFunc(key, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-'
	}) < 0
	if plain && key != "" && len(key) <= 60 {
		return key
	}
	return quote(key)
}

// text takes a string of at most most runes without control characters. False:
// it is not there, or wrong and noted.
func (t *table) text(key string, most int) (string, bool) {
	v, ok := t.take(key)
	if !ok {
		return "", false
	}
	s, ok := v.(string)
	switch {
	case !ok:
		t.bad(key, "want text in quotes, not %s", kind(v))
	case strings.TrimSpace(s) == "":
		t.bad(key, "is empty")
	case utf8.RuneCountInString(s) > most:
		t.bad(key, "is longer than %d characters", most)
	case s != strings.TrimSpace(s):
		t.bad(key, "%s begins or ends with a space", quote(s))
	case strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
		t.bad(key, "%s holds a character that cannot be printed", quote(s))
	default:
		return s, true
	}
	return "", false
}

// id takes an id.
func (t *table) id(key string) string {
	s, _ := t.text(key, 100)
	return s
}

// duration takes a span of instants between two bounds; without the key it is
// otherwise.
func (t *table) duration(key string, least, most, otherwise time.Duration) time.Duration {
	s, ok := t.text(key, 60)
	if !ok {
		return otherwise
	}
	d, err := parseDuration(s)
	switch {
	case err != nil:
		t.bad(key, "%v", err)
	case d < least || d > most:
		t.bad(key, "%s is not between %s and %s", d, least, most)
	default:
		return d
	}
	return otherwise
}

// tables takes an array of tables; each is named by its place: "terms 3".
func (t *table) tables(key string, most int) []*table {
	v, ok := t.take(key)
	if !ok {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		t.bad(key, "want tables under [[%s]], not %s", key, kind(v))
		return nil
	}
	if len(list) > most {
		t.bad(key, "has %d tables, at most %d are read", len(list), most)
		return nil
	}
	all := make([]*table, 0, len(list))
	for i, v := range list {
		m, ok := v.(map[string]any)
		if !ok {
			t.bad(key, "want tables under [[%s]], not %s", key, kind(v))
			continue
		}
		row := fmt.Sprintf("%s %d", key, i+1)
		if t.row != "" {
			row = t.row + ", " + row
		}
		all = append(all, t.doc.table(nth(join(t.path, key), i+1), row, m))
	}
	return all
}

// table takes one table; nil: it is not there, or wrong and noted.
func (t *table) table(key string) *table {
	v, ok := t.take(key)
	if !ok {
		return nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		t.bad(key, "want a table, not %s", kind(v))
		return nil
	}
	row := key
	if t.row != "" {
		row = t.row + ", " + key
	}
	return t.doc.table(join(t.path, key), row, m)
}

// kind names what stands where something else should.
func kind(v any) string {
	switch v.(type) {
	case string:
		return "text"
	case int64:
		return "a number"
	case float64:
		return "a number with a point"
	case bool:
		return "true or false"
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	case toml.LocalDate:
		return "a date"
	}
	return "a date or time"
}
