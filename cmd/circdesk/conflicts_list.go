package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/station"
	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/words"
	"circdesk/tui/plain"
	tuiscreen "circdesk/tui/screen"
)

func (p *program) conflictsListCommand() *cobra.Command {
	var asJSON, all bool
	var d deskFlags
	c := &cobra.Command{
		Use: "list", Short: "the conflicts of all desks, the most urgent first", Args: takesArgs(cobra.NoArgs),
		Long: `Lists what a person has to settle: first what waits past its call-back day, then what nobody has
put off, then what the rules have settled and somebody only has to know. Nothing of a patron is
shown. The exit code is 0 when there is nothing, 4 when there is.`,
		RunE: func(c *cobra.Command, _ []string) error {
			args := jsonArg([]string{"conflicts", "list"}, asJSON)
			if all {
				args = append(args, "--all")
			}
			return p.atDesk(c.Context(), args, d, func(ctx context.Context, st *station.Station) error {
				return p.listConflicts(ctx, st, all, asJSON)
			})
		},
	}
	p.dataFlag(c)
	c.Flags().BoolVar(&asJSON, "json", false, "one object a line")
	c.Flags().BoolVar(&all, "all", false, "settled ones too")
	return c
}

func (p *program) listConflicts(ctx context.Context, st *station.Station, all, asJSON bool) error {
	cs, err := p.conflicts(ctx, st, all)
	if err != nil {
		return err
	}
	open := 0
	env := p.conflictEnv(st)
	for _, c := range cs {
		if c.Open() {
			open++
		} else {
			c.N = 0
		}
		if asJSON {
			err = writeJSON(p.out, plain.ConflictOf(c))
		} else {
			number := ""
			if c.N > 0 {
				number = strconv.Itoa(c.N) + ". "
			}
			_, err = fmt.Fprintln(p.out, number+env.ConflictLine(c))
		}
		if err != nil {
			return err
		}
	}
	if len(cs) == 0 && !asJSON {
		p.note(p.words.Text(words.OutcomeConflictsNone))
	}
	if open > 0 {
		return code(exitLeft)
	}
	return nil
}

// conflicts gives the conflicts with what was objected to in words; the open ones come
// first, so that their numbers are the same with and without those that are settled.
func (p *program) conflicts(ctx context.Context, st *station.Station, all bool) ([]desk.Conflict, error) {
	cs, err := desk.ListConflicts(ctx, st.Desk, all)
	for i := range cs {
		names := words.Names{Zone: time.Local, Now: st.Desk.Now(), Item: func(circ.ItemID) string { return cs[i].Name }}
		for _, r := range cs[i].Met {
			cs[i].Said = append(cs[i].Said, desk.Said{Remark: r, Words: p.words.Reason(r, names)})
		}
	}
	return cs, err
}

func (p *program) conflictEnv(st *station.Station) *tuiscreen.Env {
	return &tuiscreen.Env{Words: p.words, Zone: time.Local, Now: st.Desk.Now()}
}
