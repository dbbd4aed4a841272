package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/station"
	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

func (p *program) drawerCloseCommand() *cobra.Command {
	var h handling
	c := &cobra.Command{
		Use: "close METHOD=AMOUNT…", Short: "end the shift with what was counted", Args: takesArgs(cobra.MinimumNArgs(1)),
		Long: `Ends the shift of the desk's drawer with what was counted, as in cash=123.40 card=20.00: every
method by which money came must be there. Where it is not what is expected, it needs --why and
the right to override money. It works without a line, and says what is not delivered. Who closes
it signs in: the PIN is asked for, or read from standard input.

The exit code is 1 when it was not closed, 4 when it was and something of it is not delivered.`,
		RunE: func(c *cobra.Command, args []string) error {
			line := slices.Concat([]string{"drawer", "close", "--as=" + h.as, "--why=" + h.why, "--"}, args)
			return p.handle(c.Context(), h, line, func(st *station.Station, id circ.DrawerID) (circ.Command, error) {
				cmd := circ.CloseDrawer{Drawer: id, Text: text.Clean(h.why, mostWhy)}
				for _, arg := range args {
					method, amount, ok := strings.Cut(arg, "=")
					if !ok {
						return nil, p.tell(exitUsage, words.RefusalBadAmount, "text", text.Clean(arg, shown))
					}
					a, err := p.moneyOf(st, amount)
					if err != nil {
						return nil, err
					}
					cmd.Counted = append(cmd.Counted, circ.Counted{Method: circ.PayMethod(method), Amount: a})
				}
				return cmd, nil
			})
		},
	}
	h.flags(p, c)
	c.Flags().StringVar(&h.why, "why", "", "why it is over or short")
	return c
}
