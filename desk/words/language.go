package words

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

// tables are the languages: the file's name is the language's tag.
//
//go:embed *.toml
var tables embed.FS

// english is read once: it does not change.
var english = sync.OnceValue(func() *Book {
	b, err := read("en")
	if err != nil {
		panic(err) // the table is part of the program, and a test reads it
	}
	return b
})

// English gives the English texts.
func English() *Book { return english() }

// ForLanguage gives the texts of a language by its BCP 47 tag ("en-GB"), or
// else of the language without its region. False: there are none.
func ForLanguage(tag string) (*Book, bool) {
	tag = strings.ToLower(strings.ReplaceAll(tag, "_", "-"))
	for tag != "" {
		if tag == "en" {
			return English(), true
		}
		if b, err := read(tag); err == nil {
			return b, true
		}
		i := strings.LastIndexByte(tag, '-')
		tag = tag[:max(i, 0)]
	}
	return nil, false
}

// read reads a language's table.
func read(tag string) (*Book, error) {
	if strings.Trim(tag, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return nil, fmt.Errorf("read texts: %q is no language's tag", tag)
	}
	source, err := tables.ReadFile(tag + ".toml")
	if err != nil {
		return nil, fmt.Errorf("read texts of language %s: %w", tag, err)
	}
	rows, err := parseTable(source)
	if err != nil {
		return nil, fmt.Errorf("read texts of language %s: %w", tag, err)
	}
	return &Book{tag: tag, rows: rows, plural: manyOf(tag)}, nil
}

// parseTable reads a table: sections of rows.
func parseTable(source []byte) (map[Key]row, error) {
	var sections map[string]map[string]any
	if err := toml.Unmarshal(source, &sections); err != nil {
		return nil, err
	}
	rows := make(map[Key]row, 512)
	for section, texts := range sections {
		for name, v := range texts {
			key := Key(section + "." + name)
			r, err := parseRow(v)
			if err != nil {
				return nil, fmt.Errorf("row %s: %w", key, err)
			}
			rows[key] = r
		}
	}
	return rows, nil
}

// parseRow reads one text, or the two of a row that counts.
func parseRow(v any) (r row, err error) {
	if s, ok := v.(string); ok {
		r.other, err = parseTemplate(s)
		return r, err
	}
	forms, _ := v.(map[string]any)
	one, hasOne := forms["one"].(string)
	other, hasOther := forms["other"].(string)
	if len(forms) != 2 || !hasOne || !hasOther {
		return row{}, fmt.Errorf("want a text, or { one = …, other = … }")
	}
	if r.one, err = parseTemplate(one); err != nil {
		return row{}, err
	}
	r.other, err = parseTemplate(other)
	return r, err
}

// manyOf gives the language's rule for "other" (CLDR, plural rules, cardinals):
// in English everything but 1. A language that needs more than two forms needs
// more here.
func manyOf(string) func(n int) bool { return func(n int) bool { return n != 1 } }
