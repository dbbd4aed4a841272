package kit

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var barcodeAtEnd = regexp.MustCompile(`^(.*?)\s*([0-9]{14})$`)

func asked() Asked {
	return Asked{
		Word: "ASK", Role: Ask, Title: "Maria Silva: 2 reasons not to lend", ReasonLabel: "why:",
		Reasons: []QuestionReason{{"owes 13.20, limit 10.00", "pay 3.20 (F6)"}, {"1 item 12 days overdue", ""}},
		Answers: []Answer{
			{Action{ID: "yes", Keys: []string{"alt+y"}, Label: "lend all the same", Override: true}, true, nil},
			{Action{ID: "pay", Keys: []string{"f6"}, Label: "pay", Money: true, Off: func() string { return "no cash drawer" }}, false, nil},
			{Action{ID: "no", Keys: []string{"alt+n", "esc"}, Label: "no"}, false, nil},
		},
		Split: func(line string) (string, string) {
			if m := barcodeAtEnd.FindStringSubmatch(line); m != nil {
				return m[1], m[2]
			}
			return line, ""
		},
	}
}

func mustAsk(t *testing.T) *Question {
	t.Helper()
	q, err := NewQuestion(asked())
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestHowAQuestionIsAnswered(t *testing.T) {
	const code = "31234000000041"
	for _, c := range []struct {
		name string
		in   []InputMsg
		want Reply // of the last
		open bool
	}{
		{"a scan is for the queue", []InputMsg{{code, "enter"}}, Reply{Rest: InputMsg{code, "enter"}}, false},
		{"half a scan too", []InputMsg{{"312", ""}}, Reply{Rest: InputMsg{Text: "312"}}, false},
		{"Enter says nothing", []InputMsg{{"", "enter"}}, Reply{Rest: InputMsg{Key: "enter"}}, false},
		{"a letter says nothing", []InputMsg{{"y", ""}}, Reply{Rest: InputMsg{Text: "y"}}, false},
		{"no", []InputMsg{{"", "alt+n"}}, Reply{Answer: "no"}, false},
		{"no by its other key", []InputMsg{{"", "esc"}}, Reply{Answer: "no"}, false},
		{"text before the key is kept", []InputMsg{{"312", "alt+n"}}, Reply{Answer: "no", Rest: InputMsg{Text: "312"}}, false},
		{"what is off says why", []InputMsg{{"", "f6"}}, Reply{Off: "no cash drawer"}, false},
		{"another key is the screen's", []InputMsg{{"", "f1"}}, Reply{Rest: InputMsg{Key: "f1"}}, false},
		{"yes wants a reason first", []InputMsg{{"", "alt+y"}}, Reply{}, true},
		{"and no empty one", []InputMsg{{"", "alt+y"}, {"  ", "alt+y"}}, Reply{}, true},
		{"Enter does not confirm it", []InputMsg{{"", "alt+y"}, {"manager agreed", "enter"}}, Reply{}, true},
		{"its key does", []InputMsg{{"", "alt+y"}, {"manager agreed", "enter"}, {"", "alt+y"}}, Reply{Answer: "yes", Reason: "manager agreed"}, true},
		{"with Caps Lock too", []InputMsg{{"", "alt+shift+y"}, {"ok", "alt+shift+y"}}, Reply{Answer: "yes", Reason: "ok"}, true},
		{"a scan into the reason goes to the queue", []InputMsg{{"", "alt+y"}, {"ok ", ""}, {code, "enter"}}, Reply{Rest: InputMsg{code, "enter"}}, true},
		{"and leaves the reason as it was", []InputMsg{{"", "alt+y"}, {"ok", ""}, {code, "ctrl+j"}, {"", "alt+y"}}, Reply{Answer: "yes", Reason: "ok"}, true},
		{"the reason can be mended", []InputMsg{{"", "alt+y"}, {"ox", "backspace"}, {"k", "alt+y"}}, Reply{Answer: "yes", Reason: "ok"}, true},
		{"Esc leaves the field and not the question", []InputMsg{{"", "alt+y"}, {"ok", "esc"}}, Reply{}, false},
		{"another answer from the field", []InputMsg{{"", "alt+y"}, {"ok", "alt+n"}}, Reply{Answer: "no"}, true},
		{"a function key from the field is the screen's", []InputMsg{{"", "alt+y"}, {"", "f1"}}, Reply{Rest: InputMsg{Key: "f1"}}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := mustAsk(t)
			var got Reply
			for _, m := range c.in {
				got = q.Input(m)
			}
			if got != c.want || q.AsksReason() != c.open {
				t.Errorf("got %+v, field open %v; want %+v, %v", got, q.AsksReason(), c.want, c.open)
			}
		})
	}
}

// No scan, however it is cut into messages, answers a question, and all of it reaches the scan line.
func TestNoScanAnswersAQuestion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q, err := NewQuestion(asked())
		if err != nil {
			t.Fatal(err)
		}
		var line ScanLine
		var sent, came []string
		for range rapid.IntRange(1, 8).Draw(t, "scans") {
			code := rapid.StringMatching(`[0-9A-Zyn$/+.-]{1,14}`).Draw(t, "code")
			end := rapid.SampledFrom([]string{"enter", "tab", "ctrl+j", "paste"}).Draw(t, "end")
			cut := rapid.IntRange(0, len(code)).Draw(t, "cut")
			sent = append(sent, code)
			for _, m := range []InputMsg{{Text: code[:cut]}, {Text: code[cut:], Key: end}} {
				r := q.Input(m)
				if r.Answer != "" || r.Off != "" || q.AsksReason() {
					t.Fatalf("scan %q gives %+v", code, r)
				}
				lines, _ := line.Input(r.Rest)
				for _, l := range lines {
					came = append(came, l.Text)
				}
			}
		}
		if strings.Join(came, "|") != strings.Join(sent, "|") {
			t.Fatalf("sent %q, came %q", sent, came)
		}
	})
}

func TestWhatIsNoQuestion(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Asked)
		says   string
	}{
		{"Enter as an answer", func(a *Asked) { a.Answers[2].Keys = []string{"enter"} }, "Enter answers no question"},
		{"Enter on an override", func(a *Asked) { a.Answers[0].Keys = []string{"enter"} }, "Enter never does"},
		{"a letter as an answer", func(a *Asked) { a.Answers[2].Keys = []string{"n"} }, "a scan may contain it"},
		{"Tab as an answer", func(a *Asked) { a.Answers[2].Keys = []string{"tab"} }, "closes a scan"},
		{"one key for two answers", func(a *Asked) { a.Answers[2].Keys = []string{"alt+y"} }, "answers yes and no"},
		{"an answer without a key", func(a *Asked) { a.Answers[2].Keys = nil }, "no id, label or key"},
		{"no answer", func(a *Asked) { a.Answers = nil }, "without an answer"},
		{"a reason that a scan could be", func(a *Asked) { a.Split = nil }, "tells a scan from it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := asked()
			c.change(&a)
			if _, err := NewQuestion(a); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want %q", err, c.says)
			}
		})
	}
}

func TestAQuestionShowsItsAnswersHoweverSmallItsPanel(t *testing.T) {
	q := mustAsk(t)
	for h := 5; h <= 12; h++ {
		lines, cur := q.View(Look{}, nil, 80, h)
		all := strings.Join(lines, "\n")
		if len(lines) > h || cur != nil {
			t.Errorf("%d lines in %d, cursor %v", len(lines), h, cur)
		}
		for _, want := range []string{"Alt+Y  lend all the same", "F6     pay: no cash drawer", "Alt+N  no"} {
			if !strings.Contains(all, want) {
				t.Errorf("no %q in %d lines:\n%s", want, h, all)
			}
		}
		if h >= 8 && !strings.Contains(all, "pay 3.20 (F6)") || h == 7 && !strings.Contains(all, "+2") {
			t.Errorf("reasons in %d lines:\n%s", h, all)
		}
	}
	q.Input(InputMsg{Key: "alt+y"})
	q.Input(InputMsg{Text: "東京"})
	lines, cur := q.View(Look{}, nil, 80, 12)
	if cur == nil || !strings.Contains(lines[cur.Y], "why: 東京") || cur.X != 5+5+4 {
		t.Errorf("cursor %+v in\n%s", cur, strings.Join(lines, "\n"))
	}
	q.Input(InputMsg{Key: "ctrl+u"})
	q.Input(InputMsg{Key: "alt+y"})
	if lines, cur = q.View(Look{}, nil, 80, 12); !strings.Contains(lines[cur.Y], "! why:") || cur.X != 5+7 {
		t.Errorf("an empty reason is not asked for again: %q, cursor %+v", lines[cur.Y], cur)
	}
}

func TestAReasonIsShownWholeWhereThereIsRoom(t *testing.T) {
	a := asked()
	a.Reasons = []QuestionReason{{"kept for somebody with a long name until Mon 30 Nov", "take another copy"}, {"owes 13.20", ""}}
	q, err := NewQuestion(a)
	if err != nil {
		t.Fatal(err)
	}
	roomy, _ := q.View(Look{}, nil, 60, 12)
	want := []string{"   kept for somebody with a     take another copy", "   long name until Mon 30 Nov", "   owes 13.20"}
	if got := roomy[2:5]; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	tight, _ := q.View(Look{}, nil, 60, 8)
	if got := tight[2]; !strings.Contains(got, "…") || !strings.Contains(tight[3], "owes 13.20") {
		t.Errorf("%q", tight)
	}
}
