package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"circdesk/cmd/internal/folder"
)

// library is a data folder of which the rules are written.
type library struct {
	t   *testing.T
	dir string
}

func (l library) write(name, text string) {
	l.t.Helper()
	if err := os.WriteFile(filepath.Join(l.dir, name), []byte(text), 0o600); err != nil {
		l.t.Fatal(err)
	}
}

func (l library) file(name string) string {
	l.t.Helper()
	text, err := os.ReadFile(filepath.Join(l.dir, name))
	if err != nil {
		l.t.Fatal(err)
	}
	return string(text)
}

// lends gives rules that lend for so many days.
func lends(version, days string) string {
	return "version = \"" + version + "\"\ncurrency = \"EUR\"\nzone = \"UTC\"\n[default]\nperiod = \"" + days + " days\"\n"
}

// does runs a command on the folder.
func (l library) does(code int, want string, args ...string) string {
	l.t.Helper()
	out, errs, got := here(l.t, "", append(args, "--data", l.dir)...)
	if got != code || !strings.Contains(out+errs, want) {
		l.t.Errorf("%q: exit code %d, want %d and %q: %s%s", args, got, code, want, out, errs)
	}
	return out + errs
}

// begins lets a desk with a server of its own begin, and end.
func (l library) begins() {
	l.t.Helper()
	l.does(exitDone, "", "desk", "--plain")
}

// history is what the command says in JSON.
func (l library) history() (all []putInForce) {
	l.t.Helper()
	out, errs, code := here(l.t, "", "rules", "history", "--json", "--data", l.dir)
	if code != exitDone {
		l.t.Fatalf("exit code %d: %s", code, errs)
	}
	d := json.NewDecoder(strings.NewReader(out))
	for d.More() {
		var one putInForce
		if err := d.Decode(&one); err != nil {
			l.t.Fatal(err)
		}
		all = append(all, one)
	}
	return all
}

func TestOldRulesAreListedAndPutInForceAgain(t *testing.T) {
	t.Parallel()
	l := library{t, t.TempDir()}
	l.does(exitFailed, "has no central server's store, which keeps the history", "rules", "history")
	l.begins()
	l.does(exitDone, "nothing was put in force yet", "rules", "history")
	for _, days := range []string{"7", "14", "21"} {
		l.write(folder.Rules, lends("after "+days, days))
		l.begins()
		l.begins() // the same rules are nothing new
	}
	all := l.history()
	if len(all) != 3 || all[0].Rules != "after 7" || all[2].Rules != "after 21" || all[2].How != "file" || all[2].N != 3 || all[2].At.IsZero() || all[1].InForce || !all[2].InForce {
		t.Fatalf("%+v", all)
	}
	l.does(exitDone, lends("after 7", "7"), "rules", "history", "after 7")
	l.does(exitDone, lends("after 14", "14"), "rules", "history", "2")
	l.does(exitFailed, "after 8 is in no history", "rules", "revert", "after 8")
	l.does(exitUsage, "accepts 1 arg", "rules", "revert")

	said := l.does(exitDone, "the rules after 7 are in force again\n", "rules", "revert", "after 7")
	if !strings.Contains(said, "rules.toml has them now, too") || strings.Contains(said, "kept as") {
		t.Errorf("said %q", said)
	}
	if got := l.file(folder.Rules); got != lends("after 7", "7") {
		t.Errorf("rules.toml is %q", got)
	}
	l.does(exitDone, "the rules after 7 are in force\n", "rules", "revert", "after 7")
	l.begins() // it stays so
	l.does(exitDone, "lent for 7 days", "rules", "explain")
	all = l.history()
	if len(all) != 4 || all[3].How != "revert" || all[3].Of != 1 || all[3].N != 4 || all[3].Rules != "after 7" || !all[3].InForce {
		t.Errorf("%+v", all)
	}
	if out := l.does(exitDone, "number 1 again", "rules", "history"); strings.Count(out, "\n") != 4 || strings.Count(out, "(in force)") != 1 {
		t.Errorf("listed\n%s", out)
	}
}

// What somebody has written and no server has read yet is kept.
func TestAFileThatWasNeverInForceIsPutAway(t *testing.T) {
	t.Parallel()
	l := library{t, t.TempDir()}
	l.write(folder.Rules, lends("one", "7"))
	l.begins()
	l.write(folder.Rules, lends("two", "14"))
	l.does(exitDone, "what the file had was never in force", "rules", "revert", "one")
	if got := l.file(folder.Rules); got != lends("one", "7") {
		t.Errorf("rules.toml is %q", got)
	}
	away, err := filepath.Glob(filepath.Join(l.dir, folder.Rules+".*"))
	if err != nil || len(away) != 1 || l.file(filepath.Base(away[0])) != lends("two", "14") {
		t.Errorf("put away: %q, %v", away, err)
	}
	if all := l.history(); len(all) != 1 {
		t.Errorf("nothing else was in force, and the history has %+v", all)
	}
}

func TestOldRulesMustDoWhatTheCasesSayNow(t *testing.T) {
	t.Parallel()
	l := library{t, t.TempDir()}
	for _, days := range []string{"7", "14"} {
		l.write(folder.Rules, lends("after "+days, days))
		l.begins()
	}
	l.write(folder.RuleCases, "[[case]]\nname = \"two weeks\"\nat = \"2026-12-01 10:00\"\ndue = \"2026-12-15\"\n")
	l.does(exitFailed, "line 1, two weeks: due 2026-12-08 23:59:59, not 2026-12-15 23:59:59", "rules", "revert", "after 7")
	if got := l.file(folder.Rules); got != lends("after 14", "14") || len(l.history()) != 2 {
		t.Errorf("something changed: %q, %+v", got, l.history())
	}
}

func TestAVersionThatStandsForTwoIsNamedByItsNumber(t *testing.T) {
	t.Parallel()
	l := library{t, t.TempDir()}
	for _, days := range []string{"7", "14"} {
		l.write(folder.Rules, lends("mine", days))
		l.begins()
	}
	l.does(exitFailed, "version mine stands for different rules: name them by their number, 1, 2", "rules", "revert", "mine")
	l.does(exitDone, "the rules mine are in force again", "rules", "revert", "1")
	l.begins()
	l.does(exitDone, "lent for 7 days", "rules", "explain")
}

// A desk that runs with a server of its own has them at once, though the version
// has the same name.
func TestADeskThatRunsHasOldRulesAtOnce(t *testing.T) {
	t.Parallel()
	l := library{t, t.TempDir()}
	for _, days := range []string{"7", "14"} {
		l.write(folder.Rules, lends("mine", days))
		l.begins()
	}
	d := start(t, "desk", "--json", "--data", l.dir)
	d.want(":sync", "DONE")
	l.does(exitDone, "lent for 14 days", "rules", "explain")
	l.does(exitDone, "the rules mine are in force again", "rules", "revert", "1")
	d.want(":sync", "DONE")
	l.does(exitDone, "lent for 7 days", "rules", "explain")
	if all := l.history(); len(all) != 3 || all[2].Of != 1 || l.file(folder.Rules) != lends("mine", "7") {
		t.Errorf("%+v, rules.toml %q", all, l.file(folder.Rules))
	}
}

// So has a central server, and the desks at it.
func TestAServerThatRunsHasOldRulesAtOnce(t *testing.T) {
	l := library{t, t.TempDir()}
	for _, days := range []string{"7", "14"} {
		l.write(folder.Rules, lends("after "+days, days))
		l.begins()
	}
	t.Setenv(keyed, "1")
	address := serves(t, l.dir)
	code, _, _ := here(t, "", "desks", "invite", "--data", l.dir)
	atDesk := library{t, t.TempDir()}
	atDesk.write(folder.DeskTOML, "central = \""+address+"\"\n")
	d := start(t, "desk", "--json", "--temporary", "--code", strings.TrimSpace(code), "--data", atDesk.dir)
	d.want(":sync", "DONE")
	atDesk.does(exitDone, "lent for 14 days", "rules", "explain")
	l.does(exitDone, "the rules after 7 are in force again", "rules", "revert", "after 7")
	d.want(":sync", "DONE")
	atDesk.does(exitDone, "lent for 7 days", "rules", "explain")
	if all := l.history(); len(all) != 3 || l.file(folder.Rules) != lends("after 7", "7") {
		t.Errorf("%+v, rules.toml %q", all, l.file(folder.Rules))
	}
	atDesk.does(exitFailed, "the server of this desk is "+address, "rules", "history")
}

// The sample's rules are in no file, so none is written.
func TestWithoutAFileNoneIsWritten(t *testing.T) {
	t.Parallel()
	l := library{t, demoFolder(t)}
	runs(t, "", "demo", "--plain", "--data", l.dir)
	all := l.history()
	if len(all) != 1 || all[0].How != "given" {
		t.Fatalf("%+v", all)
	}
	l.write(folder.Rules, lends("mine", "7"))
	l.begins()
	if err := os.Remove(filepath.Join(l.dir, folder.Rules)); err != nil {
		t.Fatal(err)
	}
	l.does(exitDone, "there is no "+filepath.Join(l.dir, folder.Rules)+": a server that begins keeps what it has", "rules", "revert", all[0].Rules)
	l.begins()
	if _, err := os.Stat(filepath.Join(l.dir, folder.Rules)); err == nil || !l.history()[2].InForce {
		t.Errorf("%v, %+v", err, l.history())
	}
}

// serves runs a central server on a folder and gives its address.
func serves(t *testing.T, dir string) string {
	t.Helper()
	p := start(t, "serve", "--listen", "127.0.0.1:0", "--data", dir)
	for until := time.Now().Add(longEnough); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if _, at, ok := strings.Cut(p.said(), "listening on "); ok && strings.Contains(at, "\n") {
			return "http://" + strings.TrimSpace(at)
		}
	}
	t.Fatalf("no server: %s", p.said())
	return ""
}
