package circ_test

import (
	"slices"
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

// TestANewcomerWhoIsKnownByAMark: where the copy has marks in place of birth dates, who is
// registered is compared by them.
func TestANewcomerWhoIsKnownByAMark(t *testing.T) {
	key := []byte("of the tests")
	for _, row := range []struct {
		name, born string
		key        []byte
		ask        []circ.Reason
	}{
		{"born on that day", "1984-02-01", key, why(circ.SimilarPatron)},
		{"born on another", "1984-02-02", key, nil},
		{"nobody has the key", "1984-02-01", nil, nil},
	} {
		w := plain(func(w *world) {
			w.put(circ.Patron{ID: "theirs", Card: "c", Family: "Silva", Given: "Maria", Birth: "1984-02-01"}.WithoutBirth(key))
		})
		c := circ.NewCase(act("entry-1", circ.Register{Patron: circ.Patron{Card: "card-new", Family: "Silwa", Given: "Maria", Birth: row.born}}), rules)
		c.BirthKey = row.key
		w.gather(t, c)
		if d := circ.Decide(c); len(d.Refused) > 0 || !slices.Equal(reasons(d.Ask), row.ask) {
			t.Errorf("%s: %v %v", row.name, reasons(d.Refused), reasons(d.Ask))
		}
	}
}

// TestANewcomerWithAShortName: a family name of two letters is compared with longer ones
// that begin with it, in either place.
func TestANewcomerWithAShortName(t *testing.T) {
	for _, row := range []struct {
		name, family, given string
		ask                 []circ.Reason
	}{
		{"the same", "Li", "Anna", why(circ.SimilarPatron)},
		{"a letter more", "Lie", "Anna", why(circ.SimilarPatron)},
		{"a letter more, the names swapped", "Anna", "Lie", why(circ.SimilarPatron)},
		{"a letter more, and one less", "Lie", "Ana", why(circ.SimilarPatron)},
		{"somebody else", "Linden", "Anna", nil},
	} {
		w := plain(func(w *world) {
			w.put(circ.Patron{ID: "theirs", Card: "c", Family: row.family, Given: row.given, Birth: "1984-02-01"})
		})
		d := w.decide(t, act("entry-1", circ.Register{Patron: circ.Patron{Card: "card-new", Family: "Li", Given: "Anna", Birth: "1984-02-01"}}))
		if len(d.Refused) > 0 || !slices.Equal(reasons(d.Ask), row.ask) {
			t.Errorf("%s: %v %v", row.name, reasons(d.Refused), reasons(d.Ask))
		}
	}
}
