package main

import (
	"github.com/spf13/cobra"

	"circdesk/desk/policy"
)

func (p *program) rulesSampleCommand() *cobra.Command {
	return &cobra.Command{
		Use: "sample", Short: "a rules.toml to begin with", Args: takesArgs(cobra.NoArgs),
		Long: `Writes rules of an invented library to the output, which show all that can be written. A
library's own go into rules.toml in the folder of its server.`,
		RunE: func(*cobra.Command, []string) error {
			_, err := p.out.Write(policy.SampleTOML())
			return err
		},
	}
}
