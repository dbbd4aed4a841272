package main

import (
	"encoding/json"
	"net"
	"strings"
	"testing"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/central/sip2/siptest"
)

// sip2Library is a library system at an address of this machine.
func sip2Library(t *testing.T, d siptest.Dialect) string {
	t.Helper()
	l := siptest.New(d)
	l.AddLogin(siptest.Login{User: "desk1", Password: "secret"})
	l.AddPatron(siptest.Patron{ID: "P1", Name: "Zoë Händel"})
	l.AddItem(siptest.Item{ID: "I1", Title: "Le Piège | après"})
	l.AddLoan(siptest.Loan{Patron: "P1", Item: "I1", Due: time.Date(2026, 12, 17, 23, 59, 0, 0, time.UTC)})
	return l.Start(t)
}

func TestAProbeSaysWhatASystemIsAndHowToSetIt(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		dialect siptest.Dialect
		says    []string
	}{
		{siptest.Plain(), []string{"profile plain\n", "nothing tells it from the others", "may be cp850", `profile = 'plain'`, "connections = 2"}},
		{siptest.Koha(), []string{
			"profile koha: it says its name; its messages end in CR LF", "dates = ['01/02/2006 15:04']", "does not take: patron enable", `profile = 'koha'`,
			`charset = 'utf8'`, "99 SC status before the login: answered", "99 SC status with a wrong checksum: could not be read there",
		}},
		{siptest.Evergreen(), []string{"profile evergreen: accents stand behind", "its character set is utf8", `user = 'desk1'`, "before the login: the connection was ended"}},
		{siptest.FOLIO(), []string{"profile folio: it wants checksums", "without a checksum: could not be read there", `location = 'desk-7'`, `institution = 'main'`}},
	} {
		t.Run(row.dialect.Name, func(t *testing.T) {
			address := sip2Library(t, row.dialect)
			out, errs, code := here(t, "secret\n", "sip2", "probe", address, "--login", "desk1", "--location", "desk-7", "--patron", "P1", "--item", "I1")
			if code != exitDone {
				t.Fatalf("exit code %d: %s", code, errs)
			}
			for _, want := range append(row.says, "10,000 loans", "[sip2]\n", "address = '"+address+"'") {
				if !strings.Contains(out, want) {
					t.Errorf("%q is not said in\n%s", want, out)
				}
			}
			_, table, _ := strings.Cut(out, "[sip2]")
			where := folder.Folder(t.TempDir())
			if _, err := where.Keep(folder.DeskTOML, []byte("[sip2]"+table)); err != nil {
				t.Fatal(err)
			}
			set, err := where.ReadSettings()
			if err != nil {
				t.Fatal(err)
			}
			set.SIP2.Password = "secret"
			if p, err := profileOf(set.SIP2); err != nil || set.SIP2.Address != address || p.Name != row.dialect.Name {
				t.Errorf("settings %+v, profile %s, %v", set.SIP2, p.Name, err)
			}
			if strings.Contains(out+errs, "secret") || strings.Contains(out, "Zoë") || strings.Contains(out, "Pi") {
				t.Errorf("a password, a name or a title in\n%s", out)
			}
		})
	}
}

func TestAProbeForScripts(t *testing.T) {
	t.Parallel()
	address := sip2Library(t, siptest.Koha())
	out, errs, code := here(t, "secret\n", "sip2", "probe", address, "--login", "desk1", "--patron", "P1", "--json")
	var o probed
	if err := json.Unmarshal([]byte(out), &o); err != nil || code != exitDone {
		t.Fatalf("%v, exit code %d, %s", err, code, errs)
	}
	if o.Address != address || !o.Online || !o.Checksums || o.Terminator != "CRLF" || o.Charset != "utf8" || o.Fits[0].Profile != "koha" || len(o.Tried) < 10 || len(o.Lacks) != 1 {
		t.Errorf("%+v", o)
	}
}

func TestAProbeSaysTheWayOut(t *testing.T) {
	t.Parallel()
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := gone.Addr().String()
	gone.Close()
	koha := sip2Library(t, siptest.Koha())
	for _, row := range []struct {
		name string
		in   string
		args []string
		code int
		says string
	}{
		{"nobody listens", "", []string{closed}, exitFailed, "check the port"},
		{"for scripts, too", "", []string{closed, "--json"}, exitFailed, `"trouble":"nothing_listens"`},
		{"a login that is needed", "", []string{sip2Library(t, siptest.Evergreen())}, exitFailed, "--login"},
		{"a wrong password", "wrong\n", []string{koha, "--login", "desk1"}, exitFailed, "refuses the login"},
		{"TLS where there is none", "", []string{koha, "--tls"}, exitFailed, "without --tls"},
		{"no address", "", nil, exitUsage, "accepts 1 arg"},
		{"no time to wait", "", []string{koha, "--wait", "0s"}, exitUsage, "--wait"},
		{"a certificate without TLS", "", []string{koha, "--ca", "x.pem"}, exitUsage, "--tls"},
		{"a certificate that is not there", "", []string{koha, "--tls", "--ca", "x.pem"}, exitFailed, "x.pem is not there"},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, errs, code := here(t, row.in, append([]string{"sip2", "probe"}, row.args...)...)
			if code != row.code || !strings.Contains(out+errs, row.says) {
				t.Errorf("exit code %d, want %d, and %q in\n%s%s", code, row.code, row.says, out, errs)
			}
		})
	}
}

func TestThePortOfSIP2(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"koha.example": "koha.example:6001", "koha.example:6002": "koha.example:6002", "::1": "[::1]:6001", "[::1]": "[::1]:6001", "[::1]:7": "[::1]:7",
	} {
		if got := withPort(given); got != want {
			t.Errorf("%s is %s, want %s", given, got, want)
		}
	}
}
