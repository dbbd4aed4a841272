package screen

import (
	"strings"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// ConflictState says where a conflict stands: settled by whom, whose it is, and until
// when it waits.
func (env *Env) ConflictState(c desk.Conflict) string {
	w := env.Words
	if !c.Open() {
		return w.Text(words.ConflictsSettledBy, "who", string(c.Settled.By), "at", env.When(c.Settled.At),
			"how", w.ConflictAction(c.Settled.How), "why", c.Settled.Why)
	}
	all := []string{w.Text(words.ConflictsNobody)}
	if c.Owner != "" {
		all[0] = w.Text(words.ConflictsOwner, "who", string(c.Owner))
	}
	if !c.CallBack.IsZero() {
		key := words.ConflictsPast
		if c.CallBack.After(env.Now) {
			key = words.ConflictsWaitsUntil
		}
		all = append(all, w.Text(key, "until", env.Date(c.CallBack)))
	}
	return w.List(all...)
}

// ConflictLine is a conflict in one line: what it is, what was done, what others did, and
// where it stands.
func (env *Env) ConflictLine(c desk.Conflict) string {
	w := env.Words
	return w.Text(words.ConflictsLine, "class", w.ConflictClass(c.Class), "title", c.Name, "barcode", c.Code,
		"here", c.HereStory(w, env.Names()), "other", c.ThereStory(w, env.Names()), "met", env.met(c), "state", env.ConflictState(c))
}

// met says what the central system objected to.
func (env *Env) met(c desk.Conflict) string {
	var all []string
	for _, r := range c.Said {
		all = append(all, r.Words)
	}
	return strings.Join(all, " · ")
}

// A Fact is a line with a name.
type Fact struct {
	Name words.Key
	Says string
	Role kit.Role
}

// ConflictFacts is the page of a conflict: both stories, what was met, where it stands,
// and what fits.
func (env *Env) ConflictFacts(c desk.Conflict) (all []Fact) {
	w := env.Words
	add := func(name words.Key, says string, role kit.Role) {
		if says != "" {
			all = append(all, Fact{name, says, role})
		}
	}
	add(words.ConflictsDid, c.HereStory(w, env.Names()), kit.Plain)
	add(words.ConflictsOther, c.ThereStory(w, env.Names()), kit.Plain)
	for _, r := range c.Said {
		add(words.ConflictsMet, r.Words, kit.Ask)
	}
	state := env.ConflictState(c)
	if c.Stands && c.Open() {
		state = w.List(state, w.Text(words.ConflictsStands))
	}
	add(words.ConflictsState, state, kit.Plain)
	if n := len(c.Seen); n > 0 {
		last := c.Seen[n-1]
		add(words.ConflictsState, w.N(words.ConflictsSeen, n, "who", string(last.By), "at", env.When(last.At)), kit.Quiet)
	}
	if c.Open() {
		var fits []string
		for _, a := range c.Actions() {
			fits = append(fits, w.ConflictAction(a))
		}
		add(words.ConflictsOffers, w.List(fits...), kit.Plain)
	}
	return all
}

// conflictPage draws the page of the chosen conflict.
func conflictPage(env *Env, c desk.Conflict, width, h int) []string {
	w := env.Words
	lines := []string{titleLine(env, width, w.Text(words.ConflictsTitle, "class", w.ConflictClass(c.Class), "title", Clean(c.Called(w))), Clean(c.Code)), ""}
	before := words.Key("")
	for _, f := range env.ConflictFacts(c) {
		name := f.Name
		if name == before {
			name = ""
		}
		before = f.Name
		lines = append(lines, folded(env, width, name, f.Role, f.Says)...)
	}
	out := make([]string, max(h, 0))
	copy(out, lines)
	return out
}

// folded is a line with a name, whose rest stands below it where it has no room.
func folded(env *Env, width int, name words.Key, role kit.Role, says string) (lines []string) {
	label := ""
	if name != "" {
		label = env.Words.Text(name)
	}
	for i, part := range kit.Wrap(env.Look, Clean(says), max(width-15, 1)) {
		if i > 0 {
			label = ""
		}
		lines = append(lines, " "+env.Look.Paint(kit.Quiet, env.Look.Fit(label, 14))+env.Look.Paint(role, part))
	}
	return lines
}

func settleForm(env *Env, c desk.Conflict) Dialog {
	w, entry := env.Words, c.ID
	how := kit.Input{Key: "how", Label: w.Text(words.ConflictsHow)}
	for _, a := range c.Actions() {
		how.Choices = append(how.Choices, kit.Choice{Value: string(a), Label: w.ConflictAction(a)})
	}
	how.Value = how.Choices[len(how.Choices)-1].Value
	return NewForm(w.Text(words.SyncSettleTitle), w.List(Clean(c.Called(w)), Clean(c.Person), Clean(env.met(c))), w.Text(words.LabelSettle),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.Settle{Entry: entry, How: circ.ConflictAction(v["how"]), Why: strings.TrimSpace(v["why"])}}, "", ""
		}, how, kit.Input{Key: "why", Label: w.Text(words.FormReason), Note: w.Text(words.SyncSettleNote), Check: needed(env)})
}

func assignForm(env *Env, c desk.Conflict) Dialog {
	w, entry := env.Words, c.ID
	return NewForm(w.Text(words.ConflictsTitle, "class", w.ConflictClass(c.Class), "title", Clean(c.Called(w))), w.Text(words.HelpAssign), w.Text(words.LabelAssign),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.Assign{Entry: entry, Owner: strings.TrimSpace(v["who"])}}, "", ""
		}, kit.Input{Key: "who", Label: w.Text(words.ConflictsWho), Note: w.Text(words.ConflictsWhoNote), Value: string(c.Owner)})
}

func callBackForm(env *Env, c desk.Conflict) Dialog {
	w, entry := env.Words, c.ID
	return NewForm(w.Text(words.ConflictsTitle, "class", w.ConflictClass(c.Class), "title", Clean(c.Called(w))), w.Text(words.HelpCallBack), w.Text(words.LabelCallBack),
		func(env *Env, v map[string]string) ([]desk.Input, string, string) {
			in := desk.CallBackOn{Entry: entry}
			if typed := strings.TrimSpace(v["on"]); typed != "" {
				var wrong string
				if in.On, wrong = UntilMoment(env, typed); wrong != "" {
					return nil, "on", wrong
				}
			}
			return []desk.Input{in}, "", ""
		}, kit.Input{Key: "on", Label: w.Text(words.ConflictsOn), Note: w.Text(words.ConflictsOnNote)})
}

// contactForm asks whose, where there are two.
func contactForm(env *Env, c desk.Conflict) Dialog {
	w, entry := env.Words, c.ID
	return NewForm(w.Text(words.ConflictsTitle, "class", w.ConflictClass(c.Class), "title", Clean(c.Called(w))), w.Text(words.ConflictsReachNote), w.Text(words.LabelContact),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.Contact{Entry: entry, Other: v["whom"] == "other"}}, "", ""
		}, kit.Input{Key: "whom", Label: w.Text(words.ConflictsWhom), Choices: []kit.Choice{
			{Label: w.List(w.Text(words.ConflictsReachThis), Clean(c.Person))}, {Value: "other", Label: w.List(w.Text(words.ConflictsReachOther), Clean(otherPerson(c)))},
		}})
}

func otherPerson(c desk.Conflict) string {
	if c.Other == nil {
		return ""
	}
	return c.Other.Person
}
