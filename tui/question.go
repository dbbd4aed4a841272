package tui

import (
	"cmp"
	"reflect"
	"slices"

	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui/kit"
	"circdesk/tui/screen"
)

// question is the open question as it is shown.
type question struct {
	asked    desk.Outcome
	panel    *kit.Question
	manager  screen.Dialog // the form in which somebody else says yes, or what is missing; nil: not open
	under    screen.Dialog // the dialog that was open when the question came; nil: none
	answered int64         // the input that answered it; 0: none yet
	reason   bool          // a yes needs one
	counts   bool          // it is whether all is there: a yes needs none
	answers  []kit.Action  // in the words of this question
}

// heard opens the question again for an answer when the one given was refused.
func (q *question) heard(o desk.Outcome) {
	if o.N == q.answered && o.Final {
		q.answered = 0
	}
}

// ask shows the session's open question; nil: there is none. What was typed
// stays while it is the same one.
func (m *Model) ask(o *desk.Outcome) {
	if o == nil {
		if m.question != nil && m.question.manager != nil && m.dialog == m.question.manager {
			m.dialog = nil
		}
		if m.question != nil {
			m.toasts.Away(kit.Wrong)
		}
		m.question = nil
		return
	}
	if m.question != nil && m.question.asked.N == o.N && slices.EqualFunc(m.question.asked.Ask, o.Ask, sameRemark) {
		return
	}
	if m.question != nil && m.question.manager != nil && m.dialog == m.question.manager {
		m.dialog = nil
	}
	q := &question{asked: *o, under: m.dialog, reason: slices.ContainsFunc(o.Ask, func(r desk.Said) bool { return r.Reason != desk.StillFor })}
	q.counts = q.reason && !o.NeedsWhy()
	asked := m.put(q)
	for _, a := range asked.Answers {
		q.answers = append(q.answers, a.Action)
	}
	panel, err := kit.NewQuestion(asked)
	if err != nil { // an answer was given a key that cannot be: Rebind has refused it before
		m.alarm(alert{role: kit.Stop, word: m.env.SayWord(*o), text: err.Error()})
		return
	}
	q.panel = panel
	m.question = q
}

func sameRemark(a, b desk.Said) bool { return reflect.DeepEqual(a.Remark, b.Remark) }

// put makes the panel's parts of a question. One without a reason against it is
// whether the visit goes on.
func (m *Model) put(q *question) kit.Asked {
	w, o := m.env.Words, q.asked
	asked := kit.Asked{
		Word: w.Word(string(desk.WordAsk)), Role: kit.Ask, ReasonLabel: w.Text(words.QuestionReasonLabel), Split: m.env.Split,
	}
	if !q.reason {
		asked.Title = cmp.Or(screen.Clean(o.Text), screen.What(o))
		asked.Reasons = []kit.QuestionReason{{Text: w.Text(words.VisitStillForWay)}}
		asked.Answers = []kit.Answer{
			m.answerOf(actYes, w.Text(words.LabelStillYes), "", nil), m.answerOf(actNo, w.Text(words.LabelStillNo), "", nil),
		}
		return asked
	}
	for _, r := range o.Ask {
		asked.Reasons = append(asked.Reasons, kit.QuestionReason{Text: screen.Clean(r.Words), Way: screen.Clean(w.Way(r.Remark))})
	}
	yes := words.LabelYesPlain
	switch {
	case q.counts:
		return m.putCount(asked, o)
	case m.lends(o):
		yes = words.LabelYes
	}
	asked.Title = m.lead(o)
	asked.Answers = []kit.Answer{
		m.answerOf(actYes, w.Text(yes), m.lacks(o), m.counts),
		m.answerOf(actManager, w.Text(words.LabelManager), "", func() string { return w.Text(words.QuestionManagerNote) }),
		m.answerOf(actNo, w.Text(words.LabelNo), "", nil),
	}
	asked.Answers[0].NeedsReason = true
	return asked
}

// putCount makes the parts of the question whether all is there. At a check-in a no
// goes on to what is missing.
func (m *Model) putCount(asked kit.Asked, o desk.Outcome) kit.Asked {
	w, no := m.env.Words, words.LabelNotAll
	if m.lends(o) {
		no = words.LabelNo
	}
	asked.Title = screen.What(o)
	asked.Answers = []kit.Answer{m.answerOf(actYes, w.Text(words.LabelAllThere), m.lacks(o), nil), m.answerOf(actNo, w.Text(no), "", nil)}
	return asked
}

// lends tells whether it is about lending an item.
func (m *Model) lends(o desk.Outcome) bool {
	return m.env.State.Place == desk.AtCheckOut && o.Item != nil
}

// counts says what a yes needs, and for how many scans it counts; and once the field for
// the reason is open, which key sends it.
func (m *Model) counts() string {
	if m.question != nil && m.question.panel.AsksReason() {
		return m.env.Words.Text(words.QuestionReasonMissing)
	}
	if n := m.env.State.Queued; n > 0 {
		return m.env.Words.N(words.QuestionYesNoteWaiting, n)
	}
	return m.env.Words.Text(words.QuestionYesNote)
}

// lead is the question's first line: who, what, and how many reasons.
func (m *Model) lead(o desk.Outcome) string {
	key, name := words.QuestionLead, ""
	if m.lends(o) {
		key = words.QuestionLend
	}
	if p := m.env.Patron(); p != nil && !ofDrawer(o) {
		name = p.Name
	}
	return m.env.Words.N(key, len(o.Ask), "name", name, "what", o.Title)
}

// ofDrawer tells whether it is about what was counted in the drawer, and so about nobody.
func ofDrawer(o desk.Outcome) bool {
	return slices.ContainsFunc(o.Ask, func(r desk.Said) bool { return slices.Contains(desk.OverShort(), r.Reason) })
}

// lacks says which right the operator has not for a yes; empty when none.
func (m *Model) lacks(o desk.Outcome) string {
	for _, r := range o.Ask {
		if !r.Allows(m.env.State.Rights) {
			return m.env.Words.Text(words.QuestionOffRight, "right", m.env.Words.Rights(r.Remark))
		}
	}
	return ""
}

// answerOf is an answer by the keys of its action.
func (m *Model) answerOf(id, label, off string, note func() string) kit.Answer {
	a, _ := m.actions.Action(id)
	a.Label = label
	a.Off = nil
	if off != "" {
		a.Off = func() string { return off }
	}
	return kit.Answer{Action: a, Note: note}
}

// answer gives the question what came, and gives back what is for the scan line.
func (m *Model) answer(in kit.InputMsg) kit.InputMsg {
	q := m.question
	if q.answered != 0 { // on its way: a key pressed twice answers once
		if m.bound(in.Key) {
			in.Key = ""
		}
		return in
	}
	r := q.panel.Input(in)
	if r.Off != "" {
		m.toast(kit.Wrong, r.Off)
	}
	switch r.Answer {
	case actYes:
		q.answered = m.reply(desk.Yes{Why: r.Reason})
	case actNo:
		if q.counts && !m.lends(q.asked) {
			q.manager = screen.MissingForm(&m.env, q.asked.Item, func(missing string) desk.Input { return desk.No{Missing: missing} })
			m.dialog = q.manager
			break
		}
		q.answered = m.reply(desk.No{})
	case actManager:
		q.manager = screen.Manager(&m.env, m.lead(q.asked), q.reason)
		m.dialog = q.manager
	}
	return r.Rest
}

// bound tells whether a key answers questions.
func (m *Model) bound(key string) bool {
	a, ok := m.actions.Match(key, scopeQuestion)
	return ok && slices.Contains([]string{actYes, actNo, actManager}, a.ID)
}

// reply sends an answer and gives its number.
func (m *Model) reply(in desk.Input) int64 {
	return m.sendAs(in, ask{from: m.at})
}
