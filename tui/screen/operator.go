package screen

import (
	"strings"

	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// Operator asks who works here now. The PIN is shown as dots, sent once and
// kept nowhere; Enter behind it signs in.
func Operator(env *Env) Dialog {
	w := env.Words
	note := w.Text(words.OperatorLookupOnly)
	if env.State.Operator != "" {
		note = w.Text(words.OperatorIs, "name", env.State.Operator)
	}
	if env.State.Visit != nil {
		note = w.List(note, w.Text(words.OperatorStays))
	}
	f := NewForm(w.Text(words.OperatorTitle), note, w.Text(words.LabelSignIn),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.SignIn{Name: strings.TrimSpace(v["name"]), PIN: v["pin"]}}, "", ""
		},
		kit.Input{Key: "name", Label: w.Text(words.OperatorName), Check: needed(env)},
		kit.Input{Key: "pin", Label: w.Text(words.OperatorPin), Secret: true, Check: needed(env)},
	)
	f.public, f.secret, f.enters = true, []string{"pin"}, "pin"
	return f
}

// Manager asks somebody else to answer the open question, which the note says,
// with yes.
func Manager(env *Env, note string, needsReason bool) Dialog {
	w := env.Words
	inputs := []kit.Input{
		{Key: "name", Label: w.Text(words.OperatorName), Check: needed(env)},
		{Key: "pin", Label: w.Text(words.OperatorPin), Secret: true, Check: needed(env)},
	}
	if needsReason {
		inputs = append(inputs, kit.Input{Key: "why", Label: w.Text(words.FormReason), Check: needed(env)})
	}
	f := NewForm(w.Text(words.QuestionManagerTitle), note, w.Text(words.LabelAllow),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.Yes{Why: strings.TrimSpace(v["why"]), As: strings.TrimSpace(v["name"]), PIN: v["pin"]}}, "", ""
		}, inputs...)
	f.secret = []string{"pin"}
	return f
}
