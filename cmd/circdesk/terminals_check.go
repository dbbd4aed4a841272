package main

import (
	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/words"
)

func (p *program) terminalsCheckCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "check", Short: "name the mistakes in sip2.toml", Args: takesArgs(cobra.NoArgs),
		Long: "Names every mistake in sip2.toml of the data folder, with its line. The exit code is 1 when there is one.",
		RunE: func(*cobra.Command, []string) error {
			where, _, err := p.terminals()
			if err == nil {
				p.note(p.words.Text(words.CliTerminalsFine, "file", where.File(folder.Terminals)))
			}
			return err
		},
	}
	p.dataFlag(c)
	return c
}
