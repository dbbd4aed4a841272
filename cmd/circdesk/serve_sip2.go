package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/central/sip2/sipserver"
	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// sip2Flags say where terminals are answered.
type sip2Flags struct {
	listen    string // empty: nowhere
	cert, key string
	plain     bool
}

func (s *sip2Flags) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&s.listen, "sip2", "", "where to answer SIP2 terminals, `HOST:PORT`, as in 127.0.0.1:6001")
	f.StringVar(&s.cert, "sip2-cert", "", "the certificate for SIP2 over TLS, a PEM `FILE`; read again when it changes")
	f.StringVar(&s.key, "sip2-key", "", "its key, a PEM `FILE`")
	f.BoolVar(&s.plain, "sip2-plain-network", false, "SIP2 without TLS beyond this machine: whoever sees that network sees patrons, passwords and PINs")
}

// door is where terminals come in.
type door struct {
	listener net.Listener
	file     *sipserver.File
	log      *slog.Logger
	tls      bool
	plain    bool
	says     words.Key
	as       circ.DeskID // the relay whose terminals they are; empty: the server's own
}

// openDoor listens for terminals; nil: none are answered.
func (p *program) openDoor(where folder.Folder, s sip2Flags, log *slog.Logger) (*door, error) {
	if s.listen == "" {
		return nil, nil
	}
	if (s.cert == "") != (s.key == "") {
		return nil, p.tell(exitUsage, words.ErrorSip2Half)
	}
	file, err := sipserver.Open(where.File(folder.Terminals))
	if err != nil {
		return nil, p.terminalsWrong(where, err)
	}
	d := &door{file: file, log: log, tls: s.cert != "", plain: s.plain, says: words.CliSip2}
	d.listener, err = net.Listen("tcp", s.listen)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, p.tell(exitHeld, words.ErrorSip2Taken, "address", s.listen)
	case err != nil:
		return nil, err
	case !d.tls && !hubserver.Local(d.listener.Addr()):
		if !s.plain {
			_ = d.listener.Close()
			return nil, p.tell(exitUsage, words.ErrorSip2Plain, "address", s.listen)
		}
		d.says = words.CliSip2Plain
	case d.tls:
		cert, err := sipserver.OpenCertificate(s.cert, s.key, log)
		if err != nil {
			_ = d.listener.Close()
			return nil, p.tell(exitFailed, words.ErrorBadFile, "file", s.cert, "why", text.Clean(err.Error(), shown))
		}
		d.listener, d.says = cert.Listener(d.listener), words.CliSip2Tls
	}
	return d, nil
}

func (d *door) close() {
	if d != nil {
		_ = d.listener.Close()
	}
}

// serve answers terminals until the context ends.
func (d *door) serve(ctx context.Context, hub *hubserver.Server, book *words.Book) error {
	var mu sync.Mutex
	var read, named *sipserver.Settings
	said := "" // a change of the settings that has mistakes is said once
	settings := func() *sipserver.Settings {
		s := d.file.Settings()
		mu.Lock()
		defer mu.Unlock()
		if s != read {
			read, named = s, ofRelay(s, d.as)
		}
		if err := d.file.Trouble(); err != nil && err.Error() != said {
			said = err.Error()
			d.log.WarnContext(ctx, "sip2: the settings stay as they were", "why", said)
		}
		return named
	}
	s := &sipserver.Server{Hub: hub, Settings: settings, Words: book, Now: time.Now, Log: d.log, TLS: d.tls, Plain: d.plain}
	return s.Serve(ctx, d.listener)
}

// terminalsWrong says what is wrong with sip2.toml.
func (p *program) terminalsWrong(where folder.Folder, err error) error {
	file := where.File(folder.Terminals)
	if errors.Is(err, fs.ErrNotExist) {
		return p.tell(exitFailed, words.ErrorNoTerminals, "file", file)
	}
	all, ok := errors.AsType[sipserver.Problems](err)
	if !ok {
		return p.tell(exitFailed, words.ErrorBadFile, "file", file, "why", text.Clean(err.Error(), shown))
	}
	says := []string{p.words.Text(words.ErrorBadTerminals, "file", file)}
	for _, bad := range all {
		says = append(says, p.words.Text(words.ErrorBadTerminalsLine, "line", strconv.Itoa(bad.Line), "row", bad.Row, "why", bad.Text))
	}
	return told{says, exitFailed}
}
