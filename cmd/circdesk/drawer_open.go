package main

import (
	"github.com/spf13/cobra"

	"circdesk/cmd/internal/station"
	"circdesk/desk/circ"
	"circdesk/desk/money"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

func (p *program) drawerOpenCommand() *cobra.Command {
	var h handling
	c := &cobra.Command{
		Use: "open AMOUNT", Short: "begin a shift with what lies in the drawer", Args: takesArgs(cobra.ExactArgs(1)),
		Long: `Begins a shift of the desk's drawer with what lies in it, as in 50.00. Who opens it signs in: the
PIN is asked for, or read from standard input. The exit code is 1 when the drawer is open.`,
		RunE: func(c *cobra.Command, args []string) error {
			return p.handle(c.Context(), h, []string{"drawer", "open", "--as=" + h.as, "--", args[0]}, func(st *station.Station, id circ.DrawerID) (circ.Command, error) {
				float, err := p.moneyOf(st, args[0])
				return circ.OpenDrawer{Drawer: id, Float: float}, err
			})
		},
	}
	h.flags(p, c)
	return c
}

// moneyOf reads an amount in the library's currency.
func (p *program) moneyOf(st *station.Station, typed string) (money.Amount, error) {
	a, err := money.Parse(typed, st.Desk.Policy().Currency())
	if err != nil {
		return a, p.tell(exitUsage, words.RefusalBadAmount, "text", text.Clean(typed, shown))
	}
	return a, nil
}
