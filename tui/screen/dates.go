package screen

import (
	"strings"
	"time"

	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// The actions that set dates by hand.
const (
	ActionDueLoan  = "patron.due"
	ActionDueItem  = "items.due"
	ActionReturned = "items.returned"
)

// dueForm asks when an item is due.
func dueForm(env *Env, title, barcode string) Dialog {
	w := env.Words
	return NewForm(w.Text(words.DatesDueTitle, "title", title), w.Text(words.HelpSetDue), w.Text(words.LabelSave),
		func(env *Env, v map[string]string) ([]desk.Input, string, string) {
			due, wrong := UntilMoment(env, v["at"])
			return []desk.Input{desk.SetDue{Text: barcode, Due: due, Why: strings.TrimSpace(v["why"])}}, "at", wrong
		}, kit.Input{Key: "at", Label: w.Text(words.FormDue), Note: w.Text(words.FormDateNote), Check: needed(env)},
		kit.Input{Key: "why", Label: w.Text(words.FormReason), Check: needed(env)})
}

// returnedForm asks when an item had come back.
func returnedForm(env *Env, title, barcode string) Dialog {
	w := env.Words
	return NewForm(w.Text(words.DatesReturnTitle, "title", title), w.Text(words.HelpCorrect), w.Text(words.LabelSave),
		func(env *Env, v map[string]string) ([]desk.Input, string, string) {
			at, wrong := Moment(env, v["at"])
			return []desk.Input{desk.CorrectReturn{Text: barcode, In: at, Why: strings.TrimSpace(v["why"])}}, "at", wrong
		}, kit.Input{Key: "at", Label: w.Text(words.FormReturned), Note: w.Text(words.CheckInBookdropTyped), Check: needed(env)},
		kit.Input{Key: "why", Label: w.Text(words.FormReason), Check: needed(env)})
}

// UntilMoment is the last second of a day here, or a time of it: "12.5. 14:00".
func UntilMoment(env *Env, s string) (time.Time, string) {
	day, clock, timed := strings.Cut(strings.TrimSpace(s), " ")
	end, wrong := UntilEndOf(env, day)
	if wrong != "" || !timed {
		return end, wrong
	}
	t, err := time.Parse("15:04", strings.TrimSpace(clock))
	if err != nil {
		return time.Time{}, env.Words.Text(words.FormBadDate)
	}
	zone := env.Zone
	if zone == nil {
		zone = time.UTC
	}
	d := end.In(zone)
	return time.Date(d.Year(), d.Month(), d.Day(), t.Hour(), t.Minute(), 0, 0, zone).UTC(), ""
}
