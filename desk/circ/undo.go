package circ

// Undo takes back what an entry did, with the values it overwrote. It is
// refused, and says what stands in the way, when somebody else has worked on
// the same records since. Money is never taken back by it.
type Undo struct {
	Entry EntryID `json:"entry"`
}

func (Undo) Name() string { return "undo" }

func (Undo) lacks(*lacking) {} // what the entry did is Case.Was, and Lacks asks for its records

func (k Undo) decide(t *trial) {
	if t.c.Was == nil {
		t.refuse(Remark{Reason: UnknownThing, Text: string(k.Entry)})
		return
	}
	events, objections := Retract(t.c)
	for _, o := range objections {
		t.refuse(o)
	}
	if len(events) == 0 && len(objections) == 0 {
		t.refuse(Remark{Reason: NotUndone, Text: string(k.Entry)})
	}
	if t.stopped() {
		return
	}
	for _, e := range events {
		t.emit(e)
	}
	for _, e := range t.c.Was.Events {
		if p := whom(e); p != "" {
			t.tell(Remark{Reason: TellThePerson, Who: p})
			break
		}
	}
}

// whom gives the person who was told of an event that is not so any more, if
// somebody other than who stood at the desk was.
func whom(e Event) PatronID {
	if e, ok := e.(Trapped); ok && e.Stage == OnShelf {
		return e.Patron
	}
	return ""
}
