package koharules

import (
	"cmp"
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
	mostBytes = 8 << 20
	mostRules = 100_000
	mostField = 100 // bytes; no code of Koha's is longer than 80
	shown     = 40  // runes of a field that is told about
)

// ErrHeading says that the first line does not name the columns.
var ErrHeading = errors.New("the first line does not name the columns branchcode, categorycode, itemtype, rule_name, rule_value")

// Left is a rule that was left out.
type Left struct {
	Line        int // of the text, from 1
	Rule, Value string
	Why         string
}

// scope says for whom rules hold; empty is any.
type scope struct{ branch, category, item string }

// row is all that Koha says of one scope.
type row struct {
	scope
	rules map[string]said // by the rule's name
}

// said is the value of a rule, and where it stands.
type said struct {
	line  int
	value string
}

// read reads the table: the rows in Koha's order of precedence, the least specific
// first. Of rules that are there twice the later counts, as in a table with a key.
func read(r io.Reader) (rows []*row, left []Left, err error) {
	bounded := &io.LimitedReader{R: r, N: mostBytes + 1}
	c := csv.NewReader(bounded)
	c.FieldsPerRecord, c.LazyQuotes, c.ReuseRecord = -1, true, true
	heading, err := c.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("read the heading: %w", cmp.Or(noEOF(err), ErrHeading))
	}
	at, err := columns(heading)
	if err != nil {
		return nil, nil, err
	}
	byScope := map[scope]*row{}
	for n := 0; ; n++ {
		fields, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read the table: %w", err)
		}
		line, _ := c.FieldPos(0)
		if n >= mostRules || bounded.N <= 0 {
			return nil, nil, fmt.Errorf("read the table: line %d: more than %d rules or %d bytes", line, mostRules, mostBytes)
		}
		var f [columnCount]string
		for i, column := range at {
			if column < len(fields) {
				f[i] = orAny(fields[column])
			}
		}
		name, value := f[ruleName], f[ruleValue]
		if why := wrong(f[:]); why != "" {
			left = append(left, Left{line, text.Clean(name, shown), text.Clean(value, shown), why})
			continue
		}
		if name == "" {
			left = append(left, Left{line, name, value, "names no rule"})
			continue
		}
		s := scope{f[branchCode], f[categoryCode], f[itemType]}
		if byScope[s] == nil {
			byScope[s] = &row{scope: s, rules: map[string]said{}}
			rows = append(rows, byScope[s])
		}
		byScope[s].rules[name] = said{line, value}
	}
	slices.SortStableFunc(rows, func(a, b *row) int {
		return cmp.Or(cmp.Compare(a.branch, b.branch), cmp.Compare(a.category, b.category), cmp.Compare(a.item, b.item))
	})
	return rows, left, nil
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// The columns.
const (
	branchCode = iota
	categoryCode
	itemType
	ruleName
	ruleValue
	columnCount
)

// columns finds them in the heading, in whatever order.
func columns(heading []string) (at [columnCount]int, err error) {
	for i, name := range [columnCount]string{"branchcode", "categorycode", "itemtype", "rule_name", "rule_value"} {
		at[i] = slices.IndexFunc(heading, func(h string) bool {
			return strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")), name)
		})
		if at[i] < 0 {
			return at, fmt.Errorf("no column %s: %w", name, ErrHeading)
		}
	}
	return at, nil
}

// orAny gives a field; what stands for any is empty.
func orAny(field string) string {
	field = strings.TrimSpace(field)
	if field == "*" || field == `\N` || strings.EqualFold(field, "NULL") {
		return ""
	}
	return strings.Clone(field)
}

// wrong says why a line cannot be read; "": it can.
func wrong(fields []string) string {
	for _, f := range fields {
		switch {
		case len(f) > mostField:
			return "has a field that is too long"
		case !text.Prints(f):
			return "has a field that is no text"
		}
	}
	return ""
}
