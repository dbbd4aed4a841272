package kit

import (
	"cmp"
	"strings"

	"circdesk/desk/text"
)

// cellMost is how many runes of a cell are looked at; no screen is wider.
const cellMost = 512

// Column is a column of a table. Width fixes it; otherwise it has at least Least columns and a share of what is
// left, by its Share (0 counts as 1).
type Column struct {
	Title string
	Width int
	Least int
	Share int
	Right bool // amounts and numbers stand at the right
	Drop  int  // the highest goes first when the table is too narrow; 0 stays
}

// Cell is one field of a row. Its text may come from anywhere: it is cleaned before it is shown.
type Cell struct {
	Text string
	Role Role
}

// Row is a row with a key that says which thing it is, not where it stands.
type Row struct {
	Key   string // not empty, one row each
	Cells []Cell // by column; missing ones are empty
	Long  bool   // the last cell takes the room of the columns after it
}

// Table shows rows and keeps the choice on its row whatever rows come and go around it. Only the rows in sight are
// drawn. The zero Table has no columns.
type Table struct {
	Columns []Column
	Titles  bool // a line of titles stands above
	Upward  bool // the last row stands at the foot, as when a list grows up from the scan line

	rows   []Row
	at     map[string]int // where each key stands
	chosen string         // empty: none; an Upward table then shows its end
	top    int
}

// SetRows puts all rows anew. When the chosen row is gone, the one that now stands in its place is chosen. A second
// row with the same key, and a row without one, is left out.
func (t *Table) SetRows(rows []Row) {
	place, had := t.at[t.chosen]
	t.rows, t.at = make([]Row, 0, len(rows)), make(map[string]int, len(rows))
	for _, r := range rows {
		if _, twice := t.at[r.Key]; r.Key == "" || twice {
			continue
		}
		t.at[r.Key] = len(t.rows)
		t.rows = append(t.rows, r)
	}
	t.settle(place, had)
}

// Put adds a row at the end, or changes the row with its key where it stands. A row without a key is left out.
func (t *Table) Put(r Row) {
	if r.Key == "" {
		return
	}
	if i, ok := t.at[r.Key]; ok {
		t.rows[i] = r
		return
	}
	if t.at == nil {
		t.at = map[string]int{}
	}
	t.at[r.Key] = len(t.rows)
	t.rows = append(t.rows, r)
}

// settle chooses the row in place when the chosen one has gone.
func (t *Table) settle(place int, had bool) {
	if _, still := t.at[t.chosen]; still || !had {
		return
	}
	t.chosen = ""
	if len(t.rows) > 0 {
		t.chosen = t.rows[min(place, len(t.rows)-1)].Key
	}
}

// Len is the number of rows.
func (t *Table) Len() int { return len(t.rows) }

// Chosen is the key of the chosen row; empty when there is none.
func (t *Table) Chosen() string { return t.chosen }

// Choose chooses the row with the key; the empty key, or one that is not there, chooses none.
func (t *Table) Choose(key string) {
	if _, ok := t.at[key]; !ok {
		key = ""
	}
	t.chosen = key
}

// Input moves the choice: up, down, pgup, pgdown, home, end, with page rows in sight. It tells whether it used the
// key. Without a choice, up and pgup start from the end and the others from the beginning.
func (t *Table) Input(key string, page int) bool {
	last := len(t.rows) - 1
	i, ok := t.at[t.chosen]
	step := map[string]int{"up": -1, "down": 1, "pgup": -max(page-1, 1), "pgdown": max(page-1, 1), "home": -last - 1, "end": last + 1}[key]
	switch {
	case step == 0:
		return false
	case last < 0:
		return true
	case ok:
		i += step
	case key == "up" || key == "pgup" || key == "end":
		i = last
	default:
		i = 0
	}
	t.Choose(t.rows[max(min(i, last), 0)].Key)
	return true
}

// View gives h lines, each at most width columns wide: the titles, if asked for, then the rows in sight. The first
// three columns hold the mark of the chosen row, so that it is seen without colours too.
func (t *Table) View(look Look, width, h int) []string {
	out := make([]string, max(h, 0))
	if h <= 0 {
		return out
	}
	widths := columnWidths(t.Columns, width-markWidth)
	first := 0
	if t.Titles {
		out[0] = look.Paint(Quiet, strings.TrimRight(t.titles(look, widths), " "))
		first = 1
	}
	room := h - first
	if room <= 0 {
		return out
	}
	t.scroll(room)
	blank := 0
	if t.Upward {
		blank = max(room-len(t.rows), 0)
	}
	for i := t.top; i < min(t.top+room, len(t.rows)); i++ {
		out[first+blank+i-t.top] = t.row(look, widths, width, t.rows[i])
	}
	return out
}

// scroll brings the chosen row into sight; without one the table shows its beginning, or its end when it grows
// upward.
func (t *Table) scroll(room int) {
	i, ok := t.at[t.chosen]
	switch {
	case ok:
		t.top = max(min(t.top, i), i-room+1)
	case t.Upward:
		t.top = len(t.rows) - room
	default:
		t.top = 0
	}
	t.top = max(min(t.top, len(t.rows)-room), 0)
}

const (
	markWidth = 1
	columnGap = 2
)

func (t *Table) titles(look Look, widths []int) string {
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", markWidth))
	for i, c := range t.Columns {
		t.cell(&b, look, widths, i, typed(c.Title), Plain)
	}
	return b.String()
}

func (t *Table) row(look Look, widths []int, width int, r Row) string {
	chosen := r.Key == t.chosen
	var b strings.Builder
	b.WriteString(map[bool]string{true: ">", false: " "}[chosen])
	for i := range t.Columns {
		if last := len(r.Cells) - 1; r.Long && i == last && i > 0 {
			role := r.Cells[i].Role
			if chosen {
				role = Plain
			}
			gap := strings.Repeat(" ", columnGap)
			b.WriteString(gap + look.Paint(role, look.Cut(text.Clean(r.Cells[i].Text, cellMost), width-look.Len(b.String())-columnGap)))
			break
		}
		if i >= len(r.Cells) {
			t.cell(&b, look, widths, i, "", Plain)
			continue
		}
		role := r.Cells[i].Role
		if chosen {
			role = Plain
		}
		t.cell(&b, look, widths, i, text.Clean(r.Cells[i].Text, cellMost), role)
	}
	if chosen {
		return look.Paint(Selected, look.Fit(b.String(), width))
	}
	return strings.TrimRight(b.String(), " ")
}

// cell writes one cell and the gap before it. A column of width 0 is not shown.
func (t *Table) cell(b *strings.Builder, look Look, widths []int, i int, s string, role Role) {
	w := widths[i]
	if w == 0 {
		return
	}
	if b.Len() > markWidth {
		b.WriteString(strings.Repeat(" ", columnGap))
	}
	fit := look.Fit(s, w)
	if t.Columns[i].Right {
		fit = look.FitRight(s, w)
	}
	words := strings.TrimRight(fit, " ")
	b.WriteString(look.Paint(role, words))
	b.WriteString(fit[len(words):])
}

// columnWidths shares width columns among the table's columns; a dropped one has 0. What cannot be dropped is
// narrowed from the last on.
func columnWidths(columns []Column, width int) []int {
	shown := make([]bool, len(columns))
	for i := range shown {
		shown[i] = true
	}
	for leastWidth(columns, shown) > width {
		drop := -1
		for i, c := range columns {
			if shown[i] && c.Drop > 0 && (drop < 0 || c.Drop > columns[drop].Drop) {
				drop = i
			}
		}
		if drop < 0 {
			break
		}
		shown[drop] = false
	}
	return share(columns, shown, width)
}

func leastWidth(columns []Column, shown []bool) int {
	sum, n := 0, 0
	for i, c := range columns {
		if shown[i] {
			sum += least(c)
			n++
		}
	}
	return sum + columnGap*max(n-1, 0)
}

func least(c Column) int { return cmp.Or(c.Width, max(c.Least, 1)) }

func share(columns []Column, shown []bool, width int) []int {
	widths := make([]int, len(columns))
	left, shares := width-leastWidth(columns, shown), 0
	for i, c := range columns {
		if shown[i] {
			widths[i] = least(c)
			if c.Width == 0 {
				shares += max(c.Share, 1)
			}
		}
	}
	for i, c := range columns {
		if shown[i] && c.Width == 0 && left > 0 {
			more := left * max(c.Share, 1) / shares
			widths[i] += more
			left -= more
			shares -= max(c.Share, 1)
		}
	}
	for i := len(widths) - 1; i >= 0 && left < 0; i-- {
		take := min(widths[i], -left)
		widths[i] -= take
		left += take
		if widths[i] == 0 && take > 0 {
			left += columnGap
		}
	}
	return widths
}
