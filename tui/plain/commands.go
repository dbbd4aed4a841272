package plain

import (
	"context"
	"strconv"
	"strings"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// The reasons that are this package's own. In JSON they stand as they are:
// never renamed.
const (
	UnknownCommand circ.Reason = "unknown_command"
	WrongUsage     circ.Reason = "usage"
	OnlyDemo       circ.Reason = "only_demo"
	LineFailed     circ.Reason = "failed"
)

// reply is what a line gives that is not the session's to answer.
type reply struct {
	out  desk.Outcome
	quit bool
}

// command is one command: what it is called without its colon, the row that
// explains it, and what it does with the rest of its line. It gives an input for
// the session, or a reply; neither: the line is not as the row says.
type command struct {
	name string
	help words.Key
	do   func(d *Desk, ctx context.Context, rest string) (desk.Input, *reply)
}

// commands are all commands, in the order of the help.
var commands = []command{
	{"checkout", words.PlainHelpCheckout, checkOut},
	{"checkin", words.PlainHelpCheckin, checkIn},
	{"inhouse", words.PlainHelpInhouse, inhouse},
	{"patron", words.PlainHelpPatron, patron},
	{"title", words.PlainHelpTitle, needs(func(s string) desk.Input { return desk.FindTitle{Query: s} })},
	{"item", words.PlainHelpItem, needs(func(s string) desk.Input { return desk.Look{Text: s} })},
	{"shelf", words.PlainHelpShelf, alone(desk.Shelf{})},
	{"overdue", words.PlainHelpOverdue, overdue},
	{"shelve", words.PlainHelpShelve, needs(func(s string) desk.Input { return desk.Shelve{Text: s} })},
	{"takeoff", words.PlainHelpTakeoff, needs(func(s string) desk.Input { return desk.TakeOff{Text: s} })},
	{"renew", words.PlainHelpRenew, renew},
	{"request", words.PlainHelpRequest, needs(func(s string) desk.Input { return desk.Request{Text: s} })},
	{"cancel", words.PlainHelpCancel, cancel},
	{"pay", words.PlainHelpPay, pay},
	{"charge", words.PlainHelpCharge, charge},
	{"waive", words.PlainHelpWaive, waive},
	{"dispute", words.PlainHelpDispute, dispute},
	{"restore", words.PlainHelpRestore, restore},
	{"refund", words.PlainHelpRefund, refund},
	{"fee", words.PlainHelpFee, feeStory},
	{"drawer", words.PlainHelpDrawer, drawer},
	{"why", words.PlainHelpWhy, why},
	{"lost", words.PlainHelpLost, mark(desk.MarkLost, false)},
	{"writeoff", words.PlainHelpWriteOff, mark(desk.MarkWriteOff, true)},
	{"claimed", words.PlainHelpLost, mark(desk.MarkClaimed, false)},
	{"found", words.PlainHelpLost, mark(desk.MarkFound, false)},
	{"due", words.PlainHelpDue, setDue},
	{"returned", words.PlainHelpReturned, correctReturn},
	{"recall", words.PlainHelpRecall, needs(func(s string) desk.Input { return desk.Recall{Text: s} })},
	{"unrecall", words.PlainHelpRecall, needs(func(s string) desk.Input { return desk.Recall{Text: s, Lift: true} })},
	{"incomplete", words.PlainHelpIncomplete, incomplete},
	{"complete", words.PlainHelpIncomplete, needs(func(s string) desk.Input { return desk.Complete{Text: s} })},
	{"giveup", words.PlainHelpGiveup, giveUp},
	{"call", words.PlainHelpCall, call},
	{"notice", words.PlainHelpNotice, sent},
	{"bill", words.PlainHelpBill, bill},
	{"parts", words.PlainHelpParts, parts},
	{"additem", words.PlainHelpAddItem, addItem},
	{"worklist", words.PlainHelpWorklist, worklist},
	{"missing", words.PlainHelpMissing, mark(desk.MarkMissing, true)},
	{"damaged", words.PlainHelpMissing, mark(desk.MarkDamaged, true)},
	{"withdrawn", words.PlainHelpMissing, mark(desk.MarkWithdrawn, true)},
	{"born", words.PlainHelpBorn, born},
	{"block", words.PlainHelpBlock, block},
	{"unblock", words.PlainHelpUnblock, unblock},
	{"alert", words.PlainHelpAlert, alert},
	{"unalert", words.PlainHelpUnalert, unalert},
	{"register", words.PlainHelpRegister, register},
	{"edit", words.PlainHelpEdit, edit},
	{"card", words.PlainHelpCard, card},
	{"link", words.PlainHelpLink, link},
	{"merge", words.PlainHelpMerge, needs(func(s string) desk.Input { return desk.Merge{Card: s} })},
	{"undo", words.PlainHelpUndo, undo},
	{"slip", words.PlainHelpSlip, alone(desk.Slip{})},
	{"done", words.PlainHelpDone, alone(desk.Done{})},
	{"yes", words.PlainHelpYes, yes},
	{"no", words.PlainHelpNo, no},
	{"pull", words.PlainHelpPull, pull},
	{"plug", words.PlainHelpPull, plug},
	{"sync", words.PlainHelpSync, alone(desk.Sync{})},
	{"pause", words.PlainHelpPause, alone(desk.Pause{On: true})},
	{"go_on", words.PlainHelpPause, alone(desk.Pause{})},
	{"conflicts", words.PlainHelpConflicts, alone(desk.Conflicts{})},
	{"settle", words.PlainHelpSettle, settle},
	{"conflict", words.PlainHelpConflict, conflictPage},
	{"assign", words.PlainHelpAssign, assign},
	{"callback", words.PlainHelpCallback, callBack},
	{"contact", words.PlainHelpContact, reachOf},
	{"operator", words.PlainHelpOperator, operator},
	{"signout", words.PlainHelpSignout, alone(desk.SignOut{})},
	{"help", words.PlainHelpHelp, nil}, // lists this very list: see [Desk.read]
	{"quit", words.PlainHelpQuit, quit},
}

// read reads a line: an input for the session, or what it gives at once.
func (d *Desk) read(ctx context.Context, s string) (desk.Input, *reply) {
	rest, is := strings.CutPrefix(strings.TrimLeft(s, " \t"), ":")
	if !is {
		return desk.Scan{Text: s}, nil
	}
	name, rest, _ := strings.Cut(rest, " ")
	if len(s) >= longestLine {
		return nil, d.stop(desk.TooLong, d.c.Words.Text(words.RefusalTooLong))
	}
	if name == "help" {
		return nil, d.help()
	}
	for _, c := range commands {
		if c.name != name {
			continue
		}
		in, r := c.do(d, ctx, strings.TrimSpace(rest))
		if in == nil && r == nil {
			return nil, d.stop(WrongUsage, d.c.Words.Text(words.PlainUsage, "usage", d.c.Words.Text(c.help)))
		}
		return in, r
	}
	shown := text.Clean(name, shownName)
	return nil, d.stop(UnknownCommand, d.c.Words.Text(words.PlainUnknownCommand, "command", ":"+shown))
}

// shownText is how much of a reason is shown.
const shownText = 500

// shownName is how much of an unknown command is shown.
const shownName = 40

// stop is a reply that says no.
func (d *Desk) stop(why circ.Reason, says string) *reply {
	return &reply{out: desk.Outcome{
		Final: true, At: d.c.Now(), Word: desk.WordStop, Text: says,
		Reasons: []desk.Said{{Remark: circ.Remark{Reason: why}, Words: says}},
	}}
}

// says is a reply that something is so.
func (d *Desk) says(w desk.Word, what string) *reply {
	return &reply{out: desk.Outcome{Final: true, At: d.c.Now(), Word: w, Text: what}}
}

// alone is a command without a rest.
func alone(in desk.Input) func(*Desk, context.Context, string) (desk.Input, *reply) {
	return func(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
		if rest != "" {
			return nil, nil
		}
		return in, nil
	}
}

// needs is a command whose rest is one thing.
func needs(make func(string) desk.Input) func(*Desk, context.Context, string) (desk.Input, *reply) {
	return func(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
		if rest == "" {
			return nil, nil
		}
		return make(rest), nil
	}
}

func checkOut(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	if rest != "" {
		return nil, nil
	}
	return desk.Go{To: desk.AtCheckOut}, nil
}

// checkIn: a date without a code is bookdrop mode, a code is one check-in.
func checkIn(d *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	if rest == "" {
		return desk.Go{To: desk.AtCheckIn}, nil
	}
	dated, is := strings.CutPrefix(rest, "--date")
	if !is {
		return desk.CheckIn{Text: rest}, nil
	}
	if dated == "" || !strings.ContainsAny(dated[:1], " =") {
		return nil, nil
	}
	typed, code := splitDate(strings.TrimSpace(dated[1:]))
	if typed == "" {
		return nil, nil
	}
	at, wrong := d.moment(typed)
	if wrong != "" {
		return nil, d.stop(desk.BadDate, d.c.Words.Text(words.RefusalBadDate, "text", text.Clean(typed, shownName)))
	}
	if code == "" {
		return desk.Bookdrop{On: true, Date: at}, nil
	}
	return desk.CheckIn{Text: code, Date: at}, nil
}

// inhouse: alone it is the mode, a code is one use.
func inhouse(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	switch rest {
	case "":
		return desk.InHouse{On: true}, nil
	case "off":
		return desk.InHouse{}, nil
	}
	return desk.Use{Text: rest}, nil
}

// patron without a query is the open one, once more.
func patron(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	if rest != "" {
		return desk.Find{Query: rest}, nil
	}
	return desk.OpenPatron{}, nil
}

func renew(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	switch rest {
	case "":
		return nil, nil
	case "all":
		return desk.RenewAll{}, nil
	}
	return desk.RenewItem{Text: rest}, nil
}

// number reads a number of a list, from 1.
func number(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n > 0
}

func cancel(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	n, ok := number(rest)
	if !ok {
		return nil, nil
	}
	return desk.Cancel{N: n}, nil
}

// unblock lifts the only block, or the one of that number.
func unblock(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	if rest == "" {
		return desk.Unblock{}, nil
	}
	n, ok := number(rest)
	if !ok {
		return nil, nil
	}
	return desk.Unblock{N: n}, nil
}

func undo(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	var in desk.Undo
	for _, f := range strings.Fields(strings.ReplaceAll(rest, ",", " ")) {
		n, ok := number(f)
		if !ok {
			return nil, nil
		}
		in.N = append(in.N, n)
	}
	return in, nil
}

// yes takes a reason and, behind "as", the operator who says it.
func yes(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	words := strings.Fields(rest)
	if n := len(words); n >= 3 && words[n-3] == "as" {
		return desk.Yes{Why: strings.Join(words[:n-3], " "), As: words[n-2], PIN: words[n-1]}, nil
	}
	return desk.Yes{Why: rest}, nil
}

// operator signs in; a PIN that is not given is asked for.
func operator(d *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	name, pin, given := strings.Cut(rest, " ")
	switch {
	case name == "":
		return nil, nil
	case given:
		return desk.SignIn{Name: name, PIN: strings.TrimSpace(pin)}, nil
	case d.c.Secret == nil:
		return nil, nil
	}
	pin, err := d.c.Secret(d.c.Words.Text(words.FormPin))
	if err != nil {
		return nil, nil
	}
	return desk.SignIn{Name: name, PIN: pin}, nil
}

func pull(d *Desk, ctx context.Context, rest string) (desk.Input, *reply) {
	if rest != "" {
		return nil, nil
	}
	return nil, d.takeLine(ctx, Line.Pull, words.PlainPulled, words.PlainPulledAlready)
}

func plug(d *Desk, ctx context.Context, rest string) (desk.Input, *reply) {
	if rest != "" {
		return nil, nil
	}
	return nil, d.takeLine(ctx, Line.Plug, words.PlainPlugged, words.PlainPluggedAlready)
}

func (d *Desk) takeLine(ctx context.Context, do func(Line, context.Context) (bool, error), done, already words.Key) *reply {
	w := d.c.Words
	if d.c.Line == nil {
		return d.stop(OnlyDemo, w.Text(words.PlainOnlyDemo))
	}
	was, err := do(d.c.Line, ctx)
	switch {
	case err != nil:
		return d.stop(LineFailed, w.Text(words.RefusalFailed, "why", err.Error()))
	case was:
		return d.says(desk.WordMode, w.Text(already))
	}
	return d.says(desk.WordMode, w.Text(done))
}

func (d *Desk) help() *reply {
	w := d.c.Words
	r := d.says(desk.WordList, w.Text(words.PlainHelpLead))
	r.out.Tell = append(r.out.Tell, desk.Said{Words: w.Text(words.PlainHelpScan)})
	told := map[words.Key]bool{}
	for _, c := range commands {
		if !told[c.help] {
			told[c.help] = true
			r.out.Tell = append(r.out.Tell, desk.Said{Remark: circ.Remark{Reason: circ.Reason(c.name)}, Words: w.Text(c.help)})
		}
	}
	r.out.Tell = append(r.out.Tell, desk.Said{Words: w.Text(words.PlainFields, "fields", w.List(fields...))})
	return r
}

func quit(d *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	if rest != "" {
		return nil, nil
	}
	w := d.c.Words
	says := w.Text(words.PlainBye)
	if n := d.c.Waiting(); n > 0 {
		says = w.Reasons(says, w.N(words.PlainStillWaiting, n))
	}
	r := d.says(desk.WordDone, says)
	r.quit = true
	return nil, r
}
