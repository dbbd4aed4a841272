package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/server"
	"circdesk/desk/words"
)

func (p *program) rulesRevertCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "revert VERSION", Short: "puts rules in force again that once were", Args: takesArgs(cobra.ExactArgs(1)),
		Long: `Puts the rules of a version, or of the number of one, in force again: see 'circdesk rules
history'. They must do what the stored cases say now, as a new file must; else those in force
stay, and the exit code is 1. It is a new act, with a number of its own, so it can be taken back
in the same way. A server that runs on the data folder has them at once, and its desks hear of it.

Where the folder has a rules.toml, it is written anew with the same text: a server that begins
puts that file in force, and would take the revert back. What it had is in the history; a text
that never was in force is kept beside it.`,
		RunE: func(c *cobra.Command, given []string) error {
			args := append([]string{"rules", "revert"}, dashed(given)...)
			return p.withRules(c.Context(), args, func(ctx context.Context, where folder.Folder, store rulesStore) error {
				return p.revertRules(ctx, where, store, given[0])
			})
		},
	}
	p.dataFlag(c)
	return c
}

func (p *program) revertRules(ctx context.Context, where folder.Folder, store rulesStore, name string) error {
	v, err := p.findRules(ctx, store, name)
	if err != nil {
		return err
	}
	done, err := server.Revert(ctx, store, where, v, time.Now())
	if err != nil {
		return err
	}
	w, file := p.words, where.File(folder.Rules)
	if done.Was {
		p.note(w.Text(words.RulesAlready, "version", v.Rules))
		return nil
	}
	p.note(w.Text(words.RulesReverted, "version", v.Rules))
	if done.File {
		p.note(w.Text(words.RulesFileToo, "file", file))
	} else if !where.Has(folder.Rules) {
		p.note(w.Text(words.RulesNoFile, "file", file))
	}
	if done.PutAway != "" {
		p.note(w.Text(words.RulesPutAway, "file", done.PutAway))
	}
	return nil
}
