package screen

import (
	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// Fees is what the open patron owes, and where money is taken.
type Fees struct {
	Plain
	table kit.Table
	of    circ.PatronID
}

// NewFees makes the screen, empty.
func NewFees() *Fees { return &Fees{} }

// Place: a card opens its patron, an item is looked up.
func (*Fees) Place() desk.Place { return desk.AtPatron }

// Line scans, or finds a patron.
func (*Fees) Line(env *Env, line string) desk.Input { return scanOrFind(env, line) }

// See lists what the open patron owes.
func (f *Fees) See(env *Env) []desk.Input {
	p := env.Patron()
	if p == nil {
		if env.State.Visit == nil {
			f.Forget()
		}
		return nil
	}
	if f.of != p.ID {
		f.table, f.of = kit.Table{}, p.ID
	}
	rows := make([]kit.Row, len(p.Fees))
	for i, fee := range p.Fees {
		rows[i] = kit.Row{Key: string(fee.ID), Cells: []kit.Cell{
			{Text: env.Date(fee.At)}, {Text: env.Words.Fee(fee.Type)}, {Text: firstOf(fee.Title, fee.Text)},
			{Text: env.Words.Money(fee.Amount)}, {Text: env.Words.Money(fee.Left)},
		}}
	}
	f.table.SetRows(rows)
	return nil
}

// Move moves the choice.
func (f *Fees) Move(key string, page int) bool {
	if key == "esc" && f.table.Chosen() != "" {
		f.table.Choose("")
		return true
	}
	return f.table.Input(key, page)
}

// Chosen is the chosen fee; empty when none is.
func (f *Fees) Chosen() circ.FeeID { return circ.FeeID(f.table.Chosen()) }

// Forget forgets the patron.
func (f *Fees) Forget() { *f = Fees{} }

// View draws the fees under the total.
func (f *Fees) View(env *Env, width, h int) []string {
	w := env.Words
	p := env.Patron()
	if p == nil {
		return titled(env, width, h, words.FeesTitle, words.FeesNoPatron)
	}
	total := w.Text(words.FeesNone)
	switch p.Owes.Sign() {
	case 1:
		total = w.Text(words.FeesTotal, "amount", w.Money(p.Owes))
	case -1:
		if credit, err := p.Owes.Neg(); err == nil {
			total = w.Text(words.FeesCredit, "amount", w.Money(credit))
		}
	}
	top := []string{titleLine(env, width, w.Text(words.FeesOf, "name", p.Name), total)}
	if len(p.Fees) == 0 {
		return append(top, make([]string, max(h-1, 0))...)
	}
	top = append(top, quiet(env, width, w.Text(words.FeesHint)), "")
	f.table.Titles = true
	f.table.Columns = []kit.Column{
		{Title: w.Text(words.ColumnWhen), Width: 15}, {Title: w.Text(words.ColumnKind), Width: 12}, {Title: w.Text(words.ColumnWhat), Least: 20},
		{Title: w.Text(words.ColumnAmount), Width: 9, Right: true, Drop: 1}, {Title: w.Text(words.ColumnLeft), Width: 9, Right: true},
	}
	return append(top, f.table.View(env.Look, width, max(h-len(top), 0))...)
}
