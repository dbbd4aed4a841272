package tui_test

import (
	"strings"
	"testing"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/words"
	"circdesk/tui"
)

// What a central system cannot be told is off wherever it could be done, with the words
// that a line gets for it, and nothing is sent.
func TestWhatCentralCannotBeToldIsOff(t *testing.T) {
	why := words.English().Reason(circ.Remark{Reason: circ.NotCarried}, words.Names{})
	never := map[string]bool{"register": true, "edit": true, "recall": true, "lift_recall": true, "lose": true, "claim": true, "find": true, "write_off": true, "mark_item": true, "waive": true}
	for _, row := range []struct {
		name string
		keys []string
		off  bool
	}{
		{"to edit a patron", []string{"f4", "alt+e"}, true},
		{"to register one", []string{"f4", "alt+g"}, true},
		{"to recall", []string{"f4", "alt+s"}, true},
		{"to mark what is lent", []string{"f4", "alt+k"}, true},
		{"to waive", []string{"f6", "alt+v"}, true},
		{"to block", []string{"f4", "alt+b"}, false},
		{"to renew all", []string{"f4", "alt+a"}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := open(t, words.English(), 100, 30, func(c *tui.Config) { c.Carries = func(command string) bool { return !never[command] } })
			state := s.state
			state.Visit = &desk.Visit{Patron: maria()}
			s.hear(state)
			s.key(row.keys...)
			if got := strings.Contains(s.screen(), why); got != row.off {
				t.Errorf("it says that it cannot be told: %v\n%s", got, s.screen())
			}
		})
	}
}

// The palette shows it, too, and a list that is only of what was seen here says so.
func TestThePaletteSaysWhatCentralCannotBeTold(t *testing.T) {
	why := words.English().Reason(circ.Remark{Reason: circ.NotCarried}, words.Names{})
	s := open(t, words.English(), 100, 30, func(c *tui.Config) {
		c.Carries = func(command string) bool { return command != "register" }
		c.Seen = true
	})
	s.key("ctrl+k")
	s.typed("register")
	s.shows(why)
	s.key("esc", "f5")
	s.shows("from the local copy")
	s.key("alt+z")
	s.shows("from the local copy")
}
