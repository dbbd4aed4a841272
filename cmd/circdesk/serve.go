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

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/reach"
	"circdesk/cmd/internal/server"
	"circdesk/desk/words"
)

func (p *program) serveCommand() *cobra.Command {
	var listen string
	c := &cobra.Command{
		Use: "serve", Short: "the central server", Args: takesArgs(cobra.NoArgs),
		Long: `The central server: its store, rules.toml and operators.toml are in the data folder.
It answers on this machine unless told otherwise. Another machine is answered when it shows
the token in the file 'token' of the data folder; put TLS before it.

Desks seal their journals for the key in recovery.key of the data folder, too: with it, 'circdesk
journal rescue' delivers the journal of a desk that has lost its own key. Keep a copy of it away
from this machine. The server's own store is not sealed.`,
		RunE: func(c *cobra.Command, _ []string) error { return p.serve(c.Context(), listen) },
	}
	p.dataFlag(c)
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:8460", "where to listen, `HOST:PORT`")
	return c
}

func (p *program) serve(ctx context.Context, listen string) (err error) {
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
	s, err := server.Open(ctx, server.Config{Folder: where, Token: token, Log: slog.New(slog.NewTextHandler(p.err, nil)), Recovery: true})
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
	if !thisMachine(l.Addr()) {
		key = words.CliServingOpen
		p.note(p.words.Text(words.CliToken, "file", where.File(folder.Token)))
	}
	p.note(p.words.Text(key, "address", l.Addr().String()))
	err = s.Serve(ctx, l)
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
