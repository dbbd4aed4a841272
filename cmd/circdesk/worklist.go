package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/station"
	"circdesk/desk"
	"circdesk/desk/policy"
	"circdesk/desk/words"
	"circdesk/tui/plain"
	tuiscreen "circdesk/tui/screen"
)

func (p *program) worklistCommand() *cobra.Command {
	var kind, library string
	var asJSON bool
	var d deskFlags
	c := &cobra.Command{
		Use: "worklist", Short: "what waits for somebody's work at this desk's library", Args: takesArgs(cobra.NoArgs),
		Long: `Lists what came back incomplete, is claimed to be returned, is searched for, is damaged or is long
overdue (by the rules' long_overdue), what waits the longest first: for how long, what it is, what is missing or wrong, and what is to be done next.
It is read from the desk's own copy, so it works without a line. Nothing of a patron is shown.

The exit code is 0 whether there is something or not.`,
		RunE: func(c *cobra.Command, _ []string) error {
			if kind != "" && !slices.Contains(desk.WorkKinds(), desk.WorkKind(kind)) {
				return usage{errors.New("--kind is one of " + kinds())}
			}
			args := jsonArg([]string{"worklist"}, asJSON)
			if kind != "" {
				args = append(args, "--kind="+kind)
			}
			if library != "" {
				args = append(args, "--library="+library)
			}
			return p.atDesk(c.Context(), args, d, func(ctx context.Context, st *station.Station) error {
				return p.listWork(ctx, st, policy.LibraryID(library), desk.WorkKind(kind), asJSON)
			})
		},
	}
	p.dataFlag(c)
	c.Flags().StringVar(&kind, "kind", "", "only one kind: "+kinds())
	c.Flags().StringVar(&library, "library", "", "another library than the desk's")
	c.Flags().BoolVar(&asJSON, "json", false, "one object a line")
	return c
}

// kinds names the kinds of the worklist.
func kinds() string {
	var all []string
	for _, k := range desk.WorkKinds() {
		all = append(all, string(k))
	}
	return strings.Join(all, ", ")
}

func (p *program) listWork(ctx context.Context, st *station.Station, lib policy.LibraryID, kind desk.WorkKind, asJSON bool) error {
	work, err := desk.ListWork(ctx, st.Desk, lib, kind)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(p.out)
	env := tuiscreen.Env{Words: p.words, Zone: time.Local, Now: st.Desk.Now()}
	for _, w := range work {
		if asJSON {
			err = writeJSON(out, plain.WorkOf(w))
		} else {
			_, err = fmt.Fprintln(out, strconv.Itoa(w.N)+". "+env.WorkLine(w))
		}
		if err != nil {
			return err
		}
	}
	if asJSON {
		return out.Flush()
	}
	asOf := ""
	if at := st.Desk.Copied(); !at.IsZero() {
		asOf = p.words.DateTime(at, time.Local)
	}
	says := p.words.Text(words.OutcomeWorkNone, "at", asOf)
	if len(work) > 0 {
		says = p.words.N(words.OutcomeWork, len(work), "at", asOf)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	p.note(says)
	return nil
}
