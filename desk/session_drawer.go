package desk

import (
	"slices"
	"strings"

	"circdesk/desk/circ"
	"circdesk/desk/money"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// drawerID gives the drawer of this desk; none where its settings name none.
func (s *Session) drawerID() circ.DrawerID {
	if s.c.Drawer == "" {
		return ""
	}
	id, _ := circ.NewDrawerID(s.c.Desk.Library, s.c.Drawer)
	return id
}

// hasDrawer ends the job of a desk without a drawer.
func (s *Session) hasDrawer(j *job) (circ.DrawerID, bool) {
	id := s.drawerID()
	if id == "" {
		s.refuse(j, NoDrawer, "")
	}
	return id, id != ""
}

// openDrawer begins a shift of the desk's drawer.
func (s *Session) openDrawer(j *job, in OpenDrawer) {
	j.shows(in.Float)
	id, ok := s.hasDrawer(j)
	if !ok {
		return
	}
	float, ok := s.amount(j, in.Float)
	if !ok {
		return
	}
	s.perform(&order{job: j, cmd: circ.OpenDrawer{Drawer: id, Float: float}, done: func(o *Outcome, _ circ.Decision, _ []circ.Event) {
		o.Text = s.c.Words.Text(words.DrawerOpened, "name", id.Name(), "amount", s.c.Words.Money(float))
		*o = s.warned(*o)
	}})
}

// closeDrawer ends the shift that is open, as far as this desk knows.
func (s *Session) closeDrawer(j *job, in CloseDrawer) {
	id, ok := s.hasDrawer(j)
	if !ok {
		return
	}
	cmd := circ.CloseDrawer{Drawer: id, Text: text.Clean(in.Text, maxNote)}
	for _, c := range in.Counted {
		if strings.TrimSpace(c.Amount) == "" {
			continue
		}
		a, ok := s.amount(j, strings.TrimSpace(c.Amount))
		if !ok {
			return
		}
		cmd.Counted = append(cmd.Counted, circ.Counted{Method: c.Method, Amount: a})
	}
	if err := s.read(func(f *facts) {
		if shift, ok := f.shift(id, 0); ok && shift.Open() {
			cmd.Shift = shift.ID
		}
	}); err != nil {
		s.failed(j, err)
		return
	}
	o := &order{job: j, cmd: cmd, done: func(o *Outcome, _ circ.Decision, _ []circ.Event) {
		s.tellDrawer(o, id)
		waits := ""
		if o.Drawer != nil && o.Drawer.Unsent > 0 {
			waits = s.c.Words.N(words.DrawerUnsent, o.Drawer.Unsent)
		}
		o.Text = s.c.Words.Text(words.DrawerClosed, "name", id.Name(), "waits", waits)
	}}
	if cmd.Text != "" && s.operator != nil && slices.Contains(rights(*s.operator), circ.RightMoney) {
		o.over, o.why = OverShort(), cmd.Text
	}
	s.perform(o)
}

// tellDrawer tells what the last shift of a drawer comes to.
func (s *Session) tellDrawer(o *Outcome, id circ.DrawerID) {
	d, _, err := ReadDrawer(s.ctx, s.c.Desk, id, 0)
	if err != nil {
		s.c.Log.Error("the drawer could not be read", "err", err)
		return
	}
	d.Name = id.Name()
	o.Drawer = &d
	lines := DrawerLines(s.c.Words, s.names(), d)
	if s.waitsForLine() {
		lines = append(lines, s.c.Words.Text(words.DrawerOthers, "at", s.c.Words.When(s.c.Desk.Copied(), s.names())))
	}
	for _, line := range lines {
		o.Tell = append(o.Tell, Said{Words: line})
	}
}

// waitsForLine reports whether other desks may have told the central system what this
// one does not know yet.
func (s *Session) waitsForLine() bool { return s.c.Up != nil && !s.c.Up.Status().Up }

// showDrawer tells about the desk's drawer, or what is on a receipt.
func (s *Session) showDrawer(j *job, in ShowDrawer) {
	if !s.signedIn(j) {
		return
	}
	if in.Receipt != "" {
		s.showReceipt(j, in.Receipt)
		return
	}
	id, ok := s.hasDrawer(j)
	if !ok {
		return
	}
	o := Outcome{Word: WordList}
	s.tellDrawer(&o, id)
	if len(o.Tell) > 0 {
		o.Text, o.Tell = o.Tell[0].Words, o.Tell[1:]
	}
	s.finish(j, o)
}

// showReceipt tells what was taken or given back under a number.
func (s *Session) showReceipt(j *job, typed string) {
	no := text.Clean(typed, maxScanned)
	j.shows(no)
	moves, err := ReadReceipt(s.ctx, s.c.Desk, circ.ReceiptNo(no))
	switch {
	case err != nil:
		s.failed(j, err)
		return
	case len(moves) == 0:
		s.refuse(j, NoSuchReceipt, no)
		return
	}
	o := Outcome{Word: WordList, Text: s.c.Words.Text(words.DrawerReceipt, "receipt", no)}
	n := s.names()
	for _, m := range moves {
		o.Tell = append(o.Tell, Said{Words: MoveLine(s.c.Words, n, m)})
	}
	s.finish(j, o)
}

// receiptOf gives the number on the receipt of what was taken or given back; empty: no
// money changed hands.
func receiptOf(es []circ.Event) string {
	for _, e := range es {
		switch e := circ.Value(e).(type) {
		case circ.Paid:
			return clean(string(e.Receipt))
		case circ.Refunded:
			return clean(string(e.Receipt))
		}
	}
	return ""
}

// moneyOf gives what was taken in all, below zero what was given back.
func moneyOf(es []circ.Event) (sum money.Amount) {
	for _, e := range es {
		switch e := circ.Value(e).(type) {
		case circ.Paid:
			sum.Minor, sum.Currency = sum.Minor+e.Amount.Minor, e.Amount.Currency
		case circ.Refunded:
			sum.Minor, sum.Currency = sum.Minor-e.Amount.Minor, e.Amount.Currency
		}
	}
	return sum
}

// till gives what a screen shows of the desk's drawer; nil: there is none, or it was
// never opened.
func (s *Session) till() *Till {
	id := s.drawerID()
	if id == "" {
		return nil
	}
	if s.drawerFresh {
		return s.drawer
	}
	err := s.read(func(f *facts) {
		s.drawer = &Till{Name: id.Name()}
		if shift, ok := f.shift(id, 0); ok {
			s.drawer.Shift = safe(shift)
		}
	})
	if err != nil {
		s.c.Log.Error("the drawer could not be read", "err", err)
		return nil
	}
	s.drawerFresh = true
	return s.drawer
}

// ofDrawer reports whether a command changes what a drawer is in.
func ofDrawer(c circ.Command) bool {
	switch circ.CommandValue(c).(type) {
	case circ.OpenDrawer, circ.CloseDrawer, circ.Undo:
		return true
	}
	return false
}
