package desk_test

import (
	"strings"
	"testing"

	"circdesk/desk"
	"circdesk/desk/circ"
)

func TestANameThatIsBeingTypedOpensNobody(t *testing.T) {
	story(t, func(w *world) {
		for _, row := range []struct{ typed, fit, near string }{
			{"wu", "WU, Tom", ""},
			{"silva", "SILVA, Rui; SILVA, Maria", ""},
			{"nobody", "", ""},
			{"030 1234", "", ""},
			{"\x1b[2J", "", ""},
		} {
			o := w.do(desk.Seek{Query: row.typed})
			var fit []string
			for _, p := range o.Patrons {
				fit = append(fit, p.Name)
			}
			if o.Word != desk.WordList || len(fit) != len(strings.FieldsFunc(row.fit, func(r rune) bool { return r == ';' })) || w.st().Visit != nil {
				t.Errorf("%q: %s %q", row.typed, o.Word, fit)
			}
		}
		w.do(desk.SignOut{})
		if o := w.do(desk.Seek{Query: "wu"}); o.Word != desk.WordList || len(o.Patrons) > 0 {
			t.Errorf("nobody is signed in: %+v", o)
		}
	})
}

func TestANameWithOneWrongLetterIsToldApart(t *testing.T) {
	story(t, func(w *world) {
		if o := w.do(desk.Register{Patron: circ.Patron{Card: "2000000000099", Family: "Żółtowska", Given: "Ida"}}); o.Word == desk.WordStop {
			t.Fatalf("%+v", o)
		}
		w.do(desk.Done{})
		o := w.do(desk.Find{Query: "zoltovska"})
		if o.Word != desk.WordList || len(o.Patrons) != 0 || len(o.Near) != 1 || o.Near[0].Name != "Żółtowska" || o.Near[0].Query != "zoltowska ida" || w.st().Visit != nil {
			t.Errorf("%+v", o)
		}
		if o := w.do(desk.Find{Query: o.Near[0].Query}); o.Word != desk.WordPatron {
			t.Errorf("the name that is near: %+v", o)
		}
	})
}
