package desk

import "circdesk/desk/circ"

// freshen reads the panel of a visit again when something has changed.
func (s *Session) freshen(v *visit) {
	if !v.stale {
		return
	}
	err := s.read(func(f *facts) {
		if p, ok := f.patron(v.patron); ok {
			v.panel = s.panel(f, p)
		}
	})
	if err != nil {
		s.c.Log.Error("the panel could not be read", "err", err)
		return
	}
	v.stale = false
}

// show says the state, when something has changed.
func (s *Session) show() {
	if !s.changed {
		return
	}
	s.changed, s.unshown = false, 0
	s.c.Out(s.state())
}

func (s *Session) state() State {
	d := s.c.Desk
	st := State{
		Library: d.Policy().LibraryName(d.Library), Desk: d.ID, Place: s.place, Focus: s.focus,
		Waiting: d.Unsettled(), Conflicts: s.conflicts, Queued: len(s.queue),
	}
	for _, m := range d.Policy().PayMethods() {
		st.PayMethods = append(st.PayMethods, circ.PayMethod(m))
	}
	st.Drawer = s.till()
	if s.operator != nil {
		st.Operator, st.Rights = s.operator.Display(), rights(*s.operator)
	}
	st.Alone = s.c.Up == nil
	if s.c.Up != nil {
		up := s.c.Up.Status()
		st.Up, st.Since, st.Answer, st.Copy, st.Filling = up.Up, up.Since, up.Answer, up.Copy, s.filling
		st.Lacks, st.Looked = s.lacks, s.looked
		if up.Stuck != nil {
			st.Stuck = clean(up.Stuck.Error())
		}
	}
	if v := s.visit; v != nil {
		st.Visit = &Visit{Asleep: true}
		if !v.asleep {
			s.freshen(v)
			st.Visit = &Visit{Patron: v.panel, Lines: v.lines[:len(v.lines):len(v.lines)]}
		}
	}
	if q := s.question; q != nil {
		out := q.out
		st.Question = &out
	}
	if s.place == AtCheckIn {
		st.Suggests = lastClose(d.Policy(), d.Library, s.now())
	}
	st.InHouse = s.inhouse
	if s.drop != nil {
		drop := s.drop.Drop
		st.Bookdrop = &drop
	}
	return st
}
