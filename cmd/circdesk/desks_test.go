package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/central"
	"circdesk/desk/words"
	"circdesk/store/bolt"
	"circdesk/store/secret"
)

// A desk is let in by a code, known by its key, shut out, and let in again.
func TestADeskIsLetInAndShutOut(t *testing.T) {
	t.Parallel()
	server, ring := t.TempDir(), new(secret.Memory)
	at := &sealer{t: t, dir: filepath.Join(t.TempDir(), "desk"), ring: ring}
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
	at.does(exitFailed, "desks invite", ":sync\n", "desk", "--json", "--central", url, "--temporary")
	at.does(exitFailed, "not enrolled", ":sync\n", "desk", "--json", "--central", url, "--code", "0000-0000-0000-0000", "--temporary")
	code := invite()
	if len(strings.ReplaceAll(code, "-", "")) != 16 {
		t.Errorf("the code is %q", code)
	}
	at.does(exitDone, "enrolled as main-2", ":sync\n", "desk", "--json", "--central", url, "--code", strings.ToLower(code), "--temporary")
	at.does(exitDone, "nothing is left", ":sync\n", "sync") // the folder knows its server
	if d := list(); d.State != "enrolled" || d.Library != "main" || d.Days < 89 || d.Left != 0 || d.Seen.IsZero() {
		t.Errorf("listed as %+v", d)
	}
	does(exitDone, "enrolled, heard of", "desks", "list", "--data", server)
	does(exitDone, "Front", "desks", "rename", "main-2", "Front", "--data", server)
	does(exitFailed, "no desk main-9", "desks", "revoke", "main-9", "--data", server)
	does(exitDone, "shut out", "desks", "revoke", "main-2", "--data", server)
	info, err := bolt.Look(filepath.Join(at.dir, folder.Journal))
	if err != nil {
		t.Fatal(err)
	}
	copied := func() bool {
		_, err := ring.Get(info.Held + " cache")
		return err == nil
	}
	if !copied() {
		t.Error("the key of the copy is not kept")
	}
	at.does(exitFailed, "revoked", ":sync\n", "sync")
	if copied() {
		t.Error("a desk that was shut out keeps the key of its copy")
	}
	if d := list(); d.State != "revoked" || d.Name != "Front" {
		t.Errorf("listed as %+v", d)
	}
	at.does(exitDone, "enrolled as main-2", ":sync\n", "desk", "--json", "--code", invite(), "--temporary")
	at.does(exitDone, "nothing is left", ":sync\n", "sync")
	if d := list(); d.State != "enrolled" || len(d.Notes) != 2 {
		t.Errorf("listed as %+v", d)
	}
}

func TestACodeIsAskedForAtTheServer(t *testing.T) {
	t.Parallel()
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

// What is said of relays stands in a desk's line.
func TestTheListOfDesksTellsOfRelays(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.Local)
	for _, row := range []struct {
		name string
		desk central.DeskState
		says string // empty: nothing
	}{
		{"a desk", central.DeskState{Desk: "front"}, ""},
		{"a relay", central.DeskState{Desk: "front", Relay: true}, "a relay"},
		{"a desk that came by one", central.DeskState{Desk: "front", Via: "cellar", ViaAt: at}, "by relay cellar Mon 2 Mar 2026 09:00"},
		{"a desk that came by one with a hostile name", central.DeskState{Desk: "front", Via: "\x1b[2Jcellar", ViaAt: at}, "by relay cellar Mon"},
	} {
		var out strings.Builder
		p := &program{out: &out, words: words.English()}
		if err := p.printDesk(row.desk, at); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); strings.Contains(got, "relay") != (row.says != "") || !strings.Contains(got, row.says) || strings.Contains(got, "\x1b") {
			t.Errorf("%s is listed as %q", row.name, got)
		}
	}
}
