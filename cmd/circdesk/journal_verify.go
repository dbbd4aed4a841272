package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/words"
	"circdesk/store/bolt"
)

func (p *program) journalVerifyCommand() *cobra.Command {
	var asJSON, mirror bool
	c := &cobra.Command{
		Use: "verify [FILE]", Short: "whether the journal is as it was written", Args: takesArgs(cobra.MaximumNArgs(1)),
		Long: `Reads every entry and receipt: checksums, the chain of hashes, gaps. FILE is a copy of this
desk's journal, or its mirror while no desk writes it; --mirror is that of the desk that runs.
The exit code is 0 when all is well, 5 when not.`,
		RunE: func(c *cobra.Command, given []string) error {
			args := jsonArg([]string{"journal", "verify"}, asJSON)
			if mirror {
				args = append(args, "--mirror")
			}
			if len(given) == 1 {
				return p.verifyFile(c.Context(), given[0], asJSON)
			}
			return p.withJournal(c.Context(), args, func(ctx context.Context, j *bolt.Journal) error {
				r, err := p.verifies(ctx, j, mirror)
				if err != nil {
					return err
				}
				return p.tellVerified(r, asJSON)
			})
		},
	}
	p.dataFlag(c)
	c.Flags().BoolVar(&asJSON, "json", false, "as one object")
	c.Flags().BoolVar(&mirror, "mirror", false, "the mirror of the desk that runs, not its journal")
	return c
}

func (p *program) verifies(ctx context.Context, j *bolt.Journal, mirror bool) (bolt.Report, error) {
	if !mirror {
		return j.Verify(ctx, nil)
	}
	r, there, err := j.VerifyMirror(ctx)
	if err == nil && !there {
		err = p.tell(exitFailed, words.JournalNoMirror)
	}
	return r, err
}

// verifyFile reads a journal that lies elsewhere, with the keys of the folder's desk.
func (p *program) verifyFile(ctx context.Context, path string, asJSON bool) error {
	where, err := p.folder()
	if err != nil {
		return err
	}
	keys, err := p.keys(where)
	if err != nil {
		return err
	}
	r, err := folder.VerifyJournal(ctx, path, keys)
	if err != nil {
		return err
	}
	return p.tellVerified(r, asJSON)
}

// verified is a report in JSON.
type verified struct {
	Entries  int            `json:"entries"`
	Receipts int            `json:"receipts"`
	Problems []bolt.Problem `json:"problems"`
}

func (p *program) tellVerified(r bolt.Report, asJSON bool) error {
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
	_, err := fmt.Fprintln(p.out, p.words.N(words.JournalOk, r.Entries))
	return err
}
