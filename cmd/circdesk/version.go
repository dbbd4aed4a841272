package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"circdesk/desk/words"
)

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "say which version this is", Args: takesArgs(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(p.out, p.words.Text(words.CliVersion, "version", version()))
			return err
		},
	}
}
