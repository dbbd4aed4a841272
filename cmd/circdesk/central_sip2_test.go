package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/central/sip2/siptest"
	"circdesk/desk/words"
)

// TestADeskAtASystemThatSpeaksSIP2: nobody has loaded anything; what is scanned is
// looked up, lent, taken back, and the dialogue names nobody.
func TestADeskAtASystemThatSpeaksSIP2(t *testing.T) {
	lib := siptest.New(siptest.Koha())
	lib.AddLogin(siptest.Login{User: "desk", Password: "secret"})
	lib.AddPatron(siptest.Patron{ID: "C2001", Name: "Ada Byron"})
	for n := range 3 {
		lib.AddItem(siptest.Item{ID: fmt.Sprint("B300", n), Title: fmt.Sprint("Book ", n)})
	}
	at := "sip2://" + lib.Start(t)
	dir := t.TempDir()
	trace := filepath.Join(dir, "trace")
	settings := "[sip2]\nprofile = \"koha\"\nuser = \"desk\"\nbranch = \"main\"\ndates = [\"01/02/2006 15:04\"]\n"
	if err := os.WriteFile(filepath.Join(dir, folder.DeskTOML), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(passwordOfSIP2, "secret")
	if _, errs, code := here(t, "4711\n", "operators", "add", "kim", "--data", dir); code != exitDone {
		t.Fatal(errs)
	}
	in := ":operator kim 4711\nC2001\nB3000\nB3001\n:done\n:checkin\nB3000\nC9999\n"
	out, errs, _ := here(t, in, "desk", "--json", "--central", at, "--sip2-trace", trace, "--data", dir)
	var heard []string
	for l := range strings.Lines(out) {
		word, _, _ := strings.Cut(strings.TrimPrefix(l, `{"word":"`), `"`)
		heard = append(heard, word)
	}
	if got := fmt.Sprint(heard); got != "[MODE PATRON OUT OUT DONE MODE IN STOP]" {
		t.Errorf("the desk said %s: %s%s", got, out, errs)
	}
	if !strings.Contains(out, "Book 0") || !strings.Contains(out, "BYRON, Ada") {
		t.Errorf("neither title nor name came from the system: %s", out)
	}
	if _, open := lib.Loan("B3001"); len(lib.Loans()) != 1 || !open || lib.Count(siptest.Renewed, "", "") > 0 {
		t.Errorf("at the system %+v are lent", lib.Loans())
	}
	said, err := os.ReadFile(trace)
	if err != nil || !strings.Contains(string(said), "> 11NN") || !strings.Contains(string(said), "< 121") {
		t.Errorf("traced: %s (%v)", said, err)
	}
	for _, secret := range []string{"C2001", "Byron", "secret"} {
		if strings.Contains(string(said), secret) {
			t.Errorf("%q is in the trace", secret)
		}
	}
	if out, errs, code := here(t, "", "sync", "--central", at, "--data", dir); code != exitDone {
		t.Errorf("sync ends with %d: %s%s", code, out, errs)
	}
	if _, errs, code := here(t, "", "desk", "--plain", "--data", dir); code != exitUsage || !strings.Contains(errs, at) {
		t.Errorf("the same folder without its system ends with %d: %s", code, errs)
	}
}

// TestASyncIsStoppedAndGoesOn: what was done while delivering was paused is delivered by a
// sync, which somebody stops in the middle; the next one goes on, and nothing is done twice.
func TestASyncIsStoppedAndGoesOn(t *testing.T) {
	lib := siptest.New(siptest.Plain())
	lib.AddPatron(siptest.Patron{ID: "C2001", Name: "Ada Byron"})
	const books = 12
	in := ":operator kim 4711\n:pause\nC2001\n"
	look := ":operator kim 4711\nC2001\n"
	for n := range books {
		code := fmt.Sprint("B30", 10+n)
		lib.AddItem(siptest.Item{ID: code, Title: "Book " + code})
		in += code + "\n"
		look += ":item " + code + "\n"
	}
	at, dir := "sip2://"+lib.Start(t), t.TempDir()
	if _, errs, code := here(t, "4711\n", "operators", "add", "kim", "--data", dir); code != exitDone {
		t.Fatal(errs)
	}
	if out, errs, _ := here(t, look, "desk", "--json", "--central", at, "--data", dir); !strings.Contains(out, "BYRON") {
		t.Fatalf("%s%s", out, errs)
	}
	if out, errs, _ := here(t, in, "desk", "--json", "--central", at, "--data", dir); lib.Count(siptest.CheckedOut, "", "") > 0 || strings.Count(out, "\"OUT\"") != books {
		t.Fatalf("%d loans while it is paused: %s%s", lib.Count(siptest.CheckedOut, "", ""), out, errs)
	}
	lib.Latency = 5 * time.Millisecond
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		for lib.Count(siptest.CheckedOut, "", "") < 2 && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		stop()
	}()
	var o, e bytes.Buffer
	p := &program{in: strings.NewReader(""), out: &o, err: &e, words: words.English()}
	if code := p.run(ctx, []string{"sync", "--central", at, "--data", dir}); code != exitLeft || !strings.Contains(o.String(), "still wait") {
		t.Errorf("stopped, it ends with %d: %s%s", code, o.String(), e.String())
	}
	if out, errs, code := here(t, "", "sync", "--central", at, "--data", dir); !strings.Contains(out, "nothing is left") {
		t.Errorf("the next ends with %d: %s%s", code, out, errs)
	}
	if n := lib.Count(siptest.CheckedOut, "C2001", ""); n != books || lib.Count(siptest.Renewed, "", "") > 0 {
		t.Errorf("%d loans, %d renewals for %d", n, lib.Count(siptest.Renewed, "", ""), books)
	}
}

// TestSIP2OverTLS: a desk speaks to a system by TLS, whose authority its settings name;
// without that it says what to write there, and the exit code says that it waits.
func TestSIP2OverTLS(t *testing.T) {
	known := siptest.NewAuthority(t)
	lib := siptest.New(siptest.Plain())
	lib.AddPatron(siptest.Patron{ID: "C2001", Name: "Ada Byron"})
	lib.AddItem(siptest.Item{ID: "B3000", Title: "Book"})
	address, _ := lib.StartTLS(t, "", known.Certify("127.0.0.1", time.Now().Add(time.Hour)))
	dir := t.TempDir()
	ca := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(ca, known.PEM, 0o600); err != nil {
		t.Fatal(err)
	}
	set := func(settings string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, folder.DeskTOML), []byte(settings), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set("central = \"sip2s://" + address + "\"\n[sip2]\nca_file = " + fmt.Sprintf("%q", ca) + "\n")
	if _, errs, code := here(t, "4711\n", "operators", "add", "kim", "--data", dir); code != exitDone {
		t.Fatal(errs)
	}
	out, errs, _ := here(t, ":operator kim 4711\nC2001\nB3000\n", "desk", "--json", "--data", dir)
	if lib.Count(siptest.CheckedOut, "C2001", "B3000") != 1 {
		t.Errorf("not lent: %s%s", out, errs)
	}
	if out, errs, code := here(t, "", "sync", "--data", dir); code != exitDone {
		t.Errorf("sync ends with %d: %s%s", code, out, errs)
	}
	set("central = \"sip2s://" + address + "\"\n")
	if out, errs, code := here(t, "", "sync", "--data", dir); code != exitFailed || !strings.Contains(errs, "ca_file") {
		t.Errorf("without the authority it ends with %d: %s%s", code, out, errs)
	}
}

func TestSettingsOfSIP2(t *testing.T) {
	t.Parallel()
	in := func(text string) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, folder.DeskTOML), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	for _, row := range []struct {
		name, at, settings, says string
	}{
		{"in the clear to another machine", "sip2://ils.example.org:6001", "", "--plain-sip2"},
		{"no host", "sip2://", "", "sip2://host:6001"},
		{"a password in the address", "sip2://a:b@localhost", "", "sip2://host:6001"},
		{"a profile that nobody knows", "sip2://localhost", "[sip2]\nprofile = \"kohai\"\n", "koha, evergreen"},
		{"a character set that nobody knows", "sip2://localhost", "[sip2]\ncharset = \"ebcdic\"\n", "cp850"},
		{"a status at a wrong time", "sip2://localhost", "[sip2]\nstatus = \"often\"\n", "first, after, never"},
		{"a delimiter that stands in values", "sip2://localhost", "[sip2]\ndelimiter = \"A\"\n", "delimiter"},
		{"a zone that is none", "sip2://localhost", "[sip2]\nzone = \"Berlin\"\n", "zone"},
		{"certificates that are not there", "sip2s://localhost", "[sip2]\nca_file = \"/nowhere\"\n", "certificate"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, errs, code := here(t, "", "desk", "--plain", "--central", row.at, "--data", in(row.settings))
			if code != exitUsage || !strings.Contains(errs, row.says) {
				t.Errorf("exit code %d: %s", code, errs)
			}
		})
	}
}
