package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/circ"
	"circdesk/desk/operator"
	"circdesk/desk/words"
)

func (p *program) operatorsCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "operators", Short: "who may sign in", Args: takesArgs(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.operatorsAddCommand(), p.operatorsListCommand())
	return c
}

func (p *program) operatorsAddCommand() *cobra.Command {
	var full string
	rights := []string{string(circ.RightCirculate)}
	c := &cobra.Command{
		Use: "add NAME", Short: "let somebody sign in", Args: takesArgs(cobra.ExactArgs(1)),
		Long: "Adds an operator to operators.toml of the data folder. The PIN is asked for, or read from standard input;\nonly its hash is kept. Rights: " + strings.Join(allRights(), ", ") + ".",
		RunE: func(_ *cobra.Command, args []string) error {
			return p.addOperator(operator.Operator{Name: args[0], Full: full, Rights: rights})
		},
	}
	p.dataFlag(c)
	c.Flags().StringVar(&full, "full", "", "the name for people")
	c.Flags().StringSliceVar(&rights, "rights", rights, "what they may do")
	return c
}

// allRights are the rights of the engine.
func allRights() []string {
	return []string{string(circ.RightCirculate), string(circ.RightOverride), string(circ.RightMoney), string(circ.RightManager), string(circ.RightSettle)}
}

func (p *program) addOperator(o operator.Operator) error {
	where, err := p.folder()
	if err != nil {
		return err
	}
	if err := where.Make(); err != nil {
		return err
	}
	pin, err := p.readPIN()
	if err != nil {
		return err
	}
	phc, err := operator.HashPIN(pin)
	if err != nil {
		return told{[]string{err.Error()}, exitUsage}
	}
	row, err := operator.Row(o, phc)
	if err != nil {
		return told{[]string{err.Error()}, exitUsage}
	}
	path := where.File(folder.Operators)
	before, err := os.ReadFile(path)
	if err != nil && !where.Has(folder.Operators) {
		before, err = nil, nil
	}
	if err != nil {
		return err
	}
	if _, err := operator.Parse(append(before, row...)); err != nil { // named twice, or the file has mistakes
		return told{[]string{p.words.Text(words.ErrorBadFile, "file", path, "why", err.Error())}, exitFailed}
	}
	w, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = w.WriteString(row)
	return errors.Join(err, w.Close())
}

func (p *program) operatorsListCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "list", Short: "who may sign in, and what they may do", Args: takesArgs(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			where, err := p.folder()
			if err != nil {
				return err
			}
			source, err := operator.Open(where.File(folder.Operators), time.Now)
			if err != nil {
				return err
			}
			names, err := source.Names(c.Context())
			if err != nil {
				return err
			}
			for _, n := range names {
				o, err := source.Lookup(c.Context(), n)
				if err != nil {
					return err
				}
				if _, err := fmt.Fprintln(p.out, p.words.List(append([]string{o.Name, o.Full}, o.Rights...)...)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	p.dataFlag(c)
	return c
}
