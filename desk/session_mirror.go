package desk

// Mirror says how the journal's mirror is, once it is known and whenever it changes. It
// never waits.
func (s *Session) Mirror(now Mirror) {
	s.inbox.call(func() {
		was := s.mirror
		s.mirror, s.changed = now, true
		switch {
		case !now.Behind.IsZero() && now.Why != "" && (was.Behind.IsZero() || was.Why == ""):
			s.notice(MirrorGone, "", "why", now.Why)
		case now.Behind.IsZero() && !was.Behind.IsZero() && was.Why != "":
			s.notice(MirrorBack, "")
		}
	})
}
