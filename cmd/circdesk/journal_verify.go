package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"circdesk/desk/words"
	"circdesk/store/bolt"
)

func (p *program) journalVerifyCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "verify", Short: "whether the journal is as it was written", Args: takesArgs(cobra.NoArgs),
		Long: "Reads every entry and receipt: checksums, the chain of hashes, gaps. The exit code is 0 when all is well, 5 when not.",
		RunE: func(c *cobra.Command, _ []string) error {
			return p.withJournal(c.Context(), jsonArg([]string{"journal", "verify"}, asJSON), func(ctx context.Context, j *bolt.Journal) error {
				return p.verifyJournal(ctx, j, asJSON)
			})
		},
	}
	p.dataFlag(c)
	c.Flags().BoolVar(&asJSON, "json", false, "as one object")
	return c
}

// verified is a report in JSON.
type verified struct {
	Entries  int            `json:"entries"`
	Receipts int            `json:"receipts"`
	Problems []bolt.Problem `json:"problems"`
}

func (p *program) verifyJournal(ctx context.Context, j *bolt.Journal, asJSON bool) error {
	r, err := j.Verify(ctx, nil)
	if err != nil {
		return err
	}
	if asJSON {
		problems := r.Problems
		if problems == nil {
			problems = []bolt.Problem{}
		}
		if err := writeJSON(p.out, verified{r.Entries, r.Receipts, problems}); err != nil {
			return err
		}
		if len(problems) > 0 {
			return code(exitDamaged)
		}
		return nil
	}
	if len(r.Problems) > 0 {
		return p.problems(r)
	}
	_, err = fmt.Fprintln(p.out, p.words.N(words.JournalOk, r.Entries))
	return err
}
