package main

import (
	"bufio"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"circdesk/cmd/internal/folder"
)

// A terminal is added, listed, checked and removed; its password stands nowhere.
func TestTerminals(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, folder.Terminals)
	for _, row := range []struct {
		name, in string
		args     []string
		code     int
		says     string
	}{
		{"none yet", "", []string{"list"}, exitFailed, "'circdesk terminals add LOGIN' writes it"},
		{"a password that is too short", "x\n", []string{"add", "sc1"}, exitUsage, "password has less than 4"},
		{"a power that nobody has", "secret\n", []string{"add", "sc1", "--may", "fly"}, exitFailed, "may: \"fly\" is not one of"},
		{"the first", "secret\n", []string{"add", "sc1", "--name", "Entrance", "--charset", "utf8"}, exitDone, "sc1 may log in, as desk sip2-sc1"},
		{"again", "secret\n", []string{"add", "sc1"}, exitFailed, "line 14: terminal 2: login: \"sc1\" is that of another terminal"},
		{"in another library", "secret\n", []string{"add", "sorter", "--institution", "EAST", "--library", "east", "--may", "check_in"}, exitDone, "sorter may log in"},
		{"where there are several", "secret\n", []string{"add", "sc3"}, exitFailed, "institution is missing"},
		{"all", "", []string{"list"}, exitDone, "sorter, sip2-sorter, EAST, cp850, check_in\n"},
		{"for scripts", "", []string{"list", "--json"}, exitDone, `{"login":"sorter","desk":"sip2-sorter","institution":"EAST","library":"east","charset":"cp850","may":["check_in"],"rights":["circulate"]}`},
		{"no mistakes", "", []string{"check"}, exitDone, "has no mistakes"},
		{"one that is none", "", []string{"remove", "sc9"}, exitFailed, "no terminal logs in as sc9"},
		{"removed", "", []string{"remove", "sc1"}, exitDone, "sc1 may not log in any more"},
		{"one is left", "", []string{"list"}, exitDone, "sorter, sip2-sorter, EAST, cp850, check_in\n"},
	} {
		out, errs, code := here(t, row.in, append(append([]string{"terminals"}, row.args...), "--data", dir)...)
		if code != row.code || !strings.Contains(out+errs, row.says) {
			t.Errorf("%s: code %d, %s%s", row.name, code, out, errs)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil || strings.Contains(string(b), "secret") || strings.Contains(string(b), "sc1") {
		t.Errorf("%v, %s", err, b)
	}
	sample, _, _ := here(t, "", "terminals", "sample")
	if err := os.WriteFile(file, []byte(sample), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := here(t, "", "terminals", "check", "--data", dir); code != exitDone {
		t.Errorf("the sample has mistakes: %s", errs)
	}
}

func TestServeSIP2Refused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	serve := func(args ...string) (string, int) {
		_, errs, code := here(t, "", append([]string{"serve", "--listen", "127.0.0.1:0", "--data", dir}, args...)...)
		return errs, code
	}
	if errs, code := serve("--sip2", "127.0.0.1:0"); code != exitFailed || !strings.Contains(errs, "circdesk terminals add") {
		t.Errorf("%d %s", code, errs)
	}
	if err := os.WriteFile(filepath.Join(dir, folder.Terminals), []byte("[[institution]]\nid = \"M\"\nlibrary = \"main\"\nfax = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if errs, code := serve("--sip2", "127.0.0.1:0"); code != exitFailed || !strings.Contains(errs, "line 4: institution 1: no such key") {
		t.Errorf("%d %s", code, errs)
	}
	if err := os.WriteFile(filepath.Join(dir, folder.Terminals), []byte("[[institution]]\nid = \"M\"\nlibrary = \"main\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if errs, code := serve("--sip2", "0.0.0.0:0"); code != exitUsage || !strings.Contains(errs, "--sip2-plain-network") {
		t.Errorf("%d %s", code, errs)
	}
	if errs, code := serve("--sip2", "127.0.0.1:0", "--sip2-cert", "x"); code != exitUsage || !strings.Contains(errs, "both") {
		t.Errorf("%d %s", code, errs)
	}
	if errs, code := serve("--sip2", "127.0.0.1:0", "--sip2-cert", "x", "--sip2-key", "y"); code != exitFailed || !strings.Contains(errs, "x cannot be read") {
		t.Errorf("%d %s", code, errs)
	}
}

// A server that runs answers terminals, also one that is added while it does; PINs are set
// through it, and what a terminal told against the rules is on its list.
func TestServeSIP2(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	csv := filepath.Join(dir, "patrons.csv")
	if err := os.WriteFile(csv, []byte("card,family,given,group\n21000000000017,Silva,Maria,adult\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := here(t, "", "load", "patrons", csv, "--data", dir); code != exitDone {
		t.Fatalf("%d %s", code, errs)
	}
	text := "pin = \"stored\"\n[[institution]]\nid = \"M\"\nlibrary = \"main\"\n[[terminal]]\nlogin = \"a\"\npassword = \"" + cheapHash("secret") + "\"\n"
	if err := os.WriteFile(filepath.Join(dir, folder.Terminals), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, "serve", "--listen", "127.0.0.1:0", "--sip2", "127.0.0.1:0", "--data", dir)
	address := ""
	for until := time.Now().Add(longEnough); address == "" && time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if _, at, ok := strings.Cut(p.said(), "SIP2 terminals are answered on "); ok {
			if at, _, ok = strings.Cut(at, "\n"); ok {
				address = strings.TrimSpace(at)
			}
		}
	}
	ask := func(lines ...string) (last string) {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		r := bufio.NewReader(c)
		for _, l := range lines {
			if _, err := c.Write([]byte(l + "\r")); err != nil {
				t.Fatal(err)
			}
			if last, err = r.ReadString('\r'); err != nil {
				t.Fatal(err)
			}
		}
		return last
	}
	if got := ask("9300CNa|COsecret|"); got != "941\r" {
		t.Errorf("%q\n%s", got, p.said())
	}
	if _, errs, code := here(t, "later\n", "terminals", "add", "b", "--data", dir); code != exitDone {
		t.Fatal(errs)
	}
	if got := ask("9300CNb|COlater|"); got != "941\r" {
		t.Errorf("a terminal that was added: %q", got)
	}
	if _, errs, code := here(t, "4711\n", "terminals", "pin", "--data", dir, "--", "21000000000017"); code != exitDone {
		t.Fatal(errs)
	}
	if _, errs, code := here(t, "4711\n", "terminals", "pin", "2999", "--data", dir); code != exitFailed || !strings.Contains(errs, "no patron has the card 2999") {
		t.Errorf("%d %s", code, errs)
	}
	if got := ask("9300CNa|COsecret|", "2300120261126    120000AOM|AA21000000000017|AC|AD4711|"); !strings.Contains(got, "|CQY|") || !strings.Contains(got, "Maria Silva") {
		t.Errorf("%q", got)
	}
	if out, errs, code := here(t, "", "terminals", "facts", "--data", dir); code != exitDone || !strings.Contains(errs, "nothing that terminals have told") {
		t.Errorf("%d %s%s", code, out, errs)
	}
	if strings.Contains(p.said(), "Silva") || strings.Contains(p.said(), "21000000000017") {
		t.Errorf("a patron is in the log: %s", p.said())
	}
}
