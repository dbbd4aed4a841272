package sipserver

import (
	"context"
	"unicode/utf8"

	"circdesk/desk/central/sip2/sipwire"
)

// login answers 93. A failed one leaves the connection open, as it was before it: who had
// logged in has not any more.
func (r *request) login(ctx context.Context) (*sipwire.Builder, error) {
	c := r.conn
	c.term, c.system.Form.Charset, c.system.Form.Terminator, c.system.Strict = nil, sipwire.ASCII, "", false
	x := r.known(ctx)
	ok := x != nil
	if ok && !r.server.enter(c, x.Login, r.settings.Limits.EachLogin) {
		r.reasons = append(r.reasons, "too_many_connections")
		ok = false
	}
	r.verdict = refused
	if ok {
		r.verdict = loggedIn
		c.term, c.zone = x, nil
		c.since = clock()
		c.looked = c.since
		c.system.Form.Charset, c.system.Form.Terminator, c.system.Strict = x.Charset, x.Ending, x.Strict
	}
	return c.system.Form.Build(sipwire.LoginResponse).Flag(sipwire.OK, ok), nil
}

// known gives the terminal that the login is of, nil: it is none. It takes the time of
// one hash, also for a login that nobody has.
func (r *request) known(ctx context.Context) *Terminal {
	login, password := r.secret(sipwire.LoginUser, sipwire.UTF8), ""
	s := r.server.Settings() // logins that were added meanwhile count
	x := s.terminal(login)
	at := x
	if at == nil {
		at = &Terminal{Login: login, Password: decoy}
	}
	password = r.secret(sipwire.LoginPassword, at.Charset)
	if algorithms := string(r.m.Header); algorithms != "00" && algorithms != "  " { // encrypted, nobody knows how
		return nil
	}
	name := at.Login + "\x00" + r.conn.from + "\x00" + at.Password
	may, known := r.server.logins.before(name, password, r.server.Now())
	if !may {
		r.reasons = append(r.reasons, "too_many_tries")
		return nil
	}
	if known || !r.server.password(ctx, at, password) || x == nil || len(password) == 0 {
		r.server.logins.wrong(name, password, r.server.Now())
		return nil
	}
	r.server.logins.right(name)
	if said := r.code(sipwire.LoginLocation); x.Location != "" && said != "" && said != x.Location {
		r.reasons = append(r.reasons, "other_location")
		return nil
	}
	r.settings, r.conn.settings = s, s
	r.conn.system.Form.Delimiter = s.Delimiter
	return x
}

// decoy is the hash of nothing that anybody knows, of the usual cost.
const decoy = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// secret gives a field of the login as text: UTF-8 where it is that, else in the
// terminal's character set.
func (r *request) secret(tag sipwire.Tag, c sipwire.Charset) string {
	b, _ := r.m.First(tag)
	if utf8.Valid(b) {
		return string(b)
	}
	return c.Decode(b)
}
