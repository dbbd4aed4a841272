package plain

import (
	"context"
	"strings"

	"circdesk/desk"
	"circdesk/desk/circ"
)

// pay takes an amount, or credit; then the number of a fee, how, and whether the rest is
// kept.
func pay(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	words := strings.Fields(rest)
	if len(words) == 0 {
		return nil, nil
	}
	in := desk.Pay{Amount: words[0]}
	if words[0] == string(circ.ByCredit) {
		in = desk.Pay{Method: circ.ByCredit}
	}
	words = words[1:]
	if len(words) > 0 {
		if n, ok := number(words[0]); ok {
			in.N, words = n, words[1:]
		}
	}
	if len(words) > 1 && words[0] == "by" && in.Method == "" {
		in.Method, words = circ.PayMethod(words[1]), words[2:]
	}
	if len(words) > 0 && words[0] == "keep" {
		in.Keep, words = true, words[1:]
	}
	if len(words) > 0 {
		return nil, nil
	}
	return in, nil
}

// charge takes what for, how much, and a text.
func charge(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	kind, rest, _ := strings.Cut(rest, " ")
	amount, text, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if kind == "" || amount == "" {
		return nil, nil
	}
	return desk.Charge{Type: circ.FeeType(kind), Amount: amount, Text: strings.TrimSpace(text)}, nil
}

// ofFee takes the number of a fee, then the rest.
func ofFee(rest string) (n int, text string) {
	first, after, _ := strings.Cut(rest, " ")
	if n, ok := number(first); ok {
		return n, strings.TrimSpace(after)
	}
	return 0, rest
}

// ofAmount takes an amount where one is named.
func ofAmount(rest string) (amount, text string) {
	after, named := strings.CutPrefix(rest, "--amount ")
	if !named {
		return "", rest
	}
	amount, text, _ = strings.Cut(strings.TrimSpace(after), " ")
	return amount, strings.TrimSpace(text)
}

func waive(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	var in desk.Waive
	in.N, rest = ofFee(rest)
	if in.Amount, in.Text = ofAmount(rest); in.Text == "" {
		return nil, nil
	}
	return in, nil
}

func dispute(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	n, text := ofFee(rest)
	if text == "" {
		return nil, nil
	}
	return desk.Dispute{N: n, Text: text}, nil
}

func restore(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	n, more := ofFee(rest)
	if more != "" {
		return nil, nil
	}
	return desk.Restore{N: n}, nil
}

func refund(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	var in desk.Refund
	if in.Amount, in.Text = ofAmount(rest); in.Text == "" {
		return nil, nil
	}
	return in, nil
}

// feeStory tells what became of a fee.
func feeStory(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	n, more := ofFee(rest)
	switch {
	case n == 0 && more == "all":
		return desk.FeeStory{All: true}, nil
	case more != "":
		return nil, nil
	}
	return desk.FeeStory{N: n}, nil
}
