package screen

import (
	"slices"
	"strings"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// The actions of the worklist.
const (
	ActionWorkKind   = "worklist.kind"
	ActionWorkReload = "worklist.reload"
	ActionWorkCall   = "worklist.call"
	ActionComplete   = "worklist.complete"
	ActionBill       = "worklist.bill"
	ActionGiveUp     = "worklist.give_up"
	ActionWorkMark   = "worklist.mark"
)

// Worklist is what waits for somebody's work here, what waits the longest first, and
// what is to be done next.
type Worklist struct {
	Plain
	table  kit.Table
	work   map[string]desk.Work
	kind   desk.WorkKind // that is shown; empty: all
	asOf   time.Time
	known  bool
	asking bool // a list is under way
}

// NewWorklist makes the screen, empty.
func NewWorklist() *Worklist { return &Worklist{} }

// Place: an item is looked up.
func (*Worklist) Place() desk.Place { return desk.AtItems }

// Shown asks for the list.
func (s *Worklist) Shown() []desk.Input {
	s.asking = true
	return []desk.Input{desk.Worklist{Kind: s.kind}}
}

// Hear takes the list, and asks for it anew after anything that was done.
func (s *Worklist) Hear(env *Env, o desk.Outcome) []desk.Input {
	switch {
	case o.Work != nil:
		s.asking = false
		s.fill(env, o.Work)
		s.asOf = o.AsOf
	case o.Word == desk.WordStop:
		s.asking = false
	case !o.Final, s.asking, o.Word == desk.WordItem, o.Word == desk.WordPatron, o.Word == desk.WordMode, o.Word == desk.WordAsk:
	default:
		return s.Shown()
	}
	return nil
}

func (s *Worklist) fill(env *Env, work []desk.Work) {
	s.known, s.work = true, map[string]desk.Work{}
	rows := make([]kit.Row, len(work))
	for i, w := range work {
		key := string(w.Kind) + " " + string(w.Item)
		s.work[key] = w
		step := kit.Cell{Text: env.WorkStep(w), Role: kit.Quiet}
		if w.Step != desk.StepWait && w.Step != desk.StepRest {
			step.Role = kit.Ask
		}
		rows[i] = kit.Row{Key: key, Cells: []kit.Cell{
			{Text: env.Age(w.Since)}, {Text: env.Words.WorkKind(string(w.Kind)), Role: kit.Quiet}, {Text: w.Title}, {Text: w.Text}, step,
			{Text: env.times(w), Role: kit.Quiet}, {Text: w.Person}, {Text: w.Barcode, Role: kit.Quiet},
		}}
	}
	was := s.table.Chosen()
	s.table.SetRows(rows)
	if s.table.Chosen() != was { // it is done: the key that did it means no other
		s.table.Choose("")
	}
}

// Move moves the choice.
func (s *Worklist) Move(key string, page int) bool {
	if key == "esc" && s.table.Chosen() != "" {
		s.table.Choose("")
		return true
	}
	return s.table.Input(key, page)
}

// Pick looks at the chosen item.
func (s *Worklist) Pick(*Env) Wish {
	if w, ok := s.chosen(); ok {
		return Wish{Go: IDItems, Send: []desk.Input{desk.Look{Text: w.Barcode}}}
	}
	return Wish{}
}

func (s *Worklist) chosen() (desk.Work, bool) {
	w, ok := s.work[s.table.Chosen()]
	return w, ok
}

// Off says why an action cannot be done.
func (s *Worklist) Off(env *Env, action string) string {
	why := env.SignedOut()
	if action == ActionWorkKind || action == ActionWorkReload || why != "" {
		return why
	}
	w, ok := s.chosen()
	switch {
	case !ok:
		return env.Words.Text(words.ScreensChooseLine)
	case !slices.Contains(workActions(w.Kind), action):
		return env.Words.Text(words.WorklistOff, "kind", env.Words.WorkKind(string(w.Kind)))
	}
	return ""
}

// workActions are what can be done about each kind.
func workActions(k desk.WorkKind) []string {
	switch k {
	case desk.WorkIncomplete:
		return []string{ActionWorkCall, ActionComplete, ActionBill, ActionGiveUp}
	case desk.WorkClaimed, desk.WorkLongLate:
		return []string{ActionWorkCall, ActionWorkMark}
	}
	return []string{ActionWorkMark}
}

// markings are what may be said of an item on the list, the next step first.
func markings(k desk.WorkKind) []desk.Marking {
	switch k {
	case desk.WorkClaimed:
		return []desk.Marking{desk.MarkLost, desk.MarkFound}
	case desk.WorkLongLate:
		return []desk.Marking{desk.MarkLost, desk.MarkClaimed}
	case desk.WorkMissing:
		return []desk.Marking{desk.MarkMissing, desk.MarkFound, desk.MarkWithdrawn}
	}
	return []desk.Marking{desk.MarkFound, desk.MarkWithdrawn}
}

// Do does the next step of the chosen row.
func (s *Worklist) Do(env *Env, action string) Wish {
	switch action {
	case ActionWorkKind:
		kinds := append([]desk.WorkKind{""}, desk.WorkKinds()...)
		s.kind = kinds[(slices.Index(kinds, s.kind)+1)%len(kinds)]
		return send(s.Shown()...)
	case ActionWorkReload:
		return send(s.Shown()...)
	}
	w, ok := s.chosen()
	if !ok {
		return Wish{}
	}
	switch action {
	case ActionComplete:
		return send(desk.Complete{Text: w.Barcode})
	case ActionWorkCall:
		return Wish{Open: callForm(env, w)}
	case ActionBill:
		return Wish{Open: billForm(env, w)}
	case ActionGiveUp:
		return Wish{Open: giveUpForm(env, w)}
	case ActionWorkMark:
		return Wish{Open: markForm(env, w.Title, w.Barcode, markings(w.Kind))}
	}
	return Wish{}
}

// Forget forgets who is concerned; the kind that is shown stays.
func (s *Worklist) Forget() { *s = Worklist{kind: s.kind} }

// View draws the list under how many there are, and as of when.
func (s *Worklist) View(env *Env, width, h int) []string {
	w := env.Words
	kind, asOf := "", ""
	if s.kind != "" {
		kind = w.WorkKind(string(s.kind))
	}
	if !s.asOf.IsZero() {
		asOf = w.Text(words.WorklistAsOf, "at", env.When(s.asOf))
	}
	if len(s.work) == 0 {
		line := w.Text(words.BarLoading)
		if s.known {
			line = w.Text(words.WorklistEmpty)
		}
		out := make([]string, max(h, 0))
		copy(out, []string{titleLine(env, width, w.Text(words.WorklistTitle), kind, asOf, env.Local()), "", quiet(env, width, line)})
		return out
	}
	due := 0
	for _, one := range s.work {
		if one.Step != desk.StepWait && one.Step != desk.StepRest {
			due++
		}
	}
	isDue := ""
	if due > 0 {
		isDue = w.N(words.WorklistDue, due)
	}
	top := []string{titleLine(env, width, w.Text(words.WorklistTitle), kind, w.N(words.WorklistCount, len(s.work)), isDue, asOf, env.Local()), quiet(env, width, s.hint(env)), ""}
	s.table.Titles = true
	s.table.Columns = []kit.Column{
		{Title: w.Text(words.WorklistAge), Width: 8}, {Title: w.Text(words.ColumnKind), Width: 10}, {Title: w.Text(words.ColumnTitle), Least: 18, Share: 2},
		{Title: w.Text(words.ColumnWhat), Least: 10}, {Title: w.Text(words.WorklistNext), Least: 20}, {Width: 8, Drop: 2},
		{Title: w.Text(words.ColumnName), Least: 14, Drop: 3}, {Title: w.Text(words.ColumnBarcode), Width: 14, Drop: 1},
	}
	return append(top, s.table.View(env.Look, width, max(h-len(top), 0))...)
}

// hint is what the columns have no room for of the chosen row; without a choice, how
// to choose.
func (s *Worklist) hint(env *Env) string {
	w, ok := s.chosen()
	if !ok {
		return env.Words.Text(words.ScreensChooseOpen)
	}
	return env.Words.List(w.Barcode, w.CallNumber, w.Text, w.Person, w.Phone, env.times(w))
}

func callForm(env *Env, one desk.Work) Dialog {
	w := env.Words
	return NewForm(w.Text(words.WorklistCallTitle, "title", one.Title), w.Text(words.WorklistCallNote, "name", one.Person, "phone", one.Phone), w.Text(words.LabelCall),
		calledAs(desk.Call{Text: one.Barcode}),
		kit.Input{Key: "again", Label: w.Text(words.WorklistAgain), Note: w.Text(words.FormDateNote)},
		kit.Input{Key: "note", Label: w.Text(words.FormNote)},
		channels(env, circ.Channels()...))
}

func billForm(env *Env, one desk.Work) Dialog {
	w := env.Words
	return NewForm(w.Text(words.WorklistBillTitle, "title", one.Title), w.Text(words.WorklistCallNote, "name", one.Person), w.Text(words.LabelBill),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			v = trimmed(v)
			return []desk.Input{desk.Bill{Text: one.Barcode, Amount: v["amount"], Note: v["note"]}}, "", ""
		},
		kit.Input{Key: "amount", Label: w.Text(words.FormAmount), Check: needed(env)},
		kit.Input{Key: "note", Label: w.Text(words.FormNote), Value: one.Text})
}

func giveUpForm(env *Env, one desk.Work) Dialog {
	w := env.Words
	as := kit.Input{Key: "as", Label: w.Text(words.WorklistBecomes), Choices: []kit.Choice{{Label: w.Text(words.WorklistFewer)}}}
	for _, s := range []circ.ItemState{circ.ItemDamaged, circ.ItemWithdrawn} {
		as.Choices = append(as.Choices, kit.Choice{Value: string(s), Label: w.Mark(string(s))})
	}
	return NewForm(w.Text(words.WorklistGiveUpTitle, "title", one.Title), one.Text, w.Text(words.LabelGiveUp),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.GiveUp{Text: one.Barcode, As: circ.ItemState(v["as"])}}, "", ""
		}, as)
}

// MissingForm asks what is missing of an item that is taken back.
func MissingForm(env *Env, it *desk.Item, send func(missing string) desk.Input) Dialog {
	w := env.Words
	title := ""
	if it != nil {
		title = it.Titled.Title
	}
	return NewForm(w.Text(words.ItemsMissingTitle, "title", title), numberedParts(w, it), w.Text(words.LabelIncomplete),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{send(strings.TrimSpace(v["missing"]))}, "", ""
		}, kit.Input{Key: "missing", Label: w.Text(words.ItemsMissing), Note: w.Text(words.ItemsMissingNote), Check: needed(env)})
}

func partsForm(env *Env, it *desk.Item) Dialog {
	w := env.Words
	return NewForm(w.Text(words.ItemsPartsTitle, "title", it.Titled.Title), w.Text(words.ItemsPartsNote), w.Text(words.LabelSave),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.SetParts{Text: it.Barcode, Parts: strings.TrimSpace(v["parts"])}}, "", ""
		}, kit.Input{Key: "parts", Label: w.Text(words.ItemsPartsLabel), Value: circ.PartsText(it.Parts)})
}
