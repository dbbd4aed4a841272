package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

func (p *program) conflictsAssignCommand() *cobra.Command {
	var as string
	c := &cobra.Command{
		Use: "assign N|ENTRY [NAME]", Short: "say who sees to a conflict", Args: takesArgs(cobra.RangeArgs(1, 2)),
		Long: "Says who sees to a conflict; without a name nobody does any more. Who says it signs in: the PIN is\nasked for, or read from standard input.",
		RunE: func(c *cobra.Command, args []string) error {
			owner := ""
			if len(args) == 2 {
				owner = text.Clean(args[1], mostWhy)
			}
			return p.onConflict(c.Context(), onConflict{
				which: args[0], as: as, args: []string{"assign"}, more: args[1:], says: words.CliNoted,
				do: func(id circ.EntryID) circ.Command {
					return circ.AssignConflict{Conflict: id, Owner: circ.OperatorID(owner)}
				},
			})
		},
	}
	p.dataFlag(c)
	c.Flags().StringVar(&as, "as", "", "the operator's `name`")
	return c
}

func (p *program) conflictsCallBackCommand() *cobra.Command {
	var as string
	c := &cobra.Command{
		Use: "call-back N|ENTRY [DATE]", Short: "say when a conflict is to be looked at again", Args: takesArgs(cobra.RangeArgs(1, 2)),
		Long: "Says on which day (2026-11-30) a conflict is to be looked at again; without one, now. What waits past\nits day is listed first. Who says it signs in: the PIN is asked for, or read from standard input.",
		RunE: func(c *cobra.Command, args []string) error {
			var on time.Time
			if len(args) == 2 {
				day, err := time.ParseInLocation(time.DateOnly, strings.TrimSpace(args[1]), time.Local)
				if err != nil {
					return usage{fmt.Errorf("%q is no day as 2026-11-30", args[1])}
				}
				on = day.UTC()
			}
			return p.onConflict(c.Context(), onConflict{
				which: args[0], as: as, args: []string{"call-back"}, more: args[1:], says: words.CliNoted,
				do: func(id circ.EntryID) circ.Command { return circ.CallBack{Conflict: id, On: on} },
			})
		},
	}
	p.dataFlag(c)
	c.Flags().StringVar(&as, "as", "", "the operator's `name`")
	return c
}
