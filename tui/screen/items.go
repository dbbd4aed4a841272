package screen

import (
	"strconv"
	"strings"
	"unicode"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/label"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// The actions of the items screen.
const (
	ActionRequestTitle = "items.request"
	ActionRequestCopy  = "items.request_copy"
	ActionCancelQueued = "items.cancel_request"
	ActionAlertItem    = "items.alert"
	ActionEndAlertItem = "items.end_alert"
	ActionParts        = "items.parts"
	ActionMissing      = "items.incomplete"
)

// Items tells about an item: where it is, who has it, who waits. It also finds
// titles by their beginning.
type Items struct {
	Plain
	item   *desk.Item
	titles []desk.Title
	found  kit.Table
	queue  kit.Table
}

// NewItems makes the screen, empty.
func NewItems() *Items { return &Items{} }

// Place is where items are looked up.
func (*Items) Place() desk.Place { return desk.AtItems }

// Line scans a code, and finds a title by anything that cannot be one.
func (*Items) Line(env *Env, line string) desk.Input {
	switch k := env.Kind(line); {
	case k == label.ISBN:
		return desk.FindTitle{Query: line}
	case k == label.Unknown && (strings.ContainsRune(strings.TrimSpace(line), ' ') || strings.IndexFunc(line, unicode.IsDigit) < 0):
		return desk.FindTitle{Query: line}
	}
	return desk.Scan{Text: line}
}

// Hear takes the item, or the titles found.
func (s *Items) Hear(env *Env, o desk.Outcome) []desk.Input {
	switch {
	case o.Word == desk.WordList && o.Titles != nil:
		s.list(env, o.Titles)
	case o.Item != nil && o.Final:
		s.show(env, o.Item)
	}
	return nil
}

func (s *Items) list(env *Env, titles []desk.Title) {
	s.titles, s.item = titles, nil
	var rows []kit.Row
	for i, t := range titles {
		waits := ""
		if t.Queue > 0 {
			waits = env.Words.N(words.ItemsWaiting, t.Queue)
		}
		rows = append(rows, kit.Row{Key: "title " + strconv.Itoa(i), Cells: []kit.Cell{
			{Text: t.Title.Title}, {Text: t.Author}, {Text: t.Year}, {Text: env.Words.List(env.Words.N(words.ItemsCopies, len(t.Items)), waits), Role: kit.Quiet},
		}})
		for _, it := range t.Items {
			rows = append(rows, kit.Row{Key: "item " + it.Barcode, Cells: []kit.Cell{
				{Text: "· " + it.Barcode, Role: kit.Quiet}, {Text: it.CallNumber, Role: kit.Quiet}, {}, {Text: env.Words.List(env.LibraryName(it.Home), env.LocationName(it.Home, it.Location)), Role: kit.Quiet},
			}})
		}
	}
	s.found.SetRows(rows)
	s.found.Choose("")
}

func (s *Items) show(env *Env, it *desk.Item) {
	s.item, s.titles = it, nil
	rows := make([]kit.Row, len(it.Queue))
	for i, h := range it.Queue {
		rows[i] = kit.Row{Key: string(h.ID), Cells: []kit.Cell{
			{Text: strconv.Itoa(i + 1)}, {Text: h.Person}, {Text: env.Words.Stage(h.Stage)}, {Text: env.Date(h.At), Role: kit.Quiet}, {Text: env.LibraryName(h.Pickup), Role: kit.Quiet},
		}}
	}
	s.queue.SetRows(rows)
	s.queue.Choose("")
}

// Move moves the choice.
func (s *Items) Move(key string, page int) bool {
	t := &s.queue
	if s.titles != nil {
		t = &s.found
	}
	if key == "esc" && t.Chosen() != "" {
		t.Choose("")
		return true
	}
	return t.Input(key, page)
}

// Pick looks at the chosen copy, or at the first copy of the chosen title.
func (s *Items) Pick(*Env) Wish {
	if s.titles == nil {
		return Wish{}
	}
	if code, ok := strings.CutPrefix(s.found.Chosen(), "item "); ok {
		return send(desk.Look{Text: code})
	}
	if t, ok := s.title(); ok && len(t.Items) > 0 {
		return send(desk.Look{Text: t.Items[0].Barcode})
	}
	return Wish{}
}

// title is the chosen title.
func (s *Items) title() (desk.Title, bool) {
	n, ok := strings.CutPrefix(s.found.Chosen(), "title ")
	if i, err := strconv.Atoi(n); ok && err == nil && s.titles != nil && i < len(s.titles) {
		return s.titles[i], true
	}
	return desk.Title{}, false
}

// wanted is the request for what is shown or chosen; false when nothing is.
func (s *Items) wanted(copyOnly bool) (desk.Request, bool) {
	if s.item != nil {
		return desk.Request{Text: s.item.Barcode, Copy: copyOnly}, true
	}
	if code, ok := strings.CutPrefix(s.found.Chosen(), "item "); ok && s.titles != nil {
		return desk.Request{Text: code, Copy: copyOnly}, true
	}
	if t, ok := s.title(); ok && !copyOnly {
		return desk.Request{Title: t.ID}, true
	}
	return desk.Request{}, false
}

// Off says why an action cannot be done.
func (s *Items) Off(env *Env, action string) string {
	switch action {
	case ActionMarkItem, ActionDueItem, ActionRecallItem, ActionReturned, ActionAlertItem, ActionEndAlertItem, ActionParts, ActionMissing:
		ofLoan := action == ActionDueItem || action == ActionRecallItem
		if s.item == nil || action == ActionEndAlertItem && len(s.item.Alerts) == 0 || ofLoan && s.item.Loan == nil {
			return env.Words.Text(words.ScreensChooseItem)
		}
		return env.SignedOut()
	case ActionCancelQueued:
		if s.item == nil || s.queue.Chosen() == "" {
			return env.Words.Text(words.ScreensChooseLine)
		}
		return env.SignedOut()
	}
	if why := env.NoPatron(); why != "" {
		return why
	}
	if _, ok := s.wanted(action == ActionRequestCopy); !ok {
		return env.Words.Text(words.ScreensChooseItem)
	}
	return ""
}

// Do requests for the open patron, cancels the chosen request, or notes and ends
// alerts.
func (s *Items) Do(env *Env, action string) Wish {
	switch action {
	case ActionRequestTitle, ActionRequestCopy:
		if r, ok := s.wanted(action == ActionRequestCopy); ok {
			return send(r)
		}
	case ActionDueItem, ActionReturned:
		switch {
		case s.item == nil:
		case action == ActionReturned:
			return Wish{Open: returnedForm(env, s.item.Titled.Title, s.item.Barcode)}
		default:
			return Wish{Open: dueForm(env, s.item.Titled.Title, s.item.Barcode)}
		}
	case ActionRecallItem:
		if s.item != nil && s.item.Loan != nil {
			return Wish{Open: recallDialog(env, s.item.Titled.Title, s.item.Barcode, *s.item.Loan)}
		}
	case ActionParts:
		if s.item != nil {
			return Wish{Open: partsForm(env, s.item)}
		}
	case ActionMissing:
		if s.item != nil {
			code := s.item.Barcode
			return Wish{Open: MissingForm(env, s.item, func(missing string) desk.Input { return desk.Incomplete{Text: code, Missing: missing} })}
		}
	case ActionMarkItem:
		if s.item == nil {
			return Wish{}
		}
		choices := ofItem()
		if s.item.Loan != nil {
			choices = ofLoan()
		}
		return Wish{Open: markForm(env, s.item.Titled.Title, s.item.Barcode, choices)}
	case ActionAlertItem:
		if s.item != nil {
			return Wish{Open: alertForm(env, s.item.Titled.Title, s.item.Barcode)}
		}
	case ActionEndAlertItem:
		if s.item != nil && len(s.item.Alerts) > 0 {
			return Wish{Open: endAlert(env, s.item.Titled.Title, s.item.Barcode, s.item.Alerts...)}
		}
	case ActionCancelQueued:
		if s.item == nil {
			return Wish{}
		}
		for _, h := range s.item.Queue {
			if string(h.ID) == s.queue.Chosen() {
				return Wish{Open: NewConfirm(env.Words.Text(words.HoldsCancelTitle, "name", h.Person), h.Of, desk.Cancel{ID: h.ID})}
			}
		}
	}
	return Wish{}
}

// Forget forgets the item and who has it.
func (s *Items) Forget() { *s = Items{} }

// View draws the item, or the titles found.
func (s *Items) View(env *Env, width, h int) []string {
	switch {
	case s.titles != nil:
		return s.viewTitles(env, width, h)
	case s.item != nil:
		return s.viewItem(env, width, h)
	}
	return titled(env, width, h, words.ItemsTitle, words.ItemsFindLabel)
}

func (s *Items) viewTitles(env *Env, width, h int) []string {
	w := env.Words
	top := []string{titleLine(env, width, w.Text(words.ItemsTitle), w.N(words.PatronFound, len(s.titles))), quiet(env, width, w.Text(words.ScreensChooseOpen)), ""}
	s.found.Titles = true
	s.found.Columns = []kit.Column{
		{Title: w.Text(words.ColumnTitle), Least: 26, Share: 3}, {Title: w.Text(words.ColumnAuthor), Least: 16}, {Title: w.Text(words.ColumnYear), Width: 5},
		{Title: w.Text(words.ColumnCopies), Least: 18},
	}
	return append(top, s.found.View(env.Look, width, max(h-len(top), 0))...)
}

func (s *Items) viewItem(env *Env, width, h int) []string {
	w, it := env.Words, s.item
	var by []string
	for _, t := range []string{it.Titled.Author, it.Titled.Year} {
		if t = Clean(t); t != "" {
			by = append(by, t)
		}
	}
	lines := []string{
		titleLine(env, width, it.Titled.Title, strings.Join(by, ", ")),
		"   " + env.Look.Paint(kit.Info, env.Look.Cut(Clean(it.Status), width-3)),
	}
	fact := func(parts ...string) {
		var said []string
		for _, p := range parts {
			if p = Clean(p); p != "" {
				said = append(said, p)
			}
		}
		if len(said) > 0 {
			lines = append(lines, "   "+env.Look.Cut(strings.Join(said, " · "), width-3))
		}
	}
	fact(w.Text(words.ItemsBarcode, "barcode", it.Barcode), it.CallNumber, firstOf(it.Kind, string(it.Type)), w.Text(words.ItemStatusHome, "library", env.LibraryName(it.Home)), firstOf(it.Place, string(it.Location)))
	seen := w.Text(words.ItemsSeenNever)
	if !it.Seen.At.IsZero() {
		seen = w.Text(words.ItemsSeen, "at", env.When(it.Seen.At), "place", env.LibraryName(it.Seen.Library))
	}
	fact(seen)
	if it.Note != "" {
		fact(w.Text(words.ItemsNote, "text", it.Note))
	}
	if len(it.Parts) > 0 {
		fact(w.Text(words.ItemsParts, "text", circ.PartsText(it.Parts)))
	}
	for _, l := range alertLines(env, width-2, it.Alerts) {
		lines = append(lines, "  "+l)
	}
	if len(it.Story) > 0 {
		lines = append(lines, "", titleLine(env, width, w.Text(words.ItemsStory)))
		for _, l := range it.Story {
			fact(l)
		}
	}
	if len(it.Queue) == 0 {
		lines = append(lines, "", quiet(env, width, w.Text(words.ItemsNoQueue)))
	} else {
		lines = append(lines, "", titleLine(env, width, w.Text(words.ItemsQueue), w.N(words.ItemsWaiting, len(it.Queue))))
		s.queue.Columns = []kit.Column{{Width: 3, Right: true}, {Least: 24}, {Least: 16}, {Width: 15, Drop: 1}, {Width: 12, Drop: 2}}
		lines = append(lines, s.queue.View(env.Look, width, max(h-len(lines), 0))...)
	}
	out := make([]string, max(h, 0))
	copy(out, lines)
	return out
}
