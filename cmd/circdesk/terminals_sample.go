package main

import (
	"github.com/spf13/cobra"

	"circdesk/desk/central/sip2/sipserver"
)

func (p *program) terminalsSampleCommand() *cobra.Command {
	return &cobra.Command{
		Use: "sample", Short: "write a sip2.toml that shows all that can be written", Args: takesArgs(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			_, err := p.out.Write(sipserver.Sample())
			return err
		},
	}
}
