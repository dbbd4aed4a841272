package sip2

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"circdesk/desk/central/sip2/sipwire"
)

var nine = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)

func checkout(t testing.TB, p Profile, a Account) sipwire.Message {
	t.Helper()
	m, err := p.Checkout(a, Loan{Patron: "2001", Item: "3001", At: nine})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func patron(t testing.TB, p Profile, a Account) sipwire.Message {
	t.Helper()
	m, err := p.PatronInfo(a, nine, "2001", sipwire.ChargedList, 1, 50)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// silent hears and says nothing more.
func silent(s *side) {
	for s.hears() != "" {
	}
}

func TestGreeting(t *testing.T) {
	for _, row := range []struct {
		name string
		talk func(*side)
		when When
		user string
		says string // what is sent
		fail error
	}{
		{"it signs in, then asks for the status", answers(), StatusAfter, "desk", "93 99", nil},
		{"the status comes first where the system has it so", func(s *side) {
			s.hears()
			s.says(hello98)
			s.hears()
			s.says("941")
			s.hears()
		}, StatusFirst, "desk", "99 93", nil},
		{"no user, no login", answers(), StatusAfter, "", "99", nil},
		{"no status where the system does not know it", func(s *side) {
			s.hears()
			s.says("941")
			s.hears()
		}, StatusNever, "desk", "93", nil},
		{"the password is wrong", func(s *side) { s.hears(); s.says("940"); s.hears() }, StatusAfter, "desk", "93", ErrLogin},
		{"the system is asleep", func(s *side) { s.hears(); s.says("941"); s.hears(); s.says(sleeps98); s.hears() }, StatusAfter, "desk", "93 99", ErrOffline},
		{"the system hangs up", func(s *side) { s.hears() }, StatusAfter, "desk", "93", errAny},
		{"the system says nothing", silent, StatusAfter, "desk", "93", sipwire.ErrSilent},
		{"another service answers", func(s *side) { s.hears(); s.raw("\x15\x03 bad request\r\n") }, StatusAfter, "desk", "93", ErrNotSIP},
		{"a login that takes ten seconds", func(s *side) {
			s.hears()
			time.Sleep(10 * time.Second)
			s.says("941")
			s.hears()
			s.says(hello98)
			s.hears()
		}, StatusAfter, "desk", "93 99", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &peer{t: t, talks: []func(*side){row.talk}}
				c := p.config()
				c.Profile.Status, c.Account.User = row.when, row.user
				conn, err := Dial(t.Context(), c)
				if err == nil {
					conn.Close()
				}
				p.all.Wait()
				if err != nil != (row.fail != nil) || row.fail != nil && row.fail != errAny && !errors.Is(err, row.fail) {
					t.Errorf("error %v, not %v", err, row.fail)
				}
				if p.said() != row.says {
					t.Errorf("it sent %q, not %q", p.said(), row.says)
				}
			})
		})
	}
}

var errAny = errors.New("any")

// TestChangeIsSaidOnce: what does something is said again only where the system
// cannot have carried it out.
func TestChangeIsSaidOnce(t *testing.T) {
	for _, row := range []struct {
		name    string
		then    func(*side)
		verdict Verdict
		sent    int // check-outs
		text    string
	}{
		{"done", func(s *side) { s.hears(); s.says(lent12) }, Done, 1, ""},
		{"refused, with the text and without the greeting", func(s *side) { s.hears(); s.says(refuse12) }, Refused, 1, "Patron owes 5.00"},
		{"the system hangs up in the middle", func(s *side) { s.hears() }, Unknown, 1, ""},
		{"it says nothing", silent, Unknown, 1, ""},
		{"half of an answer, and then nothing", func(s *side) { s.hears(); s.raw("121NNY2026"); silent(s) }, Unknown, 1, ""},
		{"it writes in plain text that it has failed", func(s *side) {
			s.hears()
			s.raw("Problems handling the request: null\r")
			silent(s)
		}, Unknown, 1, ""},
		{"an answer about another book", func(s *side) {
			s.hears()
			s.raw(strings.Replace(lent12, "AB3001", "AB3002", 1) + "\r")
			silent(s)
		}, Unknown, 1, ""},
		{"it says that it could not read something: perhaps not this", func(s *side) { s.hears(); s.raw("96AZFEF6\r"); silent(s) }, Unknown, 1, ""},
		{"its answer came damaged: the answer is asked for again, not the change made", func(s *side) {
			s.hears()
			s.raw(lent12 + "AY2AZ0000\r")
			if s.hears() != sipwire.RequestSystemResend {
				s.p.t.Error("no request to send again")
			}
			s.raw(lent12 + "\r")
		}, Done, 1, ""},
		{"a status in place of an answer: it is said again", func(s *side) {
			s.hears()
			s.says(hello98)
			s.hears()
			s.says(lent12)
		}, Done, 2, ""},
		{"a status that says the system sleeps", func(s *side) { s.hears(); s.says(sleeps98); silent(s) }, Unsaid, 1, ""},
		{"nothing but statuses", func(s *side) {
			for s.hears() != "" {
				s.says(hello98)
			}
		}, Unsaid, maxNotes, ""},
		{"it hung up before", func(*side) {}, Unsaid, 0, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &peer{t: t, talks: []func(*side){greets(row.then)}}
				c := p.config()
				conn, err := Dial(t.Context(), c)
				if err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				out := conn.Change(t.Context(), checkout(t, c.Profile, c.Account))
				conn.Close()
				p.all.Wait()
				if out.Verdict != row.verdict || out.Text != row.text {
					t.Errorf("%s %q (%v), not %s %q", out.Verdict, out.Text, out.Err, row.verdict, row.text)
				}
				if n := strings.Count(p.said(), "11"); n != row.sent {
					t.Errorf("the check-out was said %d times, not %d", n, row.sent)
				}
			})
		})
	}
}

// TestQuestionIsRepeated: what only asks is said again, on the same connection and
// on another.
func TestQuestionIsRepeated(t *testing.T) {
	later := func(s *side) {
		s.hears()
		s.hears()
		s.says(ada64)
		s.says(ada64) // the answer to the first
		s.hears()
		s.says(ada64)
		s.hears()
	}
	for _, row := range []struct {
		name  string
		talks []func(*side)
		dials int
		fails bool
	}{
		{"answered", []func(*side){answers(ada64, ada64)}, 1, false},
		{"no answer in time: the same number again, and the second answer is passed over", []func(*side){greets(later)}, 1, false},
		{"the system hangs up: a new connection", []func(*side){greets(func(s *side) { s.hears() }), answers(ada64, ada64)}, 2, false},
		{"it hung up while nothing was said", []func(*side){greets(nil), answers(ada64, ada64)}, 2, false},
		{"plain text", []func(*side){greets(func(s *side) { s.hears(); s.raw("Problems\r"); silent(s) }), answers(ada64, ada64)}, 2, false},
		{"the system has gone", []func(*side){greets(func(s *side) { s.hears() }), nil}, 2, true},
		{"the login was withdrawn: nobody tries on", []func(*side){greets(func(s *side) { s.hears() }), func(s *side) { s.hears(); s.says("940"); s.hears() }}, 2, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &peer{t: t, talks: row.talks}
				c := p.config()
				pool := NewPool(c)
				if _, err := pool.Ping(t.Context()); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				for range 2 {
					reply, err := pool.Ask(t.Context(), patron(t, c.Profile, c.Account))
					if err != nil != row.fails {
						t.Errorf("error %v", err)
					}
					if err == nil && c.Profile.Form.First(&reply, sipwire.ChargedItem) != "3001" {
						t.Errorf("answer %s", reply.Trace())
					}
					if row.fails {
						break
					}
				}
				pool.Close()
				p.all.Wait()
				if p.dials != row.dials {
					t.Errorf("%d connections, not %d", p.dials, row.dials)
				}
			})
		})
	}
}

func TestPoolAsksNothingThatDoes(t *testing.T) {
	p := &peer{t: t, talks: []func(*side){nil}}
	c := p.config()
	if _, err := NewPool(c).Ask(t.Context(), checkout(t, c.Profile, c.Account)); err == nil || p.dials > 0 {
		t.Errorf("error %v after %d connections", err, p.dials)
	}
}

// TestChangeAfterALongPause: a connection that a system dropped without a word is
// tried before a change is said on it.
func TestChangeAfterALongPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &peer{t: t, talks: []func(*side){answers(hello98, lent12)}}
		c := p.config()
		pool := NewPool(c)
		if _, err := pool.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(stale + time.Second)
		if out := pool.Change(t.Context(), checkout(t, c.Profile, c.Account)); out.Verdict != Done {
			t.Errorf("%s %v", out.Verdict, out.Err)
		}
		pool.Close()
		p.all.Wait()
		if p.said() != "93 99 99 11" {
			t.Errorf("it sent %q", p.said())
		}
	})
}

func TestPoolTendsItsConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &peer{t: t, talks: []func(*side){greets(func(s *side) {
			for s.hears() != "" {
				s.says(hello98)
			}
		})}}
		pool := NewPool(p.config())
		ctx, cancel := context.WithCancel(t.Context())
		go pool.Tend(ctx)
		if _, err := pool.Ping(ctx); err != nil {
			t.Fatal(err)
		}
		before := strings.Count(p.said(), "99")
		time.Sleep(5 * time.Minute)
		cancel()
		pool.Close()
		p.all.Wait()
		pings := strings.Count(p.said(), "99") - before
		if p.dials != 1 || pings < 5 || pings > 12 {
			t.Errorf("%d connections, %d pings in five minutes at one in %s", p.dials, pings, p.config().Profile.ping())
		}
	})
}

// TestPoolIsSmall: no more connections than the profile allows.
func TestPoolIsSmall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &peer{t: t, talks: []func(*side){greets(func(s *side) {
			for s.hears() != "" {
				time.Sleep(time.Second)
				s.says(ada64)
			}
		})}}
		c := p.config()
		c.Profile.Connections = 2
		pool := NewPool(c)
		begun := time.Now()
		done := make(chan error)
		for range 6 {
			go func() {
				_, err := pool.Ask(t.Context(), patron(t, c.Profile, c.Account))
				done <- err
			}()
		}
		for range 6 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(begun); p.dials != 2 || took != 3*time.Second {
			t.Errorf("six questions of a second over %d connections took %s", p.dials, took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		go pool.Ask(t.Context(), patron(t, c.Profile, c.Account))
		go pool.Ask(t.Context(), patron(t, c.Profile, c.Account))
		synctest.Wait()
		if out := pool.Change(ctx, checkout(t, c.Profile, c.Account)); out.Verdict != Unsaid {
			t.Errorf("a change that found no place is %s", out.Verdict)
		}
		time.Sleep(2 * time.Second)
		pool.Close()
		p.all.Wait()
	})
}

// TestTraceIsMasked: what is traced names no person and no password.
func TestTraceIsMasked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &peer{t: t, talks: []func(*side){answers(ada64)}}
		c := p.config()
		var lines []string
		c.Trace = func(l Line) {
			if l.Conn != 1 || l.At.IsZero() {
				t.Errorf("line of connection %d at %s", l.Conn, l.At)
			}
			lines = append(lines, l.Text)
		}
		pool := NewPool(c)
		if _, err := pool.Ask(t.Context(), patron(t, c.Profile, c.Account)); err != nil {
			t.Fatal(err)
		}
		pool.Close()
		p.all.Wait()
		all := strings.Join(lines, "\n")
		if len(lines) != 6 || !strings.Contains(all, "AU***") || !strings.Contains(all, "CNdesk|") {
			t.Errorf("traced:\n%s", all)
		}
		for _, secret := range []string{"2001", "Ada", "secret", "term"} {
			if strings.Contains(all, secret) {
				t.Errorf("%q is in the trace:\n%s", secret, all)
			}
		}
	})
}

func TestNobodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &peer{t: t, talks: []func(*side){greets(silent)}}
		c := p.config()
		pool := NewPool(c)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if out := pool.Change(ctx, checkout(t, c.Profile, c.Account)); out.Verdict != Unknown || !errors.Is(out.Err, context.DeadlineExceeded) {
			t.Errorf("%s, error %v", out.Verdict, out.Err)
		}
		pool.Close()
		p.all.Wait()
	})
}
