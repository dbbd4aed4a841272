package tui_test

import (
	"testing"

	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui"
)

// paused is what comes when nothing was typed for a moment.
func (s *stage) paused(line string) { s.update(tui.Typed(line)) }

// soughtSilva is what is found while "sliva" is typed.
func soughtSilva(s *stage) desk.Outcome {
	one := maria()
	one.ID, one.Name = "p7", "SLIVAK, Ida"
	return desk.Outcome{N: s.n(), Final: true, Word: desk.WordList, Sought: "sliva", Patrons: []desk.Patron{one}, Near: []desk.Near{
		{Patron: maria(), Name: "SILVA", Query: "silva", People: 214}, {Patron: maria(), Name: "SLAVA", Query: "slava", People: 1},
	}}
}

func TestNamesAreFoundWhileTheyAreTyped(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	s.key("f4")
	s.typed("sliva")
	before := s.n()
	s.paused("sli") // it has gone on meanwhile
	if s.n() != before {
		t.Fatalf("sent %#v", s.sent[before:])
	}
	s.paused("sliva")
	if in := last[desk.Seek](s); in.Query != "sliva" {
		t.Fatalf("sent %#v", in)
	}
	s.paused("sliva")
	if s.n() != before+1 {
		t.Errorf("the same name is looked for twice: %#v", s.sent[before:])
	}
	s.hear(soughtSilva(s))
	s.shows("SLIVAK, Ida", "≈ SILVA", "214 people", "≈ SILVA, Maria", "1 found", "≈ is one letter off", "sliva")

	s.key("down")
	s.key("down") // the second one: a name that many have
	s.key("enter")
	if in := last[desk.Find](s); in.Query != "silva" && in.Query != "sliva" {
		t.Fatalf("sent %#v", in)
	}
}

func TestTheChosenOneOfWhoWasFoundWhileTypingIsOpened(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	s.key("f4")
	s.typed("sliva")
	s.paused("sliva")
	s.hear(soughtSilva(s))
	s.key("down")
	chosen := []desk.Input{desk.OpenPatron{ID: "p7"}, desk.Find{Query: "silva"}}
	s.key("enter")
	if in := s.sent[len(s.sent)-1]; in != chosen[0] && in != chosen[1] {
		t.Errorf("sent %#v", in)
	}
}

func TestEnterWithoutAChoiceLooksForWhatWasTyped(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	s.key("f4")
	s.typed("sliva")
	s.paused("sliva")
	s.hear(soughtSilva(s))
	s.key("enter")
	if in := last[desk.Find](s); in.Query != "sliva" {
		t.Errorf("sent %#v", in)
	}
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordList, Sought: "sliva", Near: soughtSilva(s).Near})
	s.shows("0 found", "≈ SILVA")
}

func TestWhatComesTooLateIsNotShown(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	s.key("f4")
	s.typed("sliva")
	s.paused("sliva")
	late := soughtSilva(s)
	s.typed("k")
	s.paused("slivak")
	s.hear(late)
	s.showsNo("SLIVAK, Ida")
	s.key("ctrl+u")
	s.paused("")
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordList, Sought: "slivak", Patrons: []desk.Patron{maria()}, Coming: true})
	s.shows("there may be more")
}

func TestAScanIsNotLookedForWhileItIsTyped(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	s.key("f4")
	before := s.n()
	for _, line := range []string{mariasCard, blue, "9780000000002", "030 1234", "a", "", "   "} {
		s.typed(line)
		s.paused(line)
		s.key("ctrl+u")
	}
	s.key("f2")
	s.typed("silva") // where nobody is looked for
	s.paused("silva")
	for _, in := range s.sent[before:] {
		if _, ok := in.(desk.Seek); ok {
			t.Errorf("sent %#v", in)
		}
	}
}

func TestANameThatWasLookedForDoesNotStayBeforeTheNextScan(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	s.key("f4")
	s.typed("sliva")
	s.paused("sliva")
	s.key("f2")
	s.typed("31234567890015")
	s.key("enter")
	if in := last[desk.Scan](s); in.Text != "31234567890015" {
		t.Errorf("sent %#v", in)
	}
	s.key("f4")
	s.typed("3123456")
	s.paused("3123456") // the beginning of a code
	s.key("f2")
	s.typed("7890015")
	s.key("enter")
	if in := last[desk.Scan](s); in.Text != "31234567890015" {
		t.Errorf("sent %#v", in)
	}
}
