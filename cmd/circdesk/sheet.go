package main

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"circdesk/desk/text"
)

// sheet is a table for a spreadsheet: comma-separated, and no cell of it is taken for
// a formula.
type sheet struct{ w *csv.Writer }

func newSheet(out io.Writer) sheet {
	w := csv.NewWriter(out)
	w.UseCRLF = true
	return sheet{w}
}

// put writes a row; end has what went wrong.
func (s sheet) put(row ...string) {
	for i := range row {
		row[i] = cell(row[i])
	}
	_ = s.w.Write(row)
}

func (s sheet) end() error {
	s.w.Flush()
	return s.w.Error()
}

// cell makes a text one that no spreadsheet takes for a formula. Numbers stay.
func cell(s string) string {
	s = text.Clean(s, shown)
	if _, err := strconv.ParseFloat(s, 64); err != nil && strings.ContainsAny(s[:min(len(s), 1)], "=+-@|%") {
		return "'" + s
	}
	return s
}
