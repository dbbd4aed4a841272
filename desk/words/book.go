package words

import (
	"slices"
	"strconv"
	"strings"

	"circdesk/desk/text"
)

// Key names a text. It is the path of a row in the table: section and name.
type Key string

// Book is what people read, in one language. It never changes and may be used
// from several goroutines. The zero Book has no texts: use [English], [Pseudo]
// or [ForLanguage].
type Book struct {
	tag    string
	rows   map[Key]row
	plural func(n int) bool // whether n things are "other", not "one"
}

// Language gives the BCP 47 tag of the book's language; "x-pseudo" for [Pseudo].
func (b *Book) Language() string { return b.tag }

// Text gives a text, with the values put in. args are pairs, a name and its
// value; a name that the text does not have is not used, and a name of the text
// that is not among them counts as empty. A row that counts is in the plural; a
// key without a row gives the key.
func (b *Book) Text(key Key, args ...string) string {
	if r, ok := b.rows[key]; ok {
		return r.other.fill(pairs(args))
	}
	return string(key)
}

// N gives a text that counts: the row for one or for several things. {n} is the
// number. A row that does not count is given as [Book.Text] does.
func (b *Book) N(key Key, n int, args ...string) string { return b.count(key, n, pairs(args)) }

func (b *Book) count(key Key, n int, v values) string {
	r, ok := b.rows[key]
	if !ok {
		return string(key)
	}
	t := r.other
	if r.one != nil && b.plural != nil && !b.plural(n) {
		t = r.one
	}
	return t.fill(func(name string) string {
		if name == "n" {
			return strconv.Itoa(n)
		}
		return v(name)
	})
}

// Lines gives a text of several lines. A value never makes a line.
func (b *Book) Lines(key Key, args ...string) []string {
	return strings.Split(b.Text(key, args...), "\n")
}

// Has reports whether the book has a row for the key.
func (b *Book) Has(key Key) bool {
	_, ok := b.rows[key]
	return ok
}

// List joins texts as they are said one after the other: "4 out, 1 overdue".
// Empty ones are left out.
func (b *Book) List(texts ...string) string { return join(texts, ", ") }

// Reasons joins texts that may have commas of their own: "owes 13.20, limit
// 10.00; not for loan". Empty ones are left out.
func (b *Book) Reasons(texts ...string) string { return join(texts, "; ") }

func join(texts []string, between string) string {
	kept := slices.DeleteFunc(slices.Clone(texts), func(s string) bool { return s == "" })
	return strings.Join(kept, between)
}

// coded says the text of a code in a section; a code that has none is shown as
// it is, so that what a later version says is not hidden.
func (b *Book) coded(section, code string) string {
	if r, ok := b.rows[Key(section+"."+code)]; ok {
		return r.other.fill(pairs(nil))
	}
	return value(code)
}

// longest is how many characters of a value are shown at most.
const longest = 1000

// value makes a value that people can be shown.
func value(s string) string { return text.Clean(s, longest) }
