package circ

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// An Event tells what happened: past tense, final, undone only by a further
// event. Events are plain structs, one file each.
type Event interface {
	Name() string // travels: never renamed
	// Touches names every record the event writes.
	Touches() []Key
	// apply gives the next value of the record under k from its old value (nil:
	// not known) and the event alone; nil: nothing changes.
	apply(k Key, old Row) Row
	// lacks says what Record and Retract need beside the records touched.
	lacks(l *lacking)
	// prepare fills the values that the event overwrites, from the case.
	prepare(c *Case) Event
	// fit brings a told event into the case: see [Record].
	fit(f *fitting)
	// retract undoes the event: see [Retract].
	retract(r *retraction)
}

// events makes an empty event of each name.
var events = []func() Event{
	func() Event { return &CheckedOut{} },
	func() Event { return &CheckedIn{} },
	func() Event { return &Seen{} },
	func() Event { return &Unseen{} },
	func() Event { return &Used{} },
	func() Event { return &Unused{} },
	func() Event { return &LoanNoted{} },
	func() Event { return &LoanVoided{} },
	func() Event { return &Reopened{} },
	func() Event { return &Renewed{} },
	func() Event { return &Unrenewed{} },
	func() Event { return &Placed{} },
	func() Event { return &Trapped{} },
	func() Event { return &Untrapped{} },
	func() Event { return &RequestEnded{} },
	func() Event { return &RequestMoved{} },
	func() Event { return &Requeued{} },
	func() Event { return &Blocked{} },
	func() Event { return &Unblocked{} },
	func() Event { return &Reblocked{} },
	func() Event { return &Alerted{} },
	func() Event { return &AlertEnded{} },
	func() Event { return &AlertRestored{} },
	func() Event { return &Registered{} },
	func() Event { return &Unregistered{} },
	func() Event { return &Aliased{} },
	func() Event { return &PatronsMerged{} },
	func() Event { return &PatronsUnmerged{} },
	func() Event { return &Edited{} },
	func() Event { return &CardRenewed{} },
	func() Event { return &CardReplaced{} },
	func() Event { return &Linked{} },
	func() Event { return &Unlinked{} },
	func() Event { return &DueSet{} },
	func() Event { return &DueUnset{} },
	func() Event { return &Recalled{} },
	func() Event { return &Unrecalled{} },
	func() Event { return &ReturnCorrected{} },
	func() Event { return &ReturnRestored{} },
	func() Event { return &LoanMarked{} },
	func() Event { return &LoanUnmarked{} },
	func() Event { return &ItemMarked{} },
	func() Event { return &ItemUnmarked{} },
	func() Event { return &PartsSet{} },
	func() Event { return &ItemAdded{} },
	func() Event { return &ItemUnadded{} },
	func() Event { return &ItemAliased{} },
	func() Event { return &Called{} },
	func() Event { return &Uncalled{} },
	func() Event { return &Charged{} },
	func() Event { return &Disputed{} },
	func() Event { return &Undisputed{} },
	func() Event { return &Paid{} },
	func() Event { return &Waived{} },
	func() Event { return &Refunded{} },
	func() Event { return &CreditUsed{} },
	func() Event { return &PaymentVoided{} },
	func() Event { return &DrawerOpened{} },
	func() Event { return &DrawerUnopened{} },
	func() Event { return &DrawerClosed{} },
	func() Event { return &DrawerReopened{} },
	func() Event { return &MoneyMoved{} },
	func() Event { return &ConflictRaised{} },
	func() Event { return &ConflictSettled{} },
	func() Event { return &ConflictReopened{} },
	func() Event { return &ConflictAssigned{} },
	func() Event { return &ConflictPutOff{} },
	func() Event { return &ContactSeen{} },
	func() Event { return &ContactUnseen{} },
	func() Event { return &ConflictUnraised{} },
}

// NewEvent gives an empty event to decode into: always a pointer. A name of a
// later version gives an [UnknownEvent].
func NewEvent(name string) Event {
	for _, f := range events {
		if e := f(); e.Name() == name {
			return e
		}
	}
	return &UnknownEvent{As: name}
}

// UnknownEvent is an event of a later version, kept byte for byte.
type UnknownEvent struct {
	As  string
	Raw json.RawMessage
}

func (u UnknownEvent) Name() string { return u.As }

// MarshalJSON gives back what was read.
func (u UnknownEvent) MarshalJSON() ([]byte, error) {
	if u.Raw == nil {
		return nil, fmt.Errorf("encode event %q of a later version: nothing was read", u.As)
	}
	return u.Raw, nil
}

// UnmarshalJSON keeps what is read.
func (u *UnknownEvent) UnmarshalJSON(b []byte) error {
	u.Raw = append(json.RawMessage(nil), b...)
	return nil
}

func (UnknownEvent) Touches() []Key          { return nil }
func (UnknownEvent) apply(Key, Row) Row      { return nil }
func (UnknownEvent) lacks(*lacking)          {}
func (u UnknownEvent) prepare(*Case) Event   { return u }
func (u UnknownEvent) fit(f *fitting)        { f.emit(u) }
func (u UnknownEvent) retract(r *retraction) { r.object(Remark{Reason: NotUnderstood, Text: u.As}) }

// Same reports whether two lists of events do the same: the values they
// overwrite (fields named Was…) and the reckoning of a due date are no part of it.
func Same(a, b []Event) bool {
	return alike(a, b, func(f reflect.StructField) bool { return overwritten(f) || f.Name == "Why" })
}

// SameStory is [Same], with the reckoning of due dates: the same date may have
// come about in another way, and a clerk may ask why.
func SameStory(a, b []Event) bool {
	return alike(a, b, overwritten)
}

// SameOpen is [SameStory], without what is private: of an entry whose key is gone
// that is all there is to compare.
func SameOpen(a, b []Event) bool {
	return alike(a, b, func(f reflect.StructField) bool { return overwritten(f) || f.Tag.Get("private") != "" })
}

func overwritten(f reflect.StructField) bool { return strings.HasPrefix(f.Name, "Was") }

// alike compares all but the fields that are left out.
func alike(a, b []Event, without func(reflect.StructField) bool) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name() != b[i].Name() || !reflect.DeepEqual(bare(a[i], without), bare(b[i], without)) {
			return false
		}
	}
	return true
}

func bare(e Event, without func(reflect.StructField) bool) any {
	v := reflect.Indirect(reflect.ValueOf(e))
	n := reflect.New(v.Type()).Elem()
	n.Set(v)
	for i := range n.NumField() {
		if without(n.Type().Field(i)) {
			n.Field(i).SetZero()
		}
	}
	return n.Interface()
}

// Value gives the event itself where a decoder holds a pointer to it.
func Value(e Event) Event {
	if v := reflect.ValueOf(e); v.Kind() == reflect.Pointer {
		if w, ok := v.Elem().Interface().(Event); ok {
			return w
		}
	}
	return e
}

// CommandValue gives the command itself where a decoder holds a pointer to it.
func CommandValue(c Command) Command {
	if v := reflect.ValueOf(c); v.Kind() == reflect.Pointer {
		if w, ok := v.Elem().Interface().(Command); ok {
			return w
		}
	}
	return c
}

// none is embedded by events for which little is to be said.
type none struct{}

func (none) lacks(*lacking) {}
