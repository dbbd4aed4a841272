package sipserver

import (
	"context"
	"strings"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/words"
)

// blockPatron answers 01: the patron borrows nothing more until staff, or a machine that
// may, lift the block. A block of this terminal that stands is not made twice.
func (r *request) blockPatron(ctx context.Context) (*sipwire.Builder, error) {
	said := ""
	if r.may(MayBlock) {
		text := r.word(words.Sip2Blocked, "text", r.text(sipwire.BlockedMessage))
		if r.flag(sipwire.CardRetained) {
			text = r.server.Words.Reasons(text, r.word(words.Sip2CardKept))
		}
		kept, err := r.change(ctx, func(t *hubserver.Turn) error {
			r.verdict, r.reasons = done, nil
			p, blocks, err := r.blocks(ctx, t)
			if err != nil {
				return err
			}
			if p.ID == "" {
				r.verdict = refused
				return nil
			}
			for _, b := range blocks {
				if b.Text == text && r.own(b) {
					r.verdict = repeated
					return nil
				}
			}
			return r.keep(ctx, t, circ.BlockPatron{Patron: p.ID, Text: text})
		})
		if err != nil {
			return nil, err
		}
		if !kept {
			said = r.word(words.Sip2Unavailable)
		}
	}
	return r.patronAnswer(ctx, sipwire.PatronStatusResponse, MayBlock, said)
}

// patronEnable answers 25: the blocks that machines have made are lifted; what staff have
// said stands.
func (r *request) patronEnable(ctx context.Context) (*sipwire.Builder, error) {
	said := ""
	if r.may(MayEnable) {
		kept, err := r.change(ctx, func(t *hubserver.Turn) error {
			said = ""
			r.verdict, r.reasons = done, nil
			_, blocks, err := r.blocks(ctx, t)
			if err != nil {
				return err
			}
			for _, b := range blocks {
				if !strings.HasPrefix(string(b.Operator), terminalHand) {
					continue
				}
				if err := r.keep(ctx, t, circ.Unblock{Block: b.ID}); err != nil {
					return err
				}
				said = r.word(words.Sip2Unblocked)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if !kept {
			said = r.word(words.Sip2Unavailable)
		}
	}
	return r.patronAnswer(ctx, sipwire.PatronEnableResponse, MayEnable, said)
}

// own reports whether a block is of this terminal.
func (r *request) own(b circ.Block) bool {
	return string(b.Operator) == terminalHand+string(r.Desk)
}

// blocks gives the patron of the request, and the blocks that stand.
func (r *request) blocks(ctx context.Context, t *hubserver.Turn) (p circ.Patron, all []circ.Block, err error) {
	if p, _, err = person(ctx, t, r.code(sipwire.PatronID)); err != nil || p.ID == "" {
		return p, nil, err
	}
	rows, err := t.Read(ctx, []circ.Want{circ.In(circ.BlocksOf, string(p.ID), 1000)})
	if err != nil {
		return p, nil, err
	}
	for _, one := range rows[0] {
		if b, ok := one.(circ.Block); ok && b.Lifted.IsZero() {
			all = append(all, b)
		}
	}
	return p, all, nil
}
