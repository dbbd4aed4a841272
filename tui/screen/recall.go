package screen

import (
	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/words"
)

// The actions that recall a loan, or lift its recall.
const (
	ActionRecallLoan = "patron.recall"
	ActionRecallItem = "items.recall"
)

// recallDialog asks whether a loan is to be recalled; of one that is recalled,
// whether that is to be lifted.
func recallDialog(env *Env, title, barcode string, l circ.Loan) Dialog {
	w := env.Words
	due := w.Text(words.CheckOutDue, "due", env.Due(l.Due))
	since := l.RecalledSince()
	if since.IsZero() {
		return NewConfirm(w.Text(words.RecallTitle, "title", title), due, desk.Recall{Text: barcode})
	}
	return NewConfirm(w.Text(words.RecallLiftTitle, "title", title), w.List(w.Text(words.RecallSince, "at", env.When(since)), due), desk.Recall{Text: barcode, Lift: true})
}
