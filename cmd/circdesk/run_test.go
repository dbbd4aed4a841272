package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/sample"
	"circdesk/desk/format/marc"
	"circdesk/desk/words"
	"circdesk/store/bolt"
	"circdesk/store/secret"
	"circdesk/store/storetest/memory"
)

// asProgram is set for a process of this test that is the program itself.
const asProgram = "CIRCDESK_TEST_PROGRAM"

// keyed is set where that process has a keyring, which ends with it.
const keyed = "CIRCDESK_TEST_KEYRING"

func TestMain(m *testing.M) {
	bolt.RunCheckChild()
	if os.Getenv(asProgram) != "" {
		if os.Getenv(keyed) != "" {
			runProgram(&keeping{keyring: new(secret.Memory), work: 2})
		}
		runProgram(nil) // no keys: the folders of these tests are open, and may be gone
	}
	// Most of them wait for processes: more may do so at once than there are processors.
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	os.Exit(memory.Run(m))
}

// command makes a process of the program.
func command(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}

// runs runs the program to its end.
func runs(t testing.TB, in string, args ...string) (out, errs string, code int) {
	t.Helper()
	cmd := command(args...)
	var o, e bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(in), &o, &e
	err := cmd.Run()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// here runs the program in this process.
func here(t testing.TB, in string, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	p := &program{in: strings.NewReader(in), out: &o, err: &e, words: words.English()}
	code = p.run(t.Context(), args)
	return o.String(), e.String(), code
}

// demoFolder is a folder for a demo whose operators have the PINs that they have
// in each demo, but at the least price: no test with it is about their price.
func demoFolder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	pins := map[string]string{"ana": "1234", "head": "9876", "temp": "5555"}
	var out strings.Builder
	name := ""
	for line := range strings.Lines(string(sample.Operators())) {
		if n, ok := strings.CutPrefix(line, "name = "); ok {
			name = strings.Trim(n, "\"\n")
		}
		if strings.HasPrefix(line, "pin = ") {
			line = fmt.Sprintf("pin = %q\n", cheapHash(pins[name]))
		}
		out.WriteString(line)
	}
	if err := os.WriteFile(filepath.Join(dir, folder.Operators), []byte(out.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// cheapHash gives a hash of a PIN that costs nothing to try.
func cheapHash(pin string) string {
	salt := []byte("of tests")
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=19$m=8,t=1,p=1$%s$%s", b64(salt), b64(argon2.IDKey([]byte(pin), salt, 1, 8, 1, 32)))
}

// answer is what a line gave in JSON.
type answer struct {
	Word    string
	Text    string
	Title   string
	Due     string
	Mode    string
	Entry   string
	Receipt string
	Entries []string
	Waiting int
	Item    struct{ Barcode, Status, Person, Library string }
	Patron  struct {
		ID, Card, Name string
		Expired        bool
		Loans          []struct{ Barcode, Title, Due string }
		Requests       []struct {
			N     int
			Title string
		}
	}
	Route   struct{ Kind, Person string }
	Reasons []struct{ Code, Text string }
	Ask     []struct{ Code, Text string }
	Tell    []struct{ Code, Text string }
	Trace   []struct{ Code, Text string }
	Then    []answer
	Notices []struct{ Kind, Text string }

	Undoable []struct {
		N     int
		Entry string
		Word  string
	}
	Conflicts []struct{ Entry string }

	raw string
}

func (a answer) has(code string) bool {
	for _, list := range [][]struct{ Code, Text string }{a.Reasons, a.Ask, a.Tell} {
		for _, r := range list {
			if r.Code == code {
				return true
			}
		}
	}
	return false
}

// process is a desk in plain mode, a line in and an object out.
type process struct {
	t    testing.TB
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	mu   sync.Mutex
	errs bytes.Buffer
}

// start starts the program; its output are objects.
func start(t testing.TB, args ...string) *process {
	t.Helper()
	return started(t, command(args...))
}

// started starts a command of the program.
func started(t testing.TB, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{t: t, cmd: cmd}
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out = bufio.NewReader(out)
	p.cmd.Stderr = p
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); _ = p.cmd.Wait() })
	return p
}

// Write takes what the program says beside its output.
func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.errs.Write(b)
}

func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.errs.String()
}

// line types a line and gives its answer.
func (p *process) line(s string) answer {
	p.t.Helper()
	if _, err := io.WriteString(p.in, s+"\n"); err != nil {
		p.t.Fatalf("type %q: %v\n%s", s, err, p.said())
	}
	a, err := p.next()
	if err != nil {
		p.t.Fatalf("answer to %q: %v\n%s", s, err, p.said())
	}
	return a
}

// want types a line whose answer has the word.
func (p *process) want(s, word string) answer {
	p.t.Helper()
	a := p.line(s)
	if a.Word != word {
		p.t.Fatalf("%q gave %s, want %s", s, a.raw, word)
	}
	return a
}

func (p *process) next() (a answer, err error) {
	l, err := p.out.ReadString('\n')
	if err != nil {
		return a, err
	}
	a.raw = strings.TrimSpace(l)
	if err := json.Unmarshal([]byte(l), &a); err != nil {
		return a, fmt.Errorf("%w: %q", err, l)
	}
	return a, nil
}

// end ends the input and waits for the program.
func (p *process) end() {
	p.t.Helper()
	_ = p.in.Close()
	rest, _ := io.ReadAll(p.out)
	if err := p.cmd.Wait(); err != nil || len(rest) > 0 {
		p.t.Fatalf("the program ended with %v and %q\n%s", err, rest, p.said())
	}
}

// kill kills the program, as a power failure does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_, _ = io.Copy(io.Discard, p.out)
	_ = p.cmd.Wait()
}

// ownFiles writes a library of so many patrons and items: cards 2000 …, items
// 3000 ….
func ownFiles(t testing.TB, patrons, items int) (csv, mrc string) {
	t.Helper()
	dir := t.TempDir()
	var people strings.Builder
	people.WriteString("barcode,family_name,given_name,expires\n")
	for n := range patrons {
		fmt.Fprintf(&people, "%s,Family%d,Given,2099-12-31\n", cardOf(n), n)
	}
	var titles bytes.Buffer
	for n := range items {
		b, err := marc.Encode(&marc.Record{
			Control: []marc.Control{{Tag: "001", Value: fmt.Sprint("t", n)}},
			Data: []marc.Field{
				{Tag: "245", Ind1: '0', Ind2: '0', Subfields: []marc.Subfield{{Code: 'a', Value: fmt.Sprint("Title ", n)}}},
				{Tag: "949", Ind1: ' ', Ind2: ' ', Subfields: []marc.Subfield{
					{Code: 'i', Value: itemCode(n)}, {Code: 'm', Value: "main"}, {Code: 'l', Value: "stacks"}, {Code: 't', Value: "book"},
				}},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		titles.Write(b)
	}
	csv, mrc = filepath.Join(dir, "patrons.csv"), filepath.Join(dir, "titles.mrc")
	for path, data := range map[string]string{csv: people.String(), mrc: titles.String()} {
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return csv, mrc
}

func cardOf(n int) string   { return fmt.Sprintf("C%05d", n) }
func itemCode(n int) string { return fmt.Sprintf("B%05d", n) }

// patience of the tests with a process: only to end, never to measure.
const longEnough = 30 * time.Second
