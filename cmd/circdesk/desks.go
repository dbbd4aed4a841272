package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/words"
)

func (p *program) desksCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "desks", Short: "the desks of a central server: let one in, see how far each is, shut one out", Args: takesArgs(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.desksInviteCommand(), p.desksListCommand(), p.desksRevokeCommand(), p.desksRenameCommand())
	return c
}

// withHub runs what needs the central server: the one in this process, one that runs
// on the folder, or its store.
func (p *program) withHub(ctx context.Context, args []string, do func(context.Context, *hubserver.Server) error) error {
	where, err := p.folder()
	if err != nil {
		return err
	}
	if p.serving != nil {
		return do(ctx, p.serving.HTTP.Server)
	}
	file := func() (err error) {
		if !where.Has(folder.Server) {
			return p.tell(exitFailed, words.DesksNoServer, "folder", string(where))
		}
		store, err := where.OpenServer(ctx)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, store.Close()) }()
		return do(ctx, hubserver.New(hubserver.Config{Store: hubserver.Watch(store), Now: time.Now}))
	}
	if p.running != nil {
		return file()
	}
	return p.orAskAny(ctx, []string{where.File(folder.Serving), where.File(folder.Reach)}, args, "", file)
}

// deskError says that a desk is not known.
func (p *program) deskError(id string, err error) error {
	if errors.Is(err, hubserver.ErrNoDesk) {
		return p.tell(exitFailed, words.DesksNone, "desk", id)
	}
	return err
}
