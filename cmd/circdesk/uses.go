package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/station"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// usesAsked is what is counted, and how it is written.
type usesAsked struct {
	since, until  string
	asCSV, asJSON bool
}

func (p *program) usesCommand() *cobra.Command {
	var q usesAsked
	var d deskFlags
	c := &cobra.Command{
		Use: "uses", Short: "how often items were used in this desk's library, by location and type", Args: takesArgs(cobra.NoArgs),
		Long: `Counts what was used in the library (":inhouse", or in-house mode on Check in), from the desk's own
copy. Days are of the library's clock; --until is no part of it. Without --since, all.`,
		RunE: func(c *cobra.Command, _ []string) error {
			args := jsonArg([]string{"uses", "--since=" + q.since, "--until=" + q.until}, q.asJSON)
			if q.asCSV {
				args = append(args, "--csv")
			}
			return p.atDesk(c.Context(), args, d, func(ctx context.Context, st *station.Station) error { return p.countUses(ctx, st, q) })
		},
	}
	p.dataFlag(c)
	f := c.Flags()
	f.StringVar(&q.since, "since", "", "the first day, as in 2026-01-31")
	f.StringVar(&q.until, "until", "", "the day after the last")
	f.BoolVar(&q.asCSV, "csv", false, "comma-separated, with a line of names")
	f.BoolVar(&q.asJSON, "json", false, "one object a line")
	c.MarkFlagsMutuallyExclusive("csv", "json")
	return c
}

// usesOf is a count in JSON. Its names are for scripts: never renamed.
type usesOf struct {
	Library  string `json:"library,omitempty"` // that the items belong to
	Location string `json:"location,omitempty"`
	ItemType string `json:"item_type,omitempty"`
	Uses     int    `json:"uses"`
}

func (p *program) countUses(ctx context.Context, st *station.Station, q usesAsked) error {
	rules, lib, w := st.Desk.Policy(), st.Desk.Library, p.words
	day := func(s string) (time.Time, error) {
		if s == "" {
			return time.Time{}, nil
		}
		at, err := time.Parse(time.DateOnly, s)
		if err != nil {
			return at, p.tell(exitUsage, words.RulesNoTime, "text", text.Clean(s, shown))
		}
		noon := time.Date(at.Year(), at.Month(), at.Day(), 12, 0, 0, 0, rules.Location(lib))
		return rules.DayStart(lib, noon).UTC(), nil
	}
	since, err := day(q.since)
	if err != nil {
		return err
	}
	until, err := day(q.until)
	if err != nil {
		return err
	}
	counts, err := st.Desk.Uses(ctx, lib, since, until)
	if err != nil {
		return err
	}
	table := newSheet(p.out)
	if q.asCSV {
		table.put("library", "location", "item_type", "uses")
	}
	all := 0
	for _, c := range counts {
		all += c.N
		v := usesOf{string(c.Home), string(c.Location), string(c.Type), c.N}
		switch {
		case q.asJSON:
			err = writeJSON(p.out, v)
		case q.asCSV:
			table.put(v.Library, v.Location, v.ItemType, strconv.Itoa(v.Uses))
		default:
			_, err = fmt.Fprintln(p.out, w.Text(words.UsesLine, "n", strconv.Itoa(c.N), "of", text.Clean(
				w.List(rules.LibraryName(c.Home), rules.LocationName(c.Home, c.Location), rules.TypeName(c.Type)), shown)))
		}
		if err != nil {
			return err
		}
	}
	if !q.asJSON && !q.asCSV {
		p.note(w.N(words.UsesAll, all))
	}
	return table.end()
}
