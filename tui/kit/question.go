package kit

import (
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Question is a panel that opens by itself and asks the clerk. It cannot be answered by a scan that is under way:
// only the keys of its answers answer, they are function keys or chords, and Enter is not among them. All text goes
// back to the caller, for the scan line and its queue, unless the clerk has opened the field for a reason.
type Question struct {
	word, title string
	role        Role
	reasons     []QuestionReason
	answers     []Answer
	reasonLabel string
	split       func(line string) (reason, scan string)

	asking int // the answer that waits for its reason; -1: none
	reason edit
	nudged bool // the reason was asked for and is still empty
}

// QuestionReason is one line of why the clerk is asked, and what would lift it.
type QuestionReason struct{ Text, Way string }

// Answer is one way to answer. With NeedsReason its key opens a field first, and the same key again, with a reason
// in the field, answers. Note is what else to say of it, nil for nothing; it is asked at every frame.
type Answer struct {
	Action
	NeedsReason bool
	Note        func() string
}

// Asked is everything a question is made of.
type Asked struct {
	Word        string // the loud word
	Role        Role   // of the word: Ask, Stop
	Title       string
	Reasons     []QuestionReason
	Answers     []Answer
	ReasonLabel string // before the field for a reason
	// Split takes a scan off the end of the line when one was made into the field for a reason; it gives the reason
	// without it and the scan, empty when there is none. It may be nil only when no answer needs a reason.
	Split func(line string) (reason, scan string)
}

// Reply is what came of an input to a question.
type Reply struct {
	Answer string   // the id of the answer given; empty: none yet
	Reason string   // with an answer that needs one: never blank
	Off    string   // why the answer that was tried is off
	Rest   InputMsg // what is for the scan line, or for keys that hold beside a question; may be empty
}

// NewQuestion checks the answers: each has an id, a label, and keys that neither a scan nor Enter can press, no key
// twice. All faults come in one error.
func NewQuestion(a Asked) (*Question, error) {
	var faults []error
	keys := map[string]string{}
	for _, ans := range a.Answers {
		if ans.ID == "" || ans.Label == "" || len(ans.Keys) == 0 {
			faults = append(faults, fmt.Errorf("answer %q: no id, label or key", ans.ID))
		}
		if ans.NeedsReason && a.Split == nil {
			faults = append(faults, fmt.Errorf("answer %q: needs a reason, and nothing tells a scan from it", ans.ID))
		}
		faults = append(faults, lintKeys(ans.Action)...)
		for _, k := range ans.Keys {
			if k == KeyEnter {
				faults = append(faults, fmt.Errorf("answer %q: Enter answers no question", ans.ID))
			}
			if other, twice := keys[k]; twice {
				faults = append(faults, fmt.Errorf("key %s: answers %s and %s", k, other, ans.ID))
			}
			keys[k] = ans.ID
		}
	}
	if len(a.Answers) == 0 {
		faults = append(faults, errors.New("a question without an answer"))
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return &Question{
		word: a.Word, title: a.Title, role: a.Role, reasons: a.Reasons, answers: a.Answers,
		reasonLabel: a.ReasonLabel, split: a.Split, asking: -1,
	}, nil
}

// AsksReason tells whether the field for a reason is open; then text goes there.
func (q *Question) AsksReason() bool { return q.asking >= 0 }

// Input takes what came while the question is open.
func (q *Question) Input(m InputMsg) Reply {
	if q.AsksReason() {
		return q.inReason(m)
	}
	i := q.answer(m.Key)
	if i < 0 {
		return Reply{Rest: m}
	}
	r := q.give(i)
	r.Rest = InputMsg{Text: m.Text}
	return r
}

func (q *Question) inReason(m InputMsg) Reply {
	if m.Text != "" {
		q.reason.put(m.Text)
		q.nudged = false
	}
	if Closes(m.Key) {
		return q.splitScan(m.Key)
	}
	if m.Key == "esc" {
		q.asking = -1
		return Reply{}
	}
	if i := q.answer(m.Key); i >= 0 {
		return q.give(i)
	}
	if q.reason.key(m.Key) {
		return Reply{}
	}
	return Reply{Rest: InputMsg{Key: m.Key}}
}

// splitScan sends a scan that was made into the field on to the scan line.
func (q *Question) splitScan(key string) Reply {
	reason, scan := q.split(q.reason.text())
	if scan == "" {
		return Reply{}
	}
	q.reason.set(reason)
	return Reply{Rest: InputMsg{Text: scan, Key: key}}
}

func (q *Question) answer(key string) int {
	for _, k := range []func(string) (string, bool){func(k string) (string, bool) { return k, true }, withoutShift} {
		name, ok := k(key)
		if !ok || name == "" {
			continue
		}
		for i, a := range q.answers {
			for _, bound := range a.Keys {
				if bound == name {
					return i
				}
			}
		}
	}
	return -1
}

func (q *Question) give(i int) Reply {
	a := q.answers[i]
	if off := a.OffBecause(); off != "" {
		return Reply{Off: off}
	}
	if !a.NeedsReason {
		return Reply{Answer: a.ID}
	}
	reason := strings.TrimSpace(q.reason.text())
	if q.asking == i && reason != "" {
		return Reply{Answer: a.ID, Reason: reason}
	}
	q.nudged = q.asking == i
	q.asking = i
	return Reply{}
}

// View gives the lines of the panel, at most h, and the cursor when the field for a reason is open. When there is
// too little room, reasons are left out and counted as +n; the answers stay.
func (q *Question) View(look Look, caps KeyCaps, width, h int) ([]string, *tea.Cursor) {
	tail := q.answerLines(look, caps, width)
	head := []string{"   " + look.Paint(q.role, look.Cut(typed(q.word), 12)) + "  " + look.Cut(typed(q.title), width-18)}
	room := max(h-len(head)-len(tail)-2, 0)
	lines := append(append(head, ""), q.reasonLines(look, width, room)...)
	lines = append(lines, "")
	at := len(lines)
	lines = append(lines, tail...)
	if len(lines) > h {
		cut := len(lines) - max(h, 0)
		lines, at = lines[cut:], at-cut
	}
	return lines, q.cursor(look, width, at)
}

// reasonLines are the reasons in at most h lines: each whole, when they all have room; else each in one line; and
// those that have none are counted.
func (q *Question) reasonLines(look Look, width, h int) []string {
	var whole []string
	for _, r := range q.reasons {
		whole = append(whole, reasonLines(look, width, r)...)
	}
	if len(whole) <= h {
		return whole
	}
	shown := q.reasons
	if len(shown) > h {
		shown = shown[:max(h-1, 0)]
	}
	var lines []string
	for _, r := range shown {
		lines = append(lines, reasonLine(look, width, r))
	}
	if more := len(q.reasons) - len(shown); more > 0 && h > 0 {
		lines = append(lines, fmt.Sprintf("   +%d", more))
	}
	return lines
}

// reasonLines is a reason beside what would lift it, each in as many lines as it needs.
func reasonLines(look Look, width int, r QuestionReason) []string {
	half := (width - 5) / 2
	if r.Way == "" {
		half = width - 3
	}
	text, way := Wrap(look, r.Text, half), Wrap(look, r.Way, width-half-5)
	lines := make([]string, max(len(text), len(way)))
	for i := range lines {
		left, right := "", ""
		if i < len(text) {
			left = text[i]
		}
		if i < len(way) {
			right = way[i]
		}
		lines[i] = strings.TrimRight("   "+look.Fit(left, half)+"  "+look.Paint(Quiet, right), " ")
	}
	return lines
}

// reasonLine is the same in one line.
func reasonLine(look Look, width int, r QuestionReason) string {
	half := (width - 5) / 2
	if r.Way == "" {
		return "   " + look.Cut(typed(r.Text), width-3)
	}
	return "   " + look.Fit(typed(r.Text), half) + "  " + look.Paint(Quiet, look.Cut(typed(r.Way), width-half-5))
}

func (q *Question) answerLines(look Look, caps KeyCaps, width int) []string {
	keys := 0
	for _, a := range q.answers {
		keys = max(keys, look.Len(caps.First(a.Action)))
	}
	var lines []string
	for i, a := range q.answers {
		label := look.Cut(typed(a.Label), width-keys-5)
		switch off := a.OffBecause(); {
		case off != "":
			label = look.Paint(Quiet, look.Cut(typed(a.Label+": "+off), width-keys-5))
		case a.Note != nil:
			label = look.Cut(label+look.Paint(Quiet, ": "+typed(a.Note())), width-keys-5)
		}
		lines = append(lines, "   "+look.Paint(Hint, look.Fit(caps.First(a.Action), keys))+"  "+label)
		if i == q.asking {
			lines = append(lines, q.reasonField(look, width))
		}
	}
	return lines
}

const reasonIndent = "     "

func (q *Question) reasonField(look Look, width int) string {
	label := look.Cut(typed(q.reasonLabel), width/3) + " "
	role := Quiet
	if q.nudged {
		role, label = Wrong, "! "+label
	}
	room := max(width-look.Len(reasonIndent+label)-1, 1)
	shown, _ := q.reason.view(look, room)
	return reasonIndent + look.Paint(role, label) + look.Paint(Field, look.Fit(shown, room))
}

func (q *Question) cursor(look Look, width, at int) *tea.Cursor {
	if !q.AsksReason() {
		return nil
	}
	label := look.Cut(typed(q.reasonLabel), width/3) + " "
	if q.nudged {
		label = "! " + label
	}
	left := look.Len(reasonIndent + label)
	_, x := q.reason.view(look, max(width-left-1, 1))
	c := tea.NewCursor(left+x, at+q.asking+1)
	c.Blink = false
	return c
}
