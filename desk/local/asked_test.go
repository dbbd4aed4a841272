package local_test

import (
	"slices"
	"testing"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// What a desk asks it has judged by itself, and it keeps why it would not have done
// it: reasons, and nothing of whom they are about.
func TestAQuestionKeepsWhyTheDeskWouldNotDoIt(t *testing.T) {
	w := newWorld(t)
	w.pull()
	w.fact(circ.CheckOut{Patron: "P", Item: "I0"})
	for _, row := range []struct {
		name string
		c    circ.Command
		want journal.No
	}{
		{"what it would do", circ.CheckOut{Patron: "P", Item: "I1"}, journal.No{}},
		{"what another has", circ.CheckOut{Patron: "Q", Item: "I0"}, journal.No{Ask: []circ.Reason{circ.OnLoanToOther}}},
		{"a card that nobody has", circ.CheckOut{Card: "2999", Item: "I2"}, journal.No{Refused: []circ.Reason{circ.UnknownPatron}}},
	} {
		e, err := journal.Decode(w.ask(row.c).Frame())
		ok(t, err)
		if !slices.Equal(e.No.Refused, row.want.Refused) || !slices.Equal(e.No.Ask, row.want.Ask) {
			t.Errorf("%s: it keeps %+v, want %+v", row.name, e.No, row.want)
		}
	}
}
