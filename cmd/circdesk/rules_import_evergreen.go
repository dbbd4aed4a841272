package main

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/server"
	"circdesk/desk/format/evergreenrules"
	"circdesk/desk/policy"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

func (p *program) rulesImportEvergreenCommand() *cobra.Command {
	o := evergreenrules.Options{Currency: server.Currency, Zone: server.Zone().String()}
	c := &cobra.Command{
		Use: "evergreen FOLDER|FILE.csv ...", Short: "the rules of Evergreen's circulation matrix", Args: takesArgs(cobra.MinimumNArgs(1)),
		Long: `Reads Evergreen's tables, each exported to CSV with its headings (in psql: \copy TABLE to
FILE.csv csv header), and writes them as a rules.toml to the output. Of a folder every .csv is
read; a table is known by its columns, not by the name of its file:

  config.circ_matrix_matchpoint   the matrix; without it nothing is read
  config.rule_circ_duration       what the matrix names
  config.rule_recurring_fine
  config.rule_max_fine
  actor.org_unit                  without it, and without the groups, rules hold for 1,
  permission.grp_tree             which is all, or for one org unit or group alone
  asset.copy_location             without it shelving locations have their numbers

What a branch or a group has from one above it is written out, and so is what Evergreen puts in
another order than circdesk, by the weights that it has when nobody sets others. What has no
counterpart is named with its file and line, beside the output, and ends with exit code 4.
Opening hours and limits of loans at once are not in these tables.`,
		RunE: func(_ *cobra.Command, args []string) error { return p.importEvergreen(args, o) },
	}
	c.Flags().StringVar(&o.Currency, "currency", o.Currency, "of the amounts, as ISO 4217 has it")
	c.Flags().StringVar(&o.Zone, "zone", o.Zone, "of the libraries' clocks, an IANA name")
	return c
}

func (p *program) importEvergreen(paths []string, o evergreenrules.Options) error {
	if err := p.importOptions(o.Currency, o.Zone); err != nil {
		return err
	}
	paths, err := tablesIn(paths)
	if err != nil {
		return err
	}
	var files []evergreenrules.File
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		files = append(files, evergreenrules.File{Name: path, Text: f})
	}
	rules, left, err := evergreenrules.Convert(files, o)
	if err != nil {
		return p.tell(exitFailed, words.RulesTables, "why", text.Clean(err.Error(), shown))
	}
	if _, err := policy.Parse(rules); err != nil { // more rows than are read
		return inFile(cmp.Or(strings.Join(paths, ", "), "."), &server.RulesError{Err: err})
	}
	if _, err := p.out.Write(rules); err != nil {
		return err
	}
	for _, l := range left {
		line := ""
		if l.Line > 0 {
			line = strconv.Itoa(l.Line)
		}
		p.note(p.words.Text(words.RulesLeftIn, "file", text.Clean(l.File, shown), "line", line, "rule", l.Column, "value", l.Value, "why", l.Why))
	}
	if len(left) > 0 {
		p.note(p.words.N(words.RulesLeftAll, len(left)))
		return code(exitLeft)
	}
	return nil
}

// tablesIn gives the files, and of each folder those that end in .csv.
func tablesIn(paths []string) (all []string, err error) {
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			all = append(all, path)
			continue
		}
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if !e.IsDir() && strings.EqualFold(filepath.Ext(e.Name()), ".csv") {
				all = append(all, filepath.Join(path, e.Name()))
			}
		}
	}
	return slices.Compact(all), nil
}
