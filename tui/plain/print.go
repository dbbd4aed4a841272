package plain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/words"
	"circdesk/tui/screen"
)

// noticeWord stands before what happened by itself.
const noticeWord = "!"

// wordWidth is the width of the column of words.
const wordWidth = 8

func (d *Desk) print(word, text string) error {
	_, err := fmt.Fprintln(d.c.Out, strings.TrimRight(fmt.Sprintf("%-*s%s", wordWidth, word, text), " "))
	return err
}

// printOutcome prints an outcome: the word first, then its line, then what
// belongs to it, a line each.
func (d *Desk) printOutcome(o desk.Outcome) error {
	says := o.Text
	switch {
	case o.Word != desk.WordAsk:
	case o.NeedsWhy():
		says += ". " + d.c.Words.Text(words.PlainAskWay)
	default:
		says += " " + d.c.Words.Text(words.PlainAskWayParts)
	}
	if err := d.print(d.c.Words.Word(string(o.Word)), says); err != nil {
		return err
	}
	for _, l := range d.lines(o) {
		if err := d.print("", l); err != nil {
			return err
		}
	}
	for _, t := range o.Then {
		if err := d.printOutcome(t); err != nil {
			return err
		}
	}
	return nil
}

// nameOf is a near name: of one person the whole.
func nameOf(n desk.Near) string {
	if n.People == 1 {
		return n.Patron.Name
	}
	return n.Name
}

// lines are the lines behind an outcome: of a list, of the patron that was
// opened, of the help.
func (d *Desk) lines(o desk.Outcome) (out []string) {
	w := d.c.Words
	env := d.env()
	if o.Word == desk.WordStop { // the line has the reasons alone
		for _, t := range o.Tell {
			out = append(out, t.Words)
		}
	}
	if o.Word == desk.WordAsk {
		out = append(out, d.asks(o.Ask)...)
	}
	for _, p := range o.Patrons {
		out = append(out, w.List(p.Name, p.Born, p.Street, p.Card))
	}
	for _, n := range o.Near {
		about := n.Patron.Born
		if n.People > 1 {
			about = w.N(words.PatronFoundPeople, n.People)
		}
		out = append(out, w.Text(words.PlainNear, "name", nameOf(n), "about", about, "query", n.Query))
	}
	for _, t := range o.Titles {
		codes := make([]string, 0, len(t.Items))
		for _, it := range t.Items {
			codes = append(codes, it.Barcode)
		}
		out = append(out, w.Reasons(w.List(t.Title.Title, t.Author, t.Year), w.List(codes...)))
	}
	for _, h := range o.Holds {
		out = append(out, w.List(h.Of, h.Barcode, h.Person, d.stage(h), env.Due(h.Until)))
	}
	out = append(out, d.lateLines(o.Late)...)
	for _, p := range o.Undoable {
		undone := ""
		if p.Undone {
			undone = w.Text(words.UndoUndone)
		}
		out = append(out, numbered(p.N, w.List(w.Clock(p.At, d.c.Zone()), w.Word(string(p.Word)), p.Text, undone)))
	}
	for _, w := range o.Work {
		out = append(out, numbered(w.N, env.WorkLine(w)))
	}
	for _, c := range o.Conflicts {
		out = append(out, numbered(c.N, env.ConflictLine(c)))
	}
	if o.Word == desk.WordPatron && o.Patron != nil {
		out = append(out, d.patronLines(*o.Patron)...)
	}
	if o.Word == desk.WordItem && o.Item != nil {
		out = append(out, d.alertLines(o.Item.Alerts)...)
		out = append(out, o.Item.Story...)
	}
	if o.Word == desk.WordList || o.Drawer != nil { // the help, a story, what was counted
		for _, t := range o.Tell {
			out = append(out, t.Words)
		}
	}
	return out
}

// asks says of each reason who may say yes, where that is not everybody, and what
// would lift it; each line once.
func (d *Desk) asks(asked []desk.Said) (out []string) {
	w := d.c.Words
	for _, r := range asked {
		may := ""
		if !r.Allows([]circ.Right{circ.RightCirculate}) {
			may = w.Text(words.PlainMaySayYes, "right", w.Rights(r.Remark))
		}
		if line := w.Reasons(may, w.Way(r.Remark)); line != "" && !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	return out
}

// patronLines are what a patron has, a line each; requests, blocks and alerts with
// the numbers that commands take.
func (d *Desk) patronLines(p desk.Patron) (out []string) {
	w := d.c.Words
	env := d.env()
	for _, l := range p.Loans {
		recalled := ""
		if since := l.RecalledSince(); !since.IsZero() {
			recalled = w.Text(words.RecallSince, "at", env.When(since), "operator", string(l.Recalled.Operator))
		}
		out = append(out, w.List(w.Text(words.OutcomeDue, "title", l.Title, "due", env.Due(l.Due)), d.loanState(p, l), recalled))
	}
	for _, h := range p.Requests {
		out = append(out, numbered(h.N, w.List(w.Command("request"), h.Of, d.stage(h), env.Due(h.Until))))
	}
	for i, f := range p.Fees {
		disputed := ""
		if !f.Disputed.At.IsZero() {
			disputed = w.Text(words.FeesDisputed)
		}
		out = append(out, numbered(i+1, w.List(w.Text(words.OutcomePatronOwes, "amount", w.Money(f.Left)), w.Fee(f.Type), f.Title, f.Text, disputed)))
	}
	if more := screen.IfBack(env, &p); more != "" {
		out = append(out, more)
	}
	for i, b := range p.Blocks {
		out = append(out, numbered(i+1, w.Reasons(w.List(w.Text(words.OutcomePatronBlocked), screen.BlockLimits(env, b)), w.Way(circ.Remark{Reason: circ.PatronBlocked}))))
	}
	out = append(out, d.alertLines(p.Alerts)...)
	for _, r := range p.Standing {
		if r.Reason != circ.PatronBlocked { // told above, with its number
			out = append(out, w.Reasons(w.Reason(r, env.Names()), w.Way(r)))
		}
	}
	return out
}

// loanState says how a loan stands that is not simply out: what is said of it, what is
// missing, whether it is late, and what it costs by now.
func (d *Desk) loanState(p desk.Patron, l desk.Loan) string {
	w := d.c.Words
	env := d.env()
	state := ""
	switch missing := l.Missing(); {
	case missing != nil:
		state = w.Text(words.PatronMissing, "text", circ.PartsText(missing))
	case l.Marked.Missed():
		state = w.Text(words.StoryMarked, "state", w.Mark(string(l.Marked.State)), "at", env.When(l.Marked.At), "operator", string(l.Marked.Operator))
	case l.LongOverdue:
		state = w.Text(words.PatronLongOverdue)
	case l.Overdue:
		state = w.Text(words.PatronOverdue)
	}
	return w.List(state, screen.ByNow(env, &p, l))
}

// stateOf gives what is said of a loan whose item is not to be had; empty: nothing is.
func stateOf(l desk.Loan) string {
	if !l.Marked.Missed() {
		return ""
	}
	return string(l.Marked.State)
}

// stage says where a request stands; what has waited too long has expired.
func (d *Desk) stage(h desk.Hold) string {
	if h.Expired {
		return d.c.Words.Stage(circ.Expired)
	}
	return d.c.Words.Stage(h.Stage)
}

func numbered(n int, s string) string { return strconv.Itoa(n) + ". " + s }
