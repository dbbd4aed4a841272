package screen

import (
	"strings"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// PayForm asks how much was taken. fee empty: from the oldest fee on. Enter
// sends nothing: money is booked by the key that saves alone.
func PayForm(env *Env, p *desk.Patron, fee circ.FeeID) Dialog {
	w := env.Words
	note := w.List(w.Text(words.FeesTotal, "amount", w.Money(p.Owes)), w.Text(words.FeesPayOldest))
	if p.Owes.Sign() <= 0 {
		note = w.Text(words.FeesNone)
	}
	for _, f := range p.Fees {
		if fee != "" && f.ID == fee {
			note = w.List(firstOf(f.Title, f.Text, w.Fee(f.Type)), w.Text(words.FeesTotal, "amount", w.Money(f.Left)))
		}
	}
	return NewForm(w.Text(words.FeesPayTitle, "name", p.Name), note, w.Text(words.LabelPay),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.Pay{Amount: strings.TrimSpace(v["amount"]), Fee: fee, Method: circ.PayMethod(v["method"]), Keep: v["rest"] != ""}}, "", ""
		}, kit.Input{Key: "amount", Label: w.Text(words.FormAmount), Check: needed(env)}, methods(env),
		kit.Input{Key: "rest", Label: w.Text(words.FormRest), Choices: []kit.Choice{{Label: w.Text(words.FeesGiveChange)}, {Value: "keep", Label: w.Text(words.FeesKeepRest)}}})
}

// methods asks how money changes hands.
func methods(env *Env) kit.Input {
	in := kit.Input{Key: "method", Label: env.Words.Text(words.FormMethod)}
	for _, m := range env.State.PayMethods {
		in.Choices = append(in.Choices, kit.Choice{Value: string(m), Label: env.Words.Method(m)})
	}
	return in
}

// feeNote is what a fee is about, and what is left of it.
func feeNote(env *Env, f desk.Fee) string {
	w := env.Words
	return w.List(firstOf(f.Title, f.Text, w.Fee(f.Type)), w.Text(words.FeesTotal, "amount", w.Money(f.Left)))
}

func waiveForm(env *Env, p *desk.Patron, f desk.Fee) Dialog {
	w := env.Words
	return NewForm(w.Text(words.FeesWaiveTitle, "name", p.Name), feeNote(env, f), w.Text(words.LabelWaive),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.Waive{Fee: f.ID, Amount: strings.TrimSpace(v["amount"]), Text: strings.TrimSpace(v["text"])}}, "", ""
		},
		kit.Input{Key: "text", Label: w.Text(words.FormReason), Check: needed(env)},
		kit.Input{Key: "amount", Label: w.Text(words.FormAmount), Note: w.Text(words.FeesAll, "amount", w.Money(f.Left))},
	)
}

func disputeForm(env *Env, p *desk.Patron, f desk.Fee) Dialog {
	w := env.Words
	return NewForm(w.Text(words.FeesDisputeTitle, "name", p.Name), feeNote(env, f), w.Text(words.LabelDispute),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.Dispute{Fee: f.ID, Text: strings.TrimSpace(v["text"])}}, "", ""
		}, kit.Input{Key: "text", Label: w.Text(words.FormReason), Check: needed(env)})
}

func chargeForm(env *Env, p *desk.Patron) Dialog {
	w := env.Words
	kinds := kit.Input{Key: "type", Label: w.Text(words.FormFeeType)}
	for _, t := range circ.FeeTypes() {
		kinds.Choices = append(kinds.Choices, kit.Choice{Value: string(t), Label: w.Fee(t)})
	}
	return NewForm(w.Text(words.FeesChargeTitle, "name", p.Name), "", w.Text(words.LabelCharge),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			v = trimmed(v)
			return []desk.Input{desk.Charge{Type: circ.FeeType(v["type"]), Amount: v["amount"], Item: v["item"], Text: v["text"]}}, "", ""
		}, kinds,
		kit.Input{Key: "amount", Label: w.Text(words.FormAmount), Check: needed(env)},
		kit.Input{Key: "item", Label: w.Text(words.ColumnBarcode)},
		kit.Input{Key: "text", Label: w.Text(words.FormNote)},
	).Codes("item")
}

func refundForm(env *Env, p *desk.Patron) Dialog {
	w := env.Words
	credit := w.Money(p.CreditAmount())
	return NewForm(w.Text(words.FeesRefundTitle, "name", p.Name), w.Text(words.FeesCredit, "amount", credit), w.Text(words.LabelRefund),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			v = trimmed(v)
			return []desk.Input{desk.Refund{Amount: v["amount"], Method: circ.PayMethod(v["method"]), Text: v["text"]}}, "", ""
		},
		kit.Input{Key: "text", Label: w.Text(words.FormReason), Check: needed(env)},
		kit.Input{Key: "amount", Label: w.Text(words.FormAmount), Note: w.Text(words.FeesAll, "amount", credit)},
		methods(env),
	)
}
