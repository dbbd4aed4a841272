package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/station"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// mostOverdue is how many loans are listed.
const mostOverdue = 100_000

func (p *program) overdueCommand() *cobra.Command {
	var long, asJSON bool
	var d deskFlags
	c := &cobra.Command{
		Use: "overdue", Short: "what is overdue at this desk's library, first due first", Args: takesArgs(cobra.NoArgs),
		Long: `Lists the open loans of the library that are overdue, from the desk's own copy, without anything
of a patron: who is signed in at the desk sees the names (":overdue"). What is overdue for
longer than the rules say (long_overdue) is marked. Nobody is billed for it: a clerk calls the
patron, or says that it is lost (":lost CODE").`,
		RunE: func(c *cobra.Command, _ []string) error {
			args := jsonArg([]string{"overdue"}, asJSON)
			if long {
				args = append(args, "--long")
			}
			return p.atDesk(c.Context(), args, d, func(ctx context.Context, st *station.Station) error {
				return p.listOverdue(ctx, st, long, asJSON)
			})
		},
	}
	p.dataFlag(c)
	c.Flags().BoolVar(&long, "long", false, "only what is long overdue")
	c.Flags().BoolVar(&asJSON, "json", false, "one object a line")
	return c
}

// overdueLoan is a loan in JSON, without anything of a patron. Its names are for
// scripts: never renamed.
type overdueLoan struct {
	Item     string `json:"item"`
	Title    string `json:"title,omitempty"`
	Location string `json:"location,omitempty"`
	Out      string `json:"out"`
	Due      string `json:"due"`
	Long     bool   `json:"long_overdue,omitempty"`
	IfBack   string `json:"if_back,omitempty"` // the fee, if it came back now
}

func (p *program) listOverdue(ctx context.Context, st *station.Station, long, asJSON bool) error {
	found, _, err := st.Desk.Overdue(ctx, st.Desk.Library, st.Desk.Now().UTC(), mostOverdue)
	if err != nil {
		return err
	}
	rules, w := st.Desk.Policy(), p.words
	zone := rules.Location(st.Desk.Library)
	listed := 0
	for _, o := range found {
		if long && !o.Long {
			continue
		}
		listed++
		v := overdueLoan{
			Item: o.Item.Barcode, Title: o.Title.Title, Location: string(o.Item.Location),
			Out: o.Loan.Out.UTC().Format(time.RFC3339), Due: o.Loan.Due.UTC().Format(time.RFC3339), Long: o.Long,
		}
		if o.IfBack.Minor > 0 {
			v.IfBack = o.IfBack.Decimal()
		}
		if asJSON {
			err = writeJSON(p.out, v)
		} else {
			mark := ""
			if o.Long {
				mark = w.Text(words.PatronLongOverdue)
			}
			_, err = fmt.Fprintln(p.out, w.List(w.DateTime(o.Loan.Due, zone), mark, text.Clean(v.Title, shown), text.Clean(v.Item, shown),
				text.Clean(rules.LocationName(o.Item.Home, o.Item.Location), shown)))
		}
		if err != nil {
			return err
		}
	}
	if listed == 0 && !asJSON {
		none := words.OutcomeOverdueNone
		if long {
			none = words.OutcomeOverdueNoneLong
		}
		p.note(w.Text(none))
	}
	return nil
}
