package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/station"
	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui/plain"
)

func (p *program) outageCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "outage", Short: "what was done while there was no line", Args: takesArgs(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.outageReportCommand())
	return c
}

func (p *program) outageReportCommand() *cobra.Command {
	var since string
	var asJSON bool
	var d deskFlags
	c := &cobra.Command{
		Use: "report", Short: "from when to when, what was done, what clashed, and what of it is open", Args: takesArgs(cobra.NoArgs),
		Long: `Tells of each time in which this desk had no line: from when to when, how much of what was done,
the money that was taken, what still waits, what met something else at the central system, and what
of that is settled and what is open; and of other desks what clashed in the same time. The last thirty
days, or --since. Nothing of a patron is shown. The exit code is 0, and 4 when something waits or is open.`,
		RunE: func(c *cobra.Command, _ []string) error {
			from, err := p.sinceOf(since)
			if err != nil {
				return err
			}
			args := jsonArg([]string{"outage", "report"}, asJSON)
			if since != "" {
				args = append(args, "--since="+since)
			}
			return p.atDesk(c.Context(), args, d, func(ctx context.Context, st *station.Station) error {
				if since == "" {
					from = st.Desk.Now().AddDate(0, 0, -30)
				}
				return p.reportOutages(ctx, st, from, asJSON)
			})
		},
	}
	p.dataFlag(c)
	c.Flags().StringVar(&since, "since", "", "outages that ended after it, as in 2026-01-31")
	c.Flags().BoolVar(&asJSON, "json", false, "one object a line")
	return c
}

// outage is one in JSON. Its names are for scripts: never renamed.
type outage struct {
	Desk      string                 `json:"desk"`
	From      string                 `json:"from"`
	To        string                 `json:"to,omitempty"` // missing: the line has not come back
	Done      map[string]int         `json:"done"`         // by the name of the command
	Taken     map[string]string      `json:"taken,omitempty"`
	Waiting   int                    `json:"waiting"`
	Clashed   int                    `json:"clashed"`
	Open      int                    `json:"open"`
	Conflicts []plain.ConflictObject `json:"conflicts,omitempty"`
	Others    []outageElsewhere      `json:"other_desks,omitempty"`
}

type outageElsewhere struct {
	Desk    string `json:"desk"`
	Clashed int    `json:"clashed"`
	Open    int    `json:"open"`
}

func (p *program) reportOutages(ctx context.Context, st *station.Station, since time.Time, asJSON bool) error {
	all, err := desk.ReportOutages(ctx, st.Desk, since)
	if err != nil {
		return err
	}
	left := false
	for _, o := range all {
		left = left || o.Waiting > 0 || o.Open > 0
		if asJSON {
			err = writeJSON(p.out, outageOf(o))
		} else {
			err = p.writeOutage(st, o)
		}
		if err != nil {
			return err
		}
	}
	if len(all) == 0 && !asJSON {
		p.note(p.words.Text(words.OutageNone))
	}
	if left {
		return code(exitLeft)
	}
	return nil
}

func outageOf(o desk.Outage) outage {
	v := outage{
		Desk: string(o.Desk), From: o.From.UTC().Format(time.RFC3339), Done: map[string]int{},
		Waiting: o.Waiting, Clashed: len(o.Met), Open: o.Open,
	}
	if !o.To.IsZero() {
		v.To = o.To.UTC().Format(time.RFC3339)
	}
	for _, d := range o.Done {
		v.Done[d.Command] = d.N
	}
	for _, t := range o.Taken {
		if v.Taken == nil {
			v.Taken = map[string]string{}
		}
		v.Taken[string(t.Method)] = t.Amount.Decimal()
	}
	for _, c := range o.Met {
		v.Conflicts = append(v.Conflicts, plain.ConflictOf(c))
	}
	for _, e := range o.Others {
		v.Others = append(v.Others, outageElsewhere{string(e.Desk), e.Met, e.Open})
	}
	return v
}

func (p *program) writeOutage(st *station.Station, o desk.Outage) error {
	w, env := p.words, p.conflictEnv(st)
	to := ""
	if !o.To.IsZero() {
		to = w.DateTime(o.To, time.Local)
	}
	var done, taken []string
	for _, d := range o.Done {
		done = append(done, strconv.Itoa(d.N)+" "+w.Command(d.Command))
	}
	for _, t := range o.Taken {
		taken = append(taken, w.Money(t.Amount)+" "+w.Method(t.Method))
	}
	lines := []string{
		w.Text(words.OutageHead, "desk", string(o.Desk), "from", w.DateTime(o.From, time.Local), "to", to),
		"  " + w.Text(words.OutageDone, "what", w.List(done...)),
	}
	if len(taken) > 0 {
		lines = append(lines, "  "+w.Text(words.OutageTaken, "what", w.List(taken...)))
	}
	lines = append(lines, "  "+w.N(words.OutageWaiting, o.Waiting), "  "+w.Text(words.OutageMet, "total", strconv.Itoa(len(o.Met)), "settled", strconv.Itoa(len(o.Met)-o.Open), "open", strconv.Itoa(o.Open)))
	for _, c := range o.Met {
		lines = append(lines, "    "+env.ConflictLine(c))
	}
	for _, e := range o.Others {
		lines = append(lines, "  "+w.Text(words.OutageOther, "desk", string(e.Desk), "met", strconv.Itoa(e.Met), "open", strconv.Itoa(e.Open)))
	}
	for _, l := range lines {
		if _, err := fmt.Fprintln(p.out, l); err != nil {
			return err
		}
	}
	return nil
}
