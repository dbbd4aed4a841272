package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/reach"
	"circdesk/cmd/internal/server"
	"circdesk/desk/words"
)

func (p *program) serveCommand() *cobra.Command {
	var listen string
	var s sip2Flags
	c := &cobra.Command{
		Use: "serve", Short: "the central server", Args: takesArgs(cobra.NoArgs),
		Long: `The central server: its store, rules.toml and operators.toml are in the data folder.
It answers on this machine unless told otherwise. Another machine is answered when it shows
the token in the file 'token' of the data folder; put TLS before it.

With --sip2 it also answers self-checks, sorters and other machines that speak SIP2: those
of sip2.toml in the data folder, see 'circdesk terminals'. Beyond this machine that needs
TLS, or a word that the network is to be trusted: what SIP2 sends is readable.`,
		RunE: func(c *cobra.Command, _ []string) error { return p.serve(c.Context(), listen, s) },
	}
	p.dataFlag(c)
	s.flags(c)
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:8460", "where to listen, `HOST:PORT`")
	return c
}

func (p *program) serve(ctx context.Context, listen string, terminals sip2Flags) (err error) {
	where, err := p.folder()
	if err != nil {
		return err
	}
	if err := where.Make(); err != nil {
		return err
	}
	l, err := net.Listen("tcp", listen)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return p.tell(exitHeld, words.ErrorAddressTaken, "address", listen)
	case err != nil:
		return err
	}
	defer l.Close()
	token, err := tokenOf(where, l.Addr())
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(p.err, nil))
	door, err := p.openDoor(where, terminals, log)
	if err != nil {
		return err
	}
	defer door.close()
	s, err := server.Open(ctx, server.Config{Folder: where, Token: token, Log: log})
	if err != nil {
		return err
	}
	p.rulesRefused(s)
	defer func() { err = errors.Join(err, s.Close()) }()
	done, err := p.serverReachable(ctx, where, s)
	if err != nil {
		return err
	}
	defer done()
	key := words.CliServing
	if !thisMachine(l.Addr()) {
		key = words.CliServingOpen
		p.note(p.words.Text(words.CliToken, "file", where.File(folder.Token)))
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

// serverReachable lets commands ask this server what needs its store.
func (p *program) serverReachable(ctx context.Context, where folder.Folder, s *server.Server) (done func(), err error) {
	return reach.Listen(ctx, where.File(folder.Serving), func(ctx context.Context, args []string, in io.Reader, out, errw io.Writer) int {
		asked := &program{in: in, out: out, err: errw, words: p.words, serving: s, data: string(where)}
		return asked.run(ctx, args)
	})
}

func thisMachine(a net.Addr) bool {
	t, ok := a.(*net.TCPAddr)
	return ok && t.IP.IsLoopback()
}

func newToken() string { return rand.Text() }

// tokenOf gives the token that desks must show: that of the folder. One is made
// where other machines can ask and there is none.
func tokenOf(where folder.Folder, at net.Addr) (string, error) {
	if !thisMachine(at) {
		if _, err := where.Keep(folder.Token, []byte(newToken()+"\n")); err != nil {
			return "", err
		}
	}
	b, err := os.ReadFile(where.File(folder.Token))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(b)), err
}
