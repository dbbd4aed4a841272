package screen

import (
	"slices"
	"strings"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// CheckOut is the screen that lends: the patron of the visit above, and what was
// scanned for them below.
type CheckOut struct {
	Plain
	lines   Lines
	patron  circ.PatronID // whose lines these are
	unknown string        // the last scan that nobody knew
}

// ActionAddItem lends an item that nobody knows.
const ActionAddItem = "checkout.add_item"

// Off says why an action cannot be done.
func (c *CheckOut) Off(env *Env, action string) string {
	if action != ActionAddItem {
		return ""
	}
	if why := env.SignedOut(); why != "" {
		return why
	}
	if env.Patron() == nil {
		return env.Words.Text(words.RefusalNoPatron)
	}
	return ""
}

// Do asks for the title of an item that nobody knows.
func (c *CheckOut) Do(env *Env, action string) Wish {
	if action != ActionAddItem {
		return Wish{}
	}
	w := env.Words
	return Wish{Open: NewForm(w.Text(words.ItemsAddTitle), w.Text(words.ItemsAddNote), w.Text(words.LabelAddItem),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.AddItem{Text: strings.TrimSpace(v["code"]), Title: strings.TrimSpace(v["title"])}}, "", ""
		},
		kit.Input{Key: "code", Label: w.Text(words.ItemsAddCode), Value: c.unknown, Check: needed(env)},
		kit.Input{Key: "title", Label: w.Text(words.ItemsAddLabel), Check: needed(env)}).Codes("code")}
}

// NewCheckOut makes the screen, with nobody on it.
func NewCheckOut() *CheckOut { return &CheckOut{} }

// Place is where items are lent.
func (*CheckOut) Place() desk.Place { return desk.AtCheckOut }

// Hear puts an outcome into the list.
func (c *CheckOut) Hear(env *Env, o desk.Outcome) []desk.Input {
	Each(o, func(key string, o desk.Outcome) {
		switch {
		case o.Word == desk.WordPatron && o.Patron != nil:
			c.begin(o.Patron.ID)
		case Listed(o.Word) && !sums(o):
			c.lines.Unchoose()
			if o.Word == desk.WordStop && o.Item == nil && slices.ContainsFunc(o.Reasons, func(r desk.Said) bool { return r.Reason == circ.UnknownItem }) {
				c.unknown = o.Scanned
			}
			c.lines.Put(env, key, o)
		}
	})
	return nil
}

// begin begins the list of another visit.
func (c *CheckOut) begin(id circ.PatronID) {
	if c.patron != id {
		c.Forget()
	}
	c.patron = id
}

// See begins anew when the visit is another one, forgets it when it ends or
// sleeps, and takes its lines from the session when it goes on.
func (c *CheckOut) See(env *Env) []desk.Input {
	p := env.Patron()
	switch {
	case p == nil && c.patron != "":
		c.Forget()
	case p != nil && p.ID != c.patron:
		c.begin(p.ID)
		for _, o := range env.State.Visit.Lines {
			c.Hear(env, o)
		}
	}
	return nil
}

// Move moves the choice in the list.
func (c *CheckOut) Move(key string, page int) bool { return c.lines.Move(key, page) }

// Row is the chosen line.
func (c *CheckOut) Row() (desk.Outcome, bool) { return c.lines.Row() }

// Forget forgets the visit.
func (c *CheckOut) Forget() {
	c.lines.Clear()
	c.unknown = ""
	c.patron = ""
}

// View draws the panel and the list.
func (c *CheckOut) View(env *Env, width, h int) []string {
	panel := Panel(env, width)
	if env.State.Visit == nil && len(env.Card) > 0 && !env.Begun {
		panel = panel[1:2] // the card needs the room
	}
	top := append(panel, kit.RuleLine(env.Look, width))
	room := max(h-len(top), 0)
	if p := env.Patron(); p != nil && width >= sideFrom {
		list := c.lines.View(env, listWidth(width), room)
		return append(top, Beside(env, width, list, Side(env, p, room))...)
	}
	list := c.lines.View(env, width, room)
	if env.State.Visit == nil {
		copy(list, tries(env, width, room-c.lines.Len()))
	}
	return append(top, list...)
}

// ActionTry shows what a newcomer may try.
const ActionTry = "try"

// tries is what a newcomer may try, in at most h lines: all of it until the
// first visit, and then where it is found.
func tries(env *Env, width, h int) []string {
	hint := env.Words.Text(words.ScreensTryHint, "key", env.KeyOf(ActionTry))
	switch {
	case len(env.Card) == 0 || h < 1:
		return nil
	case env.Begun:
		return []string{quiet(env, width, hint)}
	}
	lines := Card(env, width)
	if len(lines) > h {
		lines = append(lines[:h-1:h-1], quiet(env, width, hint))
	}
	return lines
}

// Card is the lines that tell a newcomer what to try.
func Card(env *Env, width int) []string {
	lines := make([]string, len(env.Card))
	for i, l := range env.Card {
		lines[i] = " " + env.Look.Cut(Clean(l), width-1)
	}
	return lines
}
