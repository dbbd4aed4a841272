package probe

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"syscall"
	"time"

	"circdesk/desk/central/sip2/sipwire"
)

// talk is one connection, byte by byte: how an answer ends is part of what is
// wanted to know.
type talk struct {
	conn   net.Conn
	number int
	held   []byte // what came and was not looked at
}

// answer is what came of a message.
type answer struct {
	result     Result
	message    sipwire.Message
	bytes      []byte // as they came, without what ends them
	terminator string
	took       time.Duration
}

const connectTime = 10 * time.Second

// connect makes a connection, and says what was in the way.
func (p *probe) connect(ctx context.Context) (*talk, error) {
	began := time.Now()
	conn, err := p.dial(ctx)
	if err != nil {
		return nil, p.unreached(err)
	}
	if p.TLS != nil {
		secure := tls.Client(conn, p.TLS)
		shake, cancel := context.WithTimeout(ctx, connectTime)
		defer cancel()
		if err := secure.HandshakeContext(shake); err != nil {
			conn.Close()
			return nil, p.insecure(err)
		}
		conn = secure
	}
	if p.report.Connect == 0 {
		p.report.Connect = time.Since(began)
	}
	return &talk{conn: conn}, nil
}

func (p *probe) dial(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	if p.Dial != nil {
		return p.Dial(ctx, "tcp", p.Address)
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", p.Address)
}

// unreached says why there is no connection.
func (p *probe) unreached(err error) error {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return p.fail(ErrNoHost, err.Error())
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		return p.fail(ErrClosed, "")
	}
	return p.fail(ErrUnheard, err.Error())
}

// insecure says why TLS did not come about.
func (p *probe) insecure(err error) error {
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	_, name := errors.AsType[x509.HostnameError](err)
	_, invalid := errors.AsType[x509.CertificateInvalidError](err)
	if unknown || name || invalid {
		return p.fail(ErrTrust, err.Error())
	}
	return p.fail(ErrNoTLS, err.Error())
}

// speaksTLS tries whether a handshake comes about where plain text does not help.
// Nothing is said within it, so that nobody has to be trusted.
func (p *probe) speaksTLS(ctx context.Context) bool {
	conn, err := p.dial(ctx)
	if err != nil {
		return false
	}
	defer conn.Close()
	shake, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	return tls.Client(conn, &tls.Config{InsecureSkipVerify: true}).HandshakeContext(shake) == nil
}

func (t *talk) close() { t.conn.Close() }

// say says a message, sealed unless it is to be otherwise, and waits for its
// answer.
func (t *talk) say(ctx context.Context, m sipwire.Message, how Manner, wait time.Duration) answer {
	spec := m.Spec()
	switch {
	case how == NoChecksum:
		m = m.Bare()
	case m.Code == sipwire.RequestSystemResend:
		m = m.Summed()
	default:
		m = m.Sealed(t.number)
		t.number = (t.number + 1) % 10
	}
	if how == BadChecksum {
		m.Checksum = []byte("0000")
		if m.Check() == sipwire.Intact {
			m.Checksum = []byte("0001")
		}
	}
	m.End = []byte("\r")
	if how == WithCRLF {
		m.End = []byte("\r\n")
	}
	stop := context.AfterFunc(ctx, func() { t.conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	began := time.Now()
	t.conn.SetDeadline(began.Add(wait))
	if ctx.Err() != nil {
		return answer{result: Silence}
	}
	t.flush()
	if _, err := t.conn.Write(m.Bytes()); err != nil {
		return answer{result: failed(err)}
	}
	a := t.read(began)
	if a.result != Answered {
		return a
	}
	reply, err := sipwire.Parse(a.bytes, 0)
	switch {
	case err != nil || reply.Spec() == nil && !isSIP(a.bytes):
		a.result = Plain
	case reply.Code == sipwire.RequestTerminalResend:
		a.result = Again
	case reply.Check() == sipwire.Damaged, reply.Odd(), spec.Reply != "" && reply.Code != spec.Reply:
		a.result = Other
	}
	a.message = reply
	return a
}

// flush forgets what came without being asked for: a LF behind the last answer.
func (t *talk) flush() { t.held = nil }

// failed says what an error of the connection means.
func failed(err error) Result {
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		return Silence
	}
	return HungUp
}

// behind is how long the rest of a terminator may take.
const behind = 30 * time.Millisecond

// read reads up to what ends a message, and it.
func (t *talk) read(began time.Time) answer {
	for {
		for len(t.held) > 0 && (t.held[0] == '\r' || t.held[0] == '\n') {
			t.held = t.held[1:]
		}
		if at := bytes.IndexAny(t.held, "\r\n"); at >= 0 {
			a := answer{result: Answered, bytes: bytes.Clone(t.held[:at]), terminator: t.end(at), took: time.Since(began)}
			if t.held = t.held[at:]; a.terminator == "\r" {
				a.terminator = t.more()
			}
			return a
		}
		if len(t.held) > sipwire.MaxMessage {
			return answer{result: Plain, bytes: t.held}
		}
		if err := t.fill(); err != nil {
			if len(t.held) > 0 {
				return answer{result: Plain, bytes: t.held}
			}
			return answer{result: failed(err)}
		}
	}
}

// end is what ends a message, as far as it is there.
func (t *talk) end(at int) string {
	if t.held[at] == '\r' && at+1 < len(t.held) && t.held[at+1] == '\n' {
		return "\r\n"
	}
	return string(t.held[at])
}

// more waits a moment for a LF behind a CR.
func (t *talk) more() string {
	t.conn.SetReadDeadline(time.Now().Add(behind))
	_ = t.fill()
	return t.end(0)
}

func (t *talk) fill() error {
	piece := make([]byte, 4096)
	n, err := t.conn.Read(piece)
	t.held = append(t.held, piece[:n]...)
	if n > 0 {
		return nil
	}
	return err
}

// nudge sends ends of lines to something that is silent and returns what it says
// then: what waits for a whole request of another protocol says that it is none.
func (t *talk) nudge(wait time.Duration) []byte {
	t.conn.SetDeadline(time.Now().Add(min(wait, 2*time.Second)))
	if _, err := t.conn.Write([]byte("\r\n\r\n")); err != nil {
		return nil
	}
	if err := t.fill(); err != nil {
		return nil
	}
	return t.held
}

// isSIP reports whether bytes begin with a message of the protocol.
func isSIP(b []byte) bool {
	m, err := sipwire.Parse(b, 0)
	return err == nil && m.Spec() != nil && !m.Odd()
}
