package main

import (
	"github.com/spf13/cobra"
)

func (p *program) conflictsCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "conflicts", Short: "what a person has to settle", Args: takesArgs(cobra.NoArgs),
		Long: `What was done at a desk and met something else at the central system: of all desks, as this
one knows it. Nothing is dropped until somebody has settled it.`,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.conflictsListCommand(), p.conflictsShowCommand(), p.conflictsSettleCommand(), p.conflictsAssignCommand(), p.conflictsCallBackCommand())
	return c
}
