package screen

import (
	"strings"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// AlertLimits is what an alert says, then what it is for, unless it is everything,
// and until when, if it ends.
func AlertLimits(env *Env, a circ.Alert) string {
	out := []string{a.Text}
	if a.Shown != circ.AtBoth {
		out = append(out, env.Words.Moment(a.Shown))
	}
	if !a.Until.IsZero() {
		out = append(out, env.Words.Text(words.CheckInUntil, "until", env.Due(a.Until)))
	}
	return env.Words.List(out...)
}

// AlertLine is an alert with its limits, and by whom.
func AlertLine(env *Env, a circ.Alert) string {
	w := env.Words
	return Clean(w.Text(words.CheckOutAlert, "text", w.List(AlertLimits(env, a), string(a.Operator))))
}

// alertLines are alerts, each as long as it is.
func alertLines(env *Env, width int, alerts []circ.Alert) (lines []string) {
	for _, a := range alerts {
		for _, l := range noteLines(env, width-1, AlertLine(env, a)) {
			lines = append(lines, " "+env.Look.Paint(kit.Ask, l))
		}
	}
	return lines
}

// alertForm asks for an alert on the item of a code, or else on the open patron.
func alertForm(env *Env, name, code string) Dialog {
	w := env.Words
	var moments []kit.Choice
	for _, m := range []circ.Moment{circ.AtBoth, circ.AtLoan, circ.AtReturn} {
		moments = append(moments, kit.Choice{Value: string(m), Label: w.Moment(m)})
	}
	return NewForm(w.Text(words.PatronAlertTitle, "name", name), "", w.Text(words.LabelAlert),
		func(env *Env, v map[string]string) ([]desk.Input, string, string) {
			in, wrong := desk.Alert{Code: code, Text: strings.TrimSpace(v["text"]), Shown: circ.Moment(v["shown"])}, ""
			if v["until"] != "" {
				in.Until, wrong = UntilEndOf(env, v["until"])
			}
			return []desk.Input{in}, "until", wrong
		},
		kit.Input{Key: "text", Label: w.Text(words.FormAlertText), Check: needed(env)},
		kit.Input{Key: "shown", Label: w.Text(words.FormAlertShown), Choices: moments},
		kit.Input{Key: "until", Label: w.Text(words.FormUntil), Note: w.Text(words.FormDateNote)})
}

// endAlert asks which of some alerts is to be ended; of one alone, whether it is.
func endAlert(env *Env, name, code string, alerts ...circ.Alert) Dialog {
	title := env.Words.Text(words.PatronEndAlertTitle, "name", name)
	if len(alerts) == 1 {
		return NewConfirm(title, AlertLimits(env, alerts[0]), desk.EndAlert{Code: code, ID: alerts[0].ID})
	}
	var which []kit.Choice
	for _, a := range alerts {
		which = append(which, kit.Choice{Value: string(a.ID), Label: AlertLimits(env, a)})
	}
	return NewForm(title, "", env.Words.Text(words.LabelEndAlert),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.EndAlert{Code: code, ID: circ.AlertID(v["which"])}}, "", ""
		}, kit.Input{Key: "which", Label: env.Words.Text(words.FormAlertWhich), Choices: which})
}
