package screen

import (
	"strconv"
	"time"

	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// The actions of the sync screen.
const (
	ActionSyncNow = "sync.now"
	ActionSettle  = "sync.settle"

	ActionAssign   = "sync.assign"
	ActionCallBack = "sync.call_back"
	ActionContact  = "sync.contact"
)

// Sync is the line to the central system, what waits for it, and what a person
// has to settle.
type Sync struct {
	Plain
	table     kit.Table
	conflicts map[string]desk.Conflict
	oldest    time.Time // of the conflicts
	unsent    []desk.Past
	asking    bool
	asked     [2]int // open conflicts and waiting entries when the list was asked for
	page      string // the row of the conflict whose page is shown; empty: the list
}

// NewSync makes the screen, empty.
func NewSync() *Sync { return &Sync{} }

// Place: an item is looked up.
func (*Sync) Place() desk.Place { return desk.AtSync }

// Shown asks for the list.
func (s *Sync) Shown() []desk.Input {
	s.asking = true
	return []desk.Input{desk.Conflicts{}}
}

// Hear takes the list, and asks for it anew after a conflict was settled or
// entries were delivered.
func (s *Sync) Hear(env *Env, o desk.Outcome) []desk.Input {
	switch {
	case o.Word == desk.WordList:
		s.asking = false
		s.fill(env, o.Conflicts, o.Unsent)
	case o.Word == desk.WordStop:
		s.asking = false
	case o.Final && !s.asking && o.Word == desk.WordDone:
		return s.Shown()
	}
	return nil
}

// See asks for the list anew when the counts say that it is old.
func (s *Sync) See(env *Env) []desk.Input {
	now := [2]int{env.State.Conflicts, env.State.Waiting}
	if s.asking || s.asked == now {
		return nil
	}
	s.asked = now
	return s.Shown()
}

// The kinds of rows, in their keys.
const (
	keyConflict = "conflict "
	keyUnsent   = "unsent "
)

func (s *Sync) fill(env *Env, conflicts []desk.Conflict, unsent []desk.Past) {
	w := env.Words
	s.conflicts, s.oldest, s.unsent = map[string]desk.Conflict{}, time.Time{}, unsent
	var rows []kit.Row
	for i, c := range conflicts {
		key, kind := keyConflict+string(c.ID), ""
		if s.conflicts[key] = c; i == 0 { // a kind is named once, at its first row
			kind = w.Text(words.SyncConflicts)
		}
		if s.oldest.IsZero() || c.At.Before(s.oldest) {
			s.oldest = c.At
		}
		rows = append(rows, kit.Row{Key: key, Cells: []kit.Cell{
			{Text: kind, Role: kit.Quiet}, {Text: w.ConflictClass(c.Class)}, {Text: c.Called(w)}, {Text: c.Person},
			{Text: env.met(c), Role: kit.Ask}, {Text: env.ConflictState(c), Role: stateRole(env, c)}, {Text: env.When(c.At), Role: kit.Quiet},
		}})
	}
	if _, still := s.conflicts[s.page]; !still {
		s.page = ""
	}
	for i, p := range unsent {
		kind := ""
		if i == 0 {
			kind = w.Text(words.SyncWaiting)
		}
		rows = append(rows, kit.Row{Key: keyUnsent + string(p.Entry), Cells: []kit.Cell{
			{Text: kind, Role: kit.Quiet}, {Text: w.Word(string(p.Word)), Role: Role(desk.Outcome{Final: true, Word: p.Word})}, {Text: p.Text}, {}, {}, {},
			{Text: env.When(p.At), Role: kit.Quiet},
		}})
	}
	s.table.SetRows(rows)
}

// Move moves the choice.
func (s *Sync) Move(key string, page int) bool {
	if key == "esc" && s.page != "" {
		s.page = ""
		return true
	}
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
	return desk.Outcome{Final: true, Word: desk.WordStop, Title: firstOf(c.Name, c.Code), Reasons: c.Said}, true
}

// Pick opens the page of the chosen conflict.
func (s *Sync) Pick(*Env) Wish {
	if _, ok := s.conflicts[s.table.Chosen()]; ok {
		s.page = s.table.Chosen()
	}
	return Wish{}
}

// stateRole shows what waits past its day.
func stateRole(env *Env, c desk.Conflict) kit.Role {
	if !c.CallBack.IsZero() && c.Waits(env.Now) {
		return kit.Stop
	}
	return kit.Quiet
}

// Off says why an action cannot be done.
func (s *Sync) Off(env *Env, action string) string {
	switch action {
	case ActionSyncNow:
		if env.Alone {
			return env.Words.Text(words.StatusAlone)
		}
	case ActionSettle, ActionAssign, ActionCallBack, ActionContact:
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
	}
	c, ok := s.conflicts[s.table.Chosen()]
	if !ok {
		return Wish{}
	}
	switch action {
	case ActionSettle:
		return Wish{Open: settleForm(env, c)}
	case ActionAssign:
		return Wish{Open: assignForm(env, c)}
	case ActionCallBack:
		return Wish{Open: callBackForm(env, c)}
	case ActionContact:
		if c.Other == nil || c.Other.Patron == "" {
			return send(desk.Contact{Entry: c.ID})
		}
		return Wish{Open: contactForm(env, c)}
	}
	return Wish{}
}

// Forget forgets whom the conflicts are about.
func (s *Sync) Forget() { *s = Sync{} }

// View draws the state of the line above the list.
func (s *Sync) View(env *Env, width, h int) []string {
	if c, ok := s.conflicts[s.page]; ok {
		return conflictPage(env, c, width, h)
	}
	w, st := env.Words, env.State
	line, role := w.Text(words.SyncLineUp, "since", env.When(st.Since)), kit.Plain
	switch {
	case env.Alone:
		line = w.Text(words.SyncLineAlone)
	case st.Stuck != "":
		line, role = w.Text(words.SyncStuck, "why", st.Stuck), kit.Stop
	case !st.Up && st.Since.IsZero():
		line, role = w.Text(words.SyncLineNever), kit.Stop
	case !st.Up:
		line, role = w.Text(words.SyncLineDown, "since", env.When(st.Since), "at", env.When(st.Answer)), kit.Stop
	}
	facts := w.Text(words.SyncFactsNone)
	if !st.Copy.IsZero() {
		facts = w.Text(words.SyncFactsCopy, "at", env.When(st.Copy))
	}
	conflicts := w.Text(words.SyncConflictsNone)
	if st.Conflicts > 0 {
		conflicts = w.N(words.SyncConflictsOpen, st.Conflicts, "at", env.When(s.oldest))
	}
	lines := []string{
		fact(env, width, words.SyncLine, role, line), fact(env, width, words.SyncWaiting, kit.Plain, s.waiting(env)),
		fact(env, width, words.SyncFacts, kit.Plain, facts), fact(env, width, words.SyncConflicts, kit.Plain, conflicts),
	}
	if !env.Alone {
		lines = append(lines, outage(env, width))
	}
	lines = append(lines, kit.RuleLine(env.Look, width))
	s.table.Columns = []kit.Column{
		{Width: 9}, {Width: 16}, {Least: 13, Share: 2}, {Least: 12, Drop: 2}, {Least: 22, Share: 3, Drop: 1}, {Least: 14, Drop: 3}, {Width: 16},
	}
	return append(lines, s.table.View(env.Look, width, max(h-len(lines), 0))...)
}

// outage says whether the desk would go through one that begins now.
func outage(env *Env, width int) string {
	w, st := env.Words, env.State
	switch {
	case st.Looked.IsZero():
		return fact(env, width, words.SyncOutage, kit.Quiet, w.Text(words.SyncOutageUnknown))
	case len(st.Lacks) > 0:
		return fact(env, width, words.SyncOutage, kit.Stop, w.N(words.SyncOutageLacks, len(st.Lacks), "what", st.Lacks[0]))
	}
	return fact(env, width, words.SyncOutage, kit.Plain, w.Text(words.SyncOutageReady, "at", env.When(st.Looked)))
}

// waiting says what waits for the line: how many, and how many of each kind when
// all are listed; or that none of it is sent.
func (s *Sync) waiting(env *Env) string {
	w, st := env.Words, env.State
	if st.Waiting == 0 {
		return w.Text(words.SyncWaitingNone)
	}
	var kinds []string
	count := map[string]int{}
	for _, p := range s.unsent {
		word := w.Word(string(p.Word))
		if count[word]++; count[word] == 1 {
			kinds = append(kinds, word)
		}
	}
	var what []string
	for _, k := range kinds {
		what = append(what, strconv.Itoa(count[k])+" "+k)
	}
	switch {
	case st.Stuck != "":
		what = []string{w.Text(words.SyncStuckWay)}
	case len(s.unsent) != st.Waiting:
		what = nil
	}
	return w.N(words.SyncWaitingEntries, st.Waiting, "what", w.List(what...))
}

// fact is a line with a name and what is so.
func fact(env *Env, width int, name words.Key, role kit.Role, says string) string {
	return " " + env.Look.Paint(kit.Quiet, env.Look.Fit(env.Words.Text(name), 14)) + env.Look.Paint(role, env.Look.Cut(Clean(says), width-15))
}
