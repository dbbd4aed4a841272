package sipwire

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestSystem(t *testing.T) {
	ask := "11YN20261126    120000                  AO|AA1|AB2|AC|"
	other := "11YN20261126    120000                  AO|AA1|AB3|AC|"
	turned := "11YN20261126    120000                  AO|AA2|AB1|AC|" // the checksum of the first
	no := strings.Replace(numbered(t, ask, 0), "YN", "NN", 1)
	const please = "96AZFEF6\r"
	for _, row := range []struct {
		name   string
		system System
		heard  []string
		want   []string // "": taken and answered; "-": passed over; else what is said without carrying anything out
	}{
		{name: "a request", heard: []string{numbered(t, ask, 0)}, want: []string{""}},
		{name: "the same again is answered again and not done again", heard: []string{numbered(t, ask, 0), numbered(t, ask, 0), numbered(t, ask, 0)}, want: []string{"", "same", "same"}},
		{name: "the same with small digits and another end", heard: []string{numbered(t, ask, 0), "\n" + lower(numbered(t, ask, 0)) + "\n"}, want: []string{"", "same"}},
		{name: "the same with the next number is another", heard: []string{numbered(t, ask, 0), numbered(t, ask, 1)}, want: []string{"", ""}},
		{name: "another item with the same number is another", heard: []string{numbered(t, ask, 0), numbered(t, other, 0)}, want: []string{"", ""}},
		{name: "another message with the same number and checksum is another", heard: []string{numbered(t, ask, 0), numbered(t, turned, 0)}, want: []string{"", ""}},
		{name: "the same after another is another", heard: []string{numbered(t, ask, 0), numbered(t, other, 1), numbered(t, ask, 0)}, want: []string{"", "", ""}},
		{name: "the same without a number is another", heard: []string{numbered(t, ask, -2), numbered(t, ask, -2)}, want: []string{"", ""}},
		{name: "the same after one without a number is another", heard: []string{numbered(t, ask, 0), numbered(t, ask, -2), numbered(t, ask, 0)}, want: []string{"", "", ""}},
		{name: "damaged", heard: []string{no}, want: []string{please}},
		{name: "damaged in between", heard: []string{numbered(t, ask, 0), no, numbered(t, ask, 0)}, want: []string{"", please, "same"}},
		{name: "damaged, with a checksum only", heard: []string{strings.Replace(numbered(t, ask, -1), "YN", "NN", 1)}, want: []string{please}},
		{name: "what is no message", heard: []string{"hello\r"}, want: []string{please}},
		{name: "a request to say it again", heard: []string{numbered(t, ask, 0), "97AZFEF5\r"}, want: []string{"", "again"}},
		{name: "a bare request to say it again", heard: []string{numbered(t, ask, 0), "97\r"}, want: []string{"", "bare"}},
		{name: "a request to say a bare answer again", heard: []string{numbered(t, ask, -2), "97AZFEF5\r", "97\r"}, want: []string{"", "again", "bare"}},
		{name: "said again, the same is still not done again", heard: []string{numbered(t, ask, 0), "97AZFEF5\r", numbered(t, ask, 0), "97AZFEF5\r"}, want: []string{"", "again", "same", "again"}},
		{name: "nothing to say again", heard: []string{"97AZFEF5\r"}, want: []string{please}},
		{name: "what was said was a request", heard: []string{no, "97AZFEF5\r", "97\r"}, want: []string{please, please, "96\r"}},
		{name: "a damaged request to say it again", heard: []string{numbered(t, ask, 0), "97AZFEF6\r"}, want: []string{"", please}},
		{name: "a terminal has nothing to say again to", heard: []string{numbered(t, ask, 0), "96AZFEF6\r", numbered(t, ask, 0)}, want: []string{"", "-", "same"}},
		{name: "a message that is not known is the caller's", heard: []string{numbered(t, "88what|", 0)}, want: []string{""}},
		{name: "strict: without a number", system: System{Strict: true}, heard: []string{numbered(t, ask, -2), numbered(t, ask, -1), numbered(t, ask, 0)}, want: []string{please, please, ""}},
		{name: "strict: say it again", system: System{Strict: true}, heard: []string{numbered(t, ask, 0), "97AZFEF5\r", "97\r"}, want: []string{"", "again", please}},
	} {
		t.Run(row.name, func(t *testing.T) {
			system := row.system
			done, said := 0, ""
			for i, b := range row.heard {
				turn := system.Heard([]byte(b))
				var want string
				switch row.want[i] {
				case "":
					if turn.Do != Take || turn.Bytes != nil {
						t.Fatalf("%q: %+v", b, turn)
					}
					done++
					answer := parse(t, strings.Replace(lent, "AJ|", "AJ"+strconv.Itoa(done)+"|", 1))
					answer.End = []byte{'\r'}
					said = string(system.Answer(answer))
					checkAnswer(t, b, said)
					if more := system.Answer(answer); more != nil {
						t.Errorf("answered twice: %q", more)
					}
					continue
				case "-":
					if turn.Do != Wait {
						t.Fatalf("%q: %+v", b, turn)
					}
					continue
				case "same":
					want = said
				case "again":
					m := parse(t, said)
					m = m.Summed()
					want = string(m.Bytes())
				case "bare":
					m := parse(t, said)
					m = m.Bare()
					want = string(m.Bytes())
				default:
					want = row.want[i]
				}
				if turn.Do != Send || string(turn.Bytes) != want {
					t.Fatalf("%q: says %q (%d), want %q", b, turn.Bytes, turn.Do, want)
				}
			}
		})
	}
}

// lower writes the hexadecimal digits of a checksum small.
func lower(line string) string {
	n := len(line) - 1 - sumDigits
	return line[:n] + strings.ToLower(line[n:])
}

// checkAnswer holds that an answer takes part in error detection as its request
// does.
func checkAnswer(t *testing.T, asked, said string) {
	t.Helper()
	request, answer := parse(t, asked), parse(t, said)
	if !request.Detects() {
		if answer.Sequence != nil || answer.Checksum != nil {
			t.Errorf("%q is answered %q", asked, said)
		}
		return
	}
	if string(answer.Sequence) != string(request.Sequence) || answer.Check() != Intact {
		t.Errorf("%q is answered %q", asked, said)
	}
}

func TestAskingAgainForWhatIsNotKnown(t *testing.T) {
	for heard, want := range map[string]string{"88what|\r": "96\r", numbered(t, "88what|", 4): "96AZFEF6\r"} {
		system := &System{}
		if turn := system.Heard([]byte(heard)); turn.Do != Take {
			t.Fatalf("%+v", turn)
		}
		if got := string(system.AskAgain()); got != want {
			t.Errorf("to %q says %q", heard, got)
		}
		if got := system.Answer(Message{Code: "89"}); got != nil {
			t.Errorf("and answers %q", got)
		}
		if got := system.AskAgain(); got != nil {
			t.Errorf("and asks again %q", got)
		}
		if turn := system.Heard([]byte("97AZFEF5\r")); string(turn.Bytes) != "96AZFEF6\r" {
			t.Errorf("asked again, says %q", turn.Bytes)
		}
	}
}

func TestForgetting(t *testing.T) {
	system := &System{}
	ask := []byte(numbered(t, "9900802.00", 0))
	for i := range 3 {
		if turn := system.Heard(ask); turn.Do != Take {
			t.Fatalf("%d: %+v", i, turn)
		}
		system.Answer(parse(t, status))
		if turn := system.Heard(ask); turn.Do != Send {
			t.Fatalf("%d, at once: %+v", i, turn)
		}
		system.Forget()
	}
}

// world is a terminal and a system with a line between them that damages,
// swallows and delays. The system lends items, and counts how often each.
type world struct {
	t        *rapid.T
	terminal Terminal
	system   System
	lent     map[string]int
}

// Over any line, an item is lent at most once for each request; an answer that
// is taken is the answer to its own request; a request of which the terminal
// says that it is undone is not done.
func TestNothingIsDoneTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		settles := rapid.Bool().Draw(t, "settles")
		w := &world{
			t: t, lent: map[string]int{},
			terminal: Terminal{Detect: true, Retries: rapid.IntRange(0, 4).Draw(t, "retries"), Settles: settles},
			system:   System{Strict: settles || rapid.Bool().Draw(t, "strict")},
		}
		for i := range rapid.IntRange(1, 25).Draw(t, "requests") {
			item := fmt.Sprint(30000 + i)
			if !w.lend(item) {
				return
			}
		}
	})
}

// lend asks for one loan. It reports whether the connection is still there.
func (w *world) lend(item string) bool {
	m, err := Form{}.Build(Checkout).Flag(RenewalPolicy, false).Flag(NoBlock, false).Date(TransactionDate, noon, time.UTC).
		Field(PatronID, "1").Field(ItemID, item).Message()
	if err != nil {
		w.t.Fatal(err)
	}
	out, err := w.terminal.Ask(m)
	if err != nil {
		w.t.Fatal(err)
	}
	queue := w.carry(out)
	for range 100 {
		var step Step
		if len(queue) == 0 {
			step = w.terminal.TimedOut()
		} else {
			step = w.terminal.Heard(queue[0])
			queue = queue[1:]
		}
		if w.lent[item] > 1 {
			w.t.Fatalf("%s is lent %d times", item, w.lent[item])
		}
		switch step.Do {
		case Send:
			queue = append(queue, w.carry(step.Bytes)...)
		case Take:
			if got, _ := step.Message.First(ItemID); string(got) != item || w.lent[item] != 1 {
				w.t.Fatalf("%q is taken for the answer to %s, lent %d times", step.Message.Bytes(), item, w.lent[item])
			}
			return len(queue) == 0 || w.drain(queue)
		case Leave:
			if step.Undone && w.lent[item] != 0 {
				w.t.Fatalf("%s is said to be undone: %v", item, step.Err)
			}
			return false
		case Note:
			w.t.Fatalf("a status of nobody: %q", step.Message.Bytes())
		}
	}
	w.t.Fatalf("no end")
	return false
}

// drain is what comes when nothing was asked.
func (w *world) drain(queue [][]byte) bool {
	for _, b := range queue {
		if step := w.terminal.Heard(b); step.Do != Wait {
			w.t.Fatalf("%q after the answer: %+v", b, step)
		}
	}
	return true
}

// carry brings bytes to the system, and its answer back.
func (w *world) carry(b []byte) [][]byte {
	b = w.line("there", b)
	if b == nil {
		return nil
	}
	turn := w.system.Heard(b)
	back := turn.Bytes
	if turn.Do == Take {
		item, _ := turn.Message.First(ItemID)
		w.lent[string(item)]++
		m, err := Form{}.Build(CheckoutResponse).Flag(OK, true).Flag(RenewalOK, false).Flag(MagneticMedia, false).Flag(Desensitize, true).
			Date(TransactionDate, noon, time.UTC).FieldBytes(PatronID, []byte("1")).FieldBytes(ItemID, item).Message()
		if err != nil {
			w.t.Fatal(err)
		}
		back = w.system.Answer(m)
	}
	if back = w.line("back", back); back == nil {
		return nil
	}
	return [][]byte{back}
}

// line is the line in one direction: it carries, damages one byte, or swallows.
func (w *world) line(way string, b []byte) []byte {
	if b == nil {
		return nil
	}
	switch rapid.SampledFrom([]string{"carries", "carries", "carries", "damages", "swallows"}).Draw(w.t, way) {
	case "swallows":
		return nil
	case "damages":
		b = append([]byte(nil), b...)
		at := rapid.IntRange(0, len(b)-2).Draw(w.t, "at")
		b[at]++
	}
	return b
}
