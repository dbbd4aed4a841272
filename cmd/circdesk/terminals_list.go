package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/central/sip2/sipserver"
	"circdesk/desk/words"
)

// listedTerminal is a terminal in JSON. Its names are for scripts: never renamed.
type listedTerminal struct {
	Login       string   `json:"login"`
	Desk        string   `json:"desk"`
	Institution string   `json:"institution"`
	Library     string   `json:"library"`
	Name        string   `json:"name,omitempty"`
	Charset     string   `json:"charset"`
	May         []string `json:"may"`
	Rights      []string `json:"rights"`
}

func (p *program) terminalsListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "which machines may log in, and what they may do", Args: takesArgs(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error { return p.listTerminals(asJSON) },
	}
	p.dataFlag(c)
	c.Flags().BoolVar(&asJSON, "json", false, "one object a line")
	return c
}

// terminals reads the settings of the folder.
func (p *program) terminals() (folder.Folder, *sipserver.Settings, error) {
	where, err := p.folder()
	if err != nil {
		return where, nil, err
	}
	f, err := sipserver.Open(where.File(folder.Terminals))
	if err != nil {
		return where, nil, p.terminalsWrong(where, err)
	}
	return where, f.Settings(), nil
}

func (p *program) listTerminals(asJSON bool) error {
	_, set, err := p.terminals()
	if err != nil {
		return err
	}
	for _, x := range set.Terminals {
		v := listedTerminal{
			Login: x.Login, Desk: string(x.Desk), Institution: x.Institution.ID, Library: string(x.Library), Name: x.Name, Charset: x.Charset.String(),
			May: []string{}, Rights: []string{},
		}
		for _, m := range x.May {
			v.May = append(v.May, string(m))
		}
		for _, r := range x.Rights {
			v.Rights = append(v.Rights, string(r))
		}
		if asJSON {
			err = writeJSON(p.out, v)
		} else {
			_, err = fmt.Fprintln(p.out, p.words.List(append([]string{v.Login, v.Name, v.Desk, v.Institution, v.Charset}, v.May...)...))
		}
		if err != nil {
			return err
		}
	}
	if len(set.Terminals) == 0 && !asJSON {
		p.note(p.words.Text(words.CliTerminalsNone))
	}
	return nil
}
