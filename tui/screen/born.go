package screen

import (
	"time"

	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// ActionBorn asks for a birth date that the clerk is told.
const ActionBorn = "patron.born"

// BirthDay reads a birth date as people here write days: 1990-04-23, 23.4.1990, 23/4/90.
// A year of two digits is one that has been.
func BirthDay(env *Env, s string) (day, wrong string) {
	at, wrong := ReadDay(env, s, true)
	if wrong != "" {
		return "", wrong
	}
	if at.After(env.Now) {
		at = at.AddDate(-100, 0, 0)
	}
	return at.Format(time.DateOnly), ""
}

// bornForm asks for the date that the patron says. It has no place where the real one
// could be seen.
func bornForm(env *Env, name string) Dialog {
	w := env.Words
	return NewForm(w.Text(words.PatronBornTitle, "name", name), w.Text(words.HelpBorn), w.Text(words.LabelBorn),
		func(env *Env, v map[string]string) ([]desk.Input, string, string) {
			day, wrong := BirthDay(env, v["birth"])
			return []desk.Input{desk.Born{Date: day}}, "birth", wrong
		}, kit.Input{Key: "birth", Label: w.Text(words.FormBirth), Note: w.Text(words.FormBirthNote), Check: needed(env)})
}
