package station

import (
	"circdesk/desk"
	"circdesk/desk/text"
	"circdesk/store/bolt"
)

// shownReason is how much of why a mirror is behind is shown.
const shownReason = 300

// mirrored tells the session how the journal's mirror is.
func (s *Station) mirrored(m bolt.MirrorState) {
	if m.Why != nil && s.log != nil {
		s.log.Error("the mirror of the journal is behind", "err", m.Why)
	}
	now := desk.Mirror{Dir: m.Dir, Behind: m.Behind, Same: m.Same}
	if m.Why != nil {
		now.Why = text.Clean(m.Why.Error(), shownReason)
	}
	s.Session.Mirror(now)
}
