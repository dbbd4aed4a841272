package circ

import (
	"reflect"
	"time"
)

// ConflictRaised: an entry met something else at the central system. What people have
// done about it meanwhile stays.
type ConflictRaised struct {
	none
	Conflict Conflict `json:"conflict" private:"yes"`
}

func (ConflictRaised) Name() string          { return "conflict_raised" }
func (e ConflictRaised) Touches() []Key      { return touch(e.Conflict.ID.conflict()) }
func (e ConflictRaised) prepare(*Case) Event { return e }
func (e ConflictRaised) fit(f *fitting)      { f.emit(e) }

// retract: a conflict is settled, never undone; one that nobody was told of is told again.
func (e ConflictRaised) retract(r *retraction) {
	if r.undo {
		r.object(Remark{Reason: NotUndone, Text: string(e.Conflict.ID)})
		return
	}
	r.emit(ConflictUnraised{Conflict: e.Conflict.ID})
}

func (e ConflictRaised) apply(_ Key, old Row) Row {
	if was, ok := old.(Conflict); ok {
		return e.Conflict.workedOn(was)
	}
	return e.Conflict
}

// workedOn gives the conflict with what people have done about it.
func (r Conflict) workedOn(was Conflict) Conflict {
	r.Owner, r.Owned, r.CallBack, r.Put, r.Seen, r.Settled = was.Owner, was.Owned, was.CallBack, was.Put, was.Seen, was.Settled
	return r
}

// ConflictUnraised: nobody has told of a conflict after all.
type ConflictUnraised struct {
	none
	Conflict EntryID `json:"conflict"`
}

func (ConflictUnraised) Name() string          { return "conflict_unraised" }
func (e ConflictUnraised) Touches() []Key      { return touch(e.Conflict.conflict()) }
func (e ConflictUnraised) prepare(*Case) Event { return e }
func (e ConflictUnraised) fit(f *fitting)      { f.emit(e) }
func (e ConflictUnraised) retract(*retraction) {}

func (e ConflictUnraised) apply(_ Key, old Row) Row {
	was, ok := old.(Conflict)
	if !ok {
		return nil
	}
	return Conflict{ID: e.Conflict}.workedOn(was)
}

// Raise gives the conflict of an act that was applied with objections, or rejected:
// events are what was applied, or what was told where nothing was.
func Raise(a Act, events []Event, met []Remark, rejected bool, found time.Time) ConflictRaised {
	c := Conflict{ID: a.ID, Rejected: rejected, Met: met, At: a.At, Desk: a.Desk, Library: a.Library, Operator: a.Operator, Found: found}
	c.about(a, events)
	if c.Item == "" {
		for _, m := range met {
			if m.Item != "" {
				c.Item = m.Item
				break
			}
		}
	}
	c.Class, c.Stands = classify(c.Command, a.At, met, rejected)
	return ConflictRaised{Conflict: c}
}

// Concerned gives whom an act and what it did are about; empty: nobody, or nobody that
// is named in them.
func Concerned(a Act, events []Event) PatronID {
	var c Conflict
	c.about(a, events)
	return c.Patron
}

// about takes over what an act and its events name.
func (r *Conflict) about(a Act, events []Event) {
	if a.Command != nil {
		r.Command = a.Command.Name()
		r.concerns(a.Command)
	}
	for _, e := range events {
		if in, ok := e.(CheckedIn); ok && in.How == Evidence && r.Command != "check_in" { // another's loan
			r.Item = in.Item
			continue
		}
		r.concerns(e)
	}
}

// concerns takes over what a command or an event names, where nothing is known yet.
func (r *Conflict) concerns(thing any) {
	if e, ok := thing.(Registered); ok && r.Patron == "" {
		r.Patron, r.Card = e.Patron.ID, e.Patron.Card
	}
	v := reflect.Indirect(reflect.ValueOf(thing))
	if v.Kind() != reflect.Struct {
		return
	}
	take(&r.Item, v)
	take(&r.Title, v)
	take(&r.Loan, v)
	if _, alias := thing.(Aliased); !alias {
		take(&r.Patron, v)
	}
	if f := v.FieldByName("Barcode"); r.Barcode == "" && f.IsValid() && f.Kind() == reflect.String {
		r.Barcode = f.String()
	}
	if f := v.FieldByName("Card"); r.Card == "" && f.IsValid() && f.Kind() == reflect.String {
		r.Card = f.String()
	}
}

// take takes the first value of a type that is not empty.
func take[T ~string](into *T, from reflect.Value) {
	for i := 0; *into == "" && i < from.NumField(); i++ {
		if f := from.Field(i); f.CanInterface() {
			if v, ok := f.Interface().(T); ok {
				*into = v
			}
		}
	}
}
