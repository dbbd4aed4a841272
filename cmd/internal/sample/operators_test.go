package sample

import (
	"errors"
	"slices"
	"testing"

	"circdesk/desk/circ"
	"circdesk/desk/operator"
)

// The hashes in the file are those of the PINs that operators.toml says.
func TestOperators(t *testing.T) {
	for _, row := range []struct {
		name, pin string
		rights    []circ.Right
	}{
		{"ana", "1234", []circ.Right{circ.RightCirculate, circ.RightOverride}},
		{"head", "9876", []circ.Right{circ.RightCirculate, circ.RightOverride, circ.RightMoney, circ.RightSettle}},
		{"temp", "5555", []circ.Right{circ.RightCirculate}},
	} {
		rights, err := signIn(t, row.name, row.pin)
		if err != nil || !slices.Equal(rights, row.rights) {
			t.Errorf("%s: %v, %v", row.name, rights, err)
		}
	}
	if _, err := signIn(t, "ana", "9876"); !errors.Is(err, operator.ErrRefused) {
		t.Errorf("ana signs in with the PIN of head: %v", err)
	}
	roll, err := operator.Parse(Operators())
	must(t, err)
	if roll.String() != "3 operators" {
		t.Error(roll)
	}
}

// What a caller does with the texts changes nothing here.
func TestTextsAreCopies(t *testing.T) {
	clear(Rules())
	clear(Operators())
	sampleRules(t)
	_, err := operator.Parse(Operators())
	must(t, err)
}
