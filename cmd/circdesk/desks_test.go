package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"circdesk/store/secret"
)

// vaulted lets the keys of this test be kept behind a passphrase, at the least price.
func vaulted(t *testing.T) {
	t.Helper()
	config := t.TempDir()
	for _, name := range []string{"XDG_CONFIG_HOME", "HOME", "AppData"} {
		t.Setenv(name, config)
	}
	file := filepath.Join(config, "passphrase")
	if err := os.WriteFile(file, []byte("a passphrase of the test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(passphraseEnv, file)
	dir, err := secret.DefaultVault()
	if err != nil {
		t.Fatal(err)
	}
	if err := (&secret.Vault{Dir: dir, Passphrase: secret.FromFile(file), Work: 1}).Set("first", nil); err != nil {
		t.Fatal(err)
	}
}

// A desk is let in by a code, known by its key, shut out, and let in again.
func TestADeskIsLetInAndShutOut(t *testing.T) {
	vaulted(t)
	server, desk := t.TempDir(), filepath.Join(t.TempDir(), "desk")
	url := serves(t, server)
	does := func(want int, says string, args ...string) string {
		t.Helper()
		out, errs, code := here(t, ":sync\n", args...)
		if code != want || !strings.Contains(out+errs, says) {
			t.Errorf("%q ended with %d: %s%s", args, code, out, errs)
		}
		return out
	}
	invite := func() string {
		t.Helper()
		return strings.TrimSpace(does(exitDone, "", "desks", "invite", "--name", "main-2", "--library", "main", "--data", server))
	}
	list := func() (d rolled) {
		t.Helper()
		if err := json.Unmarshal([]byte(does(exitDone, "main-2", "desks", "list", "--json", "--data", server)), &d); err != nil {
			t.Fatal(err)
		}
		return d
	}
	does(exitDone, "no desk has been heard of yet", "desks", "list", "--data", server)
	does(exitFailed, "desks invite", "desk", "--json", "--central", url, "--data", desk)
	does(exitFailed, "not enrolled", "desk", "--json", "--central", url, "--code", "0000-0000-0000-0000", "--data", desk)
	code := invite()
	if len(strings.ReplaceAll(code, "-", "")) != 16 {
		t.Errorf("the code is %q", code)
	}
	does(exitDone, "enrolled as main-2", "desk", "--json", "--central", url, "--code", strings.ToLower(code), "--data", desk)
	does(exitDone, "nothing is left", "sync", "--data", desk) // the folder knows its server
	if d := list(); d.State != "enrolled" || d.Library != "main" || d.Days < 89 || d.Left != 0 || d.Seen.IsZero() {
		t.Errorf("listed as %+v", d)
	}
	does(exitDone, "enrolled, heard of", "desks", "list", "--data", server)
	does(exitDone, "Front", "desks", "rename", "main-2", "Front", "--data", server)
	does(exitFailed, "no desk main-9", "desks", "revoke", "main-9", "--data", server)
	does(exitDone, "shut out", "desks", "revoke", "main-2", "--data", server)
	does(exitFailed, "revoked", "sync", "--data", desk)
	if d := list(); d.State != "revoked" || d.Name != "Front" {
		t.Errorf("listed as %+v", d)
	}
	does(exitDone, "enrolled as main-2", "desk", "--json", "--code", invite(), "--data", desk)
	does(exitDone, "nothing is left", "sync", "--data", desk)
	if d := list(); d.State != "enrolled" || len(d.Notes) != 2 {
		t.Errorf("listed as %+v", d)
	}
}

func TestACodeIsAskedForAtTheServer(t *testing.T) {
	for _, row := range []struct {
		name string
		args []string
		want int
		says string
	}{
		{"where no server is", []string{"desks", "invite"}, exitFailed, "no central server's store"},
		{"for a name that none is", []string{"desks", "invite", "--name", "../main"}, exitFailed, "letters, digits"},
		{"for no time at all", []string{"desks", "invite", "--for", "0s"}, exitUsage, "--for"},
		{"an enrolment that lasts no day", []string{"serve", "--lapse", "0"}, exitUsage, "--lapse"},
	} {
		dir := t.TempDir()
		if row.want != exitFailed || strings.Contains(row.says, "letters") {
			dir = ownFolder(t)
		}
		out, errs, code := here(t, "", append(row.args, "--data", dir)...)
		if code != row.want || !strings.Contains(out+errs, row.says) {
			t.Errorf("%s: ended with %d: %s%s", row.name, code, out, errs)
		}
	}
}
