package main

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/server"
	"circdesk/desk/policy"
	"circdesk/desk/words"
)

func (p *program) rulesCheckCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "check FILE", Short: "what is wrong with a file of rules, and what is hardly meant", Args: takesArgs(cobra.ExactArgs(1)),
		Long: `Reads a file of rules and names every mistake with its line. Of rules that can be read it
says what is hardly meant: rows, numbers and blocks that never count or that contradict each
other, numbers that need another one, days between the terms of a schedule, libraries and
weekdays that never open, ids that the library's own lists do not have, locations that no desk
reshelves. Mistakes end with exit code 1, doubts with 4; a weekday that is closed is only noted.`,
		RunE: func(_ *cobra.Command, args []string) error { return p.checkRules(args[0], asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "one object a line")
	return c
}

// doubted is a finding in JSON. Its names are for scripts: never renamed.
type doubted struct {
	Kind string `json:"kind"` // "mistake", or a [policy.DoubtKind]
	Line int    `json:"line,omitempty"`
	Row  string `json:"row,omitempty"`
	Text string `json:"text"`
}

func (p *program) checkRules(path string, asJSON bool) error {
	set, err := readRules(path)
	if err != nil {
		all, ok := errors.AsType[policy.Problems](err)
		if !ok || !asJSON {
			return inFile(path, err)
		}
		for _, bad := range all {
			if err := p.sayDoubt(policy.Doubt{Kind: "mistake", Problem: bad}, asJSON); err != nil {
				return err
			}
		}
		return code(exitFailed)
	}
	left := false
	doubts := set.Doubts(time.Now())
	for _, d := range doubts {
		left = left || !d.Note()
		if err := p.sayDoubt(d, asJSON); err != nil {
			return err
		}
	}
	switch {
	case left:
		return code(exitLeft)
	case !asJSON:
		_, err = fmt.Fprintln(p.out, p.words.Text(words.RulesFine))
	}
	return err
}

func (p *program) sayDoubt(d policy.Doubt, asJSON bool) error {
	if asJSON {
		return writeJSON(p.out, doubted{string(d.Kind), d.Line, d.Row, d.Text})
	}
	line := ""
	if d.Line > 0 {
		line = strconv.Itoa(d.Line)
	}
	_, err := fmt.Fprintln(p.out, p.words.Text(words.RulesDoubt, "line", line, "row", d.Row, "why", d.Text))
	return err
}

// inFile says which file's rules have mistakes.
func inFile(path string, err error) error {
	if bad, ok := errors.AsType[*server.RulesError](err); ok {
		bad.File = path
	}
	return err
}
