package main

import (
	"github.com/spf13/cobra"
)

func (p *program) terminalsCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "terminals", Short: "self-checks, sorters and other machines that speak SIP2", Args: takesArgs(cobra.NoArgs),
		Long: `Who may log in as a SIP2 terminal at the central server ('circdesk serve --sip2'), by the file
sip2.toml in its data folder. A running server takes a change over at the next login; who is
removed, or gets another password, is shut out at once.`,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.terminalsAddCommand(), p.terminalsListCommand(), p.terminalsRemoveCommand(), p.terminalsCheckCommand(), p.terminalsSampleCommand(),
		p.terminalsPINCommand(), p.terminalsFactsCommand())
	return c
}
