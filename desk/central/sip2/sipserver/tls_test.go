package sipserver

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// certify writes a certificate of its own for this machine, and gives its number.
func certify(t *testing.T, dir string, number int64, when time.Time) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(number), Subject: pkix.Name{CommonName: "sip2"}, NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, b := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := errors.Join(os.WriteFile(path, pem.EncodeToMemory(b), 0o600), os.Chtimes(path, when, when)); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

func TestTLS(t *testing.T) {
	dir := t.TempDir()
	cert, key := certify(t, dir, 1, noon)
	c, err := OpenCertificate(cert, key, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := start(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	s := &Server{Hub: w.Hub, Settings: w.Settings, Words: w.Words, Now: w.now, TLS: true}
	go func() { ended <- s.Serve(ctx, c.Listener(l)) }()
	defer func() { cancel(); <-ended }()
	number := func() int64 {
		conn, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := conn.Write([]byte("9300CNsc|COsecret|\r")); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 4)
		if n, err := conn.Read(b); string(b[:n]) != "941\r" {
			t.Errorf("%q, %v", b[:n], err)
		}
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	if n := number(); n != 1 {
		t.Errorf("certificate %d", n)
	}
	again := func() { // the files are looked at once a second
		c.mu.Lock()
		c.looked = c.looked.Add(-time.Hour)
		c.mu.Unlock()
	}
	certify(t, dir, 2, noon.Add(time.Minute))
	again()
	if n := number(); n != 2 {
		t.Errorf("certificate %d after another was written", n)
	}
	if err := os.WriteFile(key, []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	again()
	if n := number(); n != 2 {
		t.Errorf("certificate %d where the new one is none", n)
	}
	if plain, err := net.Dial("tcp", l.Addr().String()); err == nil {
		_, _ = plain.Write([]byte("9900802.00\r"))
		b := make([]byte, 64)
		_ = plain.SetReadDeadline(time.Now().Add(5 * time.Second))
		if n, _ := plain.Read(b); n > 2 && string(b[:2]) == "98" {
			t.Error("plain SIP2 is answered where TLS is asked for")
		}
		_ = plain.Close()
	}
}

// far is a listener that other machines reach.
type far struct{ net.Listener }

func (far) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 6001} }

func TestPlainIsForThisMachine(t *testing.T) {
	w := start(t)
	for _, row := range []struct {
		tls, plain bool
		err        error
	}{{false, false, ErrPlain}, {true, false, nil}, {false, true, nil}} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		s := &Server{Hub: w.Hub, Settings: w.Settings, Words: w.Words, Now: w.now, TLS: row.tls, Plain: row.plain}
		if err := s.Serve(ctx, far{l}); !errors.Is(err, row.err) {
			t.Errorf("%+v: %v", row, err)
		}
	}
}
