package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

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
		Long: `Delivers every entry of this desk that waits, and brings its copy up to date. Then it names
the other desks that still hold entries, as the central server knows. The last line is "nothing
is left" only when that is so of all. Ctrl+C stops it: what was delivered is, and the next sync
goes on from there. The exit code is 0 when nothing is left here, 4 when entries of this desk
still wait, or conflicts are to be settled. What is at the relay of the branch still waits; in a
relay's folder it says what that holds of the whole branch.`,
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
			Drawer: b.settings.Drawer, Words: p.words, Version: version(), Relay: b.relay,
		})
		if err != nil {
			return err
		}
		if err := holdsOf(ctx, b, st); err != nil {
			return err
		}
		defer st.Wait()
		if _, err := st.Desk.Restart(ctx); err != nil { // what was never shown is withdrawn before it is sent
			return err
		}
		return do(ctx, st)
	})
}

func (p *program) sync(ctx context.Context, st *station.Station) error {
	w, before := p.words, st.Desk.Unsettled()
	done := p.showProgress(st, before)
	why := st.Up.Sync(ctx)
	if why == nil { // who hears the line is not here: it is back by this
		why = st.Desk.LineBack(ctx)
	}
	if st.Up.Branch != nil {
		_ = st.Up.Branch.Hand(ctx) // its status says what came of it
	}
	held, desks, err := 0, 0, error(nil)
	if st.Holds != nil {
		held, desks, err = st.Holds(ctx)
		why = errors.Join(why, err)
	}
	done()
	stopped := ctx.Err() != nil // Ctrl+C: what was delivered is, and what waits goes on with the next sync
	ctx = context.WithoutCancel(ctx)
	left := st.Desk.Unsettled()
	open, err := st.Desk.Conflicts(ctx, false)
	if err != nil {
		return err
	}
	if why != nil && !stopped {
		p.note(w.Text(words.ErrorFailed, "what", w.Text(words.SyncTitle), "why", why.Error()))
	}
	var says []string
	if sent := before - left; sent > 0 {
		says = append(says, w.N(words.CliSyncSent, sent))
	}
	if len(open) > 0 {
		says = append(says, w.N(words.CliSyncConflicts, len(open)))
	}
	var elsewhere []string
	if !stopped {
		elsewhere = p.holding(ctx, st)
	}
	says = append(says, elsewhere...)
	if r := st.Up.Status().Relay; left > 0 && r.Held > 0 {
		says = append(says, w.N(words.CliSyncRelay, r.Held, "relay", string(r.Name)))
	}
	switch {
	case held > 0:
		says = append(says, w.N(words.CliRelayLeft, held, "desks", strconv.Itoa(desks)))
	case left > 0:
		says = append(says, w.N(words.CliSyncLeft, left))
	case len(elsewhere) > 0:
		says = append(says, w.Text(words.CliSyncHere))
	case !stopped:
		says = append(says, w.Text(words.CliSyncDone))
	}
	for _, line := range says {
		if _, err := fmt.Fprintln(p.out, line); err != nil {
			return err
		}
	}
	switch {
	case left > 0, held > 0, len(open) > 0, stopped:
		return code(exitLeft)
	case why != nil:
		return code(exitFailed)
	}
	return nil
}

// holding names the other desks that have not delivered all, as the central server
// knows. Where it does not say, nothing is said.
func (p *program) holding(ctx context.Context, st *station.Station) (says []string) {
	for _, d := range st.Up.Holding(ctx) {
		name, at := firstOf(d.Name, string(d.Desk)), ""
		if !d.Seen.IsZero() {
			at = p.words.DateTime(d.Seen, time.Local)
		}
		says = append(says, p.words.N(words.CliSyncHolds, d.Left, "desk", name, "at", at))
	}
	return says
}

// showProgress draws how many of the entries that waited are delivered, and then how far
// a first copy is, where a person can see it, until it is told that all is done.
func (p *program) showProgress(st *station.Station, waited int) (done func()) {
	b := newBar(p.err, p.words)
	if b.out == nil {
		return func() {}
	}
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(barEvery)
		defer tick.Stop()
		for {
			if f, filling := st.Filling(); filling {
				far := firstCopy(p.words, f)
				b.draw(float64(far.Percent())/100, sayProgress(far))
			} else if waited > 0 {
				b.draw(float64(waited-st.Desk.Unsettled())/float64(waited), strconv.Itoa(waited-st.Desk.Unsettled())+"/"+strconv.Itoa(waited))
			}
			select {
			case <-tick.C:
			case <-end:
				return
			}
		}
	}()
	return func() {
		close(end)
		<-ended
		b.end()
	}
}
