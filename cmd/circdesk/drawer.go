package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/station"
	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/operator"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

func (p *program) drawerCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "drawer", Short: "the drawer for money: open it, close it, report what it comes to",
		Long: `A drawer is a place for money that one desk or several of a library use: 'drawer' in desk.toml
names it. From its opening to its close runs a shift. A library that never opens one takes money
as before; once one was opened, money that comes while it is closed is asked about and belongs to
the next shift. A shift that is closed never changes: what is told of it later is of the next one,
and is named as late.`,
	}
	c.AddCommand(p.drawerOpenCommand(), p.drawerCloseCommand(), p.drawerReportCommand())
	return c
}

// drawerOf gives a drawer of the desk's library; empty: the desk's own.
func (p *program) drawerOf(st *station.Station, name string) (circ.DrawerID, error) {
	id, ok := circ.NewDrawerID(st.Desk.Library, firstOf(name, st.Drawer))
	if !ok {
		return "", p.tell(exitUsage, words.RefusalNoDrawer)
	}
	return id, nil
}

// handling is a command on the drawer by somebody who signs in for it.
type handling struct {
	as, why string
	asJSON  bool
}

func (h *handling) flags(p *program, c *cobra.Command) {
	p.dataFlag(c)
	c.Flags().StringVar(&h.as, "as", "", "the operator's `name`")
	c.Flags().BoolVar(&h.asJSON, "json", false, "one object")
}

// handle signs somebody in and carries out a command on the drawer, at the desk that
// runs on the folder or with the files themselves. args are the command line.
func (p *program) handle(ctx context.Context, h handling, args []string, command func(*station.Station, circ.DrawerID) (circ.Command, error)) error {
	if h.as == "" {
		return usage{errors.New("--as names the operator who does it")}
	}
	pin, err := p.readPIN()
	if err != nil {
		return err
	}
	where, err := p.folder()
	if err != nil {
		return err
	}
	do := func(ctx context.Context, st *station.Station) error {
		return p.handleAt(ctx, where, st, h, pin, command)
	}
	return p.atDeskWith(ctx, jsonArg(args, h.asJSON), pin+"\n", deskFlags{}, do)
}

func (p *program) handleAt(ctx context.Context, where folder.Folder, st *station.Station, h handling, pin string, command func(*station.Station, circ.DrawerID) (circ.Command, error)) error {
	who, err := p.signedIn(ctx, where, h.as, pin)
	if err != nil {
		return err
	}
	id, err := p.drawerOf(st, "")
	if err != nil {
		return err
	}
	cmd, err := command(st, id)
	if err != nil {
		return err
	}
	if p.running == nil {
		_ = st.Up.Sync(ctx) // what others did is good to know, and need not be
	}
	a := st.Desk.Act(circ.OperatorID(who.Name), cmd)
	if a.Why = text.Clean(h.why, mostWhy); a.Why != "" {
		a.Over = desk.OverShort()
	}
	var rights []circ.Right
	for _, r := range []circ.Right{circ.RightCirculate, circ.RightOverride, circ.RightMoney, circ.RightManager} {
		if who.Has(string(r)) {
			rights = append(rights, r)
		}
	}
	d, e, err := st.Desk.Fact(ctx, a, rights)
	if err != nil {
		return err
	}
	n := desk.DrawerNames(st.Desk.Policy(), st.Desk.Library, st.Desk)
	if e == nil {
		for _, r := range append(d.Refused, d.Ask...) {
			p.note(p.words.Reasons(p.words.Reason(r, n), p.words.Way(r)))
		}
		return code(exitFailed)
	}
	for _, r := range d.Tell {
		p.note(p.words.Reason(r, n))
	}
	if p.running != nil {
		st.Up.Wake()
	} else {
		_ = st.Up.Sync(ctx) // the report says what still waits
	}
	return p.reportDrawer(ctx, st, reporting{asJSON: h.asJSON, short: true})
}

// signedIn gives the operator of a name and a PIN who may do the work of a desk.
func (p *program) signedIn(ctx context.Context, where folder.Folder, name, pin string) (*operator.Operator, error) {
	source, err := operator.Open(where.File(folder.Operators), time.Now)
	if err != nil {
		return nil, err
	}
	who, err := source.SignIn(ctx, name, pin)
	switch {
	case errors.Is(err, operator.ErrRefused):
		return nil, p.tell(exitFailed, words.RefusalWrongPin)
	case err != nil:
		return nil, err
	case !who.Has(string(circ.RightCirculate)):
		return nil, p.tell(exitFailed, words.RefusalRightNeeded, "name", who.Display(), "right", p.words.Right(circ.RightCirculate))
	}
	return &who, nil
}
