package local

import (
	"slices"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// pending is an entry whose effects the copy does not hold. It never changes:
// another takes its place.
type pending struct {
	epoch   uint64
	seq     uint64
	id      circ.EntryID
	mode    journal.Mode
	of      circ.EntryID
	told    []circ.Event
	receipt *journal.Receipt
	met     circ.Event // the conflict that the receipt makes of it; nil: none
}

// backlog is the pending entries, in order. What is done with some of them takes as
// long as those are many, not as long as the backlog is: a scan may wait for it.
type backlog struct {
	list []*pending
	at   map[circ.EntryID]int // the place in the list, plus gone
	gone int                  // how many were dropped from the front
}

func newBacklog(list []*pending) backlog {
	b := backlog{list: list, at: make(map[circ.EntryID]int, len(list))}
	for i, p := range list {
		b.at[p.id] = i
	}
	return b
}

func (b *backlog) add(p *pending) {
	if b.at == nil {
		b.at = map[circ.EntryID]int{}
	}
	b.at[p.id] = b.gone + len(b.list)
	b.list = append(b.list, p)
}

// of gives a pending entry; nil: it is none.
func (b *backlog) of(id circ.EntryID) *pending {
	at, ok := b.at[id]
	if !ok {
		return nil
	}
	return b.list[at-b.gone]
}

// replace puts an entry in the place of the one with its id.
func (b *backlog) replace(p *pending) { b.list[b.at[p.id]-b.gone] = p }

// drop takes out the entries of which done says yes: of each epoch the first ones.
func (b *backlog) drop(done func(*pending) bool) {
	n := 0
	for ; n < len(b.list) && done(b.list[n]); n++ {
		delete(b.at, b.list[n].id)
		b.list[n] = nil // the array behind the list outlives it
	}
	b.list, b.gone = b.list[n:], b.gone+n
	several := len(b.list) > 0 && b.list[0].epoch != b.list[len(b.list)-1].epoch
	if several && slices.ContainsFunc(b.list, done) { // of an epoch behind one that is not done
		*b = newBacklog(slices.DeleteFunc(slices.Clone(b.list), done))
	}
}
