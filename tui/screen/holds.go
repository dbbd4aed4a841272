package screen

import (
	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// The actions of the hold shelf.
const (
	ActionTakeOff     = "holds.take_off"
	ActionCancelHold  = "holds.cancel_request"
	ActionHoldsReload = "holds.reload"
)

// Holds is the hold shelf: what waits, for whom, until when, and what waits no
// longer.
type Holds struct {
	Plain
	table  kit.Table
	holds  map[string]desk.Hold
	known  bool
	asking bool // a list is under way
}

// NewHolds makes the screen, empty.
func NewHolds() *Holds { return &Holds{} }

// Place is where items are put on the shelf and taken off.
func (*Holds) Place() desk.Place { return desk.AtHolds }

// Shown asks for the list.
func (s *Holds) Shown() []desk.Input {
	s.asking = true
	return []desk.Input{desk.Shelf{}}
}

// Hear takes the list, and asks for it anew after anything else that was done.
func (s *Holds) Hear(env *Env, o desk.Outcome) []desk.Input {
	if o.Word == desk.WordList || o.Holds != nil {
		s.asking = false
		s.fill(env, o.Holds)
		return nil
	}
	if !o.Final || s.asking || o.Word == desk.WordStop || o.Word == desk.WordPatron || o.Word == desk.WordItem || o.Word == desk.WordMode {
		return nil
	}
	return s.Shown()
}

func (s *Holds) fill(env *Env, holds []desk.Hold) {
	s.known, s.holds = true, map[string]desk.Hold{}
	rows := make([]kit.Row, len(holds))
	for i, h := range holds {
		key := string(h.ID)
		s.holds[key] = h
		until := kit.Cell{Text: env.Due(h.Until)}
		if h.Expired {
			until = kit.Cell{Text: env.Words.List(env.Words.Text(words.HoldsExpired), env.Due(h.Until)), Role: kit.Stop}
		}
		rows[i] = kit.Row{Key: key, Cells: []kit.Cell{{Text: h.Person}, {Text: h.Of}, until, {Text: Tail(h.Card), Role: kit.Quiet}, {Text: h.Barcode, Role: kit.Quiet}}}
	}
	was := s.table.Chosen()
	s.table.SetRows(rows)
	if s.table.Chosen() != was { // it is off the shelf: the key that took it off means no other
		s.table.Choose("")
	}
}

// Move moves the choice.
func (s *Holds) Move(key string, page int) bool {
	if key == "esc" && s.table.Chosen() != "" {
		s.table.Choose("")
		return true
	}
	return s.table.Input(key, page)
}

// Off says why an action cannot be done.
func (s *Holds) Off(env *Env, action string) string {
	if action == ActionHoldsReload {
		return ""
	}
	if why := env.SignedOut(); why != "" {
		return why
	}
	if s.table.Chosen() == "" {
		return env.Words.Text(words.ScreensChooseLine)
	}
	return ""
}

// Do takes the chosen item off the shelf, or cancels its request.
func (s *Holds) Do(env *Env, action string) Wish {
	if action == ActionHoldsReload {
		return send(s.Shown()...)
	}
	h, ok := s.holds[s.table.Chosen()]
	if !ok {
		return Wish{}
	}
	switch action {
	case ActionTakeOff:
		return send(desk.TakeOff{Text: h.Barcode})
	case ActionCancelHold:
		return Wish{Open: NewConfirm(env.Words.Text(words.HoldsCancelTitle, "name", h.Person), h.Of, desk.Cancel{ID: h.ID})}
	}
	return Wish{}
}

// Forget forgets who waits.
func (s *Holds) Forget() { *s = Holds{} }

// View draws the list under how many there are.
func (s *Holds) View(env *Env, width, h int) []string {
	w := env.Words
	if len(s.holds) == 0 {
		line := w.Text(words.BarLoading)
		if s.known {
			line = w.Text(words.HoldsEmpty)
		}
		out := titled(env, width, h, words.HoldsTitle, words.HoldsScanItem, quiet(env, width, line))
		if len(out) > 0 {
			out[0] = titleLine(env, width, w.Text(words.HoldsTitle), env.Local())
		}
		return out
	}
	expired := 0
	for _, hold := range s.holds {
		if hold.Expired {
			expired++
		}
	}
	gone := ""
	if expired > 0 {
		gone = w.N(words.HoldsExpiredCount, expired)
	}
	top := []string{titleLine(env, width, w.Text(words.HoldsTitle), w.N(words.HoldsCount, len(s.holds)), gone, env.Local()), quiet(env, width, w.Text(words.HoldsScanItem)), ""}
	s.table.Titles = true
	s.table.Columns = []kit.Column{
		{Title: w.Text(words.ColumnName), Least: 18}, {Title: w.Text(words.ColumnTitle), Least: 22, Share: 2}, {Title: w.Text(words.ColumnUntil), Least: 19},
		{Title: w.Text(words.ColumnCard), Width: 5}, {Title: w.Text(words.ColumnBarcode), Width: 14, Drop: 1},
	}
	return append(top, s.table.View(env.Look, width, max(h-len(top), 0))...)
}
