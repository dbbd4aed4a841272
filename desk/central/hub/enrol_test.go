package hub_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/centraltest"
	"circdesk/desk/central/centraltest/wirecheck"
	"circdesk/desk/central/hub"
	"circdesk/desk/central/hub/wire"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

// gate is a server that enrols its desks, on a clock of the test's.
type gate struct {
	t      *testing.T
	server *hubserver.Server
	http   *httptest.Server
	wire   http.RoundTripper

	mu  sync.Mutex
	now time.Time
}

func newGate(t *testing.T) *gate {
	store, err := bolt.OpenHub(filepath.Join(t.TempDir(), "hub.db"), bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	g.server = hubserver.New(hubserver.Config{Store: hubserver.Watch(store), Rules: centraltest.Rules(), Now: g.clock})
	if err := g.server.Begin(t.Context(), "epoch of the test"); err != nil {
		t.Fatal(err)
	}
	if err := g.server.Store.Update(t.Context(), func(tx journal.HubTx) error { return tx.Put(t.Context(), centraltest.Library()) }); err != nil {
		t.Fatal(err)
	}
	g.open()
	g.wire = &wirecheck.Transport{T: t, Description: wirecheck.Read(t, hubserver.OpenAPI()), Next: http.DefaultTransport}
	t.Cleanup(func() {
		g.http.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return g
}

// open begins to answer: what was in memory is forgotten.
func (g *gate) open() {
	if g.http != nil {
		g.http.Close()
	}
	g.http = httptest.NewServer(hubserver.HTTP{Server: g.server, Enrols: true}.Handler())
}

func (g *gate) clock() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.now
}

func (g *gate) pass(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.now = g.now.Add(d)
}

func (g *gate) client(k *hub.Key) *hub.Client {
	g.t.Helper()
	c, err := hub.New(hub.Config{URL: g.http.URL, Key: k, Transport: g.wire})
	if err != nil {
		g.t.Fatal(err)
	}
	return c
}

func (g *gate) invite(name string) string {
	g.t.Helper()
	in, err := g.server.Invite(g.t.Context(), name, "main", 0)
	if err != nil {
		g.t.Fatal(err)
	}
	return in.Code
}

// enrol enrols a new key, and gives it.
func (g *gate) enrol(code string, desk, like circ.DeskID) (*hub.Key, error) {
	k, err := hub.NewKey(memory{})
	if err != nil {
		g.t.Fatal(err)
	}
	_, err = g.client(nil).Enrol(g.t.Context(), k, code, desk, like)
	return k, err
}

func (g *gate) desk(name string) *hub.Key {
	g.t.Helper()
	k, err := g.enrol(g.invite(name), "", "desk")
	if err != nil {
		g.t.Fatal(err)
	}
	return k
}

func hello(k *hub.Key) central.Hello { return central.Hello{Desk: k.Desk(), Library: "main"} }

func stands(t *testing.T, err error, want central.Standing) {
	t.Helper()
	if st, ok := errors.AsType[*central.StandingError](err); !ok || st.Standing != want {
		t.Errorf("%v, not %s", err, want)
	}
}

func TestADeskIsEnrolledWithACode(t *testing.T) {
	refused := func(t *testing.T, err error) {
		t.Helper()
		if _, ok := errors.AsType[*hub.CodeError](err); !ok {
			t.Errorf("error %v", err)
		}
	}
	for _, row := range []struct {
		name string
		do   func(t *testing.T, g *gate)
	}{
		{"it gives its key, and greets with it", func(t *testing.T, g *gate) {
			k := g.desk("main-2")
			w, err := g.client(k).Hello(t.Context(), hello(k))
			if err != nil || k.Desk() != "main-2" || !w.Ends.Equal(g.clock().Add(90*24*time.Hour)) || w.State != central.Normal {
				t.Errorf("desk %s: %+v, %v", k.Desk(), w, err)
			}
		}},
		{"and was heard of by that", func(t *testing.T, g *gate) {
			k := g.desk("main-2")
			heard := func() central.DeskState {
				all, err := g.server.Roll(t.Context())
				if err != nil || len(all) != 1 {
					t.Fatalf("the desks: %+v, %v", all, err)
				}
				return all[0]
			}
			if d := heard(); !d.Seen.Equal(g.clock()) || d.Left != 0 {
				t.Errorf("enrolled, and heard of %v, holds %d", d.Seen, d.Left)
			}
			h := hello(k)
			h.Left = 3
			if _, err := g.client(k).Hello(t.Context(), h); err != nil {
				t.Fatal(err)
			}
			g.pass(time.Hour)
			if _, err := g.enrol(g.invite("main-2"), "main-2", ""); err != nil {
				t.Fatal(err)
			}
			if d := heard(); !d.Seen.Equal(g.clock()) || d.Left != 3 {
				t.Errorf("enrolled again, and heard of %v, holds %d", d.Seen, d.Left)
			}
		}},
		{"typed as people type", func(t *testing.T, g *gate) {
			code := strings.ToLower(strings.ReplaceAll(g.invite(""), "-", " "))
			code = strings.NewReplacer("0", "o", "1", "l").Replace(code)
			if _, err := g.enrol(code, "", "desk"); err != nil {
				t.Error(err)
			}
		}},
		{"a code is good once", func(t *testing.T, g *gate) {
			code := g.invite("")
			if _, err := g.enrol(code, "", "desk"); err != nil {
				t.Fatal(err)
			}
			_, err := g.enrol(code, "", "desk")
			refused(t, err)
		}},
		{"the answer got lost, and it asks once more", func(t *testing.T, g *gate) {
			k, err := hub.NewKey(memory{})
			if err != nil {
				t.Fatal(err)
			}
			code := g.invite("main-2")
			for range 2 {
				if out, err := g.client(nil).Enrol(t.Context(), k, code, "", "desk"); err != nil || out.Desk != "main-2" || out.Library != "main" {
					t.Errorf("%+v, %v", out, err)
				}
			}
		}},
		{"a code is good for ten minutes", func(t *testing.T, g *gate) {
			code := g.invite("")
			g.pass(10 * time.Minute)
			_, err := g.enrol(code, "", "desk")
			refused(t, err)
		}},
		{"who guesses makes the code void", func(t *testing.T, g *gate) {
			code := g.invite("")
			for range 10 {
				_, err := g.enrol("0000-0000-0000-0000", "", "desk")
				refused(t, err)
			}
			_, err := g.enrol(code, "", "desk")
			refused(t, err)
		}},
		{"nobody's code", func(t *testing.T, g *gate) {
			for _, code := range []string{"", "abc", "uuuu-uuuu-uuuu-uuuu", strings.Repeat("0", 17), "ÄÄÄÄ-0000-0000-0000"} {
				_, err := g.enrol(code, "", "desk")
				refused(t, err)
			}
		}},
		{"a code with a name is for that desk only", func(t *testing.T, g *gate) {
			_, err := g.enrol(g.invite("main-2"), "main-3", "desk")
			refused(t, err)
		}},
		{"a code without a name does not put another machine in a desk's place", func(t *testing.T, g *gate) {
			k := g.desk("main-2")
			_, err := g.enrol(g.invite(""), "main-2", "desk")
			refused(t, err)
			if _, err := g.client(k).Hello(t.Context(), hello(k)); err != nil {
				t.Error(err)
			}
		}},
		{"a code with the name does", func(t *testing.T, g *gate) {
			old := g.desk("main-2")
			k, err := g.enrol(g.invite("main-2"), "main-2", "desk")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := g.client(k).Hello(t.Context(), hello(k)); err != nil {
				t.Error(err)
			}
			_, err = g.client(old).Hello(t.Context(), hello(old))
			stands(t, err, central.Unknown)
		}},
		{"two desks of one name get two", func(t *testing.T, g *gate) {
			a, err := g.enrol(g.invite(""), "", "front")
			if err != nil {
				t.Fatal(err)
			}
			b, err := g.enrol(g.invite(""), "", "front")
			if err != nil || a.Desk() != "front" || b.Desk() != "front-2" {
				t.Errorf("%s and %s, %v", a.Desk(), b.Desk(), err)
			}
		}},
		{"what is in the store is no code", func(t *testing.T, g *gate) {
			code := g.invite("")
			err := g.server.Store.View(t.Context(), func(tx journal.HubTx) error {
				v, err := tx.Note(t.Context(), "invites")
				if v == nil || strings.Contains(string(v), code) || strings.Contains(string(v), strings.ReplaceAll(code, "-", "")) {
					t.Errorf("the store has %s", v)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}},
	} {
		t.Run(row.name, func(t *testing.T) { row.do(t, newGate(t)) })
	}
}

func TestADeskThatIsKnownByItsKey(t *testing.T) {
	for _, row := range []struct {
		name string
		do   func(t *testing.T, g *gate, k *hub.Key, c *hub.Client)
	}{
		{"what follows is of its session", func(t *testing.T, g *gate, k *hub.Key, c *hub.Client) {
			if _, err := c.Deliver(t.Context(), []journal.Entry{entry(t, k.Desk(), "")}); err != nil {
				t.Error(err)
			}
			if _, err := c.Since(t.Context(), "", 10, 0); err != nil {
				t.Error(err)
			}
			roll, err := c.Roll(t.Context())
			if err != nil || len(roll) != 1 || roll[0].Desk != k.Desk() || roll[0].Standing != central.Enrolled {
				t.Errorf("%+v, %v", roll, err)
			}
		}},
		{"another desk's entries are not its own", func(t *testing.T, g *gate, _ *hub.Key, c *hub.Client) {
			_, err := c.Deliver(t.Context(), []journal.Entry{entry(t, "main-9", "")})
			if e, ok := errors.AsType[*hub.Error](err); !ok || e.Code != wire.Forbidden {
				t.Errorf("deliver: %v", err)
			}
			if _, err := c.Recorded(t.Context(), journal.Mark{Desk: "main-9", Epoch: 1}, 5); err == nil {
				t.Error("another's entries were given")
			}
			if _, err := c.Hello(t.Context(), central.Hello{Desk: "main-9"}); err == nil {
				t.Error("it greeted as another")
			}
		}},
		{"the server begins anew", func(t *testing.T, g *gate, k *hub.Key, _ *hub.Client) {
			g.open()
			c := g.client(k)
			if _, err := c.Hello(t.Context(), hello(k)); err != nil {
				t.Fatal(err)
			}
			g.http.Config.Handler = hubserver.HTTP{Server: g.server, Enrols: true}.Handler()
			if _, err := c.Since(t.Context(), "", 10, 0); err == nil {
				t.Error("a session outlived the server")
			}
			if _, err := c.Hello(t.Context(), hello(k)); err != nil {
				t.Error(err)
			}
			if _, err := c.Since(t.Context(), "", 10, 0); err != nil {
				t.Error(err)
			}
		}},
		{"a session ends", func(t *testing.T, g *gate, k *hub.Key, c *hub.Client) {
			g.pass(2 * time.Hour)
			if _, err := c.Since(t.Context(), "", 10, 0); err == nil {
				t.Error("a session never ends")
			}
			if _, err := c.Hello(t.Context(), hello(k)); err != nil {
				t.Error(err)
			}
		}},
		{"it is revoked, in the middle of its session", func(t *testing.T, g *gate, k *hub.Key, c *hub.Client) {
			if err := g.server.Revoke(t.Context(), k.Desk()); err != nil {
				t.Fatal(err)
			}
			_, err := c.Hello(t.Context(), hello(k))
			stands(t, err, central.Revoked)
			if _, err := c.Since(t.Context(), "", 10, 0); err == nil {
				t.Error("it still reads the feed")
			}
			g.open()
			_, err = g.client(k).Hello(t.Context(), hello(k))
			stands(t, err, central.Revoked)
			again, err := g.enrol(g.invite(""), k.Desk(), "")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := g.client(again).Hello(t.Context(), hello(again)); err != nil {
				t.Error(err)
			}
		}},
		{"it was not heard of for ninety days", func(t *testing.T, g *gate, k *hub.Key, c *hub.Client) {
			g.pass(89 * 24 * time.Hour)
			if _, err := c.Hello(t.Context(), hello(k)); err != nil { // which renews it
				t.Fatal(err)
			}
			g.pass(89 * 24 * time.Hour)
			if _, err := c.Hello(t.Context(), hello(k)); err != nil {
				t.Fatal(err)
			}
			g.pass(91 * 24 * time.Hour)
			_, err := c.Hello(t.Context(), hello(k))
			stands(t, err, central.Lapsed)
			again, err := g.enrol(g.invite(""), k.Desk(), "")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := g.client(again).Hello(t.Context(), hello(again)); err != nil {
				t.Error(err)
			}
		}},
		{"a key that nobody knows", func(t *testing.T, g *gate, k *hub.Key, _ *hub.Client) {
			if err := g.server.Store.Update(t.Context(), func(tx journal.HubTx) error { return tx.SetNote(t.Context(), "desk."+string(k.Desk()), nil) }); err != nil {
				t.Fatal(err)
			}
			_, err := g.client(k).Hello(t.Context(), hello(k))
			stands(t, err, central.Unknown)
		}},
		{"somebody has its name and another key", func(t *testing.T, g *gate, k *hub.Key, _ *hub.Client) {
			other := g.desk("main-3")
			h := hello(k)
			_, err := g.client(other).Hello(t.Context(), h) // signs for the name of another
			stands(t, err, central.Unknown)
			roll, err := g.server.Roll(t.Context())
			if err != nil || !slices.ContainsFunc(roll[0].Notes, func(n central.DeskNote) bool { return n.What == central.KeyRefused }) {
				t.Errorf("the server's people are told %+v, %v", roll[0].Notes, err)
			}
		}},
		{"a copy with the keyring greets after it", func(t *testing.T, g *gate, k *hub.Key, c *hub.Client) {
			keeper := memory{}
			twin, err := g.copied(k, keeper)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := g.client(k).Hello(t.Context(), hello(k)); err != nil {
				t.Fatal(err)
			}
			w, err := g.client(twin).Hello(t.Context(), hello(twin))
			if err != nil || w.State != central.Cloned {
				t.Fatalf("%+v, %v", w, err)
			}
			h := hello(twin)
			h.Anew = central.Cloned
			tc := g.client(twin)
			if w, err = tc.Hello(t.Context(), h); err != nil || w.Grant < 2 {
				t.Fatalf("%+v, %v", w, err)
			}
			h = hello(twin)
			h.Last.Epoch = w.Grant
			if w, err = g.client(twin).Hello(t.Context(), h); err != nil || w.State != central.Normal {
				t.Errorf("%+v, %v", w, err)
			}
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			g := newGate(t)
			k := g.desk("main-2")
			c := g.client(k)
			if _, err := c.Hello(t.Context(), hello(k)); err != nil {
				t.Fatal(err)
			}
			row.do(t, g, k, c)
		})
	}
}

// copied gives a key as another machine has it that was made of a copy of the whole disk.
func (g *gate) copied(k *hub.Key, to memory) (*hub.Key, error) {
	b, err := k.Keeper().Get(hub.KeyName(k.Desk()))
	if err != nil {
		return nil, err
	}
	if err := to.Set(hub.KeyName(k.Desk()), b); err != nil {
		return nil, err
	}
	return hub.ReadKey(to, k.Desk())
}

// recording keeps what goes over the line.
type recording struct {
	next http.RoundTripper
	last string
}

func (r *recording) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.HasSuffix(req.URL.Path, wire.Session) {
		b, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		r.last = string(b)
		req.Body = io.NopCloser(strings.NewReader(r.last))
	}
	return r.next.RoundTrip(req)
}

// What somebody has recorded of a greeting is of no use to him.
func TestARecordedHelloIsNotTakenAgain(t *testing.T) {
	g := newGate(t)
	k := g.desk("main-2")
	tape := &recording{next: http.DefaultTransport}
	c, err := hub.New(hub.Config{URL: g.http.URL, Key: k, Transport: tape})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Hello(t.Context(), hello(k)); err != nil {
		t.Fatal(err)
	}
	post := func(g *gate) int {
		res, err := http.Post(g.http.URL+wire.Session, wire.JSON, strings.NewReader(tape.last))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		return res.StatusCode
	}
	if got := post(g); got != http.StatusUnauthorized {
		t.Errorf("again: status %d", got)
	}
	if got := post(newGate(t)); got != http.StatusUnauthorized {
		t.Errorf("at another server: status %d", got)
	}
	other := newGate(t)
	if _, err := other.client(k).Hello(t.Context(), hello(k)); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the key is shown to another server: %v", err)
	}
}

// A desk of the version before, whose hello is not signed, reads what is to be done.
func TestAnUnsignedHelloIsToldTheWayOut(t *testing.T) {
	g := newGate(t)
	old, err := hub.New(hub.Config{URL: g.http.URL, Token: "the token of before"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = old.Hello(t.Context(), central.Hello{Desk: "main-1"})
	for _, says := range []string{"update", "desks invite", "--code"} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v does not say %q", err, says)
		}
	}
	if enrols, err := old.Enrols(t.Context()); err != nil || !enrols {
		t.Errorf("enrols %v, %v", enrols, err)
	}
}

// memory keeps keys for as long as the test.
type memory map[string][]byte

func (m memory) Get(name string) ([]byte, error) {
	if v, ok := m[name]; ok {
		return v, nil
	}
	return nil, errors.New("no such key is kept")
}

func (m memory) Set(name string, v []byte) error { m[name] = v; return nil }
func (m memory) Drop(name string) error          { delete(m, name); return nil }
