package tui_test

import (
	"testing"

	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

func TestABirthDateIsAskedAsPeopleWriteIt(t *testing.T) {
	for typed, want := range map[string]string{"1990-04-23": "1990-04-23", "23.4.1990": "1990-04-23", "23/04/90": "1990-04-23", "1.2.03": "2003-02-01", "23.11.26": "2026-11-23", "24.11.26": "1926-11-24"} {
		s := open(t, words.English(), 80, 24)
		s.key("f4")
		s.say(visit(maria()))
		s.key("alt+n")
		s.shows("When was SILVA, Maria born?")
		s.showsNo("1984")
		s.update(kit.InputMsg{Text: typed})
		s.key("f12")
		if in := last[desk.Born](s); in.Date != want {
			t.Errorf("%s is %s, not %s", typed, in.Date, want)
		}
	}
}
