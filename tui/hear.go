package tui

import (
	"strings"

	"circdesk/desk"
	"circdesk/tui/kit"
	"circdesk/tui/screen"
)

// hear takes what the session said, in order, and rings once for all of it.
func (m *Model) hear(outs []desk.Output) {
	m.rev++
	m.loudest = ""
	for _, o := range outs {
		switch o := o.(type) {
		case desk.Outcome:
			m.outcome(o)
		case desk.Notice:
			m.notice(o)
		case desk.State:
			m.state(o)
		}
	}
	if m.loudest != "" {
		m.after(m.bell.Ring(m.loudest, m.env.Now))
	}
}

// gravity orders the sounds: of several at once the gravest is heard.
var gravity = map[kit.Sound]int{
	"": 0, kit.SoundGood: 1, kit.SoundDouble: 2, kit.SoundTransit: 3, kit.SoundHeld: 4, kit.SoundAsk: 5, kit.SoundLocked: 6, kit.SoundStop: 7,
}

func (m *Model) sound(s kit.Sound) {
	if gravity[s] > gravity[m.loudest] {
		m.loudest = s
	}
}

// outcome shows an outcome to who asked for it.
func (m *Model) outcome(o desk.Outcome) {
	a, known := m.asked[o.N]
	if !known {
		a = ask{from: m.at}
	}
	if o.Word == desk.WordPatron && o.Patron != nil {
		m.visit = o.Patron.ID
	}
	gone := a.told && a.visit != m.visit // the screen has moved on
	if !gone {
		m.sendAll(m.screens[a.from].Hear(&m.env, o), ask{from: a.from})
	}
	m.tell(o, a, gone)
	if a.dialog != nil && a.dialog == m.dialog {
		wish, done := a.dialog.Hear(&m.env, o)
		if done && m.dialog == a.dialog {
			m.dialog = nil
		}
		m.grant(wish, a.dialog)
	}
	if m.question != nil {
		m.question.heard(o)
	}
	if o.Final {
		if a.going {
			m.going--
		}
		delete(m.asked, o.N)
		return
	}
	a.told, a.visit = true, m.visit
	m.asked[o.N] = a
}

// tell makes an outcome seen and heard.
func (m *Model) tell(o desk.Outcome, a ask, gone bool) {
	if o.Differs {
		m.warn(o)
	}
	if a.silent {
		if o.Word == desk.WordStop {
			m.toast(kit.Wrong, o.Text)
		}
		return
	}
	if !a.told || o.Differs {
		screen.Each(o, func(_ string, o desk.Outcome) { m.sound(screen.Sound(o)) })
	}
	if o.Word == desk.WordMode && o.Text != "" && o.Final {
		m.toast(kit.Info, o.Text)
	}
	loud := m.loud(o, a)
	if loud != nil && !gone {
		m.stirred = true
		m.active = m.env.Now
		if m.dormant { // a scanner that is no keyboard
			m.dormant = false
			m.unhush()
		}
	}
	switch {
	case loud == nil || gone:
	case a.from != m.at:
		if loud.Word == desk.WordStop {
			m.toast(kit.Stop, m.env.Words.List(m.env.SayWord(*loud), screen.What(*loud), strings.Join(m.env.Details(*loud), ", ")))
		}
	case a.dialog != nil && loud.Word == desk.WordStop && !a.answer: // its dialog says so
	case m.at == screen.IDItems && loud.Word == desk.WordItem: // the screen says so
		m.last = nil
	case m.last == nil || loud.N >= m.last.N || a.answer:
		m.last = loud
	}
}

// loud is the one outcome of several that stands large; nil: none. Of an answer
// it is the last of what was queued; otherwise the outcome itself, and what
// became of the others is told beside it.
func (m *Model) loud(o desk.Outcome, a ask) *desk.Outcome {
	var last *desk.Outcome
	switch {
	case a.answer:
		screen.Each(o, func(_ string, o desk.Outcome) {
			if screen.Loud(o.Word) && (o.Word != desk.WordDone || o.Text != "") {
				last = &o
			}
		})
		return last
	case len(o.Then) > 0 && (o.Word == desk.WordPatron || o.Word == desk.WordDone || o.Word == desk.WordMode):
		for _, t := range o.Then { // queued for a visit that is over
			if t.Word == desk.WordStop {
				m.warn(t)
			}
		}
	case len(o.Then) > 0:
		m.report(o, a)
	}
	if screen.Loud(o.Word) {
		o.Then = nil
		last = &o
	}
	return last
}

// warn keeps an outcome before the clerk's eyes until it is acknowledged.
func (m *Model) warn(o desk.Outcome) {
	m.alarm(alert{role: screen.Role(o), word: m.env.SayWord(o), text: strings.Join(append([]string{screen.What(o)}, m.env.Details(o)...), " · ")})
}

// report tells what became of several things when not all went well. Undo's
// dialog does so itself.
func (m *Model) report(o desk.Outcome, a ask) {
	if a.dialog != nil || a.from != m.at || m.dialog != nil {
		return
	}
	for _, t := range o.Then {
		if t.Word == desk.WordStop || t.Word == desk.WordAsk || len(t.Tell) > 0 {
			m.dialog = screen.Report(&m.env, o.Text, o.Then)
			return
		}
	}
}

// notice shows what happened by itself.
func (m *Model) notice(n desk.Notice) {
	switch n.Kind {
	case desk.NotWritten, desk.NotShown, desk.ChainStuck, desk.MirrorGone:
		m.alarm(alert{role: kit.Stop, word: m.env.Words.Word(string(desk.WordStop)), text: n.Words})
		m.sound(kit.SoundStop)
	case desk.LineGone, desk.LateRefusal, desk.ScannerGone, desk.ScannerMissing, desk.ScannerDenied, desk.ScannerFailed, desk.ScannerFault:
		m.toast(kit.Stop, n.Words)
		m.sound(kit.SoundStop)
	case desk.LineBack:
		m.toast(kit.Info, n.Words)
		m.sound(kit.SoundAsk)
	case desk.ScannerHere, desk.ScannersNone:
		m.toast(kit.Info, n.Words)
	default:
		m.toast(kit.Info, n.Words)
		m.sound(kit.SoundAsk)
	}
}

// state takes a new state of the desk.
func (m *Model) state(s desk.State) {
	was := m.env.State.Visit
	m.env.State, m.env.Zone = s, m.config.zone()
	m.env.Begun = m.env.Begun || s.Visit != nil
	switch {
	case s.Visit == nil:
		if was != nil && m.at != screen.IDCheckIn {
			m.last = nil
		}
		m.visit = ""
	case s.Visit.Asleep:
		if !m.asleep {
			m.stirred = false
			m.forget()
		}
	default:
		m.visit = s.Visit.Patron.ID
	}
	if m.asleep && !m.env.Hidden() {
		m.unhush()
	}
	m.asleep = m.env.Hidden()
	m.ask(s.Question)
	m.follow(s.Place)
	m.screens[screen.IDCheckOut].See(&m.env)
	if m.at != screen.IDCheckOut {
		m.sendAll(m.screens[m.at].See(&m.env), ask{from: m.at})
	}
}

// follow goes where the session is, when nobody is on the way elsewhere: what is
// scanned is done where the session is.
func (m *Model) follow(p desk.Place) {
	if m.going > 0 || p == "" || m.screens[m.at].Place() == p {
		return
	}
	for _, id := range []screen.ID{screen.IDCheckOut, screen.IDCheckIn, screen.IDPatron, screen.IDHolds, screen.IDItems, screen.IDSync} {
		if m.screens[id].Place() == p {
			m.at, m.last = id, nil
		}
	}
}
