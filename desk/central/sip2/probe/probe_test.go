package probe_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"circdesk/desk/central/sip2/probe"
	"circdesk/desk/central/sip2/siptest"
	"circdesk/desk/central/sip2/sipwire"
)

// library has what can be asked about.
func library(d siptest.Dialect) *siptest.Library {
	l := siptest.New(d)
	l.AddLogin(siptest.Login{User: "desk1", Password: "secret"})
	l.AddPatron(siptest.Patron{ID: "P1", Name: "Zoë Händel"})
	l.AddItem(siptest.Item{ID: "I1", Title: "Le Piège | après"})
	l.AddLoan(siptest.Loan{Patron: "P1", Item: "I1", Due: time.Date(2026, 12, 17, 23, 59, 0, 0, time.UTC)})
	return l
}

func config(l *siptest.Library) probe.Config {
	return probe.Config{
		Address: "library.example:6001", User: "desk1", Password: "secret", Location: "main", Patron: "P1", Item: "I1",
		Answer: time.Second, Zone: time.UTC, Now: func() time.Time { return time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC) },
		Dial: func(context.Context, string, string) (net.Conn, error) { return l.Dial(), nil },
	}
}

// harmless are the messages that change nothing.
var harmless = []string{"17", "23", "63", "93", "97", "99"}

func TestWhichDialectFits(t *testing.T) {
	for _, row := range []struct {
		dialect    siptest.Dialect
		fits       string
		why        []probe.Sign
		terminator string
		charset    sipwire.Charset
		sure       bool
		dueKnown   bool
	}{
		{siptest.Plain(), "plain", nil, "\r", sipwire.CP850, false, true},
		{siptest.Announcer(), "plain", nil, "\r", sipwire.CP850, false, true},
		{siptest.Koha(), "koha", []probe.Sign{probe.SaysName, probe.EndsCRLF, probe.NameFirst, probe.PasswordAlways, probe.NumbersResend}, "\r\n", sipwire.UTF8, true, true},
		{siptest.Evergreen(), "evergreen", []probe.Sign{probe.Decomposed, probe.Entities, probe.DropsStrangers, probe.NumbersResend}, "\r", sipwire.UTF8, true, true},
		{siptest.FOLIO(), "folio", []probe.Sign{probe.WantsChecksum}, "\r", sipwire.CP850, false, true},
	} {
		t.Run(row.dialect.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := library(row.dialect)
				r, err := probe.Run(t.Context(), config(l))
				if err != nil {
					t.Fatal(err)
				}
				if f := r.Fits[0]; f.Profile != row.fits || !slices.Equal(f.Why, row.why) {
					t.Errorf("fits %+v", r.Fits)
				}
				if r.Terminator != row.terminator || r.Charset != row.charset || r.Sure != row.sure || r.DueKnown != row.dueKnown || r.DueText == "" {
					t.Errorf("ends with %q, charset %v (sure %v), due %q (known %v)", r.Terminator, r.Charset, r.Sure, r.DueText, r.DueKnown)
				}
				if p := r.Profile; p.Name != row.fits || p.Form.Charset != row.charset || !p.Detect || p.Connections != 2 {
					t.Errorf("profile %+v", p)
				}
				if !r.Online || !r.Sums || r.Institution != "main" || r.Version != "2.00" || !r.HasClock || r.Clock != 0 {
					t.Errorf("report %+v", r)
				}
				for _, code := range l.HeardCodes() {
					if !slices.Contains(harmless, code) {
						t.Errorf("said %s", code)
					}
				}
				if len(l.Deeds()) > 0 {
					t.Errorf("did %v", l.Deeds())
				}
				if at, _ := l.Loan("I1"); at.Renewals != 0 {
					t.Error("renewed")
				}
			})
		})
	}
}

// Of a date with slashes the layout is known where only one of two can be meant.
func TestTheFormOfADueDate(t *testing.T) {
	for _, row := range []struct {
		layout, day, want string
	}{
		{"01/02/2006 15:04", "2026-12-17", "01/02/2006 15:04"}, {"02/01/2006", "2026-12-17", "02/01/2006"},
		{"02/01/2006 15:04:05", "2026-12-17", "02/01/2006 15:04:05"}, {"01/02/2006 15:04", "2026-12-07", ""}, {"2006-01-02", "2026-12-17", ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			d := siptest.Plain()
			d.DueLayout = row.layout
			l := library(d)
			due, _ := time.Parse(time.DateOnly, row.day)
			l.AddLoan(siptest.Loan{Patron: "P1", Item: "I1", Due: due})
			r, err := probe.Run(t.Context(), config(l))
			if err != nil || r.DueLayout != row.want || r.DueKnown != (row.want != "" || row.layout == "2006-01-02") {
				t.Errorf("%+v: layout %q, known %v, %v", row, r.DueLayout, r.DueKnown, err)
			}
		})
	}
}

// Each message is tried and its answer told.
func TestWhatWasTried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := library(siptest.FOLIO())
		l.Crash("63", false)
		l.Latency = 70 * time.Millisecond
		r, err := probe.Run(t.Context(), config(l))
		if err != nil {
			t.Fatal(err)
		}
		type try struct {
			code sipwire.Code
			how  probe.Manner
			got  probe.Result
		}
		var all []try
		for _, x := range r.Tried {
			all = append(all, try{x.Code, x.How, x.Result})
		}
		want := []try{
			{"99", probe.BeforeLogin, probe.Answered}, {"93", "", probe.Answered}, {"99", "", probe.Answered},
			{"23", "", probe.Answered}, {"63", "", probe.Plain}, {"93", "", probe.Answered}, {"17", "", probe.Answered}, {"97", "", probe.Answered},
			{"99", probe.NoChecksum, probe.Again}, {"99", probe.BadChecksum, probe.Again}, {"99", probe.WithCRLF, probe.Answered},
			{"93", probe.OnSecond, probe.Answered},
		}
		if !slices.Equal(all, want) {
			t.Errorf("tried\n%v\nwant\n%v", all, want)
		}
		if r.Fits[0].Profile != "folio" || !slices.Contains(r.Fits[0].Why, probe.PlainErrors) {
			t.Errorf("fits %v", r.Fits)
		}
		if r.Median != 70*time.Millisecond || r.Replay(10_000) != 1400*time.Second {
			t.Errorf("median %v, replay %v", r.Median, r.Replay(10_000))
		}
	})
}

// The character set is known from a name, where bytes alone leave it open.
func TestTheNameTellsTheCharacterSet(t *testing.T) {
	for _, row := range []struct {
		charset string
		name    string
		want    sipwire.Charset
		sure    bool
	}{
		{"latin1", "Zoë Händel", sipwire.Latin1, true},
		{"latin1", "", sipwire.Latin1, false},
		{"cp850", "Zoë Händel", sipwire.CP850, true},
		{"utf8", "", sipwire.UTF8, true},
		{"ascii", "Zoë Händel", sipwire.ASCII, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			d := siptest.Plain()
			d.Charset = row.charset
			c := config(library(d))
			c.Name = row.name
			r, err := probe.Run(t.Context(), c)
			if err != nil || r.Charset != row.want || r.Sure != row.sure {
				t.Errorf("%+v: %v, sure %v, %v", row, r.Charset, r.Sure, err)
			}
		})
	}
}

// A system with room for one connection takes the second one and answers late.
func TestOneConnectionOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := library(siptest.Koha())
		c := config(l)
		busy := make(chan bool, 1)
		c.Dial = func(context.Context, string, string) (net.Conn, error) {
			near, end := net.Pipe()
			go func() {
				busy <- true
				l.ServeConn(end)
				<-busy
			}()
			return near, nil
		}
		r, err := probe.Run(t.Context(), c)
		if err != nil || r.Profile.Connections != 1 {
			t.Errorf("%d connections, %v", r.Profile.Connections, err)
		}
	})
}

// listen lets something of another kind listen.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				serve(c)
			}()
		}
	}()
	return ln.Addr().String()
}

func TestWhatIsNoSystem(t *testing.T) {
	web := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(web.Close)
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	mute := func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }
	drops := listen(t, func(c net.Conn) { _, _ = c.Read(make([]byte, 1)) })
	strangers := library(siptest.Evergreen()).Start(t)
	koha := library(siptest.Koha()).Start(t)
	trusted := &tls.Config{ServerName: "library.example"}
	for _, row := range []struct {
		name    string
		address string
		edit    func(*probe.Config)
		want    probe.Trouble
	}{
		{"nobody listens", gone.Addr().String(), nil, probe.ErrClosed},
		{"a web server", web.Listener.Addr().String(), nil, probe.ErrNotSIP},
		{"a shell", listen(t, func(c net.Conn) { io.WriteString(c, "SSH-2.0-OpenSSH_9.9\r\n"); mute(c) }), nil, probe.ErrNotSIP},
		{"silence", listen(t, mute), nil, probe.ErrSilent},
		{"silence, with a login", listen(t, mute), func(c *probe.Config) { c.User = "desk1" }, probe.ErrSilent},
		{"TLS without being told", secure.Listener.Addr().String(), nil, probe.ErrWantsTLS},
		{"no TLS", koha, func(c *probe.Config) { c.TLS = trusted }, probe.ErrNoTLS},
		{"a stranger's certificate", secure.Listener.Addr().String(), func(c *probe.Config) { c.TLS = trusted }, probe.ErrTrust},
		{"it hangs up before a login", strangers, nil, probe.ErrNoLogin},
		{"it hangs up on everybody", drops, func(c *probe.Config) { c.User = "desk1" }, probe.ErrDropped},
		{"a wrong password", koha, func(c *probe.Config) { c.User, c.Password = "desk1", "wrong" }, probe.ErrLogin},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := probe.Config{Address: row.address, Answer: 50 * time.Millisecond}
			if row.edit != nil {
				row.edit(&c)
			}
			_, err := probe.Run(t.Context(), c)
			if !errors.Is(err, row.want) {
				t.Errorf("got %v, want %v", err, row.want)
			}
		})
	}
}

// A system that says its status to everybody, and nothing else: who has not signed in is
// told to.
func TestALoginIsWanted(t *testing.T) {
	answers := func(codes ...string) string {
		return listen(t, func(c net.Conn) {
			all := bufio.NewReader(c)
			for {
				line, err := all.ReadString('\r')
				if err != nil {
					return
				}
				switch line = strings.TrimSpace(line); {
				case slices.Contains(codes, line[:2]) && line[:2] == "99":
					_, _ = io.WriteString(c, "98YYYYNN10000320261126    1200002.00AOmain|BXYYYYYYYYYYYYYYYY|\r")
				case slices.Contains(codes, line[:2]) && line[:2] == "17":
					_, _ = io.WriteString(c, "1801000120261126    120000ABx|AJ|\r")
				}
			}
		})
	}
	for _, row := range []struct {
		name string
		says []string
		want bool
	}{
		{"nothing but its status", []string{"99"}, true},
		{"items, too", []string{"99", "17"}, false},
	} {
		r, err := probe.Run(t.Context(), probe.Config{Address: answers(row.says...), Answer: 20 * time.Millisecond})
		if err != nil || r.WantsLogin != row.want {
			t.Errorf("%s: wants a login: %v, %v", row.name, r.WantsLogin, err)
		}
	}
}

// Over TLS, with a certificate that is trusted.
func TestOverTLS(t *testing.T) {
	web := httptest.NewUnstartedServer(http.NotFoundHandler())
	web.StartTLS()
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	certs := web.TLS.Certificates
	web.Close()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	stop := library(siptest.Koha()).Serve(tls.NewListener(ln, &tls.Config{Certificates: certs}))
	t.Cleanup(stop)
	r, err := probe.Run(t.Context(), probe.Config{
		Address: ln.Addr().String(), User: "desk1", Password: "secret", TLS: &tls.Config{RootCAs: roots, ServerName: "example.com"},
	})
	if err != nil || !r.TLS || r.Fits[0].Profile != "koha" {
		t.Errorf("%v: %+v", err, r.Fits)
	}
}

// A probe that is stopped stops.
func TestStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := library(siptest.Koha())
		l.Latency = time.Minute
		c := config(l)
		c.Answer = time.Hour
		ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
		defer cancel()
		if _, err := probe.Run(ctx, c); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		time.Sleep(time.Minute) // until the library has thought it over
	})
}
