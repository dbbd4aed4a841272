package plain

import (
	"context"
	"strings"

	"circdesk/desk"
	"circdesk/desk/policy"
	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/tui/screen"
)

// block takes what limits the block first, then why.
func block(d *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	var in desk.Block
	for strings.HasPrefix(rest, "--") {
		option, after, _ := strings.Cut(rest, " ")
		value, more, _ := strings.Cut(strings.TrimSpace(after), " ")
		rest = strings.TrimSpace(more)
		switch option {
		case "--until":
			until, wrong := screen.UntilEndOf(d.env(), value)
			if wrong != "" {
				return nil, d.stop(desk.BadDate, d.c.Words.Text(words.RefusalBadDate, "text", text.Clean(value, shownName)))
			}
			in.Until = until
		case "--for":
			for act := range strings.SplitSeq(value, ",") {
				switch policy.BlockAct(act) {
				case policy.ForLoan:
					in.Against.Loan = true
				case policy.ForRenewal:
					in.Against.Renewal = true
				case policy.ForRequest:
					in.Against.Request = true
				default:
					return nil, nil
				}
			}
		default:
			return nil, nil
		}
	}
	if rest == "" {
		return nil, nil
	}
	in.Text = rest
	return in, nil
}
