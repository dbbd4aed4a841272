package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/station"
	"circdesk/tui/plain"
)

func (p *program) conflictsShowCommand() *cobra.Command {
	var asJSON bool
	var d deskFlags
	c := &cobra.Command{
		Use: "show N|ENTRY", Short: "a conflict with both stories, where it stands, and what fits", Args: takesArgs(cobra.ExactArgs(1)),
		Long: "Shows a conflict by its number in the list of open ones, or by its entry. Nothing of a patron is shown.",
		RunE: func(c *cobra.Command, args []string) error {
			which := args[0]
			return p.atDesk(c.Context(), append(jsonArg([]string{"conflicts", "show"}, asJSON), "--", which), d, func(ctx context.Context, st *station.Station) error {
				return p.showConflict(ctx, st, which, asJSON)
			})
		},
	}
	p.dataFlag(c)
	c.Flags().BoolVar(&asJSON, "json", false, "as an object")
	return c
}

func (p *program) showConflict(ctx context.Context, st *station.Station, which string, asJSON bool) error {
	found, err := p.conflictNamed(ctx, st, which)
	if err != nil {
		return err
	}
	if asJSON {
		return writeJSON(p.out, plain.ConflictOf(found))
	}
	env := p.conflictEnv(st)
	if _, err := fmt.Fprintln(p.out, env.ConflictLine(found)); err != nil {
		return err
	}
	for _, f := range env.ConflictFacts(found) {
		if _, err := fmt.Fprintln(p.out, "  "+p.words.Text(f.Name)+": "+f.Says); err != nil {
			return err
		}
	}
	return nil
}
