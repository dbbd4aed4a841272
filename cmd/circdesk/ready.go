package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/station"
	"circdesk/desk"
	"circdesk/desk/health"
	"circdesk/desk/words"
)

func (p *program) readyCommand() *cobra.Command {
	var d deskFlags
	var asJSON bool
	c := &cobra.Command{
		Use: "ready", Short: "whether this desk would survive an outage now, and what is missing", Args: takesArgs(cobra.NoArgs),
		Long: `Looks whether this desk would survive an outage that begins now: whether the facts are here, whole
and new enough, whether something can be written and the disk has room, whether the keys of its
files can be had again, the enrolment lasts, the library's rules are in force, somebody can sign in
without a line, the clock is right, and nothing waits for too long. It lists the library's other
desks with the days that their enrolments last, without a line as they were known last. What only
the central system knows is asked there, if it answers; what it does not answer counts as no reason.
The exit code is 0 when the desk is ready, and 1 when something is missing.`,
		RunE: func(c *cobra.Command, _ []string) error {
			return p.atDesk(c.Context(), jsonArg([]string{"ready"}, asJSON), d, func(ctx context.Context, st *station.Station) error {
				return p.lookReady(ctx, st, asJSON)
			})
		},
	}
	p.dataFlag(c)
	d.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "one object")
	return c
}

// readiness is what is found, in JSON. Its names are for scripts: never renamed.
type readiness struct {
	Ready  bool          `json:"ready"`
	Desk   string        `json:"desk"`
	At     time.Time     `json:"at"`
	Copy   time.Time     `json:"copy,omitzero"` // when the facts were known to be complete
	Checks []readyCheck  `json:"checks"`
	Spares []readySpared `json:"spares,omitempty"`
}

type readyCheck struct {
	Check string    `json:"check"`
	Ready bool      `json:"ready"`
	Code  string    `json:"code"`
	Says  string    `json:"says"`
	At    time.Time `json:"at,omitzero"`
	N     int       `json:"n,omitempty"`
}

type readySpared struct {
	Desk  string    `json:"desk"`
	Name  string    `json:"name,omitempty"`
	State string    `json:"state"`
	Seen  time.Time `json:"seen,omitzero"`
	Ends  time.Time `json:"ends,omitzero"`
	Days  int       `json:"days_left"`
}

func (p *program) lookReady(ctx context.Context, st *station.Station, asJSON bool) error {
	if p.running == nil { // a desk that runs knows how the line is
		where, err := p.folder()
		if err != nil {
			return err
		}
		who, err := p.operatorsOf(where)
		if err != nil {
			return err
		}
		st.SignsIn(who)
		st.Up.Probe(ctx)
	}
	all, spares, now := st.Health(ctx), st.Spares(ctx), st.Desk.Now()
	lacks := len(health.Missing(all))
	zone := st.Desk.Policy().Location(st.Desk.Library)
	names := words.Names{Now: now, Zone: zone}
	out := readiness{Ready: lacks == 0, Desk: string(st.Desk.ID), At: now.UTC(), Copy: st.Desk.Copied()}
	for _, a := range all {
		out.Checks = append(out.Checks, readyCheck{string(a.Check), a.Ready, string(a.Code), desk.Health(p.words, a, names), a.At, a.N})
	}
	for _, d := range spares {
		days, _ := health.Left(d, now)
		out.Spares = append(out.Spares, readySpared{string(d.Desk), d.Name, string(d.Standing), d.Seen, d.Ends, days})
	}
	if err := p.tellReady(out, lacks, names, asJSON); err != nil {
		return err
	}
	if lacks > 0 {
		return code(exitFailed)
	}
	return nil
}

func (p *program) tellReady(out readiness, lacks int, n words.Names, asJSON bool) error {
	if asJSON {
		return writeJSON(p.out, out)
	}
	w := p.words
	lines := []string{w.Text(words.CliReadyYes)}
	if lacks > 0 {
		lines[0] = w.N(words.CliReadyNo, lacks)
	}
	for _, c := range out.Checks {
		key := words.CliReadyIs
		if !c.Ready {
			key = words.CliReadyLacks
		}
		lines = append(lines, w.Text(key, "what", c.Says))
	}
	for _, d := range out.Spares {
		if !d.Ends.IsZero() {
			lines = append(lines, w.N(words.CliReadySpare, d.Days, "desk", firstOf(d.Name, d.Desk), "at", w.When(d.Seen, n)))
		}
	}
	for _, l := range lines {
		if _, err := fmt.Fprintln(p.out, l); err != nil {
			return err
		}
	}
	return nil
}
