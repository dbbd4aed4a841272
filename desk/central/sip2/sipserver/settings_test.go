package sipserver

import (
	"context"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestSample(t *testing.T) {
	s, err := Parse(Sample())
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Terminals) != 1 || s.Terminals[0].Payments["01"] != "card" || s.Terminals[0].Desk != "sip2-selfcheck1" || s.Terminals[0].Drawer != "main/till" {
		t.Errorf("%+v", s.Terminals)
	}
	without, err := Remove(Sample(), "selfcheck1")
	if err != nil {
		t.Fatal(err)
	}
	if s, err = Parse(without); err != nil || len(s.Terminals) != 0 || len(s.Bins) != 4 {
		t.Errorf("%v, %+v", err, s)
	}
	if _, err := Remove(Sample(), "nobody"); err != ErrNoTerminal {
		t.Error(err)
	}
}

// A text may be of the sample's keys only, and the sample shows every one.
func TestTheSampleShowsAll(t *testing.T) {
	for _, key := range []string{
		"unknown_messages", "delimiter", "security", "magnetic", "pin", "connections", "connections_of_login", "login", "message", "idle", "bytes",
		"id", "library", "name", "bin", "route", "location", "password", "desk", "institution", "may", "rights", "yes", "pin_needed", "fee_needs_yes",
		"hides", "charset", "ending", "strict", "due", "drawer",
	} {
		if !strings.Contains(string(Sample()), key+" = ") {
			t.Errorf("the sample does not show %s", key)
		}
	}
	for p := range powers {
		if !strings.Contains(string(Sample()), `"`+p+`"`) {
			t.Errorf("the sample does not show the power %s", p)
		}
	}
	for h := range hidden {
		if !strings.Contains(string(Sample()), h) {
			t.Errorf("the sample does not show that %s can be hidden", h)
		}
	}
}

// Every mistake is named, with its line.
func TestMistakes(t *testing.T) {
	const plain = "[[institution]]\nid = \"M\"\nlibrary = \"main\"\n"
	good := "[[terminal]]\nlogin = \"a\"\npassword = \"" + hashed("x") + "\"\n"
	for _, row := range []struct{ name, text, want string }{
		{"nothing", "", "no [[institution]]: what a terminal calls the library (AO)"},
		{"no TOML", "x = = 1", `line 1: not TOML`},
		{"a key that nobody knows", plain + "colour = 1", `line 4: institution 1: no such key: "colour"`},
		{"a password in clear", plain + "[[terminal]]\nlogin = \"a\"\npassword = \"secret\"", "line 6: terminal 1: password: is not hashed: write the terminal with 'circdesk terminals add'"},
		{"no password", plain + "[[terminal]]\nlogin = \"a\"", "line 4: terminal 1: password is missing"},
		{"two of one login", plain + good + good, `line 8: terminal 2: login: "a" is that of another terminal`},
		{"two of one desk", plain + good + "desk = \"d\"\n[[terminal]]\nlogin = \"b\"\ndesk = \"d\"\npassword = \"" + hashed("x") + "\"", `line 10: terminal 2: desk: "d" is that of another terminal`},
		{"an institution that is none", plain + good + "institution = \"N\"", `line 7: terminal 1: institution: "N" is no [[institution]] of these settings`},
		{"a power that nobody has", plain + good + "may = [\"check_out\", \"fly\"]", `line 7: terminal 1: may: "fly" is not one of`},
		{"a right that nobody has", plain + good + "rights = [\"all\"]", `line 7: terminal 1: rights: "all" is not one of`},
		{"a yes to what cannot be", plain + good + "yes = [\"unknown_item\"]", `line 7: terminal 1: yes: "unknown_item" is not one of`},
		{"a charset that nobody has", plain + good + "charset = \"ebcdic\"", `line 7: terminal 1: charset: "ebcdic" is not one of`},
		{"a number where a text belongs", plain + good + "name = 4", "line 7: terminal 1: name: is no text in quotes"},
		{"a time that is too short", "limits.idle = \"1s\"\n" + plain, "line 1: limits: idle: want a time from 10s to 24h0m0s"},
		{"a PIN of nothing", "pin = \"shoe size\"\n" + plain, "line 1: pin: want none, stored"},
		{"a PIN that is needed and none", plain + good + "pin_needed = true", "line 7: terminal 1: pin_needed: the settings do not say what a patron's pin is"},
		{"a delimiter that is a letter", "delimiter = \"A\"\n" + plain, "line 1: delimiter: want one character"},
		{"a media type of words", "media.book = \"paper\"\n" + plain, "line 1: media: book: \"paper\" is no media type"},
		{"a bin without a number", plain + "[[bin]]\nroute = \"transit\"", "line 4: bin 1: bin is missing"},
		{"a route that is none", plain + "[[bin]]\nbin = \"1\"\nroute = \"lift\"", "line 6: bin 1: route: \"lift\" is not one of"},
		{"a payment type of words", plain + good + "payments.cash = \"cash\"", "line 7: terminal 1: cash: is no payment type"},
		{"several libraries, and nobody says which", plain + "[[institution]]\nid = \"N\"\nlibrary = \"n\"\n" + good, "line 7: terminal 1: institution is missing: there are several"},
	} {
		_, err := Parse([]byte(row.text))
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %s", row.name, err, row.want)
		}
	}
	_, err := Parse([]byte("pin = 1\nmagnetic = 2\n" + plain + "x = 1\n[[terminal]]\nlogin = \"\"\n"))
	all, _ := err.(Problems)
	if len(all) != 5 {
		t.Errorf("of five mistakes: %v", err)
	}
	for i := 1; i < len(all); i++ {
		if all[i].Line < all[i-1].Line {
			t.Errorf("not in the order of the lines: %v", err)
		}
	}
}

// Who is taken out of the settings, or gets another password, is left at the next message;
// who is changed otherwise goes on until the next login.
func TestWhoIsTakenOutIsLeft(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(string) string
		left   bool
	}{
		{"as it was", func(s string) string { return s }, false},
		{"another may pay", func(s string) string { return strings.Replace(s, `"pay", `, "", 1) }, false},
		{"taken out", func(s string) string { b, _ := Remove([]byte(s), "sc"); return string(b) }, true},
		{"another password", func(s string) string { return strings.Replace(s, hashed("secret"), hashed("other"), 1) }, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := start(t)
			var set atomic.Pointer[Settings]
			set.Store(w.Settings())
			s := &Server{Hub: w.Hub, Settings: set.Load, Words: w.Words, Now: w.now, look: time.Nanosecond}
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- s.Serve(ctx, l) }()
			defer func() { cancel(); <-ended }()
			there := &world{Server: s, addr: l.Addr().String(), store: w.store}
			m := there.kiosk(t)
			if got := m.ask(item1); !strings.HasPrefix(got, "1803") {
				t.Fatal(got)
			}
			next, err := Parse([]byte(row.change(settingsText())))
			if err != nil {
				t.Fatal(err)
			}
			set.Store(next)
			m.say(out1)
			got, err := m.next()
			if left := err != nil; left != row.left || !left && !strings.HasPrefix(got, "121N") {
				t.Errorf("%q, %v", got, err)
			}
			if n := len(w.entries(t, "kiosk")); row.left && n > 0 {
				t.Errorf("%d entries", n)
			}
		})
	}
}
