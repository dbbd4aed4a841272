package desk

import (
	"reflect"
	"strings"

	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// forVisit begins what concerns the open visit's patron.
func (s *Session) forVisit(j *job) (*visit, Patron, bool) {
	if !s.may(j, circ.RightCirculate) {
		return nil, Patron{}, false
	}
	v, ok := s.here(j)
	if !ok {
		return nil, Patron{}, false
	}
	j.visit = v
	return v, s.short(v.panel.Patron), true
}

// change carries out a command on the open visit's patron, and says it with a
// text.
func (s *Session) change(j *job, p Patron, c circ.Command, word Word, said func(*Outcome) string) {
	s.perform(&order{job: j, cmd: c, patron: &p, done: func(o *Outcome, _ circ.Decision, _ []circ.Event) {
		o.Word, o.Text = word, said(o)
		*o = s.warned(*o)
	}})
}

// maxNote is the longest free text that is kept.
const maxNote = 500

// block and unblock block the open visit's patron, and lift a block.
func (s *Session) block(j *job, in Block) {
	v, p, ok := s.forVisit(j)
	if !ok {
		return
	}
	s.change(j, p, circ.BlockPatron{Patron: v.patron, Text: text.Clean(in.Text, maxNote), Until: in.Until, Against: in.Against}, WordDone, func(*Outcome) string {
		return s.c.Words.Text(words.OutcomeBlocked, "name", p.Name)
	})
}

func (s *Session) unblock(j *job, in Unblock) {
	v, p, ok := s.forVisit(j)
	if !ok {
		return
	}
	if in.ID == "" {
		s.freshen(v)
		if in.N == 0 && len(v.panel.Blocks) == 1 {
			in.N = 1
		}
		if in.N < 1 || in.N > len(v.panel.Blocks) {
			s.stop(j, Outcome{}, circ.Remark{Reason: NoSuchNumber, N: in.N})
			return
		}
		in.ID = v.panel.Blocks[in.N-1].ID
	}
	s.change(j, p, circ.Unblock{Block: in.ID}, WordDone, func(*Outcome) string {
		return s.c.Words.Text(words.OutcomeUnblocked, "name", p.Name)
	})
}

// register registers a patron, and opens a visit.
func (s *Session) register(j *job, p circ.Patron) {
	if !s.may(j, circ.RightCirculate) {
		return
	}
	p = cleaned(p)
	var card found
	if p.Card != "" {
		code, ok := s.code(j, p.Card)
		if !ok {
			return
		}
		card.label = s.c.Labels.Classify(code)
		p.Card = card.label.Code
	}
	s.perform(&order{
		job: j, cmd: circ.Register{Patron: p}, tell: warnings(card),
		done: func(o *Outcome, _ circ.Decision, es []circ.Event) {
			for _, e := range es {
				if r, ok := circ.Value(e).(circ.Registered); ok {
					view := s.short(r.Patron)
					o.Word, o.Patron = WordPatron, &view
					o.Text = s.c.Words.Text(words.OutcomeRegistered, "name", view.Name, "card", view.Card)
				}
			}
			*o = s.warned(*o)
		},
		then: func(_ circ.EntryID, es []circ.Event) {
			for _, e := range es {
				if r, ok := circ.Value(e).(circ.Registered); ok {
					s.closeVisit()
					s.visit = &visit{patron: r.Patron.ID, panel: s.short(r.Patron), stale: true, began: s.now(), from: s.head()}
					s.visit.alive(s)
				}
			}
		},
	})
}

// cleaned gives a patron as typed, each text cleaned.
func cleaned(p circ.Patron) circ.Patron {
	p.ID, p.Merged, p.Void = "", "", false
	v := reflect.ValueOf(&p).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.String {
			f.SetString(text.Clean(f.String(), maxText))
		}
	}
	p.Note = text.Clean(p.Note, maxNote)
	return p
}

// edit changes how the open visit's patron is reached.
func (s *Session) edit(j *job, k circ.Contact) {
	v, p, ok := s.forVisit(j)
	if !ok {
		return
	}
	for _, f := range []**string{&k.Street, &k.Postcode, &k.City, &k.Phone, &k.Email, &k.Language} {
		if *f != nil {
			typed := text.Clean(**f, maxText)
			*f = &typed
		}
	}
	s.change(j, p, circ.Edit{Patron: v.patron, Contact: k}, WordDone, func(*Outcome) string {
		return s.c.Words.Text(words.OutcomeEdited, "name", p.Name)
	})
}

func (s *Session) renewCard(j *job, in RenewCard) {
	v, p, ok := s.forVisit(j)
	if !ok {
		return
	}
	s.change(j, p, circ.RenewCard{Patron: v.patron, Until: in.Until.UTC()}, WordDone, func(*Outcome) string {
		w := s.c.Words
		return w.Text(words.OutcomeCardRenewed, "name", p.Name, "until", w.Due(in.Until, s.names()))
	})
}

func (s *Session) replaceCard(j *job, number string) {
	v, p, ok := s.forVisit(j)
	if !ok {
		return
	}
	code, ok := s.code(j, number)
	if !ok {
		return
	}
	card := found{label: s.c.Labels.Classify(code)}
	cmd := circ.ReplaceCard{Patron: v.patron, Number: card.label.Code}
	s.perform(&order{job: j, cmd: cmd, patron: &p, tell: warnings(card), done: func(o *Outcome, _ circ.Decision, _ []circ.Event) {
		o.Word, o.Text = WordDone, s.c.Words.Text(words.OutcomeCardReplaced, "name", p.Name, "card", card.label.Code)
		*o = s.warned(*o)
	}})
}

// merge makes another record part of the open visit's patron's: asked once more, since
// both may be people.
func (s *Session) merge(j *job, in Merge) {
	if !s.may(j, circ.RightSettle) {
		return
	}
	v, p, ok := s.forVisit(j)
	if !ok {
		return
	}
	other, ok := s.ofCard(j, in.Card)
	if !ok {
		return
	}
	cmd := circ.MergePatrons{Patron: other.ID, Into: v.patron}
	s.change(j, p, cmd, WordDone, func(*Outcome) string {
		return s.c.Words.Text(words.OutcomeMerged, "name", p.Name, "other", personName(other))
	})
}

// ofCard gives whose a card is. False: it says why nobody's, and the job has ended.
func (s *Session) ofCard(j *job, typed string) (p circ.Patron, ok bool) {
	card, ok := s.code(j, typed)
	if !ok {
		return p, false
	}
	if err := s.read(func(f *facts) {
		if _, p, ok = f.card(s.c.Labels.Classify(card).Code); !ok {
			_, p, ok = f.card(card)
		}
	}); err != nil {
		s.failed(j, err)
		return p, false
	}
	if !ok {
		s.stop(j, Outcome{}, circ.Remark{Reason: circ.UnknownPatron, Text: card})
	}
	return p, ok
}

// link ties another person, by card, to the open visit's patron.
func (s *Session) link(j *job, in Link) {
	v, p, ok := s.forVisit(j)
	if !ok {
		return
	}
	other, ok := s.ofCard(j, in.Card)
	if !ok {
		return
	}
	cmd := circ.LinkPatrons{Patron: v.patron, Other: other.ID, Kind: circ.LinkKind(strings.TrimSpace(string(in.Kind)))}
	s.change(j, p, cmd, WordDone, func(*Outcome) string {
		w := s.c.Words
		return w.Text(words.OutcomeLinked, "name", p.Name, "link", w.Link(cmd.Kind), "other", personName(other))
	})
}
