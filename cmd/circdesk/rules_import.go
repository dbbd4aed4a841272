package main

import (
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/server"
	"circdesk/desk/format/koharules"
	"circdesk/desk/money"
	"circdesk/desk/policy"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

func (p *program) rulesImportCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "import", Short: "rules of another system, as ours", Args: takesArgs(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.rulesImportKohaCommand(), p.rulesImportEvergreenCommand())
	return c
}

func (p *program) rulesImportKohaCommand() *cobra.Command {
	o := koharules.Options{Currency: server.Currency, Zone: server.Zone().String()}
	c := &cobra.Command{
		Use: "koha FILE.csv", Short: "the rules of Koha's table circulation_rules", Args: takesArgs(cobra.ExactArgs(1)),
		Long: `Reads Koha's table circulation_rules, exported to CSV with its headings, and writes it as a
rules.toml to the output. What has no counterpart is named with its line, beside the output,
and ends with exit code 4.

What being late costs is reckoned as in Koha: no chargeperiod is no fee, and an interval is
charged when it is over, unless chargeperiod_charge_at is 1. Opening hours, the default prices of
item types and what Koha's preferences say are not in that table: ours counts all days late once
the grace has passed, leaves closed days out of a fee, and does not out of a suspension.`,
		RunE: func(_ *cobra.Command, args []string) error { return p.importKoha(args[0], o) },
	}
	c.Flags().StringVar(&o.Currency, "currency", o.Currency, "of the amounts, as ISO 4217 has it")
	c.Flags().StringVar(&o.Zone, "zone", o.Zone, "of the libraries' clocks, an IANA name")
	return c
}

// importOptions reports whether a currency and a zone are some.
func (p *program) importOptions(currency, zone string) error {
	if !money.IsCode(currency) {
		return p.tell(exitUsage, words.RulesBadCurrency, "text", text.Clean(currency, shown))
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "" || zone == "Local" {
		return p.tell(exitUsage, words.RulesBadZone, "text", text.Clean(zone, shown))
	}
	return nil
}

func (p *program) importKoha(path string, o koharules.Options) error {
	if err := p.importOptions(o.Currency, o.Zone); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	text, left, err := koharules.Convert(f, o)
	if err != nil {
		return p.tell(exitFailed, words.ErrorBadFile, "file", path, "why", err.Error())
	}
	if _, err := policy.Parse(text); err != nil { // more rows than are read
		return inFile(path, &server.RulesError{Err: err})
	}
	if _, err := p.out.Write(text); err != nil {
		return err
	}
	for _, l := range left {
		p.note(p.words.Text(words.RulesLeft, "line", strconv.Itoa(l.Line), "rule", l.Rule, "value", l.Value, "why", l.Why))
	}
	if len(left) > 0 {
		p.note(p.words.N(words.RulesLeftAll, len(left)))
		return code(exitLeft)
	}
	return nil
}
