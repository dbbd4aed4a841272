package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"circdesk/cmd/internal/folder"
	"circdesk/store/secret"
)

// A desk is looked at before it was ever filled, when it is ready, and when things are
// missing.
func TestADeskSaysWhetherItIsReady(t *testing.T) {
	server, ring := t.TempDir(), new(secret.Memory)
	at := &sealer{t: t, dir: filepath.Join(t.TempDir(), "desk"), ring: ring}
	url := serves(t, server)
	out, _, _ := here(t, "", "desks", "invite", "--name", "main-2", "--library", "main", "--data", server)
	at.does(exitDone, "enrolled as main-2", ":sync\n", "desk", "--json", "--central", url, "--code", strings.TrimSpace(out), "--temporary")
	look := func(want int) (r readiness) {
		t.Helper()
		out, errs, code := at.runs("", "ready", "--json")
		if err := json.Unmarshal([]byte(out), &r); err != nil || code != want || r.Ready != (want == exitDone) {
			t.Fatalf("exit %d, want %d: %s%s (%v)", code, want, out, errs, err)
		}
		return r
	}
	lacks := func(r readiness) (codes []string) {
		for _, c := range r.Checks {
			if !c.Ready {
				codes = append(codes, c.Code)
			}
			if c.Says == "" || strings.Contains(c.Says, "{") {
				t.Errorf("%s says %q", c.Code, c.Says)
			}
		}
		return codes
	}
	if r := look(exitFailed); strings.Join(lacks(r), " ") != "sign_in_nobody" {
		t.Errorf("without operators: missing %v", lacks(r))
	}
	row := "[[operators]]\nname = \"ana\"\npin = \"" + cheapHash("1234") + "\"\nrights = [\"circulate\"]\n"
	if err := folder.Folder(at.dir).Replace(folder.Operators, []byte(row)); err != nil {
		t.Fatal(err)
	}
	here(t, "", "desks", "invite", "--name", "spare", "--library", "main", "--data", server)
	if r := look(exitDone); r.Desk != "main-2" || r.Copy.IsZero() || len(r.Checks) < 12 {
		t.Errorf("%+v", r)
	}
	at.does(exitDone, "READY: this desk would go through", "", "ready")
	here(t, "", "desks", "revoke", "main-2", "--data", server)
	if r := look(exitFailed); !strings.Contains(strings.Join(lacks(r), " "), "enrolment_revoked") {
		t.Errorf("a revoked desk misses %v", lacks(r))
	}
	at.does(exitFailed, "NOT READY", "", "ready")
}
