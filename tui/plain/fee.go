package plain

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"circdesk/desk"
	"circdesk/desk/circ"
)

// pay takes an amount, all or credit, the number of a fee, how, and whether the rest is
// kept, in the order in which it comes to mind: of two numbers the first is the amount.
func pay(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	words := strings.Fields(rest)
	var in desk.Pay
	var method, first string
	for i := 0; i < len(words); i++ {
		word := words[i]
		n, isNumber := number(word)
		switch {
		case word == "keep" && !in.Keep:
			in.Keep = true
		case word == "by" && i+1 < len(words) && method == "":
			i++
			method = words[i]
		case word == desk.PayAll && in.Amount == "", !isWord(word) && in.Amount == "" && method != string(circ.ByCredit):
			in.Amount = word
		case isNumber && in.N == 0:
			in.N = n
		case isWord(word) && method == "":
			method, first = word, words[0]
		default:
			return nil, nil
		}
	}
	in.Method = circ.PayMethod(method)
	switch {
	case in.Method == circ.ByCredit && in.Amount != "":
		return nil, nil
	case in.Method != circ.ByCredit && in.Amount == "":
		if first == "" {
			return nil, nil
		}
		return desk.Pay{Amount: first}, nil // the session says what is wrong with it
	}
	return in, nil
}

// isWord reports whether a word is no number: it begins with a letter.
func isWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
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
