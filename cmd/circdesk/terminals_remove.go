package main

import (
	"errors"
	"os"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/central/sip2/sipserver"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

func (p *program) terminalsRemoveCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "remove LOGIN", Short: "let a machine log in no more", Args: takesArgs(cobra.ExactArgs(1)),
		Long: "Takes a terminal out of sip2.toml of the data folder. A connection that it has stays until it ends.",
		RunE: func(_ *cobra.Command, args []string) error { return p.removeTerminal(args[0]) },
	}
	p.dataFlag(c)
	return c
}

func (p *program) removeTerminal(login string) error {
	where, _, err := p.terminals()
	if err != nil {
		return err
	}
	before, err := os.ReadFile(where.File(folder.Terminals))
	if err != nil {
		return err
	}
	after, err := sipserver.Remove(before, login)
	switch {
	case errors.Is(err, sipserver.ErrNoTerminal):
		return p.tell(exitFailed, words.ErrorNoSuchTerminal, "login", text.Clean(login, shown))
	case err != nil:
		return p.terminalsWrong(where, err)
	}
	if err := where.Replace(folder.Terminals, after); err != nil {
		return err
	}
	p.note(p.words.Text(words.CliTerminalRemoved, "login", text.Clean(login, shown)))
	return nil
}
