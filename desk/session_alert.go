package desk

import (
	"cmp"

	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// heard says which input told an alert: its local and its final outcome both do,
// those of later inputs do not.
type heard map[circ.AlertID]*job

// returner is whose items come back, one after the other.
type returner struct {
	patron circ.PatronID
	heard  heard
}

// hears gives what was told about a patron: in the open visit, or while the
// patron's items come back in a row.
func (s *Session) hears(p circ.PatronID) heard {
	if v := s.visit; v != nil && v.patron == p {
		if v.heard == nil {
			v.heard = heard{}
		}
		return v.heard
	}
	return s.returns(p)
}

// returns gives what was told about a patron whose item comes back now: nothing
// yet, where the one before was somebody else's.
func (s *Session) returns(p circ.PatronID) heard {
	if s.returner.patron != p {
		s.returner = returner{p, heard{}}
	}
	return s.returner.heard
}

// unheard gives what a decision tells, without the alerts about a patron that
// were told for them before. What is not done is told again.
func (s *Session) unheard(j *job, d circ.Decision) (tell []circ.Remark) {
	for _, e := range d.Events {
		if in, ok := circ.Value(e).(circ.CheckedIn); ok {
			s.returns(in.Patron)
		}
	}
	for _, r := range d.Tell {
		if r.Reason == circ.PatronAlert {
			told := s.hears(r.Who)
			if by := told[r.Alert]; by != nil && by != j {
				continue
			}
			if d.Done() {
				told[r.Alert] = j
			}
		}
		tell = append(tell, r)
	}
	return tell
}

// alertsOfItem reads the alerts of an item that stand.
func (s *Session) alertsOfItem(f *facts, id circ.ItemID) []circ.Alert {
	c := circ.NewCase(circ.Act{At: s.now()}, f.rules)
	w := circ.In(circ.AlertsOfItem, string(id), listSize)
	c.Add(w, f.rows(w)[0])
	return safe(c.Alerts("", id))
}

// alert writes an alert about an item or the open visit's patron.
func (s *Session) alert(j *job, in Alert) {
	cmd := circ.AddAlert{Text: text.Clean(in.Text, maxNote), Shown: in.Shown, Until: in.Until.UTC()}
	if in.Code != "" {
		if f, ok := s.itemScanned(j, in.Code); ok {
			cmd.Item, cmd.Barcode = named(f)
			s.changeItem(j, f, cmd, words.OutcomeAlerted)
		}
		return
	}
	if v, p, ok := s.forVisit(j); ok {
		cmd.Patron = v.patron
		s.change(j, p, cmd, WordDone, func(*Outcome) string { return s.c.Words.Text(words.OutcomeAlerted, "name", p.Name) })
	}
}

// endAlert ends an alert.
func (s *Session) endAlert(j *job, in EndAlert) {
	if in.Code != "" {
		s.endItemAlert(j, in)
		return
	}
	v, p, ok := s.forVisit(j)
	if !ok {
		return
	}
	s.freshen(v)
	if in, ok = s.whichAlert(j, in, v.panel.Alerts); ok {
		s.change(j, p, circ.EndAlert{Alert: in.ID}, WordDone, func(*Outcome) string { return s.c.Words.Text(words.OutcomeAlertEnded, "name", p.Name) })
	}
}

func (s *Session) endItemAlert(j *job, in EndAlert) {
	f, ok := s.itemScanned(j, in.Code)
	if !ok {
		return
	}
	var alerts []circ.Alert
	if f.item != nil {
		if err := s.read(func(facts *facts) { alerts = s.alertsOfItem(facts, f.item.ID) }); err != nil {
			s.failed(j, err)
			return
		}
	}
	if in, ok = s.whichAlert(j, in, alerts); ok {
		s.changeItem(j, f, circ.EndAlert{Alert: in.ID}, words.OutcomeAlertEnded)
	}
}

// whichAlert finds the alert of a number. A job whose number is in no list ends.
func (s *Session) whichAlert(j *job, in EndAlert, alerts []circ.Alert) (EndAlert, bool) {
	if in.ID != "" {
		return in, true
	}
	n := in.N
	if n == 0 && len(alerts) == 1 {
		n = 1
	}
	if n < 1 || n > len(alerts) {
		s.stop(j, Outcome{}, circ.Remark{Reason: NoSuchNumber, N: in.N})
		return in, false
	}
	in.ID = alerts[n-1].ID
	return in, true
}

// changeItem carries out a command on an item, says it with the item's title, and
// shows the item as it is then.
func (s *Session) changeItem(j *job, f found, c circ.Command, said words.Key) {
	title := clean(f.title.Title)
	s.perform(&order{job: j, cmd: c, item: s.itemOf(f), title: title, tell: warnings(f), done: func(o *Outcome, _ circ.Decision, _ []circ.Event) {
		o.Word, o.Text = WordDone, s.c.Words.Text(said, "name", cmp.Or(title, j.scanned))
		if f.item != nil {
			it, err := s.itemView(*f.item)
			if err != nil {
				s.c.Log.Error("an item could not be read", "err", err)
			} else {
				o.Item = &it
			}
		}
		*o = s.warned(*o)
	}})
}
