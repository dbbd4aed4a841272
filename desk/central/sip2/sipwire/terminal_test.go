package sipwire

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// request builds a request of the tests.
func request(t testing.TB, code Code) Message {
	t.Helper()
	b := Form{}.Build(code)
	switch code {
	case Checkout:
		b.Flag(RenewalPolicy, true).Flag(NoBlock, false).Field(PatronID, "1").Field(ItemID, "2")
	case PatronInformation:
		b.Set(Language, "001").Field(PatronID, "1")
	case TerminalStatus:
		b.Set(StatusCode, "0").Count(PrintWidth, 80).Set(ProtocolVersion, "2.00")
	}
	if code != TerminalStatus {
		b.Date(TransactionDate, noon, time.UTC)
	}
	m, err := b.Message()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// numbered seals a line as a system would: with a number of 0 to 9, with a
// checksum only (-1), or not at all (-2).
func numbered(t testing.TB, line string, number int) string {
	t.Helper()
	m := parse(t, line)
	switch number {
	case -2:
		return line + "\r"
	case -1:
		m = m.Summed()
	default:
		m = m.Sealed(number)
	}
	return string(m.Bytes()) + "\r"
}

const (
	lent    = "121NNY20261126    120000AO|AA1|AB2|AJ|AH|"
	another = "121NNY20261126    120000AO|AA1|AB3|AJ|AH|"
	known1  = "64              00120261126    120000000000000000000000000000AO|AA1|AEAnn|"
	status  = "98NNNNNN10000320261126    1200002.00AO|BXYYYYYYYYYYYYYYYY|"
)

func TestTerminal(t *testing.T) {
	damaged := strings.Replace(numbered(t, lent, 0), "121", "120", 1)
	again96 := "96AZFEF6\r"
	for _, row := range []struct {
		name     string
		terminal *Terminal // nil: with error detection, and 2 tries more
		ask      Code      // "": a check-out
		heard    []string  // "": no answer in time
		do       []Act
		err      error // with Leave
		undone   bool
	}{
		{name: "the answer", heard: []string{numbered(t, lent, 0)}, do: []Act{Take}},
		{name: "an answer in small digits", heard: []string{lower(numbered(t, lent, 0))}, do: []Act{Take}},
		{name: "an answer to an earlier request is passed over", heard: []string{numbered(t, lent, 9), numbered(t, lent, 0)}, do: []Act{Wait, Take}},
		{name: "an answer with the next number is passed over", heard: []string{numbered(t, lent, 1), numbered(t, lent, 0)}, do: []Act{Wait, Take}},
		{name: "an answer with a number of two digits is passed over", heard: []string{longNumber(t, lent)}, do: []Act{Wait}},
		{name: "an answer without a number, from a system that has none", heard: []string{numbered(t, lent, -2)}, do: []Act{Take}},
		{name: "an answer without a number, about another item, is asked for again", heard: []string{numbered(t, another, -2), numbered(t, lent, -2)}, do: []Act{Send, Take}},
		{name: "an answer without a number that lost its item on the way", heard: []string{strings.Replace(numbered(t, lent, -2), "AB2", "BB2", 1), numbered(t, lent, -2)}, do: []Act{Send, Take}},
		{name: "an answer with a number and no checksum", heard: []string{lent + "AY0|\r"}, do: []Act{Take}},

		{name: "a damaged answer is asked for again", heard: []string{damaged, numbered(t, lent, -1)}, do: []Act{Send, Take}},
		{name: "asked for again, with any number", heard: []string{damaged, numbered(t, lent, 7)}, do: []Act{Send, Take}},
		{name: "asked for again, without both", heard: []string{damaged, numbered(t, lent, -2)}, do: []Act{Send, Take}},
		{name: "asked for again, about another item", heard: []string{damaged, numbered(t, another, 0)}, do: []Act{Send, Leave}, err: ErrAnswer},
		{name: "damaged too often", heard: []string{damaged, damaged, damaged}, do: []Act{Send, Send, Leave}, err: ErrGarbled},
		{name: "what is no message is asked for again", heard: []string{"Problems: x\r", numbered(t, lent, -1)}, do: []Act{Send, Take}},
		{name: "asked for again, and the system cannot read that", heard: []string{damaged, again96}, do: []Act{Send, Leave}, err: ErrUnreadable},
		{name: "asked for again, and silence", heard: []string{damaged, ""}, do: []Act{Send, Leave}, err: ErrSilent},
		{name: "a damaged request to send again is asked for again", heard: []string{"96AZFEF5\r", again96}, do: []Act{Send, Leave}, err: ErrUnreadable},

		{name: "the system could not read it", heard: []string{again96, numbered(t, lent, 0)}, do: []Act{Send, Take}},
		{name: "the system could not read it, and says so bare", heard: []string{"96\r", numbered(t, lent, 0)}, do: []Act{Send, Take}},
		{name: "the system can never read it", heard: []string{again96, again96, again96}, do: []Act{Send, Send, Leave}, err: ErrUnreadable, undone: true},
		{name: "the system could not read it, then silence", heard: []string{again96, ""}, do: []Act{Send, Leave}, err: ErrSilent},

		{name: "silence: a check-out is not sent again", heard: []string{""}, do: []Act{Leave}, err: ErrSilent},
		{name: "silence: nor is what the protocol does not know", ask: EndConnection, heard: []string{""}, do: []Act{Leave}, err: ErrSilent},
		{name: "silence: a question is", ask: PatronInformation, heard: []string{"", numbered(t, known1, 0)}, do: []Act{Send, Take}},
		{name: "silence, silence, silence", ask: PatronInformation, heard: []string{"", "", ""}, do: []Act{Send, Send, Leave}, err: ErrSilent},
		{name: "silence, then an answer that may be to anything", ask: PatronInformation, heard: []string{"", numbered(t, known1, -2)}, do: []Act{Send, Leave}, err: ErrAnswer},
		{
			name: "silence, and a system that knows what it has answered", terminal: &Terminal{Detect: true, Retries: 2, Settles: true},
			heard: []string{"", "", numbered(t, lent, 0)}, do: []Act{Send, Send, Take},
		},
		{
			name: "silence without numbers", terminal: &Terminal{Retries: 2, Settles: true}, ask: PatronInformation,
			heard: []string{""}, do: []Act{Leave}, err: ErrSilent,
		},
		{
			name: "no tries", terminal: &Terminal{Detect: true}, ask: PatronInformation, heard: []string{""}, do: []Act{Leave}, err: ErrSilent,
		},

		{name: "a status instead", heard: []string{numbered(t, status, 0)}, do: []Act{Note}, undone: true},
		{name: "a status is what was asked for", ask: TerminalStatus, heard: []string{numbered(t, status, 0)}, do: []Act{Take}},
		{name: "an answer to something else", heard: []string{numbered(t, known1, 0)}, do: []Act{Leave}, err: ErrAnswer},
		{name: "a request", heard: []string{numbered(t, "9900802.00", 0)}, do: []Act{Leave}, err: ErrAnswer},

		{name: "without error detection", terminal: &Terminal{Retries: 2}, heard: []string{numbered(t, lent, -2)}, do: []Act{Take}},
		{name: "without error detection, checksums say nothing", terminal: &Terminal{Retries: 2}, heard: []string{strings.Replace(damaged, "120", "121", 1)}, do: []Act{Take}},
		{name: "without error detection, what is no message", terminal: &Terminal{Retries: 2}, heard: []string{"<html>\r"}, do: []Act{Leave}, err: ErrNoMessage},
		{name: "without error detection, the system could not read it", terminal: &Terminal{Retries: 2}, heard: []string{"96\r", numbered(t, lent, -2)}, do: []Act{Send, Take}},
		{name: "without error detection, an answer to something else", terminal: &Terminal{Retries: 2}, heard: []string{known1 + "\r"}, do: []Act{Leave}, err: ErrAnswer},
	} {
		t.Run(row.name, func(t *testing.T) {
			terminal := row.terminal
			if terminal == nil {
				terminal = &Terminal{Detect: true, Retries: 2}
			}
			code := row.ask
			if code == "" {
				code = Checkout
			}
			m := Message{Code: code, End: []byte{'\r'}}
			if code != EndConnection {
				m = request(t, code)
			}
			sent, err := terminal.Ask(m)
			if err != nil {
				t.Fatal(err)
			}
			var did []Act
			var last Step
			for _, b := range row.heard {
				if b == "" {
					last = terminal.TimedOut()
				} else {
					last = terminal.Heard([]byte(b))
				}
				did = append(did, last.Do)
				if last.Do == Send && string(last.Bytes) != string(sent) && string(last.Bytes) != "97AZFEF5\r" {
					t.Errorf("sends %q", last.Bytes)
				}
			}
			if !slices.Equal(did, row.do) {
				t.Fatalf("did %v, want %v; %v", did, row.do, last.Err)
			}
			if !errors.Is(last.Err, row.err) || (last.Do == Leave) != (last.Err != nil) || last.Undone != row.undone {
				t.Errorf("%+v; want %v, undone %v", last, row.err, row.undone)
			}
			if _, err := terminal.Ask(m); last.Do == Leave && !errors.Is(err, ErrOver) {
				t.Errorf("asked after the end: %v", err)
			}
		})
	}
}

// longNumber seals a line with a number of two digits.
func longNumber(t testing.TB, line string) string {
	m := parse(t, line)
	m.Sequence = []byte("00")
	m = m.summed()
	return string(m.Bytes()) + "\r"
}

// Once a system has numbered its answers, one without a number was damaged.
func TestASystemKeepsItsNumbers(t *testing.T) {
	terminal := &Terminal{Detect: true, Retries: 2}
	for i, row := range []struct {
		answers []string
		do      []Act
	}{
		{[]string{numbered(t, lent, -2)}, []Act{Take}},
		{[]string{numbered(t, lent, 1)}, []Act{Take}},
		{[]string{numbered(t, lent, -2), numbered(t, lent, -1)}, []Act{Send, Take}},
		{[]string{numbered(t, lent, 3)}, []Act{Take}},
	} {
		if _, err := terminal.Ask(request(t, Checkout)); err != nil {
			t.Fatal(err)
		}
		for j, b := range row.answers {
			if step := terminal.Heard([]byte(b)); step.Do != row.do[j] {
				t.Fatalf("request %d, %q: %+v", i, b, step)
			}
		}
	}
}

func TestTerminalAsksOneAtATime(t *testing.T) {
	terminal := &Terminal{Detect: true}
	if step := terminal.Heard([]byte(numbered(t, lent, 0))); step.Do != Wait {
		t.Errorf("an answer to nothing: %+v", step)
	}
	if step := terminal.TimedOut(); step.Do != Wait {
		t.Errorf("a silence after nothing: %+v", step)
	}
	for i := range 23 {
		sent, err := terminal.Ask(request(t, Checkout))
		if err != nil {
			t.Fatal(err)
		}
		m := parse(t, string(sent))
		if n, ok := m.Number(); !ok || n != i%10 || m.Check() != Intact {
			t.Fatalf("request %d: %q", i, sent)
		}
		if _, err := terminal.Ask(request(t, Checkout)); !errors.Is(err, ErrBusy) {
			t.Fatalf("two at a time: %v", err)
		}
		if step := terminal.Heard([]byte(numbered(t, lent, i%10))); step.Do != Take {
			t.Fatalf("request %d: %+v", i, step)
		}
	}
	plain := &Terminal{}
	sent, err := plain.Ask(request(t, Checkout).Sealed(4))
	if m := parse(t, string(sent)); err != nil || m.Sequence != nil || m.Checksum != nil {
		t.Errorf("without error detection: %q, %v", sent, err)
	}
}
