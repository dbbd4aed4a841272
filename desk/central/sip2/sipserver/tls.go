package sipserver

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"
)

// Certificate is a certificate and its key in two files, which are read again when they
// have changed. It is safe for concurrent use.
type Certificate struct {
	cert, key string
	log       *slog.Logger

	mu     sync.Mutex
	looked time.Time
	stamp  [2]fileStamp
	now    *tls.Certificate
}

type fileStamp struct {
	at   time.Time
	size int64
}

// lookAgain is how often the files are looked at.
const lookAgain = time.Second

// OpenCertificate reads both files. log hears of later ones that cannot be read; nil:
// nobody does.
func OpenCertificate(cert, key string, log *slog.Logger) (*Certificate, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	c := &Certificate{cert: cert, key: key, log: log, looked: time.Now()}
	c.stamp = c.stamps()
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, err
	}
	c.now = &pair
	return c, nil
}

// Listener makes a listener one of TLS 1.2 or later.
func (c *Certificate) Listener(l net.Listener) net.Listener {
	return tls.NewListener(l, &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		return c.get(time.Now()), nil
	}})
}

// get gives the certificate in force: the last that could be read.
func (c *Certificate) get(now time.Time) *tls.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.looked) < lookAgain {
		return c.now
	}
	c.looked = now
	stamp := c.stamps()
	if stamp == c.stamp {
		return c.now
	}
	c.stamp = stamp
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil { // one of the two may be written later
		c.log.WarnContext(context.Background(), "sip2: the certificate stays as it was", "why", err.Error())
		return c.now
	}
	c.now = &pair
	return c.now
}

func (c *Certificate) stamps() (all [2]fileStamp) {
	for i, path := range []string{c.cert, c.key} {
		if info, err := os.Stat(path); err == nil {
			all[i] = fileStamp{info.ModTime(), info.Size()}
		}
	}
	return all
}
