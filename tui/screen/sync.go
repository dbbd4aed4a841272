package screen

import (
	"strings"

	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// The actions of the sync screen.
const (
	ActionSyncNow = "sync.now"
	ActionSettle  = "sync.settle"
)

// Sync is the line to the central system, what waits, and what a person has to
// settle.
type Sync struct {
	Plain
	table     kit.Table
	conflicts map[string]desk.Conflict
	open      int
	asking    bool
}

// NewSync makes the screen, empty.
func NewSync() *Sync { return &Sync{} }

// Place: an item is looked up.
func (*Sync) Place() desk.Place { return desk.AtSync }

// Shown asks for the conflicts.
func (s *Sync) Shown() []desk.Input {
	s.asking = true
	return []desk.Input{desk.Conflicts{}}
}

// Hear takes the conflicts, and asks for them anew after one was settled or
// entries were delivered.
func (s *Sync) Hear(env *Env, o desk.Outcome) []desk.Input {
	if o.Word == desk.WordList || o.Conflicts != nil {
		s.asking = false
		s.fill(env, o.Conflicts)
		return nil
	}
	if !o.Final || s.asking || o.Word != desk.WordDone {
		return nil
	}
	return s.Shown()
}

// See asks nothing: the count in the state shows that the list is old.
func (s *Sync) See(env *Env) {
	if env.State.Conflicts == 0 {
		s.fill(env, nil)
	}
}

func (s *Sync) fill(env *Env, conflicts []desk.Conflict) {
	s.conflicts, s.open = map[string]desk.Conflict{}, 0
	rows := make([]kit.Row, len(conflicts))
	for i, c := range conflicts {
		key := string(c.Entry)
		s.conflicts[key] = c
		state := kit.Cell{Text: env.Words.Text(words.SyncSettled), Role: kit.Quiet}
		if c.Open() {
			s.open++
			state = kit.Cell{Text: env.Words.Text(words.SyncOpen), Role: kit.Ask}
		}
		said := make([]string, len(c.Said))
		for j, r := range c.Said {
			said[j] = r.Words
		}
		rows[i] = kit.Row{Key: key, Cells: []kit.Cell{
			{Text: env.Words.Command(c.Command)}, {Text: firstOf(c.Title, c.Item)}, {Text: strings.Join(said, " · ")},
			{Text: c.Person}, {Text: env.Words.Text(words.SyncConflictBy, "operator", string(c.Operator), "at", env.When(c.At)), Role: kit.Quiet}, state,
		}}
	}
	s.table.SetRows(rows)
}

// Move moves the choice.
func (s *Sync) Move(key string, page int) bool {
	if key == "esc" && s.table.Chosen() != "" {
		s.table.Choose("")
		return true
	}
	return s.table.Input(key, page)
}

// Row is the chosen conflict, as something to explain.
func (s *Sync) Row() (desk.Outcome, bool) {
	c, ok := s.conflicts[s.table.Chosen()]
	if !ok {
		return desk.Outcome{}, false
	}
	return desk.Outcome{Final: true, Word: desk.WordStop, Title: firstOf(c.Title, c.Item), Reasons: c.Said}, true
}

// Off says why an action cannot be done.
func (s *Sync) Off(env *Env, action string) string {
	switch action {
	case ActionSyncNow:
		if env.Alone {
			return env.Words.Text(words.StatusAlone)
		}
	case ActionSettle:
		if why := env.SignedOut(); why != "" {
			return why
		}
		if c, ok := s.conflicts[s.table.Chosen()]; !ok || !c.Open() {
			return env.Words.Text(words.ScreensChooseLine)
		}
	}
	return ""
}

// Do delivers what waits, or asks how the chosen conflict was settled.
func (s *Sync) Do(env *Env, action string) Wish {
	switch action {
	case ActionSyncNow:
		return send(desk.Sync{})
	case ActionSettle:
		if c, ok := s.conflicts[s.table.Chosen()]; ok {
			return Wish{Open: settleForm(env, c)}
		}
	}
	return Wish{}
}

func settleForm(env *Env, c desk.Conflict) Dialog {
	w, entry := env.Words, c.Entry
	about := []string{Clean(firstOf(c.Title, c.Item)), Clean(c.Person)}
	for _, r := range c.Said {
		about = append(about, Clean(r.Words))
	}
	return NewForm(w.Text(words.SyncSettleTitle), w.List(about...), w.Text(words.LabelSettle),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.Settle{Entry: entry, Why: strings.TrimSpace(v["why"])}}, "", ""
		}, kit.Input{Key: "why", Label: w.Text(words.FormReason), Note: w.Text(words.SyncSettleNote), Check: needed(env)})
}

// Forget forgets whom the conflicts are about.
func (s *Sync) Forget() { *s = Sync{} }

// View draws the state of the line above the conflicts.
func (s *Sync) View(env *Env, width, h int) []string {
	w, st := env.Words, env.State
	line, role := w.Text(words.SyncLineUp, "since", env.When(st.Since)), kit.Plain
	switch {
	case env.Alone:
		line = w.Text(words.SyncLineAlone)
	case !st.Up && st.Since.IsZero():
		line, role = w.Text(words.SyncLineNever), kit.Stop
	case !st.Up:
		line, role = w.Text(words.SyncLineDown, "since", env.When(st.Since)), kit.Stop
	}
	waiting := w.Text(words.SyncWaitingNone)
	if st.Waiting > 0 {
		waiting = w.N(words.SyncWaitingEntries, st.Waiting)
	}
	facts := w.Text(words.SyncFactsNone)
	if !st.Copy.IsZero() {
		facts = w.Text(words.SyncFactsCopy, "at", env.When(st.Copy))
	}
	conflicts := w.Text(words.SyncConflictsNone)
	if st.Conflicts > 0 {
		conflicts = w.N(words.SyncConflictsOpen, st.Conflicts)
	}
	lines := []string{
		fact(env, width, words.SyncLine, role, line), fact(env, width, words.SyncWaiting, kit.Plain, waiting),
		fact(env, width, words.SyncFacts, kit.Plain, facts), fact(env, width, words.SyncConflicts, kit.Plain, conflicts),
		kit.RuleLine(env.Look, width),
	}
	s.table.Columns = []kit.Column{{Least: 10}, {Least: 16, Share: 2}, {Least: 24, Share: 4}, {Least: 14, Drop: 1}, {Least: 18, Drop: 2}, {Width: 8}}
	return append(lines, s.table.View(env.Look, width, max(h-len(lines), 0))...)
}

// fact is a line with a name and what is so.
func fact(env *Env, width int, name words.Key, role kit.Role, says string) string {
	return " " + env.Look.Paint(kit.Quiet, env.Look.Fit(env.Words.Text(name), 14)) + env.Look.Paint(role, env.Look.Cut(Clean(says), width-15))
}
