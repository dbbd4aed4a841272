package main

import (
	"github.com/spf13/cobra"
)

func (p *program) conflictsCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "conflicts", Short: "what a person has to settle", Args: takesArgs(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.conflictsListCommand(), p.conflictsSettleCommand())
	return c
}
