package main

import (
	"errors"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"circdesk/desk/format/marc"
	"circdesk/desk/load"
)

func (p *program) loadTitlesCommand() *cobra.Command {
	var items []string
	c := &cobra.Command{
		Use: "titles FILE.mrc", Short: "titles and items from MARC 21", Args: takesArgs(cobra.ExactArgs(1)),
		Long: `Loads titles and items from MARC 21: ISO 2709 in UTF-8 or MARC-8, or MARCXML. Items are looked
for in 949, 952 (Koha) and 852; say where yours are with
--items 949:barcode=i,call=a,library=m,location=l,type=t,number=c,note=z,parts=3`,
		RunE: func(c *cobra.Command, args []string) error {
			o := load.TitleOptions{Trouble: p.trouble}
			for _, s := range items {
				f, err := itemFields(s)
				if err != nil {
					return err
				}
				o.Items = append(o.Items, f)
			}
			return p.loads(c.Context(), args[0], func(f *os.File) load.File { return load.TitleFile(f.Name(), f, o) })
		},
	}
	p.dataFlag(c)
	c.Flags().StringArrayVar(&items, "items", nil, "where items are: `TAG:barcode=CODE,…`, several times")
	return c
}

// itemFields reads where items are: a preset by its tag, or its subfields.
func itemFields(s string) (marc.Fields, error) {
	tag, rest, given := strings.Cut(s, ":")
	for _, f := range marc.Presets() {
		if !given && f.Tag == tag {
			return f, nil
		}
	}
	f := marc.Fields{Tag: tag}
	into := map[string]*string{
		"barcode": &f.Barcode, "call": &f.CallNumber, "library": &f.Library, "location": &f.Location,
		"type": &f.ItemType, "number": &f.Number, "note": &f.Note, "parts": &f.Parts,
	}
	for _, part := range strings.Split(rest, ",") {
		name, codes, ok := strings.Cut(part, "=")
		to, known := into[strings.TrimSpace(name)]
		if !ok || !known {
			return f, usage{errors.New("--items is like 949:barcode=i,call=a,library=m,location=l,type=t")}
		}
		*to = strings.TrimSpace(codes)
	}
	if len(tag) != 3 || f.Barcode == "" {
		return f, usage{errors.New("--items needs a tag of three characters and the subfield of the barcode")}
	}
	return f, nil
}
