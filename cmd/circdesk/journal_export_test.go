package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Who was registered without a line, and what was added then, is told by what is in the
// journal alone: their loans are in the file.
func TestWhatWaitsIsExportedToo(t *testing.T) {
	t.Parallel()
	dir, out := demoFolder(t), t.TempDir()
	runs(t, ":pull\n:register card=29999999999996 family=Berg given=Ina\n31234567890148\n:additem 39999999999990 Unheard Of\n:done\n", "demo", "--plain", "--data", dir)
	said, errs, code := here(t, "", "journal", "export", "--data", dir, "--out", out, "--format", "koc")
	if code != exitLeft || !strings.HasPrefix(said, "2 lines of 4 entries: ") {
		t.Errorf("exit code %d: %s%s", code, said, errs)
	}
	files, err := os.ReadDir(out)
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	text, err := os.ReadFile(filepath.Join(out, files[0].Name()))
	for _, want := range []string{"\tissue\t29999999999996\t31234567890148\n", "\tissue\t29999999999996\t39999999999990\n"} {
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%q is not in the file (%v): %s", want, err, text)
		}
	}
}

// A day without a line, for a library whose central system is Koha.
func TestJournalIsExportedOnce(t *testing.T) {
	t.Parallel()
	dir, out := demoFolder(t), t.TempDir()
	export := func(args ...string) (string, string, int) {
		return here(t, "", append([]string{"journal", "export", "--data", dir, "--out", out}, args...)...)
	}
	runs(t, "21234567890017\n31234567890015\n:done\n:checkin 31234567890049\n:checkin 31234567890064\n:undo 1\n21234567890025\n:pay 3.20\n:charge card 2\n:done\n", "demo", "--plain", "--data", dir)

	if _, errs, code := export("--format", "dat"); code != exitUsage || !strings.Contains(errs, "no format dat: name one with --format (koc, ") {
		t.Errorf("a format that there is not: exit code %d: %s", code, errs)
	}
	if _, errs, code := export("--format", "koc", "--again"); code != exitFailed || !strings.Contains(errs, "no file was written yet") {
		t.Errorf("again, before there was one: exit code %d: %s", code, errs)
	}

	said, errs, code := export("--format", "koc", "--json")
	var file struct {
		Kind, File, SHA256 string
		Kept, Entries      int
		TakenBack          int `json:"taken_back"`
		Done               bool
	}
	first, rest, _ := strings.Cut(said, "\n")
	if err := json.Unmarshal([]byte(first), &file); err != nil || code != exitLeft || !file.Done || file.Kept != 3 || file.TakenBack != 2 || len(file.SHA256) != 64 {
		t.Fatalf("the first: exit code %d, %+v, %v: %s%s", code, file, err, said, errs)
	}
	if !strings.Contains(rest, `"what":"other","command":"charge","why":"no_such_thing"`) || strings.Count(rest, "\n") != 3 || !strings.Contains(rest, `"command":"shelve","barcode":"31234567890049"`) || !strings.Contains(rest, `"kind":"partly"`) || !strings.Contains(rest, `"why":"without_due"`) {
		t.Errorf("left out: %s", rest)
	}
	text, err := os.ReadFile(file.File)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	for i, want := range []string{"Version=1.0\t", "\tissue\t21234567890017\t31234567890015", "\treturn\t31234567890049", "\tpayment\t21234567890025\t3.20"} {
		if len(lines) != 5 || !strings.Contains(lines[i], want) {
			t.Fatalf("line %d of %d is not %q:\n%s", i+1, len(lines), want, text)
		}
	}
	if info, err := os.Stat(file.File); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read the file: %v, %v", info.Mode(), err)
	}

	if _, errs, code := export("--format", "koc"); code != exitDone || !strings.Contains(errs, "nothing was done that is in no file yet") {
		t.Errorf("a second: exit code %d: %s", code, errs)
	}
	if err := os.Remove(file.File); err != nil {
		t.Fatal(err)
	}
	if said, _, code := export("--format", "koc", "--again"); code != exitLeft || !strings.Contains(said, "_again_") {
		t.Errorf("again: exit code %d: %s", code, said)
	}

	// Next day: what stands in yesterday's file is undone, and a desk runs.
	d := start(t, "demo", "--json", "--data", dir)
	d.want(":undo 3", "UNDONE")
	d.want("21234567890017", "PATRON")
	d.want("31234567890072", "OUT")
	said, errs, code = export("--format", "almadat")
	if code != exitLeft || !strings.HasPrefix(said, "1 line of 2 entries: ") || !strings.Contains(errs, "an earlier file says it, and it was undone since") {
		t.Errorf("while a desk runs: exit code %d: %s%s", code, said, errs)
	}
	said, _, _ = export("--list")
	if strings.Count(said, "\n") != 3 || !strings.Contains(said, "almadat, 1 line, entries 1.7 to 1.8") {
		t.Errorf("the files:\n%s", said)
	}
}
