package sip2

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/sip2/siptest"
)

// TestTLS: a system is spoken to where its certificate is good for its name and signed by
// whom one trusts. Else nothing is said to it, no password above all, and the reason says
// what to do.
func TestTLS(t *testing.T) {
	known, stranger := siptest.NewAuthority(t), siptest.NewAuthority(t)
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(known.PEM)
	soon, gone := time.Now().Add(time.Hour), time.Now().Add(-time.Hour)
	for _, row := range []struct {
		name string
		cert tls.Certificate
		says string // empty: it goes
	}{
		{"good", known.Certify("127.0.0.1", soon), ""},
		{"signed by a stranger", stranger.Certify("127.0.0.1", soon), "ca_file in [sip2]"},
		{"for another host", known.Certify("ils.example.org", soon), `for "ils.example.org" and not for 127.0.0.1`},
		{"expired", known.Certify("127.0.0.1", gone), "has expired"},
	} {
		t.Run(row.name, func(t *testing.T) {
			lib := siptest.New(siptest.Plain())
			lib.AddLogin(siptest.Login{User: "desk", Password: "secret"})
			address, _ := lib.StartTLS(t, "", row.cert)
			c := Config{Address: address, TLS: &tls.Config{RootCAs: trusted}, Profile: mustProfile(t, "plain"), Account: Account{User: "desk", Password: "secret"}}
			client := New(ClientConfig{Config: c, Store: openStore(t, t.TempDir()+"/s.db"), Now: time.Now})
			defer client.Store.(interface{ Close() error }).Close()
			defer client.Close()
			_, err := client.Hello(t.Context(), central.Hello{Desk: "d1"})
			if row.says == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			_, shut := errors.AsType[*central.ShutError](err)
			if !shut || !strings.Contains(err.Error(), row.says) || !strings.Contains(err.Error(), address) {
				t.Errorf("it says %v", err)
			}
			if heard := lib.Heard(); len(heard) > 0 {
				t.Errorf("the system heard %q", heard)
			}
		})
	}
}

// TestWhoIsNotSpokenTo: a port without TLS is told as such, and a wrong password as one
// that waiting does not mend.
func TestWhoIsNotSpokenTo(t *testing.T) {
	lib := siptest.New(siptest.Plain())
	lib.AddLogin(siptest.Login{User: "desk", Password: "secret"})
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var answers sync.WaitGroup
	answers.Go(func() { // says its own, whatever it hears
		for {
			conn, err := other.Accept()
			if err != nil {
				return
			}
			conn.Write([]byte("login:\r\n"))
			conn.Read(make([]byte, 1000))
			conn.Close()
		}
	})
	defer answers.Wait()
	defer other.Close()
	for _, row := range []struct {
		name string
		at   string
		tls  *tls.Config
		why  error
	}{{"no TLS there", other.Addr().String(), &tls.Config{}, ErrNotTLS}, {"a wrong password", lib.Start(t), nil, ErrLogin}} {
		c := Config{Address: row.at, TLS: row.tls, Profile: mustProfile(t, "koha"), Account: Account{User: "desk", Password: "wrong"}}
		client := New(ClientConfig{Config: c, Store: openStore(t, t.TempDir()+"/s.db"), Now: time.Now})
		_, err := client.Hello(t.Context(), central.Hello{Desk: "d1"})
		if _, shut := errors.AsType[*central.ShutError](err); !shut || !errors.Is(err, row.why) {
			t.Errorf("%s: %v", row.name, err)
		}
		client.Close()
		client.Store.(interface{ Close() error }).Close()
	}
}

// TestASystemThatStartsAgain: connections that its restart has ended are made anew, and a
// change in between is said once.
func TestASystemThatStartsAgain(t *testing.T) {
	known := siptest.NewAuthority(t)
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(known.PEM)
	lib := siptest.New(siptest.Plain())
	lib.AddPatron(siptest.Patron{ID: "2001", Name: "Ada Ünal"})
	lib.AddItem(siptest.Item{ID: "3001", Title: "Book 1"})
	cert := known.Certify("127.0.0.1", time.Now().Add(time.Hour))
	address, stop := lib.StartTLS(t, "", cert)
	w := newCounter(t, standing(t))
	lib.SetClock(func() time.Time { return w.now })
	lib.LoanDays = 14
	w.client.Close()
	config := w.client.ClientConfig
	config.Dial, config.Address, config.TLS = (&net.Dialer{}).DialContext, address, &tls.Config{RootCAs: trusted}
	w.client = New(config)
	w.line.System = w.client
	w.fact(out3("2001", 1))
	w.sync()
	stop()
	w.fact(back(1))
	if _, err := w.line.Deliver(t.Context()); err == nil {
		t.Fatal("delivered to nobody")
	}
	lib.StartTLS(t, address, cert)
	w.sync()
	if lib.Count(siptest.CheckedOut, "", "3001") != 1 || lib.Count(siptest.CheckedIn, "", "3001") != 1 {
		t.Errorf("done there: %+v", lib.Deeds())
	}
	if got := w.objections(); len(got) > 0 {
		t.Errorf("objections %v", got)
	}
}
