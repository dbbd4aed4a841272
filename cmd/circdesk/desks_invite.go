package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/words"
)

func (p *program) desksInviteCommand() *cobra.Command {
	var name, library string
	var within time.Duration
	var asJSON, asRelay bool
	c := &cobra.Command{
		Use: "invite", Short: "a code with which one desk is enrolled", Args: takesArgs(cobra.NoArgs),
		Long: `Makes a code that lets one desk in, once: type it at the desk's first start, or give it as
'circdesk desk --central URL --code CODE'. It is good for ten minutes (--for), and void after ten
wrong ones. With --name the desk is called so; the name of a desk that there is enrols that desk
again, also on another machine, which then takes the place of the one before.

With --relay it is for the relay of a library's branch, which may deliver what the desks of that
library have written: see 'circdesk serve --help'.

It works while the server runs on the data folder, and while it does not.`,
		RunE: func(c *cobra.Command, _ []string) error {
			args := jsonArg([]string{"desks", "invite", "--name", name, "--library", library, "--for", within.String()}, asJSON)
			if asRelay {
				args = append(args, "--relay")
			}
			return p.withHub(c.Context(), args, func(ctx context.Context, s *hubserver.Server) error {
				return p.invite(ctx, s, name, library, within, asJSON, asRelay)
			})
		},
	}
	p.dataFlag(c)
	c.Flags().StringVar(&name, "name", "", "the desk's name (default: as its machine is called)")
	c.Flags().StringVar(&library, "library", "", "the library it stands in")
	c.Flags().DurationVar(&within, "for", 10*time.Minute, "how long the code is good")
	c.Flags().BoolVar(&asRelay, "relay", false, "for the relay of a library's branch")
	c.Flags().BoolVar(&asJSON, "json", false, "one object a line")
	return c
}

// invited is a code in JSON.
type invited struct {
	Code    string    `json:"code"`
	Name    string    `json:"name,omitempty"`
	Library string    `json:"library,omitempty"`
	Ends    time.Time `json:"ends"`
}

func (p *program) invite(ctx context.Context, s *hubserver.Server, name, library string, within time.Duration, asJSON, asRelay bool) error {
	if within <= 0 || within > 7*24*time.Hour {
		return usage{errors.New("--for is more than nothing, and a week at most")}
	}
	invite := s.Invite
	if asRelay {
		invite = s.InviteRelay
	}
	in, err := invite(ctx, name, library, within)
	if errors.Is(err, hubserver.ErrNoLibrary) || errors.Is(err, hubserver.ErrNoName) || errors.Is(err, hubserver.ErrManyInvites) {
		return told{[]string{err.Error()}, exitFailed}
	}
	if err != nil {
		return err
	}
	if asJSON {
		return writeJSON(p.out, invited{in.Code, in.Name, in.Library, in.Ends})
	}
	if _, err := fmt.Fprintln(p.out, in.Code); err != nil {
		return err
	}
	if asRelay {
		p.note(p.words.Text(words.DesksInvitedRelay, "at", p.words.DateTime(in.Ends, time.Local), "library", in.Library))
		return nil
	}
	p.note(p.words.Text(words.DesksInvited, "at", p.words.DateTime(in.Ends, time.Local), "desk", in.Name))
	return nil
}
