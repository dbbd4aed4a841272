package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"circdesk/store/bolt"
)

func (p *program) journalCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "journal", Short: "what was done at this desk", Args: takesArgs(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	if p.running != nil || p.serving == nil {
		c.AddCommand(p.journalListCommand(), p.journalShowCommand(), p.journalVerifyCommand(), p.journalExportCommand())
	}
	if p.serving != nil || p.running == nil {
		c.AddCommand(p.journalRescueCommand(), p.journalImportCommand(), p.journalExceptionsCommand())
	}
	return c
}

// withJournal runs what reads the journal: that of the desk that runs, or the
// file itself.
func (p *program) withJournal(ctx context.Context, args []string, do func(context.Context, *bolt.Journal) error) error {
	if p.running != nil {
		return do(ctx, p.running.Stores().Journal)
	}
	where, err := p.folder()
	if err != nil {
		return err
	}
	return p.orAsk(ctx, where, args, "", func() (err error) {
		keys, err := p.keys(where)
		if err != nil {
			return err
		}
		j, err := where.OpenJournal(ctx, keys)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, j.Close()) }()
		return do(ctx, j)
	})
}

// jsonArg gives the words of a command line that is to be asked elsewhere.
func jsonArg(args []string, asJSON bool) []string {
	if asJSON {
		return append(args, "--json")
	}
	return args
}
