package screen

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/label"
	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// The actions of the patron screen.
const (
	ActionRegister    = "patron.register"
	ActionEdit        = "patron.edit"
	ActionRenewAll    = "patron.renew_all"
	ActionRenew       = "patron.renew"
	ActionBlock       = "patron.block"
	ActionUnblock     = "patron.unblock"
	ActionAlert       = "patron.alert"
	ActionEndAlert    = "patron.end_alert"
	ActionRenewCard   = "patron.renew_card"
	ActionReplaceCard = "patron.replace_card"
	ActionLink        = "patron.link"
	ActionMerge       = "patron.merge"
	ActionRequest     = "patron.request"
	ActionCancel      = "patron.cancel_request"
	ActionPay         = "pay"
)

// Patron finds patrons, and shows the one of the open visit with all that
// belongs to them in one list.
type Patron struct {
	Plain
	found   *desk.Outcome // the list of who was found; nil: it is not shown
	sought  string        // the name that was sent while it was typed
	typed   bool          // found is of such a name
	moved   bool          // the choice in it was moved
	results kit.Table
	all     kit.Table
	of      circ.PatronID
}

// NewPatron makes the screen, with nobody on it.
func NewPatron() *Patron { return &Patron{} }

// Place is where patrons are found.
func (*Patron) Place() desk.Place { return desk.AtPatron }

// Line scans what looks like a card or an item, and finds everything else. The chosen one of those who were found while a name was typed is opened, once the choice
// was moved.
func (p *Patron) Line(env *Env, line string) desk.Input {
	if p.found != nil && p.typed && p.moved && text.Clean(line, maxTyped) == p.sought {
		if in := p.chosenFound(); in != nil {
			return in
		}
	}
	p.sought = ""
	return scanOrFind(env, line)
}

// maxTyped is how much of a name is sent while it is typed.
const maxTyped = 200

// Typed looks for a name that is being typed, once it has a letter and is no code.
func (p *Patron) Typed(env *Env, line string) desk.Input {
	line = text.Clean(line, maxTyped)
	if line == p.sought {
		return nil
	}
	if k := env.Kind(line); k == label.Card || k == label.Item || k == label.ISBN || !strings.ContainsFunc(line, unicode.IsLetter) || len(line) < 2 {
		p.sought = ""
		if p.typed {
			p.found, p.typed = nil, false
		}
		return nil
	}
	p.sought = line
	return desk.Seek{Query: line}
}

// Sought tells whether a line is the name that was looked for while it was typed.
func (p *Patron) Sought(line string) bool {
	return p.sought != "" && text.Clean(line, maxTyped) == p.sought
}

func scanOrFind(env *Env, line string) desk.Input {
	if k := env.Kind(line); k == label.Card || k == label.Item || k == label.ISBN {
		return desk.Scan{Text: line}
	}
	return desk.Find{Query: line}
}

// Hear takes what was found.
func (p *Patron) Hear(env *Env, o desk.Outcome) []desk.Input {
	switch {
	case o.Word == desk.WordList && (len(o.Patrons)+len(o.Near) > 0 || o.Sought != ""):
		typed := o.Sought != "" && o.Sought == p.sought
		if p.sought != "" && !typed { // another is under way
			return nil
		}
		p.found, p.typed, p.moved = &o, typed, false
		rows := make([]kit.Row, 0, len(o.Patrons)+len(o.Near))
		for _, f := range o.Patrons {
			rows = append(rows, foundRow(env, f))
		}
		for i, n := range o.Near {
			rows = append(rows, nearRow(env, i, n))
		}
		p.results.SetRows(rows)
		p.results.Choose("")
	case o.Word == desk.WordPatron && o.Final:
		p.found, p.sought = nil, ""
	}
	return nil
}

// nearKey names the row of a near name.
func nearKey(i int) string { return "near " + strconv.Itoa(i) }

func nearRow(env *Env, i int, n desk.Near) kit.Row {
	if n.People == 1 {
		row := foundRow(env, n.Patron)
		row.Key, row.Cells[0].Text = nearKey(i), env.Words.Text(words.PatronFoundNear, "name", n.Patron.Name)
		return row
	}
	return kit.Row{Key: nearKey(i), Cells: []kit.Cell{
		{Text: env.Words.Text(words.PatronFoundNear, "name", n.Name)}, {}, {Text: env.Words.N(words.PatronFoundPeople, n.People), Role: kit.Quiet}, {}, {},
	}}
}

func foundRow(env *Env, f desk.Patron) kit.Row {
	state := kit.Cell{Text: f.Group, Role: kit.Quiet}
	if f.Expired {
		state = kit.Cell{Text: env.Words.Text(words.PatronExpired), Role: kit.Stop}
	}
	return kit.Row{Key: string(f.ID), Cells: []kit.Cell{
		{Text: f.Name}, {Text: f.Born}, {Text: f.Street}, {Text: Tail(f.Card), Role: kit.Quiet}, state,
	}}
}

// See shows the open patron anew.
func (p *Patron) See(env *Env) []desk.Input {
	v := env.Patron()
	switch {
	case env.State.Visit == nil:
		p.all, p.of = kit.Table{}, ""
	case v == nil: // asleep
	default:
		if p.of != v.ID {
			p.all, p.of = kit.Table{}, v.ID
		}
		p.all.SetRows(belongings(env, v))
	}
	return nil
}

// belongings is all that belongs to a patron, one row a thing: blocks, alerts, what
// is on loan, requests, fees and links.
func belongings(env *Env, p *desk.Patron) []kit.Row {
	w := env.Words
	var rows []kit.Row
	var before words.Key
	add := func(key string, kind words.Key, role kit.Role, cells ...string) {
		row := kit.Row{Key: key, Cells: []kit.Cell{{Role: kit.Quiet}}}
		if kind != before { // a kind is named once, at its first row
			row.Cells[0].Text, before = w.Text(kind), kind
		}
		for i, c := range cells {
			cell := kit.Cell{Text: c}
			if i == 1 {
				cell.Role = role
			}
			row.Cells = append(row.Cells, cell)
		}
		rows = append(rows, row)
	}
	due, date := once(env.Due), once(env.Date) // a thousand loans have few days
	for _, b := range p.Blocks {
		add("block "+string(b.ID), words.PatronBlocks, kit.Stop, b.Text, env.When(b.At), string(b.Operator))
	}
	for _, a := range p.Alerts {
		add("alert "+string(a.ID), words.PatronAlerts, kit.Plain, AlertLimits(env, a), env.When(a.At), string(a.Operator))
	}
	for _, l := range p.Loans {
		until, role := w.Text(words.CheckOutDue, "due", due(l.Due)), kit.Plain
		since := l.RecalledSince()
		if !since.IsZero() {
			until, role = w.List(w.Text(words.RecallNow), due(l.Due)), kit.Info
		}
		if l.Overdue {
			late := words.PatronOverdue
			if l.LongOverdue {
				late = words.PatronLongOverdue
			}
			until, role = w.List(w.Text(late), due(l.Due)), kit.Stop
		}
		renewed := ""
		if n := len(l.Renewals); n > 0 {
			renewed = w.N(words.PatronRenewed, n)
		}
		if l.Marked.Missed() {
			until, role = w.Text(words.StoryMarked, "state", w.Mark(string(l.Marked.State)), "at", env.When(l.Marked.At), "operator", string(l.Marked.Operator)), kit.Stop
		}
		if missing := l.Missing(); missing != nil {
			until, role = w.Text(words.PatronMissing, "text", circ.PartsText(missing)), kit.Ask
		}
		renewed = w.List(ByNow(env, p, l), renewed)
		if !since.IsZero() {
			renewed = w.List(w.Text(words.RecallSince, "at", env.When(since), "operator", string(l.Recalled.Operator)), renewed)
		}
		add("loan "+string(l.ID), words.PatronLoans, role, l.Title, until, renewed, l.Barcode)
	}
	for _, r := range p.Requests {
		stage, role := w.Stage(r.Stage), kit.Plain
		if r.Stage == circ.OnShelf {
			stage, role = w.Text(words.PatronReady, "until", env.Due(r.Until)), kit.Held
		}
		add("request "+string(r.ID), words.PatronRequests, role, r.Of, stage, env.LibraryName(r.Pickup), r.Barcode)
	}
	for _, f := range p.Fees {
		add("fee "+string(f.ID), words.PatronFees, kit.Plain, firstOf(f.Title, f.Text, w.Fee(f.Type)), w.Text(words.PatronOwes, "amount", w.Money(f.Left)), date(f.At))
	}
	for _, l := range p.Links {
		add("link "+string(l.ID), words.PatronLinks, kit.Plain, l.Name, w.Link(l.Kind))
	}
	return rows
}

// once gives what says a time, and says each time once.
func once(say func(time.Time) string) func(time.Time) string {
	said := map[time.Time]string{}
	return func(t time.Time) string {
		s, ok := said[t]
		if !ok {
			s = say(t)
			said[t] = s
		}
		return s
	}
}

func firstOf(texts ...string) string {
	for _, s := range texts {
		if strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// Move moves the choice: in what was found while it is shown, and otherwise in
// what belongs to the patron.
func (p *Patron) Move(key string, page int) bool {
	if key == "esc" && p.found != nil {
		p.found = nil
		return true
	}
	if p.found != nil {
		used := p.results.Input(key, page)
		p.moved = p.moved || used
		return used
	}
	return p.all.Input(key, page)
}

// Pick opens the chosen one of those who were found.
func (p *Patron) Pick(*Env) Wish {
	if in := p.chosenFound(); in != nil {
		p.sought = ""
		return send(in)
	}
	return Wish{}
}

// chosenFound opens the chosen one of those who were found, or finds all who have the
// chosen name; nil: nothing is chosen.
func (p *Patron) chosenFound() desk.Input {
	id := p.results.Chosen()
	if p.found == nil || id == "" {
		return nil
	}
	for i, n := range p.found.Near {
		switch {
		case id != nearKey(i):
		case n.People == 1:
			return desk.OpenPatron{ID: n.Patron.ID}
		default:
			return desk.Find{Query: n.Query}
		}
	}
	return desk.OpenPatron{ID: circ.PatronID(id)}
}

// chosen is the id of the chosen thing if it is of the kind.
func (p *Patron) chosen(kind string) (string, bool) {
	if p.found != nil {
		return "", false
	}
	return strings.CutPrefix(p.all.Chosen(), kind+" ")
}

// Off says why an action cannot be done.
func (p *Patron) Off(env *Env, action string) string {
	if action == ActionRegister {
		return env.SignedOut()
	}
	if why := env.NoPatron(); why != "" {
		return why
	}
	kind := map[string]string{
		ActionRenew: "loan", ActionMarkLoan: "loan", ActionDueLoan: "loan", ActionRecallLoan: "loan", ActionCancel: "request", ActionUnblock: "block", ActionEndAlert: "alert",
	}[action]
	if _, loan := p.chosen("loan"); action == ActionNotice && !loan && env.Patron().Overdue == 0 {
		return env.Words.Text(words.OutcomeNoneOverdue)
	}
	if kind == "" {
		return ""
	}
	if _, ok := p.chosen(kind); !ok {
		return env.Words.Text(words.ScreensChooseLine)
	}
	return ""
}

// Do does an action with the open patron.
func (p *Patron) Do(env *Env, action string) Wish {
	v := env.Patron()
	if action == ActionRegister {
		return Wish{Open: registerForm(env)}
	}
	if v == nil {
		return Wish{}
	}
	name := v.Name
	switch action {
	case ActionRenewAll:
		return send(desk.RenewAll{})
	case ActionRenew:
		id, ok := p.chosen("loan")
		for _, l := range v.Loans {
			if ok && string(l.ID) == id {
				return send(desk.RenewItem{Text: l.Barcode})
			}
		}
	case ActionCancel:
		id, ok := p.chosen("request")
		for _, r := range v.Requests {
			if ok && string(r.ID) == id {
				title := env.Words.Text(words.HoldsCancelTitle, "name", name)
				return Wish{Open: NewConfirm(title, r.Of, desk.Cancel{ID: r.ID})}
			}
		}
	case ActionUnblock:
		id, ok := p.chosen("block")
		for _, b := range v.Blocks {
			if ok && string(b.ID) == id {
				title := env.Words.Text(words.PatronUnblockTitle, "name", name)
				return Wish{Open: NewConfirm(title, b.Text, desk.Unblock{ID: b.ID})}
			}
		}
	case ActionMarkLoan, ActionDueLoan, ActionRecallLoan:
		id, ok := p.chosen("loan")
		for _, l := range v.Loans {
			if ok && string(l.ID) == id {
				switch action {
				case ActionDueLoan:
					return Wish{Open: dueForm(env, l.Title, l.Barcode)}
				case ActionRecallLoan:
					return Wish{Open: recallDialog(env, l.Title, l.Barcode, l.Loan)}
				}
				return Wish{Open: markForm(env, l.Title, l.Barcode, ofLoan())}
			}
		}
	case ActionNotice:
		return p.notice(env, v)
	case ActionEdit:
		return Wish{Open: editForm(env, v)}
	case ActionEndAlert:
		id, ok := p.chosen("alert")
		for _, a := range v.Alerts {
			if ok && string(a.ID) == id {
				return Wish{Open: endAlert(env, name, "", a)}
			}
		}
	case ActionAlert:
		return Wish{Open: alertForm(env, name, "")}
	case ActionBlock:
		return Wish{Open: blockForm(env, name)}
	case ActionBorn:
		return Wish{Open: bornForm(env, name)}
	case ActionRenewCard:
		return Wish{Open: renewCardForm(env, v)}
	case ActionReplaceCard:
		return Wish{Open: replaceCardForm(env, name)}
	case ActionLink:
		return Wish{Open: linkForm(env, name)}
	case ActionMerge:
		return Wish{Open: mergeForm(env, name)}
	case ActionRequest:
		return Wish{Open: requestForm(env, name)}
	case ActionPay:
		return Wish{Open: PayForm(env, v, "")}
	}
	return Wish{}
}

// notice notes a notice about the chosen loan, or about all that is overdue.
func (p *Patron) notice(env *Env, v *desk.Patron) Wish {
	w := env.Words
	if id, ok := p.chosen("loan"); ok {
		for _, l := range v.Loans {
			if string(l.ID) == id {
				return Wish{Open: noticeForm(env, w.Text(words.NoticeFormTitle, "title", l.Title), w.Text(words.CheckOutDue, "due", env.Due(l.Due)), desk.Call{Text: l.Barcode})}
			}
		}
	}
	return Wish{Open: noticeForm(env, w.Text(words.NoticeFormTitle, "title", v.Name), w.N(words.NoticeFormAll, v.Overdue), desk.Call{})}
}

// Forget forgets who was found and who was open.
func (p *Patron) Forget() { *p = Patron{} }

// View draws what was found, or the open patron.
func (p *Patron) View(env *Env, width, h int) []string {
	if p.found != nil {
		return p.viewFound(env, width, h)
	}
	if env.Patron() == nil {
		return titled(env, width, h, words.PatronTitle, words.PatronFindLabel)
	}
	top := append(p.about(env, width), kit.RuleLine(env.Look, width))
	p.all.Columns = []kit.Column{{Width: 9}, {Least: 20, Share: 3}, {Least: 22, Share: 2}, {Least: 12, Drop: 2}, {Width: 14, Drop: 1}}
	return append(top, p.all.View(env.Look, width, max(h-len(top), 0))...)
}

func (p *Patron) viewFound(env *Env, width, h int) []string {
	w := env.Words
	said := []string{w.N(words.PatronFound, len(p.found.Patrons))}
	if len(p.found.Near) > 0 {
		said = append(said, w.Text(words.PatronFoundLike))
	}
	if p.found.Coming {
		said = append(said, w.Text(words.OutcomeFoundComing))
	}
	top := []string{titleLine(env, width, w.Text(words.PatronTitle), said...), quiet(env, width, w.Text(words.ScreensChooseOpen)), ""}
	p.results.Titles = true
	p.results.Columns = []kit.Column{
		{Title: w.Text(words.ColumnName), Least: 20, Share: 2}, {Title: w.Text(words.ColumnBorn), Width: 5},
		{Title: w.Text(words.ColumnStreet), Least: 16}, {Title: w.Text(words.ColumnCard), Width: 6}, {Title: w.Text(words.ColumnGroup), Width: 12, Drop: 1},
	}
	return append(top, p.results.View(env.Look, width, max(h-len(top), 0))...)
}

// noteRows is how many lines a note, or an alert, has at most.
const noteRows = 3

// about is who is open: the panel, how to reach them, and the note as long as it
// is.
func (*Patron) about(env *Env, width int) []string {
	p := env.Patron()
	lines := append(Panel(env, width)[:2], quiet(env, width, reach(env, p)))
	for _, b := range p.Blocks {
		said := env.Words.Reasons(env.Words.Text(words.CheckOutBlocked, "text", BlockLimits(env, b)), env.Words.Way(circ.Remark{Reason: circ.PatronBlocked}))
		lines = append(lines, " "+env.Look.Paint(kit.Stop, env.Look.Cut(said, width-1)))
	}
	lines = append(lines, alertLines(env, width, p.Alerts)...)
	for _, r := range p.Standing {
		if r.Reason == circ.PatronBlocked { // said above
			continue
		}
		said := env.Words.Reasons(env.Words.Reason(r, env.Names()), env.Words.Way(r))
		lines = append(lines, " "+env.Look.Paint(kit.Stop, env.Look.Cut(said, width-1)))
	}
	if p.Note == "" {
		return lines
	}
	for _, l := range noteLines(env, width-1, env.Words.Text(words.CheckOutNote, "text", p.Note)) {
		lines = append(lines, " "+l)
	}
	return lines
}

// noteLines is what somebody has written, in at most noteRows lines.
func noteLines(env *Env, width int, s string) []string {
	lines := kit.Wrap(env.Look, s, width)
	if len(lines) > noteRows {
		lines = append(lines[:noteRows-1], env.Look.Cut(lines[noteRows-1]+" "+lines[noteRows], width))
	}
	return lines
}

// BlockLimits is why somebody is blocked, then what the block stands against,
// unless it is everything, and until when, if it ends.
func BlockLimits(env *Env, b circ.Block) string {
	w := env.Words
	out := []string{b.Text}
	for _, one := range []struct {
		is      bool
		command string
	}{{b.Against.Loan, "check_out"}, {b.Against.Renewal, "renew"}, {b.Against.Request, "request"}} {
		if one.is {
			out = append(out, w.Command(one.command))
		}
	}
	if !b.Until.IsZero() {
		out = append(out, w.Text(words.CheckInUntil, "until", env.Due(b.Until)))
	}
	return w.List(out...)
}

// reach is the card's number, and where somebody can be reached.
func reach(env *Env, p *desk.Patron) string {
	var parts []string
	for _, s := range []string{
		env.Words.Text(words.PatronCard, "card", p.Card), p.Phone, p.Email,
		env.Words.List(Clean(p.Street), strings.TrimSpace(Clean(p.Postcode)+" "+Clean(p.City))),
	} {
		if s = Clean(s); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " · ")
}
