package sipwire

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// turn is one line of a dialogue: what the terminal (>) or the system (<) said.
type turn struct {
	by   Side
	line string
}

// dialogues reads the recorded ones, by their names.
func dialogues(t testing.TB) map[string][]turn {
	t.Helper()
	files, err := filepath.Glob("testdata/dialogues/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("dialogues: %d, %v", len(files), err)
	}
	all := make(map[string][]turn)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSuffix(line, "\n")
			if said, ok := strings.CutPrefix(line, "> "); ok {
				all[name] = append(all[name], turn{ByTerminal, said})
			} else if said, ok := strings.CutPrefix(line, "< "); ok {
				all[name] = append(all[name], turn{BySystem, said})
			} else if !strings.HasPrefix(line, "#") {
				t.Fatalf("%s: %q", file, line)
			}
		}
	}
	return all
}

// Each message of each dialogue, however it is cut on its way, comes whole, is
// known, intact, as the protocol has it, and is written again as it was.
func TestDialoguesAreRead(t *testing.T) {
	for name, turns := range dialogues(t) {
		t.Run(name, func(t *testing.T) {
			for _, end := range []string{"\r", "\r\n", "\n"} {
				var stream bytes.Buffer
				for _, turn := range turns {
					stream.WriteString(turn.line + end)
				}
				r := NewReader(&trickle{src: &stream, n: 7}, 0, 0)
				for _, turn := range turns {
					b, err := r.Next()
					if err != nil {
						t.Fatal(err)
					}
					if got, want := string(b), turn.line+end[:1]; got != want {
						t.Fatalf("read %q, sent %q", got, want)
					}
					checkTurn(t, b, turn)
				}
				if b, err := r.Next(); err != io.EOF {
					t.Fatalf("behind the end: %q, %v", b, err)
				}
			}
		})
	}
}

func checkTurn(t *testing.T, b []byte, turn turn) {
	t.Helper()
	m := parse(t, string(b))
	spec := m.Spec()
	if spec == nil || spec.By != turn.by || m.Odd() {
		t.Errorf("%q: not a message of this side, or odd", b)
	}
	if m.Check() == Damaged || strings.Contains(turn.line, "AZ") && m.Check() != Intact {
		t.Errorf("%q: check %d", b, m.Check())
	}
	if missing := m.Missing(); missing != nil && m.Code != ItemInformationResponse {
		t.Errorf("%q: %v missing", b, missing)
	}
	if !bytes.Equal(m.Bytes(), b) {
		t.Errorf("%q is written %q", b, m.Bytes())
	}
	for _, f := range m.Fields {
		if f.Tag == "" || f.Open {
			t.Errorf("%q: field %q=%q", b, f.Tag, f.Value)
		}
	}
}

// trickle gives a few bytes at a time.
type trickle struct {
	src io.Reader
	n   int
}

func (s *trickle) Read(p []byte) (int, error) { return s.src.Read(p[:min(s.n, len(p))]) }

func dialogue(t *testing.T, name string) []Message {
	t.Helper()
	var all []Message
	for _, turn := range dialogues(t)[name] {
		all = append(all, parse(t, turn.line))
	}
	if all == nil {
		t.Fatalf("no dialogue %s", name)
	}
	return all
}

func TestKoha(t *testing.T) {
	d := dialogue(t, "koha")
	utf8 := Form{Charset: UTF8}
	patron := d[5]
	if got := utf8.First(&patron, PersonalName); got != "Anna Händel" || patron.Fields[0].Tag != PersonalName {
		t.Errorf("the name is %q, the first field %s", got, patron.Fields[0].Tag)
	}
	if valid, ok := patron.FlagField(ValidPassword); !ok || valid {
		t.Error("CQ N, although no password was sent, is not read")
	}
	owes, err := d[7].Amount(FeeAmount, "EUR")
	if err != nil || owes.String() != "5.00 USD" {
		t.Errorf("owes %v, %v", owes, err)
	}
	if n, ok := d[7].Count(ChargedItems); !ok || n != 1 {
		t.Errorf("%d charged, %v", n, ok)
	}
	first, _ := d[9].First(DueDate)
	second, _ := d[11].First(DueDate)
	dueFirst, ok1 := ReadDue(first, time.UTC)
	dueSecond, ok2 := ReadDue(second, time.UTC)
	if renewed, _ := d[11].Flag(RenewalOK); !renewed || !ok1 || !ok2 || dueSecond.Sub(dueFirst) != 21*24*time.Hour {
		t.Error("the second check-out is no renewal of 21 days")
	}
	if ok, known := d[13].Flag(OK); ok || !known {
		t.Error("the refusal is none")
	}
	if magnetic, known := d[13].Flag(MagneticMedia); magnetic || known {
		t.Error("U is known")
	}
	if at, _ := d[15].First(AlertTag); string(at) != string(AlertUnknown) {
		t.Errorf("CV is %q", at)
	}
	if alert, known := d[15].Flag(Alert); alert || !known {
		t.Error("CV 00 alerts")
	}
}

func TestSIPServer(t *testing.T) {
	d := dialogue(t, "sipserver")
	if got := (Form{Charset: UTF8}).First(&d[3], Title); got != "Le Piège & après" {
		t.Errorf("title %q", got)
	}
	due, _ := d[3].First(DueDate)
	if at, ok := ReadDue(due, time.UTC); !ok || at.Day() != 28 {
		t.Errorf("due %q: %v, %v", due, at, ok)
	}
	if s, ok := d[7].PatronStatus(); !ok || s != ChargeDenied|RenewalDenied|RecallDenied|HoldDenied {
		t.Errorf("status %b, %v", s, ok)
	}
	if valid, ok := d[7].FlagField(ValidPatron); valid || !ok {
		t.Error("an unknown patron is valid")
	}
	if n, ok := d[9].Number(); !ok || n != 0 {
		t.Errorf("number %d, %v", n, ok)
	}
}

func TestFOLIO(t *testing.T) {
	d := dialogue(t, "folio")
	var titles []string
	for _, v := range d[5].All(HoldItem) {
		titles = append(titles, Form{}.Text(v))
	}
	if !slices.Equal(titles, []string{"Über Nacht", "Äpfel"}) {
		t.Errorf("holds %q", titles)
	}
	if got := (Form{}).First(&d[5], PersonalName); got != "Bär, Zoë" {
		t.Errorf("name %q", got)
	}
	renewed, ok1 := d[7].Count(RenewedCount)
	unrenewed, ok2 := d[7].Count(UnrenewedCount)
	if !ok1 || !ok2 || renewed != 1 || unrenewed != 1 {
		t.Errorf("renewed %d, unrenewed %d", renewed, unrenewed)
	}
	if mode, _ := d[2].Part(HoldMode); string(mode) != string(HoldAdd) {
		t.Errorf("mode %q", mode)
	}
}

func TestSymphony(t *testing.T) {
	d := dialogue(t, "symphony")
	owes, err := d[3].Amount(FeeAmount, "EUR")
	if err != nil || owes.String() != "12.00 USD" {
		t.Errorf("owes %v, %v", owes, err)
	}
	if own, ok := d[3].First("PC"); !ok || string(own) != "ADULT" {
		t.Errorf("a field of its own is %q", own)
	}
	if n, ok := d[1].Count(TimeoutPeriod); !ok || n != 10 {
		t.Errorf("timeout %d", n)
	}
}

// A terminal that says what was said in the dialogues sends the same bytes, and
// takes the same answers.
func TestDialoguesAreHeld(t *testing.T) {
	for name, turns := range dialogues(t) {
		t.Run(name, func(t *testing.T) {
			for i := 0; i+1 < len(turns); i += 2 {
				request, answer := parse(t, turns[i].line), parse(t, turns[i+1].line)
				if request.Code == RequestSystemResend {
					continue
				}
				number, detect := request.Number()
				terminal := &Terminal{Detect: detect, next: number}
				sent, err := terminal.Ask(request.Bare())
				if err != nil || string(sent) != turns[i].line {
					t.Fatalf("sent %q, %v, recorded %q", sent, err, turns[i].line)
				}
				if step := terminal.Heard([]byte(turns[i+1].line + "\r")); step.Do != Take {
					t.Fatalf("%q: %+v", turns[i+1].line, step)
				}
				system := &System{}
				if turn := system.Heard(sent); turn.Do != Take {
					t.Fatalf("%q: %+v", sent, turn)
				}
				if said := system.Answer(answer.Bare()); string(said) != turns[i+1].line {
					t.Fatalf("answered %q, recorded %q", said, turns[i+1].line)
				}
			}
		})
	}
}
