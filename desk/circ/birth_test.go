package circ_test

import (
	"testing"

	"circdesk/desk/circ"
)

func TestABirthDateIsToldByItsMark(t *testing.T) {
	key, other := []byte("a key of some length"), []byte("another key")
	ana := circ.Patron{ID: "P1", Birth: "1990-04-23"}.WithoutBirth(key)
	ben := circ.Patron{ID: "P2", Birth: "1990-04-23"}.WithoutBirth(key)
	if ana.Birth != "" || ana.BirthMark == "" || ana.BirthMark == ben.BirthMark {
		t.Fatalf("%+v and %+v", ana, ben)
	}
	for _, row := range []struct {
		name      string
		p         circ.Patron
		key       []byte
		date      string
		is, known bool
	}{
		{"the day", ana, key, "1990-04-23", true, true},
		{"another day", ana, key, "1990-04-24", false, true},
		{"another's mark", circ.Patron{ID: "P1", BirthMark: ben.BirthMark}, key, "1990-04-23", false, true},
		{"another key", ana, other, "1990-04-23", false, true},
		{"no key", ana, nil, "1990-04-23", false, false},
		{"the date itself, without a key", circ.Patron{ID: "P1", Birth: "1990-04-23"}, nil, "1990-04-23", true, true},
		{"the date itself, another day", circ.Patron{ID: "P1", Birth: "1990-04-23"}, key, "1990-04-22", false, true},
		{"of whom no date is known", circ.Patron{ID: "P1"}.WithoutBirth(key), key, "1990-04-23", false, false},
		{"nothing was typed", ana, key, "", false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if is, known := row.p.BornOn(row.key, row.date); is != row.is || known != row.known {
				t.Errorf("%v, known %v", is, known)
			}
		})
	}
}
