package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/server"
	"circdesk/cmd/internal/station"
	"circdesk/desk/central/hub"
	"circdesk/desk/central/sip2"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/load"
)

// speaksSIP2 reports whether a central system's address is one of SIP2.
func speaksSIP2(central string) bool {
	return strings.HasPrefix(central, "sip2://") || strings.HasPrefix(central, "sip2s://")
}

// passwordOfSIP2 is where the password may stand instead of a file.
const passwordOfSIP2 = "CIRCDESK_SIP2_PASSWORD"

// sip2Config makes of an address and settings how a SIP2 system is reached.
func sip2Config(address string, s folder.SIP2) (c sip2.Config, err error) {
	u, err := url.Parse(address)
	if err != nil || !speaksSIP2(address) || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return c, fmt.Errorf("read the address of the central system: it is not like sip2://host:6001 or sip2s://host:6001")
	}
	c.Address = net.JoinHostPort(u.Hostname(), firstOf(u.Port(), "6001"))
	switch {
	case u.Scheme == "sip2s":
		if c.TLS, err = trusting(s.CAFile); err != nil {
			return c, err
		}
	case !s.Plain && !hub.Here(u.Hostname()):
		return c, fmt.Errorf("use the central system %s: without TLS whoever sees the network sees the patrons and the password: use sip2s://, a tunnel, or --plain-sip2 to go without", address)
	}
	if c.Profile, err = profileOf(s); err != nil {
		return c, err
	}
	c.Account, err = accountOf(s)
	return c, err
}

// trusting gives TLS that trusts whom a file names; empty: whom the computer trusts.
func trusting(file string) (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if file == "" {
		return c, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read who has signed the certificate: %w", err)
	}
	c.RootCAs = x509.NewCertPool()
	if !c.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("read who has signed the certificate: %s holds no certificate in PEM", file)
	}
	return c, nil
}

// profileOf gives the profile of settings, with what they say otherwise.
func profileOf(s folder.SIP2) (p sip2.Profile, err error) {
	if p, err = sip2.ProfileOf(s.Profile); err != nil {
		return p, err
	}
	if s.Charset != "" {
		if p.Form.Charset, err = sipwire.ReadCharset(s.Charset); err != nil {
			return p, err
		}
	}
	if len(s.Delimiter) > 1 {
		return p, fmt.Errorf("read desk.toml: delimiter = %q is more than one character", s.Delimiter)
	}
	if s.Delimiter != "" {
		p.Form.Delimiter = s.Delimiter[0]
	}
	ends := map[string]string{"": p.Form.Terminator, "cr": "\r", "lf": "\n", "crlf": "\r\n"}
	end, ok := ends[strings.ToLower(s.Terminator)]
	if !ok {
		return p, fmt.Errorf("read desk.toml: terminator = %q is none of cr, lf, crlf", s.Terminator)
	}
	p.Form.Terminator = end
	if err := p.Form.Check(); err != nil {
		return p, fmt.Errorf("read desk.toml: delimiter = %q: %w", s.Delimiter, err)
	}
	when := map[string]sip2.When{"": p.Status, "after": sip2.StatusAfter, "first": sip2.StatusFirst, "never": sip2.StatusNever}
	if p.Status, ok = when[strings.ToLower(s.Status)]; !ok {
		return p, fmt.Errorf("read desk.toml: status = %q is none of first, after, never", s.Status)
	}
	p.Detect = p.Detect && !s.NoChecksums
	if s.EndSession != nil {
		p.EndsSession = *s.EndSession
	}
	if s.Connections > 0 {
		p.Connections = s.Connections
	}
	if s.Timeout > 0 {
		p.Answer = time.Duration(s.Timeout) * time.Second
	}
	if s.Ping != 0 {
		p.Ping = time.Duration(s.Ping) * time.Second
	}
	p.Layouts = append(p.Layouts, s.Dates...)
	p.SmallTalk = append(p.SmallTalk, s.SmallTalk...)
	f := &p.Fields
	for tag, said := range map[*sipwire.Tag]string{
		&f.Birth: s.Fields.Birth, &f.Expiry: s.Fields.Expiry, &f.Class: s.Fields.Class, &f.Home: s.Fields.Home, &f.Internet: s.Fields.Internet,
		&f.Internal: s.Fields.Internal, &f.Postcode: s.Fields.Postcode, &f.Expired: s.Fields.Expired, &f.Renewals: s.Fields.Renewals,
	} {
		if said != "" {
			*tag = sipwire.Tag(said)
		}
	}
	return p, nil
}

// accountOf gives who the desk is to the system. The password may stand in a file of
// its own, or in the environment.
func accountOf(s folder.SIP2) (a sip2.Account, err error) {
	a = sip2.Account{
		User: s.User, Password: firstOf(os.Getenv(passwordOfSIP2), s.Password), Location: s.Location, Institution: s.Institution,
		Branch: s.Branch, Terminal: s.Terminal, Language: s.Language, Currency: s.Currency,
	}
	if s.PasswordFile != "" {
		b, err := os.ReadFile(s.PasswordFile)
		if err != nil {
			return a, fmt.Errorf("read the password for SIP2: %w", err)
		}
		line, _, _ := strings.Cut(string(b), "\n")
		a.Password = strings.TrimRight(line, "\r")
	}
	if s.Zone != "" {
		if a.Zone, err = time.LoadLocation(s.Zone); err != nil {
			return a, fmt.Errorf("read desk.toml: zone = %q: %w", s.Zone, err)
		}
	}
	return a, nil
}

// openSIP2 makes a central system of one that speaks SIP2. What it does not keep is
// kept where the folder's own server would: so rules.toml, operators.toml and files
// that are loaded do the same here.
func (p *program) openSIP2(ctx context.Context, where folder.Folder, b *books) (err error) {
	c, err := sip2Config(b.settings.Central, b.settings.SIP2)
	if err != nil {
		return told{[]string{err.Error()}, exitUsage}
	}
	file := func() error { return nil }
	if b.trace != "" {
		if c.Trace, file, err = traceTo(b.trace); err != nil {
			return err
		}
	}
	own, err := server.Open(ctx, server.Config{Folder: where})
	if err != nil {
		return errors.Join(err, file())
	}
	failed := func(err error) error { return errors.Join(err, own.Close(), file()) }
	p.rulesRefused(own)
	id, err := station.Identify(ctx, b.stores.Journal, circ.DeskID(b.settings.Desk))
	if err != nil {
		return failed(err)
	}
	hub := own.HTTP.Server
	if err := sip2.Bind(ctx, hub.Store, id, b.settings.Central); err != nil {
		return failed(told{[]string{fmt.Sprintf("use %s for %s: %v", where.File(folder.Server), b.settings.Central, err)}, exitFailed})
	}
	if b.library == "" {
		if b.library, err = load.Home(ctx, own.Store); err != nil {
			return failed(fmt.Errorf("find the library with most items: %w", err))
		}
	}
	b.rules = own.Rules()
	if c.Account.Zone == nil {
		c.Account.Zone = b.rules.Location(b.library)
	}
	c.Account.Currency = firstOf(c.Account.Currency, b.rules.Currency())
	client := sip2.New(sip2.ClientConfig{Config: c, Store: hub.Store, Rules: b.rules, Now: time.Now, Rights: hub.Rights})
	life, end := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { client.Run(life) })
	b.system, b.ledger = client, own
	b.done = func() {
		end()
		client.Close()
		all.Wait()
		file() // what was said is in it; nobody reads it by this program
	}
	return nil
}

// traceTo writes what is said to the end of a file that only its owner reads.
func traceTo(path string) (trace func(sip2.Line), done func() error, err error) {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("write what is said by SIP2: %w", err)
	}
	return func(l sip2.Line) {
		way := "<"
		if l.Sent {
			way = ">"
		}
		fmt.Fprintf(f, "%s %d %s %s\n", l.At.UTC().Format("2006-01-02T15:04:05.000Z"), l.Conn, way, l.Text)
	}, f.Close, nil
}

// notSIP2 refuses a store that belongs to a system which speaks SIP2, where the desk is
// told to be its own central server: what was done would never be told to that.
func notSIP2(ctx context.Context, own *server.Server) error {
	at, err := sip2.Bound(ctx, own.HTTP.Server.Store)
	if err != nil || at == "" {
		return err
	}
	return told{[]string{fmt.Sprintf("this folder belongs to the central system %s: start it with --central %s, or write central = %q into desk.toml", at, at, at)}, exitUsage}
}
