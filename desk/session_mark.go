package desk

import (
	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// Marking is what is said of an item: of its loan, or of the item itself. It is for
// programs: never renamed.
type Marking string

// The markings.
const (
	MarkLost      Marking = "lost"      // by the patron who has it
	MarkClaimed   Marking = "claimed"   // the patron says that it was returned
	MarkFound     Marking = "found"     // whatever was wrong with it
	MarkWriteOff  Marking = "write_off" // what is lost: nobody waits for it any more
	MarkMissing   Marking = "missing"   // it is not where it should be
	MarkDamaged   Marking = "damaged"   // somebody has to look at it before it is lent
	MarkWithdrawn Marking = "withdrawn" // it is not lent any more
)

// Markings gives all, those of a loan first.
func Markings() []Marking {
	return []Marking{MarkLost, MarkClaimed, MarkWriteOff, MarkFound, MarkMissing, MarkDamaged, MarkWithdrawn}
}

// mark says something of an item.
func (s *Session) mark(j *job, in Mark) {
	f, ok := s.itemScanned(j, in.Text)
	if !ok {
		return
	}
	id, barcode := named(f)
	var cmd circ.Command
	switch in.As {
	case MarkLost:
		cmd = circ.Lose{Item: id, Barcode: barcode}
	case MarkWriteOff:
		cmd = circ.WriteOff{Item: id, Barcode: barcode}
	case MarkClaimed:
		cmd = circ.Claim{Item: id, Barcode: barcode}
	case MarkFound:
		cmd = circ.Find{Item: id, Barcode: barcode}
	default:
		cmd = circ.MarkItem{Item: id, Barcode: barcode, State: circ.ItemState(in.As), Text: text.Clean(in.Note, maxNote)}
	}
	title := clean(f.title.Title)
	o := &order{job: j, cmd: cmd, item: s.itemOf(f), title: title, tell: warnings(f), done: func(o *Outcome, _ circ.Decision, _ []circ.Event) {
		o.Word, o.Text = WordDone, s.c.Words.Text(words.OutcomeMarked, "title", title, "state", s.c.Words.Mark(string(in.As)))
		s.looks(o, f)
		*o = s.warned(*o)
	}}
	if in.As == MarkWriteOff {
		s.willing(o, circ.RightOverride, circ.WritesOff, text.Clean(in.Note, maxNote))
	}
	s.perform(o)
}

// looks shows an item as it is now.
func (s *Session) looks(o *Outcome, f found) {
	if f.item == nil {
		return
	}
	it, err := s.itemView(*f.item)
	if err != nil {
		s.c.Log.Error("an item could not be read", "item", f.item.ID, "err", err)
		return
	}
	o.Item = &it
}
