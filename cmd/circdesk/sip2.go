package main

import (
	"github.com/spf13/cobra"
)

func (p *program) sip2Command() *cobra.Command {
	c := &cobra.Command{
		Use: "sip2", Short: "library systems that speak SIP2", Args: takesArgs(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.sip2ProbeCommand())
	return c
}
