package sample

import (
	"fmt"
	"slices"
	"strings"
)

// A table is one of the files of the sample: lines of fields with a tab between
// two. The first line names the columns. Empty lines, and those that begin with
// #, are for readers of the file.
type table struct {
	name    string
	columns []string
	rows    []row
}

// A row is one line of a table, with a field for each of its columns.
type row struct {
	table  string
	line   int // counted from 1
	fields []string
}

// readTable reads the text of a table that must have just these columns.
func readTable(name, text string, columns ...string) (table, error) {
	t := table{name: name}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if line == "" || line[0] == '#' {
			continue
		}
		r := row{name, n, strings.Split(line, "\t")}
		switch {
		case t.columns == nil:
			if !slices.Equal(r.fields, columns) {
				return table{}, r.wrong("the columns are %q, want %q", r.fields, columns)
			}
			t.columns = columns
		case len(r.fields) != len(columns):
			return table{}, r.wrong("%d fields, want %d", len(r.fields), len(columns))
		default:
			t.rows = append(t.rows, r)
		}
	}
	if len(t.rows) == 0 {
		return table{}, fmt.Errorf("%s: no rows", name)
	}
	return t, nil
}

// wrong says what is wrong with a row.
func (r row) wrong(format string, args ...any) error {
	return fmt.Errorf("%s, line %d: "+format, append([]any{r.table, r.line}, args...)...)
}
