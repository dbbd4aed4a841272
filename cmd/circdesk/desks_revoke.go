package main

import (
	"context"

	"github.com/spf13/cobra"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/words"
)

func (p *program) desksRevokeCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "revoke DESK", Short: "shuts a desk out", Args: takesArgs(cobra.ExactArgs(1)),
		Long: `Shuts a desk out, from its next request on: a machine that was stolen, or sold. What was delivered
stays; what was not comes when the desk is enrolled again ('circdesk desks invite --name DESK').`,
		RunE: func(c *cobra.Command, given []string) error {
			args := append([]string{"desks", "revoke"}, dashed(given)...)
			return p.withHub(c.Context(), args, func(ctx context.Context, s *hubserver.Server) error {
				if err := s.Revoke(ctx, circ.DeskID(given[0])); err != nil {
					return p.deskError(given[0], err)
				}
				p.note(p.words.Text(words.DesksRevoked, "desk", given[0]))
				return nil
			})
		},
	}
	p.dataFlag(c)
	return c
}
