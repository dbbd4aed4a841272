package evergreenrules

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"circdesk/desk/text"
)

// Bounds of what is read.
const (
	mostBytes = 8 << 20 // of a file
	mostLines = 100_000 // of a file
	mostField = 100     // bytes, of a field that is read
	shown     = 40      // runes of a field that is told about
)

// A File is a table as it was exported.
type File struct {
	Name string // to be told by
	Text io.Reader
}

// Left is what was left out.
type Left struct {
	File   string
	Line   int    // of the text, from 1; 0: the whole file
	Column string // or the table
	Value  string
	Why    string
}

// ErrNoMatrix says that the table all begins with is not among the files.
var ErrNoMatrix = errors.New("none of the files has the columns of config.circ_matrix_matchpoint: id, org_unit, grp, circulate, duration_rule, recurring_fine_rule, max_fine_rule")

// The tables, by their names.
const (
	matrix    = "config.circ_matrix_matchpoint"
	durations = "config.rule_circ_duration"
	fines     = "config.rule_recurring_fine"
	maxFines  = "config.rule_max_fine"
	orgUnits  = "actor.org_unit"
	groups    = "permission.grp_tree"
	locations = "asset.copy_location"
)

// columnsOf says by which columns a table is known.
var columnsOf = []struct {
	table   string
	columns []string
}{
	{matrix, []string{"id", "org_unit", "grp", "circulate", "duration_rule", "recurring_fine_rule", "max_fine_rule"}},
	{durations, []string{"id", "name", "shrt", "normal", "extended", "max_renewals"}},
	{fines, []string{"id", "name", "low", "normal", "high", "recurrence_interval"}},
	{maxFines, []string{"id", "name", "amount"}},
	{orgUnits, []string{"id", "parent_ou", "shortname"}},
	{groups, []string{"id", "name", "parent", "perm_interval"}},
	{locations, []string{"id", "name", "owning_lib", "holdable"}},
}

// row is a line of a table.
type row struct {
	file   string
	line   int
	fields map[string]string // by column; one that is not there is empty, as NULL is
}

func (r *row) left(column, why string) Left {
	return Left{r.file, r.line, column, text.Clean(r.fields[column], shown), why}
}

// tables are the rows of each.
type tables map[string][]*row

func (t tables) byID(table string) map[string]*row {
	all := map[string]*row{}
	for _, r := range t[table] {
		all[r.fields["id"]] = r
	}
	return all
}

// read reads the files. One that is none of the tables is left out, as are lines
// that cannot be read.
func read(files []File) (all tables, left []Left, err error) {
	all = tables{}
	for _, f := range files {
		table, rows, l, err := readFile(f)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		left = append(left, l...)
		if table == "" {
			left = append(left, Left{File: f.Name, Why: "is none of the tables that are read"})
			continue
		}
		if _, twice := all[table]; twice {
			return nil, nil, fmt.Errorf("%s: a second file with the columns of %s", f.Name, table)
		}
		all[table] = rows
	}
	if _, ok := all[matrix]; !ok {
		return nil, nil, ErrNoMatrix
	}
	return all, left, nil
}

func readFile(f File) (table string, rows []*row, left []Left, err error) {
	text := &io.LimitedReader{R: f.Text, N: mostBytes + 1}
	c := csv.NewReader(text)
	c.FieldsPerRecord, c.LazyQuotes, c.ReuseRecord = -1, true, true
	heading, err := c.Read()
	if errors.Is(err, io.EOF) {
		return "", nil, nil, nil
	}
	if err != nil {
		return "", nil, nil, fmt.Errorf("read the heading: %w", err)
	}
	columns := make([]string, len(heading))
	for i, h := range heading {
		columns[i] = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))
	}
	if table = tableOf(columns); table == "" {
		return "", nil, nil, nil
	}
	rows = []*row{}
	for {
		fields, err := c.Read()
		if errors.Is(err, io.EOF) {
			return table, rows, left, nil
		}
		if err != nil {
			return "", nil, nil, fmt.Errorf("read the table: %w", err)
		}
		line, _ := c.FieldPos(0)
		if len(rows)+len(left) >= mostLines || text.N <= 0 {
			return "", nil, nil, fmt.Errorf("read the table: line %d: more than %d lines or %d bytes", line, mostLines, mostBytes)
		}
		r := &row{f.Name, line, map[string]string{}}
		bad := ""
		for i, name := range columns {
			if i >= len(fields) || prose[name] {
				continue
			}
			v := strings.TrimSpace(fields[i])
			if v == `\N` || v == "NULL" {
				v = ""
			}
			if bad == "" && wrong(v) != "" {
				bad = name
			}
			r.fields[name] = strings.Clone(v)
		}
		if bad != "" {
			left = append(left, r.left(bad, wrong(r.fields[bad])))
			continue
		}
		rows = append(rows, r)
	}
}

// prose is what people wrote for people; nothing of it is read.
var prose = map[string]bool{"description": true, "opac_description": true}

func tableOf(columns []string) string {
	for _, known := range columnsOf {
		if !slices.ContainsFunc(known.columns, func(c string) bool { return !slices.Contains(columns, c) }) {
			return known.table
		}
	}
	return ""
}

// wrong says why a field cannot be read; "": it can.
func wrong(f string) string {
	switch {
	case len(f) > mostField:
		return "is too long"
	case !text.Prints(f):
		return "is no text"
	}
	return ""
}
