package siptest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// through connects to a library through a proxy within this process.
func through(t *testing.T, l *Library, s Script) (*Proxy, *terminal) {
	t.Helper()
	p := NewProxy(l, s)
	t.Cleanup(p.Close)
	return p, reconnect(t, p)
}

func reconnect(t *testing.T, p *Proxy) *terminal {
	t.Helper()
	conn, err := p.Dial(t.Context(), "tcp", "")
	if err != nil {
		t.Fatal(err)
	}
	return &terminal{t, conn, bufio.NewReader(conn)}
}

// send sends and waits for nothing.
func (c *terminal) send(m string) { _, _ = io.WriteString(c.conn, m+"\r") }

// hear waits a second for what comes: "silence" if nothing does.
func (c *terminal) hear() string {
	_ = c.conn.SetReadDeadline(time.Now().Add(time.Second))
	said, err := c.in.ReadString('\r')
	if e, ok := err.(net.Error); ok && e.Timeout() {
		return "silence"
	}
	if err != nil {
		return said + "EOF"
	}
	return strings.Trim(said, "\r\n")
}

// Each fault, in both directions: what the terminal sees, and what the library
// has done.
func TestFaults(t *testing.T) {
	for _, row := range []struct {
		do   Fault
		from Side
		see  []string // behind the check-out, and behind a further request
		lent bool
	}{
		{CutBefore, FromTerminal, []string{"EOF", "EOF"}, false},
		{CutWithin, FromTerminal, []string{"EOF", "EOF"}, false},
		{CutAfter, FromTerminal, []string{"EOF", "EOF"}, true},
		{CutBefore, FromLibrary, []string{"EOF", "EOF"}, true},
		{CutWithin, FromLibrary, []string{"121NNY*EOF", "EOF"}, true},
		{CutAfter, FromLibrary, []string{"121NNY*|", "EOF"}, true},
		{Lose, FromTerminal, []string{"silence", "98*"}, false},
		{Lose, FromLibrary, []string{"silence", "98*"}, true},
		{Delay, FromTerminal, []string{"silence", "121NNY*"}, true},
		{Delay, FromLibrary, []string{"silence", "121NNY*"}, true},
		{Double, FromTerminal, []string{"121NNY*", "98*"}, true},
		{Double, FromLibrary, []string{"121NNY*", "121NNY*"}, true},
		{Split, FromTerminal, []string{"121NNY*", "98*"}, true},
		{Split, FromLibrary, []string{"121NNY*", "98*"}, true},
		{HalfOpen, FromTerminal, []string{"silence", "silence"}, false},
		{HalfOpen, FromLibrary, []string{"silence", "silence"}, true},
		{Junk, FromTerminal, []string{"EOF", "EOF"}, false},
		{Junk, FromLibrary, []string{"?? *", "121NNY*"}, true},
	} {
		t.Run(fmt.Sprint(row.do, " ", row.from), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := town(Evergreen())
				p, c := through(t, l, Rules(Rule{row.from, "11", 1, row.do}))
				c.send(out("P1", "I1"))
				see := []string{c.hear()}
				c.send("9900802.00")
				see = append(see, c.hear())
				for n, want := range row.see {
					if !match(want, see[n]) {
						t.Errorf("%d: heard %q, want %q", n, see[n], want)
					}
				}
				_ = c.conn.Close()
				if err := p.Settle(t.Context()); err != nil {
					t.Fatal(err)
				}
				if _, lent := l.Loan("I1"); lent != row.lent {
					t.Errorf("lent %v, want %v", lent, row.lent)
				}
				if did := p.Did(); len(did) != 1 || did[0].From != row.from || did[0].Code != "11" {
					t.Errorf("did %v", did)
				}
			})
		})
	}
}

// A garbled message is asked for again by the library, and is told from its
// checksum by the terminal, wherever the other byte is.
func TestGarbledIsDamaged(t *testing.T) {
	d := Plain()
	m := sealed(out("P1", "I1"), "3")
	for n := range len(m) {
		b := string(garbled([]byte(m+"\r"), n))
		if b == m+"\r" || !strings.HasSuffix(b, "\r") || strings.Count(b, "\r") != 1 {
			t.Fatalf("%d: %q", n, b)
		}
		if r, ok := d.read(strings.TrimSuffix(b, "\r")); ok && r.summed && !r.damaged {
			t.Errorf("%q is intact", b)
		}
	}
}

// A request that is held back arrives when the terminal leaves, before the
// terminal is let in again.
func TestALateRequestArrives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := town(Plain())
		p, c := through(t, l, Rules(Rule{FromTerminal, "11", 0, Delay}))
		c.send(out("P1", "I1"))
		if said := c.hear(); said != "silence" {
			t.Errorf("heard %q", said)
		}
		_ = c.conn.Close()
		c = reconnect(t, p)
		defer c.conn.Close()
		c.send(info("I1"))
		if said := c.hear(); !match("1804*", said) {
			t.Errorf("heard %q", said)
		}
	})
}

// The third of its kind, over sockets.
func TestTheAnswerToTheThirdCheckoutIsLost(t *testing.T) {
	l := town(Koha())
	p := NewProxyTo(l.Start(t), Rules(Rule{FromLibrary, "11", 3, CutBefore}))
	conn, err := net.Dial("tcp", p.Start(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	c := &terminal{t, conn, bufio.NewReader(conn)}
	for n, want := range []string{"121NNY*", "121NNY*", "1803*", "EOF"} {
		m := []string{out("P1", "I1"), out("P1", "I2"), info("I3"), out("P1", "I3")}[n]
		if said := c.say(m); !match(want, said) {
			t.Errorf("%d: %q", n, said)
		}
	}
	if err := p.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(l.Loans()) != 3 {
		t.Errorf("loans %v", l.Loans())
	}
	if open, most, total := l.Connections(); open != 0 || most != 1 || total != 1 {
		t.Errorf("%d, %d, %d connections", open, most, total)
	}
}

// The same seed meets the same faults.
func TestNoiseIsSeeded(t *testing.T) {
	run := func(seed uint64) []Fault {
		s := Noise(seed, 3, Faults()...)
		var all []Fault
		for range 60 {
			all = append(all, s(Passage{}))
		}
		return all
	}
	one, other := run(1), run(2)
	if !slices.Equal(one, run(1)) || slices.Equal(one, other) {
		t.Error("not by the seed")
	}
	hit := len(slices.DeleteFunc(slices.Clone(one), func(f Fault) bool { return f == Pass }))
	if hit < 10 || hit > 30 {
		t.Errorf("%d of 60 at one in three", hit)
	}
}
