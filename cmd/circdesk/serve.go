package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/reach"
	"circdesk/cmd/internal/server"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/words"
)

func (p *program) serveCommand() *cobra.Command {
	var listen string
	var days int
	var back bool
	var s sip2Flags
	var r relayFlags
	c := &cobra.Command{
		Use: "serve", Short: "the central server", Args: takesArgs(cobra.NoArgs),
		Long: `The central server: its store, rules.toml and operators.toml are in the data folder.
It answers on this machine unless told otherwise (--listen); put TLS before it.

Each desk is enrolled once, with a code ('circdesk desks invite'), and known by a key of its own
from then on: 'circdesk desks' lists them, and shuts one out. An enrolment lapses when a desk is
not heard of for --lapse days.

Desks seal their journals for the key in recovery.key of the data folder, too: with it, 'circdesk
journal rescue' delivers the journal of a desk that has lost its own key. Keep a copy of it away
from this machine. The server's own store is not sealed.

After the data folder was put back from a backup, start it with --restored: the desks take their
copies anew, and deliver again what the backup does not have. A desk that had delivered more than
the backup has makes that known by itself.

With --sip2 it also answers self-checks, sorters and other machines that speak SIP2: those
of sip2.toml in the data folder, see 'circdesk terminals'. Beyond this machine that needs
TLS, or a word that the network is to be trusted: what SIP2 sends is readable.

With --relay it is the relay of a branch instead, which stands there: it takes the journals of the
branch's desks, shows each the work of the others, answers the branch's terminals (--sip2), passes
on what desks say to the central server, gives its own facts to a desk that has none while that is
away, and hands everything on in its order when that is back. It is enrolled
like a desk, with a code of 'circdesk desks invite --relay'; its files are sealed as a desk's are,
and 'circdesk sync' in its folder says what it holds. Desks are told where it is by --relay, too.
Nothing is delivered by being at the relay: it all waits at the desks until the central server has
it.`,
		RunE: func(c *cobra.Command, _ []string) error {
			if r.relay {
				return p.serveRelay(c.Context(), listen, r, s)
			}
			if r.given() {
				return usage{errors.New("--central, --code, --unsealed and --temporary are for a relay: --relay")}
			}
			if days < 1 || days > 3650 {
				return usage{errors.New("--lapse is a number of days from 1 to 3650")}
			}
			return p.serve(c.Context(), listen, time.Duration(days)*24*time.Hour, back, s)
		},
	}
	p.dataFlag(c)
	s.flags(c)
	r.flags(c)
	c.Flags().IntVar(&days, "lapse", 90, "after how many `DAYS` without contact a desk is to be enrolled again")
	c.Flags().BoolVar(&back, "restored", false, "the data folder was put back from a backup")
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:8460", "where to listen, `HOST:PORT`")
	return c
}

func (p *program) serve(ctx context.Context, listen string, lapse time.Duration, back bool, terminals sip2Flags) (err error) {
	where, err := p.folder()
	if err != nil {
		return err
	}
	if err := where.Make(); err != nil {
		return err
	}
	l, err := p.listen(listen)
	if err != nil {
		return err
	}
	defer l.Close()
	log := slog.New(slog.NewTextHandler(p.err, nil))
	door, err := p.openDoor(where, terminals, log)
	if err != nil {
		return err
	}
	defer door.close()
	s, err := server.Open(ctx, server.Config{Folder: where, Enrols: true, Lapse: lapse, Back: back, Recovery: true, Log: log})
	if err != nil {
		return err
	}
	p.rulesRefused(s)
	p.recoveryKey(where, s)
	defer func() { err = errors.Join(err, s.Close()) }()
	done, err := p.serverReachable(ctx, where, s)
	if err != nil {
		return err
	}
	defer done()
	key := words.CliServing
	if !hubserver.Local(l.Addr()) {
		key = words.CliServingOpen
	}
	p.note(p.words.Text(key, "address", l.Addr().String()))
	if door != nil {
		p.note(p.words.Text(door.says, "address", door.listener.Addr().String()))
	}
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() error { return s.Serve(ctx, l) })
	if door != nil {
		both.Go(func() error { return door.serve(ctx, s.HTTP.Server, p.words) })
	}
	err = both.Wait()
	p.note(p.words.Text(words.CliStopped))
	return err
}

// recoveryKey says that there is a new recovery key, or that one is gone.
func (p *program) recoveryKey(where folder.Folder, s *server.Server) {
	file := where.File(folder.Recovery)
	switch {
	case s.RecoveryGone:
		p.note(p.words.Text(words.SealRecoveryGone, "file", file))
	case s.RecoveryMade:
		p.note(p.words.Text(words.SealRecovery, "file", file))
	}
}

// serverReachable lets commands ask this server what needs its store.
func (p *program) serverReachable(ctx context.Context, where folder.Folder, s *server.Server) (done func(), err error) {
	return reach.Listen(ctx, where.File(folder.Serving), func(ctx context.Context, args []string, in io.Reader, out, errw io.Writer) int {
		asked := &program{in: in, out: out, err: errw, words: p.words, serving: s, data: string(where)}
		return asked.run(ctx, args)
	})
}

func newToken() string { return rand.Text() }

// listen listens on an address; one that is taken is told.
func (p *program) listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, p.tell(exitHeld, words.ErrorAddressTaken, "address", address)
	}
	return l, err
}
