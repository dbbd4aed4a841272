package circ

// Retract undoes what an entry did, [Case.Was], from the last event to the
// first, with the values that the events overwrote. What has changed since is
// left alone and named. The case stays as it was.
func Retract(c *Case) (events []Event, objections []Remark) {
	r := &retraction{story: story{c: c.fork()}}
	if c.Was == nil {
		return nil, []Remark{{Reason: UnknownThing}}
	}
	_, r.undo = c.Act.Command.(Undo)
	for i := len(c.Was.Events) - 1; i >= 0; i-- {
		c.Was.Events[i].retract(r)
	}
	return r.out, r.objections
}

// retraction is a story on its way back.
type retraction struct {
	story
	undo       bool // a clerk takes it back; else nobody was ever told it was done
	objections []Remark
}

func (r *retraction) object(m Remark) { r.objections = append(r.objections, m) }

// changed says that somebody else has worked on the item since.
func (r *retraction) changed(it Item) {
	r.object(Remark{Reason: ChangedSince, Item: it.ID, When: it.Seen.At, Desk: it.Seen.Desk})
}
