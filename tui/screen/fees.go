package screen

import (
	"slices"
	"strings"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// The actions of the screen.
const (
	ActionWaive     = "fees.waive"
	ActionDispute   = "fees.dispute"
	ActionRestore   = "fees.restore"
	ActionCharge    = "fees.charge"
	ActionRefund    = "fees.refund"
	ActionUseCredit = "fees.use_credit"
	ActionStory     = "fees.story"
)

// Fees is what the open patron owes, and where money is taken.
type Fees struct {
	Plain
	table   kit.Table
	of      circ.PatronID
	settled []desk.Fee
	story   *desk.Outcome // that a dialog waits for
	till    *desk.Outcome // the same, of the drawer: no patron is in it
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
	rows := make([]kit.Row, 0, len(p.Fees)+len(p.Settled))
	for _, fee := range p.Fees {
		kind := kit.Cell{Text: env.Words.Fee(fee.Type)}
		if !fee.Disputed.At.IsZero() {
			kind = kit.Cell{Text: env.Words.Text(words.FeesDisputed), Role: kit.Ask}
		}
		rows = append(rows, kit.Row{Key: string(fee.ID), Cells: []kit.Cell{
			{Text: env.Date(fee.At)}, kind, {Text: firstOf(fee.Title, fee.Text)},
			{Text: env.Words.Money(fee.Amount)}, {Text: env.Words.Money(fee.Left)},
		}})
	}
	f.settled = p.Settled
	for _, fee := range p.Settled {
		quiet := func(text string) kit.Cell { return kit.Cell{Text: text, Role: kit.Quiet} }
		rows = append(rows, kit.Row{Key: string(fee.ID), Cells: []kit.Cell{
			quiet(env.Date(fee.At)), quiet(env.Words.Fee(fee.Type)), quiet(firstOf(fee.Title, fee.Text)),
			quiet(env.Words.Money(fee.Amount)), quiet(env.Words.Text(words.StorySettled)),
		}})
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

// fee is the chosen fee, or the only one; false: none is.
func (f *Fees) fee(p *desk.Patron) (desk.Fee, bool) {
	id := f.Chosen()
	for _, one := range p.Fees {
		if one.ID == id || id == "" && len(p.Fees) == 1 {
			return one, true
		}
	}
	return desk.Fee{}, false
}

// chosenSettled is the chosen fee where it is settled; false: it is not.
func (f *Fees) chosenSettled() (desk.Fee, bool) {
	i := slices.IndexFunc(f.settled, func(one desk.Fee) bool { return string(one.ID) == f.table.Chosen() })
	if i < 0 {
		return desk.Fee{}, false
	}
	return f.settled[i], true
}

// Off says why an action cannot be done.
func (f *Fees) Off(env *Env, action string) string {
	if ofDrawer(action) {
		return drawerOff(env, action)
	}
	if why := env.NoPatron(); why != "" {
		return why
	}
	p := env.Patron()
	switch action {
	case ActionCharge:
		return ""
	case ActionRefund, ActionUseCredit:
		if p.Credit() == 0 {
			return env.Words.Text(words.FeesNoCredit)
		}
		return ""
	}
	fee, ok := f.fee(p)
	if _, settled := f.chosenSettled(); settled {
		if action == ActionStory {
			return ""
		}
		return env.Words.Text(words.StorySettled)
	}
	disputed := !fee.Disputed.At.IsZero()
	switch {
	case !ok:
		return env.Words.Text(words.ScreensChooseLine)
	case action == ActionFeeNotice && fee.Loan == "":
		return env.Words.Text(words.OutcomeNoLoanOfFee)
	case action == ActionDispute && disputed:
		return env.Words.Reason(circ.Remark{Reason: circ.DisputedNow, When: fee.Disputed.At}, env.Names())
	case action == ActionRestore && !disputed:
		return env.Words.Reason(circ.Remark{Reason: circ.NotDisputed}, env.Names())
	}
	return ""
}

// Do does an action with the open patron's fees, or with the drawer.
func (f *Fees) Do(env *Env, action string) Wish {
	switch action {
	case ActionDrawer:
		f.till = &desk.Outcome{}
		return Wish{Send: []desk.Input{desk.ShowDrawer{}}, Open: readStory(env, words.DrawerTitle, f.till).Public()}
	case ActionOpenDrawer:
		return Wish{Open: openDrawerForm(env)}
	case ActionCloseDrawer:
		return Wish{Open: closeDrawerForm(env)}
	}
	p := env.Patron()
	if p == nil {
		return Wish{}
	}
	fee, chosen := f.fee(p)
	switch action {
	case ActionCharge:
		return Wish{Open: chargeForm(env, p)}
	case ActionRefund:
		return Wish{Open: refundForm(env, p)}
	case ActionUseCredit:
		return send(desk.Pay{Fee: f.Chosen(), Method: circ.ByCredit})
	}
	if settled, ok := f.chosenSettled(); ok && action == ActionStory {
		fee, chosen = settled, true
	}
	if !chosen {
		return Wish{}
	}
	switch action {
	case ActionWaive:
		return Wish{Open: waiveForm(env, p, fee)}
	case ActionDispute:
		return Wish{Open: disputeForm(env, p, fee)}
	case ActionRestore:
		return send(desk.Restore{Fee: fee.ID})
	case ActionFeeNotice:
		return Wish{Open: noticeForm(env, env.Words.Text(words.NoticeFormTitle, "title", firstOf(fee.Title, p.Name)), feeNote(env, fee), desk.Call{Fee: fee.ID})}
	case ActionStory:
		return Wish{Send: []desk.Input{desk.FeeStory{Fee: fee.ID}}, Open: f.openStory(env)}
	}
	return Wish{}
}

// Pick tells the story of the chosen fee.
func (f *Fees) Pick(env *Env) Wish { return f.Do(env, ActionStory) }

// openStory opens a dialog for a story that is still to come.
func (f *Fees) openStory(env *Env) Dialog {
	f.story = &desk.Outcome{}
	return readStory(env, words.FeesStoryTitle, f.story)
}

// readStory shows a story that is still to come.
func readStory(env *Env, title words.Key, told *desk.Outcome) *Read {
	return NewRead(env.Words.Text(title), func(env *Env, width int) []string {
		lines := []string{"   " + env.Look.Paint(kit.Loud, env.Look.Cut(Clean(told.Text), width-3))}
		if told.Text == "" {
			lines = []string{"   " + env.Look.Paint(kit.Pending, env.Words.Text(words.BarLoading))}
		}
		for _, s := range told.Tell {
			lines = append(lines, storyLines(env, width, s.Words)...)
		}
		return lines
	})
}

// IfBack says what it would cost if all came back now, and that it is an estimate where
// another system charges; empty: nothing.
func IfBack(env *Env, p *desk.Patron) string {
	key := words.FeesIfBack
	switch {
	case p.IfBack.Minor <= 0:
		return ""
	case p.Estimate:
		key = words.FeesIfBackEstimate
	}
	return env.Words.Text(key, "amount", env.Words.Money(p.IfBack))
}

// ByNow says what it costs by now that a loan of the patron is late; empty: nothing.
func ByNow(env *Env, p *desk.Patron, l desk.Loan) string {
	key := words.PatronByNow
	switch {
	case l.IfBack.Minor <= 0:
		return ""
	case p.Estimate:
		key = words.PatronByNowEstimate
	}
	return env.Words.Text(key, "amount", env.Words.Money(l.IfBack))
}

// storyLines is a line of a story; one that is too long goes on below, further in.
func storyLines(env *Env, width int, s string) (lines []string) {
	const margin = "   "
	if env.Look.Len(s) <= width-len(margin) {
		return []string{margin + env.Look.Cut(s, width-len(margin))}
	}
	in := margin + s[:len(s)-len(strings.TrimLeft(s, " "))]
	for _, part := range kit.Wrap(env.Look, s, width-len(in)-2) {
		lines = append(lines, in+part)
		if len(lines) == 1 {
			in += "  "
		}
	}
	return lines
}

// Hear takes a story that was asked for.
func (f *Fees) Hear(_ *Env, o desk.Outcome) []desk.Input {
	if !o.Final || o.Word != desk.WordList && o.Word != desk.WordStop {
		return nil
	}
	switch {
	case f.till != nil && (o.Drawer != nil || o.Word == desk.WordStop):
		*f.till = o
		f.till = nil
	case f.story != nil:
		*f.story = o
		f.story = nil
	}
	return nil
}

// Chosen is the chosen fee of which something is left; empty when none is.
func (f *Fees) Chosen() circ.FeeID {
	if _, settled := f.chosenSettled(); settled {
		return ""
	}
	return circ.FeeID(f.table.Chosen())
}

// Forget forgets the patron.
func (f *Fees) Forget() { *f = Fees{till: f.till} }

// View draws the fees under the total.
func (f *Fees) View(env *Env, width, h int) []string {
	w := env.Words
	p := env.Patron()
	if p == nil {
		return titled(env, width, h, words.FeesTitle, words.FeesNoPatron, drawn(env, width)...)
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
	if p.Disputed.Minor > 0 {
		total = w.List(total, w.Text(words.FeesDisputedSum, "amount", w.Money(p.Disputed)))
	}
	total = w.List(total, IfBack(env, p))
	top := []string{titleLine(env, width, w.Text(words.FeesOf, "name", p.Name), total)}
	top = append(top, drawn(env, width)...)
	if len(p.Fees)+len(p.Settled) == 0 {
		return append(top, make([]string, max(h-len(top), 0))...)
	}
	if len(p.Fees) > 0 {
		top = append(top, quiet(env, width, w.Text(words.FeesHint)))
	}
	top = append(top, "")
	f.table.Titles = true
	f.table.Columns = []kit.Column{
		{Title: w.Text(words.ColumnWhen), Width: 15}, {Title: w.Text(words.ColumnKind), Width: 12}, {Title: w.Text(words.ColumnWhat), Least: 20},
		{Title: w.Text(words.ColumnAmount), Width: 9, Right: true, Drop: 1}, {Title: w.Text(words.ColumnLeft), Width: 9, Right: true},
	}
	return append(top, f.table.View(env.Look, width, max(h-len(top), 0))...)
}
