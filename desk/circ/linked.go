package circ

import "time"

// Linked: one patron answers for another, or may collect for them.
type Linked struct {
	Link   LinkID    `json:"link"`
	Patron PatronID  `json:"patron" private:"yes"`
	Other  PatronID  `json:"other" private:"yes"`
	Kind   LinkKind  `json:"kind"`
	At     time.Time `json:"at"`
}

func (Linked) Name() string     { return "linked" }
func (e Linked) Touches() []Key { return touch(e.Link.key()) }
func (e Linked) lacks(l *lacking) {
	l.patron(e.Patron)
	l.patron(e.Other)
}
func (e Linked) prepare(*Case) Event { return e }

func (e Linked) apply(Key, Row) Row {
	return Link{ID: e.Link, Patron: e.Patron, Other: e.Other, Kind: e.Kind, At: e.At}
}

func (e Linked) fit(f *fitting) {
	e.Patron, e.Other = f.c.known(e.Patron), f.c.known(e.Other)
	f.emit(e)
}

func (e Linked) retract(r *retraction) {
	l, ok := get[Link](r.c, KindLink, string(e.Link))
	switch {
	case !ok:
	case !l.Ended.IsZero():
		r.object(Remark{Reason: UndoneAlready, Who: l.Patron})
	default:
		r.emit(Unlinked{Link: e.Link, At: r.c.Act.At})
	}
}

// Unlinked: a link is over.
type Unlinked struct {
	none
	Link LinkID    `json:"link"`
	At   time.Time `json:"at"`
}

func (Unlinked) Name() string          { return "unlinked" }
func (e Unlinked) Touches() []Key      { return touch(e.Link.key()) }
func (e Unlinked) prepare(*Case) Event { return e }
func (e Unlinked) fit(f *fitting)      { f.emit(e) }
func (e Unlinked) retract(*retraction) {}

func (e Unlinked) apply(_ Key, old Row) Row {
	l, ok := old.(Link)
	if !ok {
		return nil
	}
	l.Ended = e.At
	return l
}
