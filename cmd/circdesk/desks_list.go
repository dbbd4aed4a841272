package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"circdesk/desk/central"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

func (p *program) desksListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "the desks, what each has not delivered, and how long its enrolment lasts", Args: takesArgs(cobra.NoArgs),
		Long: `Lists the desks that the server knows: where each stands, when it was heard of, the last of its
entries that is here, how many it had not delivered when it was heard of, how many days its
enrolment lasts if it is not heard of again, whether it is a relay, and which relay brought entries
of it last, if one did; and below a desk what happened to it that people should know. The exit code
is 0 when every desk has delivered all, 4 when one has not.`,
		RunE: func(c *cobra.Command, _ []string) error {
			return p.withHub(c.Context(), jsonArg([]string{"desks", "list"}, asJSON), func(ctx context.Context, s *hubserver.Server) error {
				return p.listDesks(ctx, s, asJSON)
			})
		},
	}
	p.dataFlag(c)
	c.Flags().BoolVar(&asJSON, "json", false, "one object a line")
	return c
}

// rolled is a desk in JSON. Its names are for scripts: never renamed.
type rolled struct {
	Desk     string       `json:"desk"`
	Name     string       `json:"name,omitempty"`
	Library  string       `json:"library,omitempty"`
	State    string       `json:"state"`
	Version  string       `json:"version,omitempty"`
	Seen     time.Time    `json:"seen,omitzero"`
	Epoch    uint64       `json:"epoch"`
	Last     uint64       `json:"last"` // the number of the last entry that is here
	Left     int          `json:"left"` // not delivered when it was last heard of
	Enrolled time.Time    `json:"enrolled,omitzero"`
	Ends     time.Time    `json:"ends,omitzero"`
	Days     int          `json:"days_left,omitempty"`
	Relay    bool         `json:"relay,omitempty"`    // it is one
	Via      string       `json:"by_relay,omitempty"` // the relay that brought entries of it last
	ViaAt    time.Time    `json:"by_relay_at,omitzero"`
	Notes    []rolledNote `json:"notes,omitempty"`
}

type rolledNote struct {
	At    time.Time `json:"at"`
	What  string    `json:"what"`
	Epoch uint64    `json:"epoch,omitempty"`
	From  uint64    `json:"from,omitempty"`
	To    uint64    `json:"to,omitempty"`
	Grant uint64    `json:"grant,omitempty"`
}

// daysLeft says how many whole days an enrolment still lasts.
func daysLeft(d central.DeskState, now time.Time) int {
	if d.Standing != central.Enrolled || d.Ends.IsZero() {
		return 0
	}
	return max(int(d.Ends.Sub(now).Hours()/24), 0)
}

// lastNotes is how many notes are shown of a desk.
const lastNotes = 5

func (p *program) listDesks(ctx context.Context, s *hubserver.Server, asJSON bool) error {
	all, err := s.Roll(ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 && !asJSON {
		p.note(p.words.Text(words.DesksEmpty))
	}
	left := false
	for _, d := range all {
		left = left || d.Left > 0
		if asJSON {
			out := rolled{
				Desk: string(d.Desk), Name: d.Name, Library: d.Library, State: string(d.Standing), Version: d.Version, Seen: d.Seen,
				Epoch: d.Last.Epoch, Last: d.Last.Seq, Left: d.Left, Enrolled: d.Enrolled, Ends: d.Ends, Days: daysLeft(d, s.Now()),
				Relay: d.Relay, Via: string(d.Via), ViaAt: d.ViaAt,
			}
			for _, n := range d.Notes {
				out.Notes = append(out.Notes, rolledNote{n.At, string(n.What), n.Epoch, n.From, n.To, n.Grant})
			}
			err = writeJSON(p.out, out)
		} else {
			err = p.printDesk(d, s.Now())
		}
		if err != nil {
			return err
		}
	}
	if left {
		return code(exitLeft)
	}
	return nil
}

func (p *program) printDesk(d central.DeskState, now time.Time) error {
	w := p.words
	seen, last, holds, days, relay, via := w.Text(words.DesksNeverSeen), "", "", "", "", ""
	if !d.Seen.IsZero() {
		seen = w.Text(words.DesksSeen, "at", w.DateTime(d.Seen, time.Local))
	}
	if d.Last.Seq > 0 {
		last = w.Text(words.DesksLast, "epoch", strconv.FormatUint(d.Last.Epoch, 10), "last", strconv.FormatUint(d.Last.Seq, 10))
	}
	if d.Left > 0 {
		holds = w.N(words.DesksHolds, d.Left)
	}
	if d.Standing == central.Enrolled && !d.Ends.IsZero() {
		days = w.N(words.DesksDays, daysLeft(d, now))
	}
	if d.Relay {
		relay = w.Text(words.DesksRelay)
	}
	if d.Via != "" {
		via = w.Text(words.DesksVia, "relay", text.Clean(string(d.Via), 80), "at", w.DateTime(d.ViaAt, time.Local))
	}
	name := string(d.Desk)
	if d.Name != "" {
		name += " (" + d.Name + ")"
	}
	line := []string{text.Clean(name, 80), text.Clean(d.Library, 40), w.Standing(string(d.Standing)), seen}
	for _, s := range []string{relay, last, via, holds, days} {
		if s != "" {
			line = append(line, s)
		}
	}
	if _, err := fmt.Fprintln(p.out, w.List(line...)); err != nil {
		return err
	}
	for _, n := range d.Notes[max(len(d.Notes)-lastNotes, 0):] {
		says := w.Happening(string(n.What), "from", strconv.FormatUint(n.From, 10), "to", strconv.FormatUint(n.To, 10), "epoch", strconv.FormatUint(n.Epoch, 10))
		if _, err := fmt.Fprintln(p.out, "    "+w.DateTime(n.At, time.Local)+"  "+says); err != nil {
			return err
		}
	}
	return nil
}
