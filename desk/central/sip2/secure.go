package sip2

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// CertificateError: the system's certificate cannot be trusted, and nothing was said.
type CertificateError struct {
	Way string // why, and what can be done about it
	Err error
}

func (e *CertificateError) Error() string { return e.Way }

// Unwrap gives what TLS says.
func (e *CertificateError) Unwrap() error { return e.Err }

// ErrNotTLS: who answers there does not speak TLS.
var ErrNotTLS = errors.New("it does not speak TLS there: another port, or sip2:// through a tunnel")

// secure speaks TLS on a connection, with the host's name where none is set.
func secure(ctx context.Context, n net.Conn, c Config) (net.Conn, error) {
	conf := c.TLS.Clone()
	if conf.ServerName == "" {
		host, _, err := net.SplitHostPort(c.Address)
		if err != nil {
			host = c.Address
		}
		conf.ServerName = host
	}
	t := tls.Client(n, conf)
	if err := t.HandshakeContext(ctx); err != nil {
		n.Close()
		return nil, fmt.Errorf("speak TLS: %w", untrusted(err, conf.ServerName))
	}
	return t, nil
}

// untrusted says of an error of TLS what a person can do about it.
func untrusted(err error, host string) error {
	way := ""
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return errors.Join(ErrNotTLS, err)
	}
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("it hung up at the first word: perhaps no TLS is spoken there: %w", err)
	}
	bad, ok := errors.AsType[*tls.CertificateVerificationError](err)
	if !ok {
		return err
	}
	name := func() string {
		if len(bad.UnverifiedCertificates) == 0 {
			return "nobody"
		}
		one := bad.UnverifiedCertificates[0]
		if len(one.DNSNames) > 0 {
			return one.DNSNames[0]
		}
		if len(one.IPAddresses) > 0 {
			return one.IPAddresses[0].String()
		}
		return one.Subject.CommonName
	}
	invalid, isInvalid := errors.AsType[x509.CertificateInvalidError](err)
	_, wrongName := errors.AsType[x509.HostnameError](err)
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	switch {
	case wrongName:
		way = fmt.Sprintf("its certificate is for %.60q and not for %s: write the name that it is for into the address, if that is the system", name(), host)
	case isInvalid && invalid.Reason == x509.Expired:
		until := ""
		if invalid.Cert != nil {
			until = fmt.Sprintf(" (it is good from %s to %s)", invalid.Cert.NotBefore.Format(time.DateOnly), invalid.Cert.NotAfter.Format(time.DateOnly))
		}
		way = "its certificate has expired or is not valid yet" + until + ": whoever runs the system has to renew it, unless the clock of this computer is wrong"
	case unknown:
		way = "its certificate is signed by nobody whom this computer trusts: ask whoever runs the system for the certificate that signs it, and name that file (PEM) as ca_file in [sip2] of desk.toml"
	default:
		way = fmt.Sprintf("its certificate cannot be trusted: %v", bad.Err)
	}
	return &CertificateError{way, err}
}
