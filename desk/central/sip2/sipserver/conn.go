package sipserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"circdesk/desk/central/sip2/sipwire"
)

// How a connection is bounded beside the settings' limits.
const (
	strangers  = 10               // messages before a login that are passed over
	unreadable = 20               // messages in a row that are none, or damaged
	forgetTime = 30 * time.Second // after which the same request is no repeat of a lost answer
)

// conn is one connection. What it knows is its own: nothing of an earlier one is left.
type conn struct {
	server   *Server
	settings *Settings
	net      net.Conn
	from     string // the address, without the port
	system   sipwire.System
	term     *Terminal      // nil: nobody has logged in
	looked   time.Time      // when the settings were asked whether it still may log in
	passed   int            // messages before a login
	zone     *time.Location // of the last transaction; nil: there was none since the login
	damaged  int            // messages in a row that could not be read

	// The clock of reading: when the last whole message came, and when the first byte of
	// the next one did.
	since, began time.Time

	mu      sync.Mutex
	leaving bool
}

func newConn(s *Server, nc net.Conn) *conn {
	c := &conn{server: s, settings: s.Settings(), net: nc, since: clock()}
	if host, _, err := net.SplitHostPort(nc.RemoteAddr().String()); err == nil {
		c.from = host
	}
	c.system.Form = sipwire.Form{Delimiter: c.settings.Delimiter, Charset: sipwire.ASCII}
	return c
}

// leave ends the connection between two messages.
func (c *conn) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leaving = true
	_ = c.net.SetReadDeadline(clock())
}

// Read reads from the terminal within its time: a message that drips in is cut off, and
// so is a silence.
func (c *conn) Read(b []byte) (int, error) {
	l := c.settings.Limits
	until := c.since.Add(l.Idle)
	if !c.began.IsZero() {
		until = c.began.Add(l.Message)
	}
	if in := c.since.Add(l.Login); c.term == nil && in.Before(until) { // since is not moved before a login
		until = in
	}
	c.mu.Lock()
	if c.leaving {
		c.mu.Unlock()
		return 0, net.ErrClosed
	}
	err := c.net.SetReadDeadline(until)
	c.mu.Unlock()
	if err != nil {
		return 0, err
	}
	n, err := c.net.Read(b)
	if c.began.IsZero() && seen(b[:n], c.settings.Delimiter) {
		c.began = clock()
	}
	return n, err
}

// seen reports whether there is more than white space and delimiters, which some send
// between messages.
func seen(b []byte, delimiter byte) bool {
	for _, c := range b {
		if c > ' ' && c != 0x7f && c != delimiter {
			return true
		}
	}
	return false
}

// run answers until the terminal leaves, or is left.
func (c *conn) run(ctx context.Context) {
	r := sipwire.NewReader(c, c.settings.Limits.Bytes, c.settings.Delimiter)
	for {
		b, err := r.Next()
		switch {
		case errors.Is(err, sipwire.ErrTooLong):
			c.note(ctx, slog.LevelWarn, "sip2: message too long")
			return
		case err != nil:
			c.over(ctx, err)
			return
		}
		c.began = time.Time{}
		if now := clock(); c.term != nil {
			if now.Sub(c.since) > forgetTime {
				c.system.Forget()
			}
			c.since = now
		}
		if !c.answer(ctx, b) {
			return
		}
	}
}

// over notes why reading has ended. A connection that never said anything, as those of
// health checks, is nothing to speak of.
func (c *conn) over(ctx context.Context, err error) {
	level := slog.LevelDebug
	if c.term != nil && (errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrDeadlineExceeded) && !c.began.IsZero()) {
		level = slog.LevelInfo
	}
	why := "closed"
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		why = "too slow or silent"
	case errors.Is(err, io.ErrUnexpectedEOF):
		why = "cut off within a message"
	}
	c.note(ctx, level, "sip2: connection over", slog.String("why", why))
}

// answer answers what has come, and reports whether the connection goes on.
func (c *conn) answer(ctx context.Context, b []byte) bool {
	turn := c.system.Heard(b)
	switch turn.Do {
	case sipwire.Send:
		return c.send(turn.Bytes) && c.readable(ctx, turn.Bytes)
	case sipwire.Take:
		c.damaged = 0
	default:
		return true
	}
	if c.shutOut() {
		c.note(ctx, slog.LevelWarn, "sip2: the terminal may not log in any more")
		return false
	}
	out, err := c.handle(ctx, turn.Message)
	switch {
	case err != nil:
		c.note(ctx, slog.LevelError, "sip2: no answer", slog.String("message", string(turn.Message.Code)), slog.String("why", err.Error()))
		return false
	case out == nil:
		return true
	}
	return c.send(out)
}

// shutOut reports whether the terminal was taken out of the settings since its login, or
// has another password now: what is said with the old one counts no more. It looks once a
// second.
func (c *conn) shutOut() bool {
	now := clock()
	if c.term == nil || now.Sub(c.looked) < c.server.look {
		return false
	}
	c.looked = now
	x := c.server.Settings().terminal(c.term.Login)
	return x == nil || x.Password != c.term.Password
}

// readable counts messages that nobody can read: whoever sends no other is left.
func (c *conn) readable(ctx context.Context, sent []byte) bool {
	if string(sent[:2]) != string(sipwire.RequestTerminalResend) {
		c.damaged = 0
		return true
	}
	if c.damaged++; c.damaged < unreadable {
		return true
	}
	c.note(ctx, slog.LevelWarn, "sip2: messages cannot be read")
	return false
}

// send writes a reply, in one piece.
func (c *conn) send(b []byte) bool {
	if err := c.net.SetWriteDeadline(clock().Add(writeTime)); err != nil {
		return false
	}
	_, err := c.net.Write(b)
	return err == nil
}

// note writes a line of the log: which terminal, and nothing of a patron.
func (c *conn) note(ctx context.Context, l slog.Level, text string, attrs ...slog.Attr) {
	if !c.server.log.Enabled(ctx, l) {
		return
	}
	if c.term != nil {
		attrs = append([]slog.Attr{slog.String("terminal", string(c.term.Desk))}, attrs...)
	}
	c.server.log.LogAttrs(ctx, l, text, append(attrs, slog.String("from", c.from))...)
}

// handle carries a request out. nil without an error: nothing is said. An error says that
// nobody knows whether it was carried out: the connection is to be cut off.
func (c *conn) handle(ctx context.Context, m sipwire.Message) (out []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, fmt.Errorf("panic of type %T at\n%s", p, debug.Stack())
			if e, ok := p.(runtime.Error); ok {
				err = fmt.Errorf("panic: %w at\n%s", e, debug.Stack())
			}
		}
	}()
	began := clock()
	r := &request{conn: c, server: c.server, settings: c.settings, form: c.system.Form, m: m}
	if c.term != nil {
		r.Terminal, r.zone = *c.term, time.UTC
	}
	reply, err := r.do(ctx)
	level := slog.LevelDebug
	if r.verdict != "" {
		level = slog.LevelInfo
	}
	c.note(ctx, level, "sip2", slog.String("message", string(m.Code)), slog.String("verdict", r.verdict),
		slog.Any("reasons", r.reasons), slog.Duration("took", time.Since(began)))
	switch {
	case err != nil || r.silent:
		return nil, err
	case r.resend:
		return c.system.AskAgain(), nil
	}
	answer, err := reply.Message()
	if err != nil {
		return nil, err
	}
	return c.system.Answer(answer), nil
}

// now is the clock of sockets, which knows no other.
func clock() time.Time { return time.Now() }
