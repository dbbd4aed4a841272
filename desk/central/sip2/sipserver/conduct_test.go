package sipserver

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

const (
	ask99 = "9900802.00"
	out1  = "11YN" + stamp + noDate + "AOMAIN|AA2001|AB3001|AC|"
	in1   = "09N" + stamp + stamp + "APMAIN|AOMAIN|AB3001|AC|"
	item1 = "17" + stamp + "AOMAIN|AB3001|"
)

// What a damaged, doubled or strange message comes to, for a terminal that numbers and
// sums its messages.
func TestConduct(t *testing.T) {
	t.Run("a bad checksum is asked for again", func(t *testing.T) {
		m := start(t).kiosk(t)
		if got := m.ask(item1 + "AY1AZ0000"); got != "96AZFEF6" {
			t.Error(got)
		}
	})
	t.Run("a message that was damaged is carried out when it comes whole", func(t *testing.T) {
		w := start(t)
		m := w.kiosk(t)
		if got := m.ask(out1[:len(out1)-3] + "x|" + "AY0AZ1234"); got != "96AZFEF6" {
			t.Error(got)
		}
		if got := m.safe(out1); !strings.HasPrefix(got, "121N") || len(w.entries(t, "kiosk")) != 1 {
			t.Error(got)
		}
	})
	t.Run("97 brings the last answer again, without its number", func(t *testing.T) {
		m := start(t).kiosk(t)
		was := m.safe(item1)
		again := m.ask("97AZFEF5")
		if want := summed(was); again != want {
			t.Errorf("%q, want %q", again, want)
		}
		if bare := m.ask("97"); bare != was {
			t.Errorf("bare: %q, want %q", bare, was)
		}
	})
	t.Run("97 brings a 96 again, and a 96 where nothing was said", func(t *testing.T) {
		m := start(t).connect(t)
		if got := m.ask("97AZFEF5"); got != "96AZFEF6" {
			t.Error(got)
		}
		if got := m.ask("9300CNx|AY0AZ0000"); got != "96AZFEF6" {
			t.Error(got)
		}
		if got := m.ask("97AZFEF5"); got != "96AZFEF6" {
			t.Error(got)
		}
	})
	for _, row := range []struct{ name, message string }{{"11", out1}, {"09", in1}} {
		t.Run("the same "+row.name+" twice is one", func(t *testing.T) {
			w := start(t)
			m := w.kiosk(t)
			first := m.ask(sealed(row.message, 4))
			second := m.ask(sealed(row.message, 4))
			if first != second || !strings.Contains(first, "AY4AZ") || len(w.entries(t, "kiosk")) != 1 {
				t.Errorf("%q\n%q", first, second)
			}
		})
		t.Run("the same "+row.name+" with another number is one", func(t *testing.T) {
			w := start(t)
			m := w.kiosk(t)
			first, second := m.safe(row.message), m.safe(row.message)
			if first != second || len(w.entries(t, "kiosk")) != 1 {
				t.Errorf("%q\n%q", first, second)
			}
		})
		t.Run("the same "+row.name+" without numbers is one", func(t *testing.T) {
			w := start(t)
			m := w.kiosk(t)
			first, second := m.ask(row.message), m.ask(row.message)
			if first != second || strings.Contains(first, "AY") || len(w.entries(t, "kiosk")) != 1 {
				t.Errorf("%q\n%q", first, second)
			}
		})
	}
	t.Run("a message that nobody knows is asked for again, and the connection stays", func(t *testing.T) {
		m := start(t).kiosk(t)
		if got := m.ask("88x|"); got != "96" {
			t.Error(got)
		}
		if got := m.ask(sealed("88x|", 3)); got != "96AZFEF6" {
			t.Error(got)
		}
		if got := m.safe(ask99); !strings.HasPrefix(got, "98Y") {
			t.Error(got)
		}
	})
	t.Run("or passed over, where the settings say so", func(t *testing.T) {
		m := start(t, func(s string) string { return "unknown_messages = \"ignore\"\n" + s }).kiosk(t)
		m.say("88x|")
		if got := m.safe(ask99); !strings.HasPrefix(got, "98Y") {
			t.Error(got)
		}
	})
	t.Run("CRLF, blanks and delimiters around a message do no harm", func(t *testing.T) {
		m := start(t).kiosk(t)
		for _, s := range []string{ask99 + "\r\n", "\r\n \r" + ask99, ask99 + "  "} {
			if got := m.ask(s); !strings.HasPrefix(got, "98Y") {
				t.Errorf("%q: %q", s, got)
			}
		}
		for _, s := range []string{item1 + "||", sealed(item1, 1) + "|||", sealed(item1, 2) + "\r|||", "|||\r\n||" + sealed(item1, 3)} {
			if got := m.ask(s); !strings.HasPrefix(got, "1803") {
				t.Errorf("%q: %q", s, got)
			}
		}
		if got := m.ask(sealed(ask99, 4)); !strings.HasPrefix(got, "98Y") {
			t.Errorf("something was said of delimiters alone: %q", got)
		}
	})
	t.Run("LF alone ends a message of whoever sends no CR", func(t *testing.T) {
		m := start(t).connect(t)
		if _, err := m.Write([]byte("9300CNsc|COsecret|\n")); err != nil {
			t.Fatal(err)
		}
		if got := m.hear(); got != "941" {
			t.Error(got)
		}
	})
	t.Run("a checksum in small letters counts", func(t *testing.T) {
		m := start(t).kiosk(t)
		s := sealed(item1, 2)
		n := len(s) - 4
		if got := m.ask(s[:n] + strings.ToLower(s[n:])); !strings.HasPrefix(got, "1803") {
			t.Error(got)
		}
	})
	t.Run("two messages in one piece are two, and one in many pieces is one", func(t *testing.T) {
		m := start(t).kiosk(t)
		m.say(sealed(item1, 1) + "\r" + sealed(ask99, 2))
		if a, b := m.hear(), m.hear(); !strings.HasPrefix(a, "1803") || !strings.HasPrefix(b, "98Y") {
			t.Errorf("%q %q", a, b)
		}
		for _, c := range []byte(sealed(item1, 3) + "\r") {
			if _, err := m.Write([]byte{c}); err != nil {
				t.Fatal(err)
			}
		}
		if got := m.hear(); !strings.HasPrefix(got, "1803") {
			t.Error(got)
		}
	})
	t.Run("each message is answered with or without a checksum, as it came", func(t *testing.T) {
		m := start(t).kiosk(t)
		if got := m.ask(ask99); strings.Contains(got, "AZ") {
			t.Error(got)
		}
		m.safe(ask99)
		if got := m.ask(ask99); strings.Contains(got, "AZ") {
			t.Error(got)
		}
	})
	t.Run("another institution does not matter, nor do strange fields; the first of two counts", func(t *testing.T) {
		m := start(t).kiosk(t)
		got := m.ask("17" + stamp + "ZZodd|AOelsewhere|AB3001|AB3002|")
		if !strings.HasPrefix(got, "1803") || !strings.Contains(got, "|AB3001|") {
			t.Error(got)
		}
	})
	t.Run("of two lists the first is given", func(t *testing.T) {
		m := start(t).kiosk(t)
		m.ask(out1)
		got := m.ask("63001" + stamp + "  YYYY    AOMAIN|AA2001|")
		if !strings.Contains(got, "|AU3001|") || strings.Contains(got, "|AV") {
			t.Error(got)
		}
	})
	t.Run("fields in any order", func(t *testing.T) {
		m := start(t).kiosk(t)
		if got := m.ask("11NN" + stamp + noDate + "AC|AB3001|AA2001|AOMAIN|"); !strings.HasPrefix(got, "121N") {
			t.Error(got)
		}
	})
	t.Run("blanks around a barcode do not count", func(t *testing.T) {
		m := start(t).kiosk(t)
		if got := m.ask("17" + stamp + "AOMAIN|AB 3001 |"); !strings.HasPrefix(got, "1803") {
			t.Error(got)
		}
	})
	t.Run("a date with zeros for a zone, and a military letter", func(t *testing.T) {
		m := start(t).kiosk(t)
		for _, zone := range []string{"0000", "   Z", "   A", "   Q"} {
			at := "20261126" + zone + "110000"
			if got := m.ask("11NN" + at + noDate + "AOMAIN|AA2001|AB3001|AC|"); !strings.HasPrefix(got, "121") {
				t.Errorf("%s: %q", zone, got)
			}
		}
	})
	t.Run("an old version of the protocol is told so", func(t *testing.T) {
		m := start(t).kiosk(t)
		if got := m.ask("9900803.00"); !strings.HasPrefix(got, "98N") || !strings.Contains(got, "AFthis system speaks SIP2 version 2.00") {
			t.Error(got)
		}
	})
	t.Run("a terminal that must number its messages", func(t *testing.T) {
		m := start(t).connect(t)
		if got := m.ask("9300CNcareful|COsecret|"); got != "941" {
			t.Fatal(got)
		}
		if got := m.ask(ask99); got != "96AZFEF6" {
			t.Error(got)
		}
		if got := m.safe(ask99); !strings.HasPrefix(got, "98Y") {
			t.Error(got)
		}
	})
}

// summed gives a message with a checksum and no number.
func summed(line string) string {
	line += "AZ"
	n := 0
	for _, c := range []byte(line) {
		n += int(c)
	}
	return fmt.Sprintf("%s%04X", line, (-n)&0xffff)
}

// Before a login there is nothing but login and status.
func TestLogin(t *testing.T) {
	w := start(t)
	m := w.connect(t)
	if got := m.ask(ask99); !strings.HasPrefix(got, "98Y") || strings.Contains(got, "AN") {
		t.Errorf("status: %q", got)
	}
	m.say(item1)
	m.say(out1)
	for _, bad := range []string{"9300CNsc|COwrong|", "9300CNnobody|COsecret|", "9300CNsc|CO|", "9300CN|CO|", "9311CNsc|COsecret|", "9300CNsorter|COsecret|"} {
		if got := m.ask(bad); got != "940" {
			t.Errorf("%s: %q", bad, got)
		}
	}
	if got := m.ask("9300CNsc|COsecret|"); got != "941" {
		t.Errorf("the right one: %q", got)
	}
	if got := m.ask(item1); !strings.HasPrefix(got, "1803") {
		t.Errorf("%q", got)
	}
	if n := len(w.entries(t, "kiosk")); n != 0 {
		t.Errorf("%d entries of before the login", n)
	}
	if got := m.ask("9300CNsc|COwrong|"); got != "940" {
		t.Error(got)
	}
	m.say(item1)
	if got := m.ask("9300CNsorter|COsortit|"); got != "941" {
		t.Errorf("nothing was said in between: %q", got)
	}
	if got := m.ask("11NN" + stamp + noDate + "AOBR|AA2001|AB3001|"); got != "120NUN"+stamp+"AOBR|AA2001|AB3001|AJ|AH|AFthis machine does not do that|" {
		t.Errorf("a sorter lends: %q", got)
	}
	if got := m.ask(ask99); !strings.HasPrefix(got, "98YYNNNN") || !strings.Contains(got, "BXNNYNYYYNYNYNNNNN|") {
		t.Errorf("what a sorter can: %q", got)
	}
	again := w.connect(t)
	again.say(item1) // nothing of the other connection is left
	if got := again.ask("9300CNsc|COsecret|"); got != "941" {
		t.Error(got)
	}
}

// What nobody can read, or everybody sends, does not take the server up.
func TestLimits(t *testing.T) {
	short := func(s string) string {
		return strings.Replace(s, "[media]", "[limits]\nbytes = 300\nconnections = 4\nconnections_of_login = 2\n[media]", 1)
	}
	t.Run("a message that is too long ends the connection", func(t *testing.T) {
		m := start(t, short).kiosk(t)
		m.say(item1 + strings.Repeat("x", 400))
		if !m.gone() {
			t.Error("it is there")
		}
	})
	t.Run("so does one that drips in", func(t *testing.T) {
		w := start(t, func(l *Limits) { l.Message = 50 * time.Millisecond })
		m := w.kiosk(t)
		if _, err := m.Write([]byte("17")); err != nil {
			t.Fatal(err)
		}
		if !m.gone() {
			t.Error("it is there")
		}
	})
	t.Run("and a silence, also one of blank lines", func(t *testing.T) {
		w := start(t, func(l *Limits) { l.Idle = 50 * time.Millisecond })
		m := w.kiosk(t)
		_, _ = m.Write([]byte("\r\n\r\n"))
		if !m.gone() {
			t.Error("it is there")
		}
	})
	t.Run("and nobody who logs in", func(t *testing.T) {
		w := start(t, func(l *Limits) { l.Login = 50 * time.Millisecond })
		if !w.connect(t).gone() {
			t.Error("it is there")
		}
	})
	t.Run("a line feed that comes late is no message that drips in", func(t *testing.T) {
		w := start(t, func(l *Limits) { l.Message = time.Nanosecond })
		m := w.kiosk(t)
		for _, tail := range []string{"\n", "|||\r", "\n"} {
			m.say(ask99)
			if got := m.hear(); !strings.HasPrefix(got, "98Y") {
				t.Fatal(got)
			}
			_, _ = m.Write([]byte(tail))
		}
	})
	t.Run("strangers", func(t *testing.T) {
		m := start(t).connect(t)
		for range strangers + 1 {
			m.say(item1)
		}
		if !m.gone() {
			t.Error("it is there")
		}
	})
	t.Run("noise", func(t *testing.T) {
		m := start(t).connect(t)
		for range unreadable {
			m.say("##")
		}
		for range unreadable {
			if got, err := m.next(); err == nil && got != "96AZFEF6" {
				t.Errorf("%q", got)
			}
		}
		if !m.gone() {
			t.Error("it is there")
		}
	})
	t.Run("connections of a login, and of all", func(t *testing.T) {
		w := start(t, short)
		w.kiosk(t)
		w.kiosk(t)
		third := w.connect(t)
		if got := third.ask("9300CNsc|COsecret|"); got != "940" {
			t.Errorf("a third of one login: %q", got)
		}
		if got := third.ask("9300CNsorter|COsortit|"); got != "941" {
			t.Errorf("of another: %q", got)
		}
		w.logIn(t, "sorter", "sortit")
		if !w.connect(t).gone() {
			t.Error("a fifth connection is there")
		}
		_ = third.Close()
		until(t, func() bool {
			c, err := net.Dial("tcp", w.addr)
			if err != nil {
				return false
			}
			defer c.Close()
			_, _ = c.Write([]byte(ask99 + "\r"))
			b := make([]byte, 2)
			_ = c.SetReadDeadline(time.Now().Add(time.Second))
			n, _ := c.Read(b)
			return n == 2
		})
	})
	t.Run("a password that is tried", func(t *testing.T) {
		w := start(t)
		m := w.connect(t)
		for i := range freeTries {
			if got := m.ask(fmt.Sprintf("9300CNsc|COguess%d|", i)); got != "940" {
				t.Fatal(got)
			}
		}
		if got := m.ask("9300CNsc|COsecret|"); got != "940" {
			t.Error("a right one counts at once")
		}
		w.pass(2 * tryAgain)
		if got := m.ask("9300CNsc|COsecret|"); got != "941" {
			t.Error("nobody is locked out")
		}
	})
}

func until(t *testing.T, is func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not come about")
		}
	}
}

// A load balancer looks whether the server is there: it connects and leaves, or logs in
// and leaves. Nobody hears of it.
func TestHealthChecks(t *testing.T) {
	w := start(t)
	for range 20 {
		c, err := net.Dial("tcp", w.addr)
		if err != nil {
			t.Fatal(err)
		}
		_ = c.Close()
	}
	m := w.kiosk(t)
	_ = m.Close()
	until(t, func() bool { w.Server.mu.Lock(); defer w.Server.mu.Unlock(); return len(w.open) == 0 })
	for line := range strings.Lines(w.log.String()) {
		if !strings.Contains(line, "level=DEBUG") && !strings.Contains(line, "verdict=logged_in") {
			t.Errorf("noise: %s", line)
		}
	}
}
