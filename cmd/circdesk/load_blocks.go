package main

import (
	"os"

	"github.com/spf13/cobra"

	"circdesk/desk/load"
)

func (p *program) loadBlocksCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "blocks FILE.txt", Short: "cards with which nobody may borrow, from Evergreen's block list", Args: takesArgs(cobra.ExactArgs(1)),
		Long: `Loads the block list that Evergreen writes for work without a line: a card a line, then L (lost),
E (expired), B (barred) or D (too much overdue or owed). The list is all of them: what an earlier
one blocked and this one does not have is lifted. Blocks that were made at a desk stay. The file's
own date is shown with each block.`,
		RunE: func(c *cobra.Command, args []string) error {
			return p.loads(c.Context(), args[0], func(f *os.File) load.File {
				return load.BlockFile(f.Name(), f, load.BlockOptions{At: madeAt(f), Trouble: p.trouble})
			})
		},
	}
	p.dataFlag(c)
	return c
}
