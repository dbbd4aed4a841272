package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/station"
	"circdesk/desk/circ"
	"circdesk/desk/words"
)

func (p *program) syncCommand() *cobra.Command {
	var d deskFlags
	c := &cobra.Command{
		Use: "sync", Short: "deliver what waits, for the end of the day", Args: takesArgs(cobra.NoArgs),
		Long: `Delivers every entry of this desk that waits, and brings its copy up to date. The exit
code is 0 when nothing is left, 4 when entries still wait, or conflicts are to be settled.`,
		RunE: func(c *cobra.Command, _ []string) error {
			return p.atDesk(c.Context(), []string{"sync"}, d, p.sync)
		},
	}
	p.dataFlag(c)
	d.flags(c)
	return c
}

// atDesk runs what needs a desk's stores: with those of this process, by asking
// the desk that runs on the folder, or with the files themselves.
func (p *program) atDesk(ctx context.Context, args []string, d deskFlags, do func(context.Context, *station.Station) error) error {
	return p.atDeskWith(ctx, args, "", d, do)
}

// atDeskWith is atDesk for what may read something, where it is done elsewhere.
func (p *program) atDeskWith(ctx context.Context, args []string, in string, d deskFlags, do func(context.Context, *station.Station) error) error {
	if p.running != nil {
		return do(ctx, p.running)
	}
	where, err := p.folder()
	if err != nil {
		return err
	}
	if !where.Has(folder.Journal) {
		return folder.ErrNoJournal
	}
	return p.orAsk(ctx, where, args, in, func() (err error) {
		b, err := p.openBooks(ctx, where, d)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, b.close()) }()
		st, err := station.New(ctx, station.Config{
			Stores: b.stores, ID: circ.DeskID(b.settings.Desk), Library: b.library, Rules: b.rules, System: b.system,
			Drawer: b.settings.Drawer, Words: p.words, Version: version(),
		})
		if err != nil {
			return err
		}
		if _, err := st.Desk.Restart(ctx); err != nil { // what was never shown is withdrawn before it is sent
			return err
		}
		return do(ctx, st)
	})
}

func (p *program) sync(ctx context.Context, st *station.Station) error {
	w := p.words
	why := st.Up.Sync(ctx)
	left := st.Desk.Unsettled()
	open, err := st.Desk.Conflicts(ctx, false)
	if err != nil {
		return err
	}
	says := w.Text(words.CliSyncDone)
	if left > 0 {
		says = w.N(words.CliSyncLeft, left)
	}
	if why != nil {
		p.note(w.Text(words.ErrorFailed, "what", w.Text(words.SyncTitle), "why", why.Error()))
	}
	if _, err := fmt.Fprintln(p.out, says); err != nil {
		return err
	}
	if len(open) > 0 {
		if _, err := fmt.Fprintln(p.out, w.N(words.CliSyncConflicts, len(open))); err != nil {
			return err
		}
	}
	switch {
	case left > 0, len(open) > 0:
		return code(exitLeft)
	case why != nil:
		return code(exitFailed)
	}
	return nil
}
