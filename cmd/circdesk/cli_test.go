package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"circdesk/cmd/internal/folder"
)

func TestTheExitCodeSaysHowItWent(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	in := func(name, text string) string { return filepath.Dir(write(name, text)) }
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, c := range []struct {
		name string
		args []string
		code int
		says string // beside the output, or in it
	}{
		{"the version", []string{"version"}, exitDone, "circdesk "},
		{"nothing is the help", nil, exitDone, "Exit codes"},
		{"no such command", []string{"lend"}, exitUsage, `unknown command "lend"`},
		{"no such flag", []string{"demo", "--jsn"}, exitUsage, "unknown flag"},
		{"an argument that is missing", []string{"journal", "show"}, exitUsage, "accepts 1 arg"},
		{"an argument too many", []string{"sync", "now"}, exitUsage, "now"},
		{"screens without a terminal", []string{"desk", "--data", empty}, exitUsage, "--plain"},
		{"a file of scans for lines", []string{"demo", "--plain", "--replay", "x"}, exitUsage, "--replay"},
		{"a journal that is not there", []string{"journal", "list", "--data", empty}, exitFailed, "holds no journal"},
		{"verifying nothing", []string{"journal", "verify", "--data", empty}, exitFailed, "holds no journal"},
		{"a sync of nothing", []string{"sync", "--data", empty}, exitFailed, "holds no journal"},
		{"a file that is not there", []string{"load", "titles", "nowhere.mrc", "--data", empty}, exitFailed, "nowhere.mrc is not there"},
		{"a file without a record", []string{"load", "titles", write("x.mrc", "no record"), "--data", empty}, exitFailed, "no record that can be read"},
		{"a table without cards", []string{"load", "patrons", write("x.csv", "name\nX\n"), "--data", empty}, exitFailed, "card"},
		{"a heading that says nothing", []string{"load", "patrons", write("x.csv", "n\nX\n"), "--heading", "n", "--data", empty}, exitUsage, "HEADING=FIELD"},
		{"dates of a third kind", []string{"load", "patrons", write("x.csv", "card\n1\n"), "--dates", "ymd", "--data", empty}, exitUsage, "dmy or mdy"},
		{"items nowhere", []string{"load", "titles", write("x.mrc", ""), "--items", "949:call=a", "--data", empty}, exitUsage, "barcode"},
		{"a currency of no country", []string{"rules", "import", "koha", "--currency", "EURO", write("x.csv", "")}, exitUsage, "--currency EURO"},
		{"a zone that is none", []string{"rules", "import", "evergreen", "--zone", "Berlin", empty}, exitUsage, "--zone Berlin"},
		{"an address that is taken", []string{"serve", "--listen", taken.Addr().String(), "--data", empty}, exitHeld, "is in use"},
		{"rules with a mistake", []string{"serve", "--listen", "127.0.0.1:0", "--data", in("rules.toml", "currency = \"EUR\"\n[default]\nperiod = \"soon\"\n")}, exitFailed, "line 3"},
		{"settings with a slip of the pen", []string{"desk", "--plain", "--data", in("desk.toml", "librray = \"main\"\n")}, exitFailed, "librray"},
		{"http to another machine", []string{"desk", "--plain", "--central", "http://hub.example.org", "--data", t.TempDir()}, exitUsage, "https"},
		{"a demo in a folder of another library", []string{"demo", "--plain", "--data", ownFolder(t)}, exitUsage, "another library"},
		{"settling without a reason", []string{"conflicts", "settle", "1", "--as", "ana", "--data", empty}, exitUsage, "reason"},
		{"a PIN that is too short", []string{"operators", "add", "ana", "--data", empty}, exitUsage, "PIN has less than 4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, errs, code := here(t, "", c.args...)
			if code != c.code || !strings.Contains(out+errs, c.says) {
				t.Errorf("circdesk %s: exit code %d, want %d, and %q in\n%s%s", strings.Join(c.args, " "), code, c.code, c.says, out, errs)
			}
		})
	}
}

// ownFolder is the folder of a demo with the user's own files.
func ownFolder(t *testing.T) string {
	dir := demoFolder(t)
	csv, mrc := ownFiles(t, 1, 1)
	if _, errs, code := here(t, "", "demo", "--plain", "--data", dir, "--patrons", csv, "--titles", mrc); code != 0 {
		t.Fatal(errs)
	}
	return dir
}

func TestALoadAgainAddsNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	csv, mrc := ownFiles(t, 3, 5)
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"load", "titles", mrc, "--data", dir}, "titles.mrc: 5 titles loaded, 5 items"},
		{[]string{"load", "titles", mrc, "--data", dir}, "the same as before"},
		{[]string{"load", "patrons", csv, "--data", dir}, "patrons.csv: 3 patrons loaded"},
		{[]string{"load", "patrons", csv, "--data", dir}, "the same as before"},
	} {
		if out, errs, code := here(t, "", c.args...); code != exitDone || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit code %d, want %q in\n%s%s", c.args, code, c.says, out, errs)
		}
	}
	bad := filepath.Join(t.TempDir(), "bad.csv")
	if err := os.WriteFile(bad, []byte("card,name,expires\n1,A,soon\n,B,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, errs, code := here(t, "", "load", "patrons", bad, "--data", dir)
	if code != exitLeft || !strings.Contains(errs, "expires") || !strings.Contains(errs, "record 3") || !strings.Contains(errs, "1 record not read") {
		t.Errorf("a record that cannot be read: exit code %d\n%s%s", code, out, errs)
	}
}

func TestALaterVersionsFileIsRefusedWithAWayOut(t *testing.T) {
	t.Parallel()
	for _, name := range []string{folder.Journal, folder.Cache, folder.Server} {
		t.Run(name, func(t *testing.T) {
			dir := ownFolder(t)
			db, err := bbolt.Open(filepath.Join(dir, name), 0o600, nil)
			if err != nil {
				t.Fatal(err)
			}
			err = db.Update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("version"), []byte{0, 0, 0, 99}) })
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			_, errs, code := here(t, "", "desk", "--plain", "--data", dir)
			if code != exitDamaged || !strings.Contains(errs, "later version") || !strings.Contains(errs, name) {
				t.Errorf("exit code %d: %s", code, errs)
			}
			if after, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(after) != string(before) {
				t.Errorf("the file was changed (%v)", err)
			}
		})
	}
}

func TestADamagedCacheIsBuiltAgain(t *testing.T) {
	t.Parallel()
	dir := ownFolder(t)
	if err := os.WriteFile(filepath.Join(dir, folder.Cache), []byte(strings.Repeat("x", 1<<16)), 0o600); err != nil {
		t.Fatal(err)
	}
	out, errs, code := here(t, cardOf(0)+"\n", "desk", "--json", "--data", dir)
	if code != exitDone || !strings.Contains(errs, "is built again") || !strings.Contains(out, "sign") {
		t.Errorf("exit code %d: %s%s", code, out, errs)
	}
}

func TestAJournalThatLacksWhatWasWrittenLastIsTold(t *testing.T) {
	t.Parallel()
	dir := ownFolder(t)
	if out, errs, code := here(t, "", "desk", "--json", "--data", dir); code != exitDone || strings.Contains(errs, "may be missing") {
		t.Fatalf("exit code %d: %s%s", code, out, errs)
	}
	path := filepath.Join(dir, folder.Journal)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[os.Getpagesize()+60] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, errs, code := here(t, "", "journal", "verify", "--data", dir); code != exitDamaged || !strings.Contains(out+errs, "may be missing") {
		t.Errorf("verify: exit code %d: %s%s", code, out, errs)
	}
	if _, errs, code := here(t, "", "desk", "--json", "--data", dir); code != exitDone || !strings.Contains(errs, "may be missing") {
		t.Errorf("a start: exit code %d: %s", code, errs)
	}
}

func TestADamagedJournalIsNeverTakenForANewOne(t *testing.T) {
	t.Parallel()
	dir := ownFolder(t)
	for _, text := range []string{"", strings.Repeat("x", 1<<16)} {
		if err := os.WriteFile(filepath.Join(dir, folder.Journal), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"desk", "--plain"}, {"journal", "list"}, {"journal", "verify"}, {"sync"}} {
			if _, errs, code := here(t, "", append(args, "--data", dir)...); code != exitDamaged || !strings.Contains(errs, "damaged") {
				t.Errorf("%v of %d bytes: exit code %d: %s", args, len(text), code, errs)
			}
		}
	}
}

func TestWhoMaySignInIsAddedByACommand(t *testing.T) {
	t.Parallel()
	dir := ownFolder(t)
	if err := os.Remove(filepath.Join(dir, folder.Operators)); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := here(t, "4711\n", "operators", "add", "kim", "--full", "Kim T.", "--data", dir); code != 0 {
		t.Fatal(errs)
	}
	if _, errs, code := here(t, "4712\n", "operators", "add", "KIM", "--data", dir); code != exitFailed || !strings.Contains(errs, "named like") {
		t.Errorf("the same name again: exit code %d: %s", code, errs)
	}
	if out, _, _ := here(t, "", "operators", "list", "--data", dir); out != "kim, Kim T., circulate\n" {
		t.Errorf("the list is %q", out)
	}
	data, err := os.ReadFile(filepath.Join(dir, folder.Operators))
	if err != nil || strings.Contains(string(data), "4711") {
		t.Errorf("the file holds the PIN (%v)", err)
	}
	out, errs, _ := here(t, cardOf(0)+"\n:operator kim 4712\n:operator kim 4711\n"+cardOf(0)+"\n"+itemCode(0)+"\n", "desk", "--json", "--data", dir)
	var words []string
	for l := range strings.Lines(out) {
		word, _, _ := strings.Cut(strings.TrimPrefix(l, `{"word":"`), `"`)
		words = append(words, word)
	}
	if fmt.Sprint(words) != "[STOP STOP MODE PATRON OUT]" {
		t.Errorf("the desk said %v: %s%s", words, out, errs)
	}
}

func TestScannersAreNamedInTheSettings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, folder.DeskTOML), []byte("[[scanner]]\nname = \"0c2e\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := here(t, "", "scan", "--list", "--data", dir); code != exitFailed || !strings.Contains(errs, "names no scanner") {
		t.Errorf("a name that names nothing: exit code %d: %s", code, errs)
	}
	if _, errs, code := here(t, "", "scan", "--list", "--data", t.TempDir()); code != exitDone {
		t.Errorf("the list: exit code %d: %s", code, errs)
	}
	if _, errs, code := here(t, "", "scan", "setup"); code != exitUsage || !strings.Contains(errs, "terminal") {
		t.Errorf("a setup without a terminal: exit code %d: %s", code, errs)
	}
}

func TestDecodeSaysOneObjectForEachCode(t *testing.T) {
	t.Parallel()
	out, errs, code := here(t, "", "scan", "decode", "--json", "--data", t.TempDir(), "--", "31234567890016", "-", "", "]F0A31234567890015B")
	want := `{"code":"31234567890016","kind":"item","symbology":"","check":"wrong","canonical":"31234567890016","tell":["check_digit"]}
{"code":"-","kind":"unknown","symbology":"","check":"none","canonical":"-","tell":["no_pattern"]}
{"code":"","kind":"unknown","symbology":"","check":"none","canonical":"","tell":["no_code"]}
{"code":"]F0A31234567890015B","kind":"item","symbology":"codabar","check":"right","canonical":"31234567890015","tell":["ends"]}
`
	if code != exitDone || out != want {
		t.Errorf("exit code %d, got\n%swant\n%s%s", code, out, want, errs)
	}
}
