package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/words"
	"circdesk/store/secret"
)

// sealer runs the program with a keyring of its own, in folders that count as
// lasting.
type sealer struct {
	t     *testing.T
	dir   string
	ring  secret.Keeper
	vault string
}

func newSealer(t *testing.T) *sealer {
	return &sealer{t: t, dir: ownFolder(t), ring: new(secret.Memory), vault: filepath.Join(t.TempDir(), "keys")}
}

func (s *sealer) runs(in string, args ...string) (out, errs string, code int) {
	s.t.Helper()
	var o, e bytes.Buffer
	p := &program{in: strings.NewReader(in), out: &o, err: &e, words: words.English()}
	p.keeping = &keeping{keyring: s.ring, vault: func() (string, error) { return s.vault, nil }, work: 2}
	code = p.run(s.t.Context(), append(args, "--data", s.dir))
	return o.String(), e.String(), code
}

// does runs a command that must end with the code, and say the text somewhere.
func (s *sealer) does(code int, says, in string, args ...string) string {
	s.t.Helper()
	out, errs, got := s.runs(in, args...)
	if got != code || !strings.Contains(out+errs, says) {
		s.t.Errorf("%v: exit %d, want %d\n%s\n%s\nwant %q", args, got, code, out, errs, says)
	}
	return out + errs
}

// open reports whether the desk's files show a card.
func (s *sealer) open() bool {
	s.t.Helper()
	shown := false
	for _, name := range []string{folder.Journal, folder.Cache} {
		b, err := os.ReadFile(filepath.Join(s.dir, name))
		if err != nil {
			s.t.Fatal(err)
		}
		shown = shown || bytes.Contains(b, []byte(cardOf(0))) || bytes.Contains(b, []byte(itemCode(0)))
	}
	return shown
}

var noKeyring = errors.Join(secret.ErrNoKeyring, errors.New("nobody at the bus"))

// deaf is a keyring that does not answer.
type deaf struct{}

func (deaf) Get(string) ([]byte, error) { return nil, noKeyring }
func (deaf) Set(string, []byte) error   { return noKeyring }
func (deaf) Drop(string) error          { return noKeyring }

// lendsOne is what a clerk types to lend the one book of the folder.
func lendsOne() string { return ":operator ana 1234\n" + cardOf(0) + "\n" + itemCode(0) + "\n" }

func TestADeskSealsItsFiles(t *testing.T) {
	t.Parallel()
	s := newSealer(t)
	if !s.open() {
		t.Fatal("the test looks for what is not there")
	}
	s.does(exitDone, "OUT", lendsOne(), "desk", "--json", "--temporary")
	if s.open() {
		t.Error("the files of a desk that has worked show its library")
	}
	s.does(exitDone, "check out", "", "journal", "list")
	s.does(exitDone, "", "", "journal", "verify")
	s.does(exitDone, "nothing is left", "", "sync")
	s.does(exitDone, "", "", "worklist")
	s.ring = deaf{}
	s.does(exitFailed, "no keyring answers", "", "journal", "list")
	s.ring = new(secret.Memory)
	for _, args := range [][]string{{"desk", "--plain", "--temporary"}, {"journal", "list"}, {"sync"}} {
		s.does(exitFailed, "rescue", "", args...)
	}
}

func TestSealIsACommandToo(t *testing.T) {
	t.Parallel()
	s := newSealer(t)
	s.does(exitDone, "in this user's keyring", "", "seal")
	if s.open() {
		t.Error("the files show the library")
	}
	s.does(exitDone, "sealed", "", "seal")
	s.does(exitDone, "OUT", lendsOne(), "desk", "--json", "--temporary")
	none := &sealer{t: t, dir: t.TempDir(), ring: new(secret.Memory)}
	none.does(exitFailed, "no journal", "", "seal")
}

func TestWithoutAKeyring(t *testing.T) {
	t.Parallel()
	s := newSealer(t)
	s.ring = deaf{}
	s.does(exitFailed, "no keyring answers", "", "seal")
	s.does(exitDone, "is not sealed", "", "desk", "--plain", "--temporary")
	fresh := &sealer{t: t, dir: filepath.Join(t.TempDir(), "new"), ring: deaf{}, vault: s.vault}
	fresh.does(exitFailed, "--passphrase-file", "", "desk", "--plain", "--temporary")
	if folder.Folder(fresh.dir).Has(folder.Journal) {
		t.Error("a desk that was refused has a journal")
	}
	fresh.does(exitDone, "is not sealed", "", "desk", "--plain", "--temporary", "--unsealed")

	pass, wrong := filepath.Join(t.TempDir(), "pass"), filepath.Join(t.TempDir(), "wrong")
	for path, text := range map[string]string{pass: "open sesame\n", wrong: "open barley\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.does(exitDone, "behind your passphrase", "", "seal", "--passphrase-file", pass)
	if s.open() {
		t.Error("the files show the library")
	}
	s.does(exitDone, "OUT", lendsOne(), "desk", "--json", "--temporary", "--passphrase-file", pass)
	s.does(exitFailed, "--passphrase-file", "", "desk", "--plain", "--temporary")
	s.does(exitFailed, "--passphrase-file", "", "journal", "list")
	s.does(exitFailed, "another one", "", "journal", "list", "--passphrase-file", wrong)
	s.does(exitDone, "check out", "", "journal", "list", "--passphrase-file", pass)
	if in, _ := filepath.Glob(filepath.Join(s.dir, "*.age")); len(in) > 0 {
		t.Errorf("keys beside the files: %v", in)
	}
}

func TestADeskWhoseJournalIsGoneDoesNotBeginAnew(t *testing.T) {
	t.Parallel()
	s := newSealer(t)
	s.does(exitDone, "OUT", lendsOne(), "desk", "--json", "--temporary")
	s.does(exitDone, "", "", "desk", "--plain", "--temporary") // now the keyring knows that it has worked
	journal := filepath.Join(s.dir, folder.Journal)
	was, err := os.ReadFile(journal)
	if err == nil {
		err = os.Remove(journal)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.does(exitFailed, "its journal is gone", "", "desk", "--plain", "--temporary")
	if folder.Folder(s.dir).Has(folder.Journal) {
		t.Error("it has begun another one")
	}
	if err := os.WriteFile(journal, was, 0o600); err != nil {
		t.Fatal(err)
	}
	s.does(exitDone, "check out", "", "journal", "list")
	if err := os.Remove(journal); err != nil {
		t.Fatal(err)
	}
	s.does(exitDone, "", "", "desk", "--plain", "--temporary", "--anew")
	s.does(exitDone, "", "", "desk", "--plain", "--temporary")
}

func TestAFolderThatIsEmptiedAtARestartIsRefused(t *testing.T) {
	t.Parallel()
	s := newSealer(t) // below the system's folder for what is temporary
	s.does(exitFailed, "--temporary", "", "desk", "--plain")
	if folder.Folder("/").Volatile() != "" {
		t.Error("the root of the file system counts as temporary")
	}
	for _, dir := range []string{os.TempDir(), filepath.Join(os.TempDir(), "not", "there", "yet")} {
		if folder.Folder(dir).Volatile() == "" {
			t.Errorf("%s counts as lasting", dir)
		}
	}
}
