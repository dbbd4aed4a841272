package main

import (
	"context"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/central/sip2/sipserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/operator"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

func (p *program) terminalsPINCommand() *cobra.Command {
	var remove bool
	var phc string
	c := &cobra.Command{
		Use: "pin CARD", Short: "set the PIN of a patron for machines", Args: takesArgs(cobra.ExactArgs(1)),
		Long: `Sets the PIN that machines ask the patron of a card for, where sip2.toml says pin = "stored". The PIN
is asked for, or read from standard input; only its hash is kept, in the server's store.`,
		RunE: func(c *cobra.Command, args []string) error { return p.setPatronPIN(c.Context(), args[0], remove, phc) },
	}
	p.dataFlag(c)
	c.Flags().BoolVar(&remove, "remove", false, "take the PIN away")
	c.Flags().StringVar(&phc, "hash", "", "the PIN's Argon2id hash, instead of the PIN")
	return c
}

func (p *program) setPatronPIN(ctx context.Context, card string, remove bool, phc string) error {
	args := []string{"terminals", "pin"}
	switch {
	case remove:
		args = append(args, "--remove")
	case phc == "":
		pin, err := p.readPIN()
		if err != nil {
			return err
		}
		if phc, err = operator.HashPIN(pin); err != nil {
			return told{[]string{err.Error()}, exitUsage}
		}
		fallthrough
	default:
		if err := operator.CheckHash(phc); err != nil {
			return told{[]string{err.Error()}, exitUsage}
		}
		args = append(args, "--hash="+phc)
	}
	return p.withRules(ctx, append(args, "--", card), func(ctx context.Context, _ folder.Folder, store rulesStore) error {
		return p.keepPIN(ctx, store, card, remove, phc)
	})
}

func (p *program) keepPIN(ctx context.Context, store rulesStore, card string, remove bool, phc string) error {
	found := false
	err := store.Update(ctx, func(tx journal.HubTx) error {
		found = false
		rows, err := tx.Read(ctx, []circ.Want{circ.ByKey(circ.KindCard, card)})
		if err != nil || len(rows[0]) == 0 {
			return err
		}
		k, ok := rows[0][0].(circ.Card)
		if !ok || k.State != circ.CardValid {
			return nil
		}
		found = true
		value := []byte(phc)
		if remove {
			value = nil
		}
		return tx.SetNote(ctx, sipserver.NotePIN(k.Patron), value)
	})
	switch {
	case err != nil:
		return err
	case !found:
		return p.tell(exitFailed, words.ErrorNoSuchCard, "card", text.Clean(card, shown))
	case remove:
		p.note(p.words.Text(words.CliPinRemoved))
	default:
		p.note(p.words.Text(words.CliPinSet))
	}
	return nil
}
