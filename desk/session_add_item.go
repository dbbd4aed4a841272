package desk

import (
	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// maxTitle is how much of a typed title is kept.
const maxTitle = 200

// addItem makes a record for an item that nobody here knows, and lends it to the open
// visit: what was never in the copy leaves the house all the same.
func (s *Session) addItem(j *job, in AddItem) {
	if !s.may(j, circ.RightCirculate) {
		return
	}
	if _, ok := s.here(j); !ok {
		return
	}
	f, ok := s.itemScanned(j, in.Text)
	if !ok {
		return
	}
	title := text.Clean(in.Title, maxTitle)
	switch {
	case f.item != nil: // it has come into the copy meanwhile
		s.checkOut(j, f)
		return
	case f.card != nil:
		s.stop(j, Outcome{}, circ.Remark{Reason: circ.UnknownItem, Text: f.label.Code})
		return
	case title == "":
		s.refuse(j, NothingTyped, "")
		return
	}
	add := &job{n: j.n, in: j.in, place: j.place, scanned: j.scanned, sink: func(o Outcome) {
		if o.Word != WordDone {
			s.finish(j, o)
			return
		}
		known, err := s.resolve(f.label.Code)
		if err != nil {
			s.failed(j, err)
			return
		}
		if known.item == nil { // the central system has it under its own name, and the copy not yet
			known = f
		}
		s.checkOut(j, known)
	}}
	s.perform(&order{
		job: add, cmd: circ.AddItem{Barcode: f.label.Code, Title: title, Staff: s.c.Words.Text(words.OutcomeAddedStaff)}, title: title, tell: warnings(f),
	})
}
