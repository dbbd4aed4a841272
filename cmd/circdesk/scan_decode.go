package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"circdesk/desk/label"
	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/scanner"
)

func (p *program) scanDecodeCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "decode CODE…", Short: "what codes are: kind, check digit, canonical form", Args: takesArgs(cobra.MinimumNArgs(1)),
		Long: `Says of each code what it is, whether its check digit is right, and the one form in which it
is looked up. A code may begin with the AIM identifier that a reader sends, as in ]F0…; a code
that begins with a dash goes behind --. The library's own patterns are those of desk.toml in
the data folder. The exit code is 0 also for a code that is wrong.`,
		RunE: func(_ *cobra.Command, codes []string) error { return p.decode(codes, asJSON) },
	}
	p.dataFlag(c)
	c.Flags().BoolVar(&asJSON, "json", false, "one object a line")
	return c
}

func (p *program) decode(codes []string, asJSON bool) error {
	where, err := p.folder()
	if err != nil {
		return err
	}
	settings, err := where.ReadSettings()
	if err != nil {
		return err
	}
	rules, err := labelsOf(settings)
	if err != nil {
		return err
	}
	for _, given := range codes {
		if err := p.sayDecoded(p.decoded(rules, given), asJSON); err != nil {
			return err
		}
	}
	return nil
}

// decoded says what a code is, as it was given.
func (p *program) decoded(rules *label.Rules, given string) label.Decoded {
	symbology, bare := scanner.AIM(given)
	code, ok := text.Code(bare)
	if !ok {
		return label.Decoded{
			Code: text.Clean(given, shown), Kind: label.Unknown, Check: label.NoCheck,
			Tell: []label.Tell{label.TellNoCode},
		}
	}
	d := rules.Decode(code, symbology)
	d.Code = given
	return d
}

func (p *program) sayDecoded(d label.Decoded, asJSON bool) error {
	if asJSON {
		return writeJSON(p.out, d)
	}
	w := p.words
	_, err := fmt.Fprintln(p.out, w.Text(words.ScanDecoded, "code", text.Clean(d.Code, shown), "kind", w.Kind(string(d.Kind)), "check", w.Check(string(d.Check)),
		"symbology", string(d.Symbology), "canonical", d.Canonical))
	for _, t := range d.Tell {
		if err == nil {
			_, err = fmt.Fprintln(p.out, "  "+w.Tell(string(t), text.Clean(d.Canonical, shown)))
		}
	}
	return err
}
