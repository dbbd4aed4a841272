package screen

import (
	"strconv"
	"strings"
	"time"

	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// The actions of the sync screen.
const (
	ActionSyncNow = "sync.now"
	ActionPause   = "sync.pause"
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
	outage    *desk.Outage // the last one; nil: none
	asking    bool
	asked     asOf   // when the list was asked for
	page      string // the row of the conflict whose page is shown; empty: the list
}

// asOf is what tells that a list is old.
type asOf struct {
	conflicts, waiting int
	up                 bool // an outage begins and ends with the line
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
		s.outage = o.Outage
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
	now := asOf{env.State.Conflicts, env.State.Waiting, env.State.Up}
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
	case ActionPause:
		if env.Alone {
			return env.Words.Text(words.StatusAlone)
		}
		return env.SignedOut()
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
	case ActionPause:
		return send(desk.Pause{On: !env.State.Paused})
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
	case st.Paused && st.Up:
		line, role = w.Text(words.SyncPaused), kit.Stop
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
	waiting := fact(env, width, words.SyncWaiting, kit.Plain, s.waiting(env))
	if n := st.Sending; n > 0 && n >= st.Waiting {
		waiting = kit.Progress{Label: w.Text(words.SyncSending), Done: int64(n - st.Waiting), Total: int64(n)}.View(env.Look, width)
	}
	top := []string{fact(env, width, words.SyncLine, role, line), waiting}
	var says []status
	if r, is := relay(env); is {
		says = append(says, r)
	}
	says = append(says, status{name: words.SyncFacts, says: facts, well: !st.Copy.IsZero()}, status{name: words.SyncConflicts, says: conflicts})
	if !st.Others.At.IsZero() {
		says = append(says, others(env))
	}
	if s.outage != nil {
		says = append(says, lastOutage(env, *s.outage))
	}
	if m := st.Mirror; m.Dir != "" {
		says = append(says, mirror(env, m))
	}
	if !env.Alone {
		says = append(says, ready(env))
	}
	lines := append(top, statusLines(env, width, says, h-len(top)-(h+2)/3)...)
	s.table.Columns = []kit.Column{
		{Width: 9}, {Width: 16}, {Least: 13, Share: 2}, {Least: 12, Drop: 2}, {Least: 22, Share: 3, Drop: 1}, {Least: 14, Drop: 3}, {Width: 16},
	}
	return append(lines, s.table.View(env.Look, width, max(h-len(lines), 0))...)
}

// status is what is said of one thing. Well: nobody has to see to it.
type status struct {
	name words.Key
	role kit.Role
	says string
	well bool
}

// statusLines draws what is said and a rule below it; where that would be more lines than
// there is room for, what is well is one line together, and then there is no rule: the
// list below keeps a third.
func statusLines(env *Env, width int, all []status, room int) (lines []string) {
	fold := len(all)+1 > room
	var well []string
	for _, x := range all {
		if fold && x.well {
			well = append(well, env.Words.Text(x.name))
			continue
		}
		lines = append(lines, fact(env, width, x.name, x.role, x.says))
	}
	if len(well) > 0 {
		lines = append(lines, fact(env, width, words.SyncWell, kit.Plain, env.Words.List(well...)))
	}
	if len(lines) < room || !fold {
		lines = append(lines, kit.RuleLine(env.Look, width))
	}
	return lines
}

// others names the other desks that still hold entries.
func others(env *Env) status {
	w, o := env.Words, env.State.Others
	switch {
	case len(o.Holding) > 0:
		var all []string
		for _, h := range o.Holding {
			all = append(all, w.N(words.OutcomeSyncedHolds, h.Left, "desk", h.Name))
		}
		return status{words.SyncOthers, kit.Ask, w.Text(words.SyncOthersHold, "what", w.List(all...), "at", env.When(o.At)), false}
	case env.State.Waiting == 0 && env.State.Up:
		return status{words.SyncOthers, kit.Plain, w.Text(words.SyncAllHome), true}
	}
	return status{words.SyncOthers, kit.Plain, w.Text(words.SyncOthersNone, "at", env.When(o.At)), true}
}

// lastOutage tells of the last time without a line.
func lastOutage(env *Env, o desk.Outage) status {
	w := env.Words
	var done []string
	for _, d := range o.Done {
		done = append(done, strconv.Itoa(d.N)+" "+w.Command(d.Command))
	}
	what := w.List(done...)
	if what == "" {
		what = w.Text(words.SyncWaitingNone)
	}
	says := w.Text(words.SyncOutageNow, "from", env.When(o.From), "done", what)
	if !o.To.IsZero() {
		says = w.Text(words.SyncOutageWas, "from", env.When(o.From), "to", env.When(o.To), "done", what)
	}
	met := w.Text(words.SyncOutageClashed, "met", strconv.Itoa(o.Clashed), "open", strconv.Itoa(o.Open))
	return status{words.SyncOutage, kit.Plain, says + " · " + met, o.Open == 0 && !o.To.IsZero()}
}

// mirror says how the journal's mirror is.
func mirror(env *Env, m desk.Mirror) status {
	w := env.Words
	if !m.Behind.IsZero() {
		return status{words.SyncMirror, kit.Stop, w.Text(words.SyncMirrorBehind, "since", env.When(m.Behind), "dir", m.Dir, "why", m.Why), false}
	}
	says := []string{w.Text(words.SyncMirrorWhole, "dir", m.Dir)}
	if m.Same {
		says = append(says, w.Text(words.SyncMirrorSame))
	}
	return status{words.SyncMirror, kit.Plain, strings.Join(says, " · "), !m.Same}
}

// ready says whether the desk would go through one that begins now.
func ready(env *Env) status {
	w, st := env.Words, env.State
	switch {
	case st.Looked.IsZero():
		return status{words.SyncReady, kit.Quiet, w.Text(words.SyncReadyUnknown), true}
	case len(st.Lacks) > 0:
		return status{words.SyncReady, kit.Stop, w.N(words.SyncReadyLacks, len(st.Lacks), "what", st.Lacks[0]), false}
	}
	return status{words.SyncReady, kit.Plain, w.Text(words.SyncReadyIs, "at", env.When(st.Looked)), true}
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

// relay says what the relay of the branch has; false: there is none.
func relay(env *Env) (status, bool) {
	w, r := env.Words, env.State.Relay
	says := status{name: words.SyncRelay}
	switch {
	case !r.Has:
		return says, false
	case r.Why != "":
		says.role, says.says = kit.Stop, w.Text(words.SyncRelayRefuses, "why", r.Why)
	case !r.There:
		says.role, says.says = kit.Stop, w.N(words.SyncRelayGone, r.Held)
	case r.Held > 0:
		says.says = w.N(words.SyncRelayHolds, r.Held, "relay", r.Name)
	default:
		says.says, says.well = w.Text(words.SyncRelayHas, "relay", r.Name), true
	}
	return says, true
}

// fact is a line with a name and what is so.
func fact(env *Env, width int, name words.Key, role kit.Role, says string) string {
	return " " + env.Look.Paint(kit.Quiet, env.Look.Fit(env.Words.Text(name), 14)) + env.Look.Paint(role, env.Look.Cut(Clean(says), width-15))
}
