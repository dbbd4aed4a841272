package screen

import (
	"strings"

	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// The actions that say what is wrong with an item, and with a loan.
const (
	ActionMarkItem = "items.mark"
	ActionMarkLoan = "patron.mark"
)

// markForm asks what is wrong with an item.
func markForm(env *Env, title, barcode string, choices []desk.Marking) Dialog {
	w := env.Words
	as := kit.Input{Key: "as", Label: w.Text(words.MarkingAs)}
	for _, m := range choices {
		as.Choices = append(as.Choices, kit.Choice{Value: string(m), Label: w.Mark(string(m))})
	}
	inputs := []kit.Input{as}
	if choices[0] == desk.MarkFound {
		inputs = append(inputs, kit.Input{Key: "note", Label: w.Text(words.FormNote)})
	}
	return NewForm(w.Text(words.MarkingTitle, "title", title), "", w.Text(words.LabelSave),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.Mark{Text: barcode, As: desk.Marking(v["as"]), Note: strings.TrimSpace(v["note"])}}, "", ""
		}, inputs...)
}

// ofLoan are the markings of what is on loan, ofItem those of what is not.
func ofLoan() []desk.Marking { return desk.Markings()[:4] }
func ofItem() []desk.Marking { return desk.Markings()[3:] }
