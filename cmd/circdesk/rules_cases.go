package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/server"
	"circdesk/desk/circ"
	"circdesk/desk/words"
)

func (p *program) rulesTestCommand() *cobra.Command {
	var cases string
	var asJSON bool
	c := &cobra.Command{
		Use: "test FILE", Short: "whether rules do in stored cases what the library wants", Args: takesArgs(cobra.ExactArgs(1)),
		Long: `Tries the cases that are stored beside a file of rules, in rule_cases.toml: examples of who
borrows what and when, and of the date, the fee, the blocks and the numbers that the library
wants then. Ends with exit code 4 when a case is otherwise. A server tries them too, before it
puts other rules in force.

  [[case]]
  name = "a DVD before Christmas"
  item_type = "dvd"          # group, library, location; desk, where it is done
  waited = false             # others wait; renewal = true, it is renewed
  at = "2026-12-19 10:00"
  due = "2026-12-28"         # if nothing stands against it: the end of the day; "2026-12-28 14:00"; "none"
  back = "2026-12-31 11:00"  # it comes back then: price = "15.00", of the item
  fee = "1.50"               # for being late
  [case.gives]               # any number, as in the rules
  renewals = 1

  [[case]]
  name = "a child with debts and an old card"
  group = "child"            # born = 2015-03-01, guarantor = true
  at = "2026-12-19 10:00"
  card_until = 2026-12-18
  owes = "5.10"              # loans, overdue, long_overdue, requests: how many
                             # with renewal: renewed, so often already; recalled = true
  asked = ["card_expired", "owes_too_much"]   # all that somebody has to say yes to
  refused = []               # all that nobody may`,
		RunE: func(_ *cobra.Command, args []string) error { return p.testRules(args[0], cases, asJSON) },
	}
	c.Flags().StringVar(&cases, "cases", "", "the cases (default: "+folder.RuleCases+" beside FILE)")
	c.Flags().BoolVar(&asJSON, "json", false, "one object a line")
	return c
}

// triedCase is a case in JSON. Its names are for scripts: never renamed.
type triedCase struct {
	Case  string   `json:"case"`
	Line  int      `json:"line"`
	OK    bool     `json:"ok"`
	Wrong []string `json:"wrong,omitempty"`
}

func (p *program) testRules(path, cases string, asJSON bool) error {
	set, err := readRules(path)
	if err != nil {
		return inFile(path, err)
	}
	if cases == "" {
		cases = filepath.Join(filepath.Dir(path), folder.RuleCases)
	}
	f, err := os.Open(cases)
	if err != nil {
		return err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostRules))
	if err != nil {
		return fmt.Errorf("read %s: %w", cases, err)
	}
	all, err := set.Try(text, circ.Judge)
	if err != nil {
		return inFile(cases, &server.RulesError{Err: err})
	}
	wrong := 0
	for _, c := range all {
		if len(c.Wrong) > 0 {
			wrong++
		}
		if asJSON {
			err = writeJSON(p.out, triedCase{c.Name, c.Line, len(c.Wrong) == 0, c.Wrong})
		}
		for _, w := range c.Wrong {
			if err == nil && !asJSON {
				_, err = fmt.Fprintln(p.out, p.words.Text(words.RulesDoubt, "line", strconv.Itoa(c.Line), "row", c.Name, "why", w))
			}
		}
		if err != nil {
			return err
		}
	}
	if wrong > 0 {
		p.note(p.words.N(words.RulesCasesWrong, wrong, "all", strconv.Itoa(len(all))))
		return code(exitLeft)
	}
	p.note(p.words.N(words.RulesCasesFine, len(all)))
	return nil
}
