package plain

import (
	"context"
	"strings"

	"circdesk/desk"
	"circdesk/desk/circ"
)

// drawer opens, closes and shows the desk's drawer, or what is on a receipt.
func drawer(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	verb, rest, _ := strings.Cut(rest, " ")
	rest = strings.TrimSpace(rest)
	switch {
	case verb == "":
		return desk.ShowDrawer{}, nil
	case rest == "":
		return nil, nil
	case verb == "open" && !strings.Contains(rest, " "):
		return desk.OpenDrawer{Float: rest}, nil
	case verb == "receipt" && !strings.Contains(rest, " "):
		return desk.ShowDrawer{Receipt: rest}, nil
	case verb == "close":
		in := closing(rest)
		if len(in.Counted) == 0 {
			return nil, nil
		}
		return in, nil
	}
	return nil, nil
}

// closing reads what was counted, method by method, and then why.
func closing(rest string) (in desk.CloseDrawer) {
	for rest != "" {
		word, after, _ := strings.Cut(rest, " ")
		method, amount, ok := strings.Cut(word, "=")
		if !ok {
			break
		}
		in.Counted = append(in.Counted, desk.CountedBy{Method: circ.PayMethod(method), Amount: amount})
		rest = strings.TrimSpace(after)
	}
	in.Text = rest
	return in
}
