package main

import (
	"context"

	"github.com/spf13/cobra"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

func (p *program) desksRenameCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "rename DESK NAME", Short: "gives a desk another name for people", Args: takesArgs(cobra.ExactArgs(2)),
		Long: `Gives a desk a name for people, beside its id: that stays, since its entries stand under it. An
empty name takes it away.`,
		RunE: func(c *cobra.Command, given []string) error {
			args := append([]string{"desks", "rename"}, dashed(given)...)
			return p.withHub(c.Context(), args, func(ctx context.Context, s *hubserver.Server) error {
				name := text.Clean(given[1], 60)
				if err := s.Rename(ctx, circ.DeskID(given[0]), name); err != nil {
					return p.deskError(given[0], err)
				}
				p.note(p.words.Text(words.DesksRenamed, "desk", given[0], "name", name))
				return nil
			})
		},
	}
	p.dataFlag(c)
	return c
}
