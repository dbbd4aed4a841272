package main

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/central/sip2/sipserver"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/operator"
	"circdesk/desk/policy"
	"circdesk/desk/words"
)

// newTerminal is what a command line says of one.
type newTerminal struct {
	institution, library, name, charset string
	may                                 []string
}

func (p *program) terminalsAddCommand() *cobra.Command {
	var n newTerminal
	c := &cobra.Command{
		Use: "add LOGIN", Short: "let a machine log in", Args: takesArgs(cobra.ExactArgs(1)),
		Long: `Adds a terminal to sip2.toml of the data folder. The password is asked for, or read from standard
input; only its hash is kept. It may do: ` + strings.Join(sipserver.Powers(), ", ") + `.
Everything else that a terminal can have is written into the file: 'circdesk terminals sample' shows it.`,
		RunE: func(_ *cobra.Command, args []string) error { return p.addTerminal(args[0], n) },
	}
	p.dataFlag(c)
	f := c.Flags()
	f.StringVar(&n.institution, "institution", "", "what it calls the library (AO); needed where there are several")
	f.StringVar(&n.library, "library", "main", "the library of an institution that the file does not have yet, by its id in rules.toml")
	f.StringVar(&n.name, "name", "", "where it stands")
	f.StringVar(&n.charset, "charset", "cp850", "cp850, ascii, latin1, utf8")
	f.StringSliceVar(&n.may, "may", sipserver.UsualPowers(), "what it may do")
	return c
}

func (p *program) addTerminal(login string, n newTerminal) error {
	where, err := p.folder()
	if err != nil {
		return err
	}
	if err := where.Make(); err != nil {
		return err
	}
	x := sipserver.Terminal{Login: login, Name: n.name}
	if x.Charset, err = sipwire.ReadCharset(n.charset); err != nil {
		return told{[]string{err.Error()}, exitUsage}
	}
	for _, one := range n.may {
		x.May = append(x.May, sipserver.Power(one))
	}
	password, err := p.readPIN()
	if err != nil {
		return err
	}
	if x.Password, err = operator.HashPIN(password); err != nil {
		return told{[]string{strings.Replace(err.Error(), "PIN", "password", 1)}, exitUsage}
	}
	path := where.File(folder.Terminals)
	before, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	after, err := withTerminal(string(before), x, n)
	if err != nil {
		return p.terminalsWrong(where, err)
	}
	set, err := sipserver.Parse([]byte(after))
	if err != nil {
		return p.terminalsWrong(where, err)
	}
	if err := where.Replace(folder.Terminals, []byte(after)); err != nil {
		return err
	}
	added := set.Terminals[len(set.Terminals)-1]
	p.note(p.words.Text(words.CliTerminalAdded, "login", added.Login, "desk", string(added.Desk)))
	return nil
}

// withTerminal adds a terminal to a settings text, and its institution where the text has
// no such one.
func withTerminal(text string, x sipserver.Terminal, n newTerminal) (string, error) {
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	known := false
	if text != "" {
		set, err := sipserver.Parse([]byte(text))
		if err != nil {
			return "", err
		}
		known = n.institution == ""
		for _, i := range set.Institutions {
			known = known || i.ID == n.institution
		}
	}
	x.Institution.ID = n.institution
	if !known {
		if x.Institution.ID == "" {
			x.Institution.ID = n.library
		}
		text += sipserver.InstitutionRow(sipserver.Institution{ID: x.Institution.ID, Library: policy.LibraryID(n.library)})
	}
	return strings.TrimPrefix(text+sipserver.Row(x), "\n"), nil
}
