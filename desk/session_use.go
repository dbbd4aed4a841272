package desk

import (
	"circdesk/desk/circ"
	"circdesk/desk/words"
)

// use counts one use of an item in the library.
func (s *Session) use(j *job, f found) {
	var cmd circ.Use
	cmd.Item, cmd.Barcode = named(f)
	s.perform(&order{job: j, cmd: cmd, item: s.itemOf(f), title: clean(f.title.Title), tell: warnings(f), done: used})
}

// used fills in what a use did: the word is the place the item goes to, where that
// is another than its shelf.
func used(o *Outcome, d circ.Decision, es []circ.Event) {
	if back(o, d, es); o.Word == WordIn {
		o.Word = WordUsed
	}
}

// inHouse begins or ends in-house mode.
func (s *Session) inHouse(j *job, in InHouse) {
	if !in.On {
		s.inhouse = false
		s.finish(j, Outcome{Word: WordMode, Text: s.c.Words.Text(words.OutcomeInHouseOff)})
		return
	}
	if !s.may(j, circ.RightCirculate) {
		return
	}
	s.endDrop()
	s.place, s.inhouse, s.returner = AtCheckIn, true, returner{}
	s.finish(j, Outcome{Word: WordMode, Text: s.c.Words.Text(words.OutcomeInHouseOn)})
}
