package main

import (
	"errors"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/server"
	"circdesk/desk/format/patroncsv"
	"circdesk/desk/load"
)

func (p *program) loadPatronsCommand() *cobra.Command {
	var headings []string
	var dates string
	c := &cobra.Command{
		Use: "patrons FILE", Short: "patrons from a table with a line of headings, or Koha's borrowers.db", Args: takesArgs(cobra.ExactArgs(1)),
		Long: `Loads patrons from CSV: commas, semicolons or tabs, UTF-8, UTF-16 or Windows-1252. The usual
headings are known; name your own with --heading "Kartennummer=card". What cannot be read is
named with its line; loading the same file again adds nothing.

Koha's borrowers.db (SQLite) is taken, too. It has no barcode of what somebody has, and no blocks:
what is owed and on loan there is an alert at the desk, and no fee or loan of ours.`,
		RunE: func(c *cobra.Command, args []string) error {
			o, err := p.patronOptions(headings, dates)
			if err != nil {
				return err
			}
			return p.loads(c.Context(), args[0], func(f *os.File) load.File {
				o.At = madeAt(f)
				return load.PatronFile(f.Name(), f, o)
			})
		},
	}
	p.dataFlag(c)
	c.Flags().StringArrayVar(&headings, "heading", nil, "what a column holds: `HEADING=FIELD`, several times")
	c.Flags().StringVar(&dates, "dates", "", "how 03/04/2030 is meant: dmy or mdy")
	return c
}

func (p *program) patronOptions(headings []string, dates string) (load.PatronOptions, error) {
	o := load.PatronOptions{Trouble: p.trouble, Zone: server.Zone()}
	for _, h := range headings {
		heading, field, ok := strings.Cut(h, "=")
		if !ok {
			return o, usage{errors.New("--heading is HEADING=FIELD, as in \"Kartennummer=card\"")}
		}
		if o.Headings == nil {
			o.Headings = patroncsv.Map{}
		}
		o.Headings[strings.TrimSpace(heading)] = patroncsv.Field(strings.TrimSpace(field))
	}
	switch dates {
	case "":
	case "dmy":
		o.Slashes = patroncsv.DayFirst
	case "mdy":
		o.Slashes = patroncsv.MonthFirst
	default:
		return o, usage{errors.New("--dates is dmy or mdy")}
	}
	return o, nil
}
