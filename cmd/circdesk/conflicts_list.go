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
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/words"
)

func (p *program) conflictsListCommand() *cobra.Command {
	var asJSON, all bool
	var d deskFlags
	c := &cobra.Command{
		Use: "list", Short: "the conflicts of this desk's entries, oldest first", Args: takesArgs(cobra.NoArgs),
		Long: "Lists what a person has to settle. The exit code is 0 when there is nothing, 4 when there is.",
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

// conflict is a conflict in JSON, without anything of a patron.
type conflict struct {
	N       int      `json:"n"` // its number, for settle
	Entry   string   `json:"entry"`
	At      string   `json:"at,omitempty"`
	Command string   `json:"command,omitempty"`
	Item    string   `json:"item,omitempty"`
	Title   string   `json:"title,omitempty"`
	Verdict string   `json:"verdict"`
	Reasons []reason `json:"reasons"`
	Settled string   `json:"settled,omitempty"`
	By      string   `json:"by,omitempty"`
	Why     string   `json:"why,omitempty"`
}

type reason struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

func (p *program) listConflicts(ctx context.Context, st *station.Station, all, asJSON bool) error {
	cs, err := st.Desk.Conflicts(ctx, all)
	if err != nil {
		return err
	}
	open := 0
	for _, c := range cs {
		v, at, err := p.conflictOf(ctx, st, c)
		if err != nil {
			return err
		}
		if c.Open() {
			open++
			v.N = open
		}
		if err := p.writeConflict(v, at, asJSON); err != nil {
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

// conflictOf joins a conflict with its entry.
func (p *program) conflictOf(ctx context.Context, st *station.Station, c local.Conflict) (v conflict, at time.Time, err error) {
	v = conflict{Entry: string(c.Entry), Verdict: string(c.Verdict), Reasons: []reason{}, By: string(c.By), Why: c.Why}
	if !c.Open() {
		v.Settled = c.Settled.UTC().Format(time.RFC3339)
	}
	var e journal.Entry
	err = st.Stores().Journal.View(ctx, func(tx journal.JournalTx) error {
		e, _, err = tx.Entry(ctx, c.Entry)
		return err
	})
	if err != nil {
		return v, at, err
	}
	names := words.Names{Zone: time.Local, Now: time.Now()}
	if cmd := e.Act.Command; cmd != nil {
		at, v.At = e.Act.At, e.Act.At.UTC().Format(time.RFC3339)
		v.Command = cmd.Name()
		id, barcode, title := desk.Concerns(cmd)
		if v.Item, v.Title, err = itemOf(ctx, st, id, barcode, title); err != nil {
			return v, at, err
		}
		names.Item = func(circ.ItemID) string { return v.Title }
	}
	for _, r := range c.Objections {
		v.Reasons = append(v.Reasons, reason{string(r.Reason), p.words.Reason(r, names)})
	}
	return v, at, nil
}

// itemOf gives the barcode and the title of what a command was about.
func itemOf(ctx context.Context, st *station.Station, id circ.ItemID, barcode string, title circ.TitleID) (code, name string, err error) {
	code = barcode
	err = st.Desk.View(ctx, func(r journal.Reader) error {
		rows, err := r.Read(ctx, []circ.Want{circ.ByKey(circ.KindItem, string(id))})
		if err != nil {
			return err
		}
		for _, row := range rows[0] {
			if it, ok := row.(circ.Item); ok {
				code, title = it.Barcode, it.Title
			}
		}
		if rows, err = r.Read(ctx, []circ.Want{circ.ByKey(circ.KindTitle, string(title))}); err != nil {
			return err
		}
		for _, row := range rows[0] {
			if t, ok := row.(circ.Title); ok {
				name = t.Title
			}
		}
		return nil
	})
	return code, name, err
}

func (p *program) writeConflict(v conflict, at time.Time, asJSON bool) error {
	if asJSON {
		return writeJSON(p.out, v)
	}
	w := p.words
	says := make([]string, 0, len(v.Reasons))
	for _, r := range v.Reasons {
		says = append(says, r.Text)
	}
	number := ""
	if v.N > 0 {
		number = strconv.Itoa(v.N)
	}
	line := w.Text(words.CliConflict, "number", number, "at", w.DateTime(at, time.Local), "command", w.Command(v.Command),
		"title", firstOf(v.Title, v.Item), "reasons", w.Reasons(says...))
	if v.Settled != "" {
		line = w.Reasons(line, w.List(w.Text(words.CliSettled), v.By, v.Why))
	}
	_, err := fmt.Fprintln(p.out, line)
	return err
}
