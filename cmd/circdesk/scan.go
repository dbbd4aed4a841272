package main

import (
	"github.com/spf13/cobra"
)

func (p *program) scanCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "scan", Short: "what a scanner sends, and what it means", Args: takesArgs(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.scanDecodeCommand())
	return c
}
