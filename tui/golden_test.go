package tui_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/local"
	"circdesk/desk/policy"
	"circdesk/desk/words"
	"circdesk/tui"
	"circdesk/tui/kit"
	"circdesk/tui/kit/screentest"
)

// scenes are the states of every screen. Each begins at an empty Check out.
var scenes = []struct {
	name string
	play func(s *stage)
}{
	{"check_out_nobody", func(*stage) {}},
	{"check_out_visit", lend},
	{"check_out_paid", func(s *stage) {
		lend(s)
		s.hear(desk.Outcome{N: s.n() + 1, Final: true, Word: desk.WordPaid, Scanned: "2.40", Text: s.words.Text(words.OutcomePaid, "amount", "2.40", "name", "SILVA, Maria", "owes", "0.80")})
	}},
	{"check_out_not_final", func(s *stage) {
		lend(s)
		o := out(s.scan(blue), blue, "Kind of blue", day(7))
		o.Final = false
		s.hear(o)
	}},
	{"check_out_differs", func(s *stage) {
		lend(s)
		n := s.scan(blue)
		o := out(n, blue, "Kind of blue", day(7))
		o.Final = false
		s.hear(o)
		o = stop(s.words, n, blue, "Kind of blue", circ.Remark{Reason: circ.CardIsLost, Text: mariasCard})
		o.Differs = true
		s.hear(o)
	}},
	{"check_out_three_reasons", func(s *stage) {
		lend(s)
		s.hear(stop(s.words, s.scan(blue), blue, "Kind of blue", circ.Remark{Reason: circ.NotForLoan}, circ.Remark{Reason: circ.RequestedBy, N: 2}, circ.Remark{Reason: circ.TooManyLoans, N: 5, Max: 5}))
	}},
	{"check_out_alerts", func(s *stage) {
		lend(s)
		for _, code := range []string{blue, perl, middle, alibi, beloved} {
			o := stop(s.words, s.scan(code), code, "Planet earth", circ.Remark{Reason: circ.NotForLoan})
			o.Differs = true
			s.hear(o)
		}
	}},
	{"check_out_asleep", func(s *stage) {
		lend(s)
		s.say(func(st *desk.State) { st.Visit.Asleep = true })
	}},
	{"check_out_row_chosen", func(s *stage) {
		lend(s)
		s.key("up", "up")
	}},
	{"check_out_blocked", func(s *stage) {
		p := maria()
		p.Blocks = []circ.Block{{ID: "b1", Text: "N. 7", At: monday}}
		p.Expired, p.Expires, p.Owes = true, monday.AddDate(0, 0, -3), eur(-150)
		s.hear(patron(s.scan(mariasCard), p))
		s.say(visit(p))
	}},
	{"signed_out", func(s *stage) { s.say(func(st *desk.State) { st.Operator, st.Rights = "", nil }) }},
	{"no_line", func(s *stage) {
		lend(s)
		s.say(func(st *desk.State) {
			st.Up, st.Since, st.Waiting, st.Conflicts = false, monday.Add(-55*time.Minute), 37, 2
		})
		s.hear(desk.Notice{At: monday, Kind: desk.LineGone, Words: s.words.Notice(string(desk.LineGone))})
	}},
	{"no_line_since_yesterday", func(s *stage) {
		s.say(func(st *desk.State) {
			st.Up, st.Since, st.Waiting, st.Copy = false, monday.AddDate(0, 0, -1), 1204, monday.AddDate(0, 0, -1)
		})
	}},
	{"not_listening", func(s *stage) {
		lend(s)
		s.update(tea.BlurMsg{})
	}},
	{"first_copy", func(s *stage) {
		s.update(tui.Progressed(kit.Progress{Label: s.words.Text(words.BarFirstCopy), Done: 45_000, Total: 100_000}))
	}},
	{"notice_not_shown", func(s *stage) {
		s.hear(desk.Notice{At: monday, Kind: desk.NotShown, Words: s.words.Notice(string(desk.NotShown), "what", "Kind of blue")})
	}},

	{"check_in_nothing", func(s *stage) { s.key("f3") }},
	{"check_in_pile", pile},
	{"check_in_bookdrop", func(s *stage) {
		pile(s)
		s.say(func(st *desk.State) {
			st.Bookdrop = &desk.Drop{Date: monday.Add(-44 * time.Hour), Ends: monday.Add(10 * time.Minute)}
		})
	}},
	{"check_in_inhouse", func(s *stage) {
		s.key("f3")
		s.say(func(st *desk.State) { st.Place, st.InHouse = desk.AtCheckIn, true })
		s.hear(
			route(s.words, s.scan(middle), desk.WordUsed, middle, "Middlemarch", circ.Route{Kind: circ.ToShelf, Location: "adult"}),
			route(s.words, s.scan(alibi), desk.WordHold, alibi, "The deep blue alibi", circ.Route{Kind: circ.ToHoldShelf, Patron: "p1", Until: day(7)}),
		)
	}},
	{"check_in_bookdrop_form", func(s *stage) {
		s.key("f3")
		s.say(func(st *desk.State) { st.Place, st.Suggests = desk.AtCheckIn, monday.Add(-44*time.Hour) })
		s.key("alt+b")
	}},

	{"question", func(s *stage) { question(s) }},
	{"question_reason", func(s *stage) {
		question(s)
		s.key("alt+y")
		s.typed("Jo: 0142")
	}},
	{"question_no_right", func(s *stage) {
		s.state.Rights = []circ.Right{circ.RightCirculate}
		question(s)
	}},
	{"question_manager", func(s *stage) {
		question(s)
		s.key("alt+m")
		s.typed("Jo")
		s.key("down")
		s.typed("1234")
	}},
	{"question_still_for", func(s *stage) {
		lend(s)
		s.say(func(st *desk.State) {
			st.Visit.Asleep = true
			still := s.words.Text(words.VisitStillFor, "name", "SILVA, Maria")
			st.Question = &desk.Outcome{N: 9, Word: desk.WordAsk, Text: still, Ask: []desk.Said{{Remark: circ.Remark{Reason: desk.StillFor, Who: "p1"}, Words: still}}}
		})
	}},

	{"patron_nobody", func(s *stage) { s.key("f4") }},
	{"patron_found", namesakes},
	{"patron_open", func(s *stage) {
		lend(s)
		s.key("f4", "down", "down")
	}},
	{"patron_blocked", func(s *stage) {
		p := maria()
		p.Blocks = []circ.Block{{ID: "b1", Text: "N. 7", At: monday, Operator: "Jo"}}
		p.Standing = []circ.Remark{
			{Reason: circ.PatronBlocked, Text: "N. 7", Right: circ.RightOverride, Way: circ.Way{Do: circ.WayLiftBlock}},
			{Reason: circ.OwesTooMuch, Amount: eur(1320), Limit: eur(1000), Right: circ.RightMoney, Way: circ.Way{Do: circ.WayPay, Amount: eur(320)}},
		}
		p.Note = strings.Repeat("12 Nov, Jo: 0142 > 0143 ", 8)
		s.hear(patron(s.scan(mariasCard), p))
		s.say(visit(p))
		s.key("f4", "down")
	}},
	{"patron_recalled", func(s *stage) {
		p := maria()
		p.Loans[0].Recalled = circ.Recall{At: monday, Due: p.Loans[0].Due}
		s.hear(patron(s.scan(mariasCard), p))
		s.say(visit(p))
		s.key("f4", "down")
	}},
	{"patron_recall", func(s *stage) {
		lend(s)
		s.key("f4", "down", "alt+s")
	}},
	{"patron_alerts", alerted},
	{"patron_alert", func(s *stage) {
		lend(s)
		s.key("f4", "alt+t")
		s.typed("555 0149")
	}},
	{"patron_end_alert", func(s *stage) {
		alerted(s)
		s.key("alt+i")
	}},
	{"check_out_alert", func(s *stage) {
		alerted(s)
		s.key("f2")
	}},
	{"patron_nobody_found", func(s *stage) {
		s.key("f4")
		s.update(typedLine("silva"))
		s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordStop, Scanned: "silva", Text: s.words.Text(words.RefusalNoPatronFound, "query", "silva")})
	}},
	{"patron_register", func(s *stage) {
		s.key("f4", "alt+g")
		s.typed(anasCard)
	}},
	{"patron_register_wrong", func(s *stage) {
		s.key("f4", "alt+g", "f12")
	}},
	{"patron_edit", func(s *stage) {
		lend(s)
		s.key("f4", "alt+e")
	}},
	{"patron_block_refused", func(s *stage) {
		lend(s)
		s.key("f4", "alt+b")
		s.typed("N. 8")
		s.key("f12")
		s.hear(stop(s.words, s.n(), "", "", circ.Remark{Reason: circ.RightMissing, Right: circ.RightOverride}))
	}},
	{"patron_renew_card", func(s *stage) {
		lend(s)
		s.key("f4", "alt+v")
	}},
	{"patron_replace_card", func(s *stage) {
		lend(s)
		s.key("f4", "alt+h")
	}},
	{"patron_link", func(s *stage) {
		lend(s)
		s.key("f4", "alt+l")
	}},
	{"patron_merge", func(s *stage) {
		lend(s)
		s.key("f4", "ctrl+k")
		s.typed("merge")
		s.key("enter")
	}},
	{"patron_born", func(s *stage) {
		lend(s)
		s.key("f4", "alt+n")
	}},
	{"patron_request", func(s *stage) {
		lend(s)
		s.key("f4", "alt+q")
	}},
	{"patron_cancel_request", func(s *stage) {
		lend(s)
		s.key("f4", "down", "down", "down", "alt+c")
	}},
	{"patron_renew_all_report", func(s *stage) {
		lend(s)
		s.key("f4", "alt+a")
		o := desk.Outcome{N: s.n(), Final: true, Word: desk.WordRenewed, Text: s.words.Text(words.OutcomeRenewedSome, "done", "1", "all", "2")}
		o.Then = []desk.Outcome{
			{Final: true, Word: desk.WordRenewed, Title: "Middlemarch", Due: day(28)},
			{Final: true, Word: desk.WordStop, Title: "Beloved", Reasons: []desk.Said{said(s.words, circ.Remark{Reason: circ.RequestedBy, N: 2})}},
		}
		s.hear(o)
	}},

	{"holds_loading", func(s *stage) { s.key("f5") }},
	{"holds_empty", func(s *stage) { s.key("f5"); s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordList}) }},
	{"holds_list", shelf},
	{"holds_cancel", func(s *stage) {
		shelf(s)
		s.key("down", "down", "alt+c")
	}},

	{"fees_nobody", func(s *stage) { s.key("f6") }},
	{"fees", func(s *stage) {
		lend(s)
		s.key("f6", "down")
	}},
	{"fees_credit", func(s *stage) {
		p := maria()
		p.Fees, p.Owes = nil, eur(-150)
		s.hear(patron(s.scan(mariasCard), p))
		s.say(visit(p))
		s.key("f6")
	}},
	{"fees_elsewhere", func(s *stage) {
		p := maria()
		p.IfBack, p.Estimate = eur(120), true
		p.Loans[1].IfBack = eur(120)
		s.hear(patron(s.scan(mariasCard), p))
		s.say(visit(p))
		s.key("f6")
	}},
	{"patron_fees_elsewhere", func(s *stage) {
		p := maria()
		p.IfBack, p.Estimate = eur(120), true
		p.Loans[1].IfBack = eur(120)
		s.hear(patron(s.scan(mariasCard), p))
		s.say(visit(p))
		s.key("f4")
	}},
	{"fees_settled", func(s *stage) {
		p := maria()
		p.Settled, p.Fees, p.Owes = p.Fees, nil, eur(0)
		s.hear(patron(s.scan(mariasCard), p))
		s.say(visit(p))
		s.key("f6", "down")
	}},
	{"fees_pay", func(s *stage) {
		lend(s)
		s.key("f6", "down", "alt+m")
		s.typed("2.40")
	}},
	{"fees_story", func(s *stage) {
		lend(s)
		s.key("f6", "down", "alt+h")
		s.hear(feeStory(s))
	}},
	{"fees_drawer", func(s *stage) {
		s.say(drawerOpen)
		lend(s)
		s.key("f6")
	}},
	{"fees_drawer_story", func(s *stage) {
		s.say(drawerOpen)
		s.key("f6", "alt+k")
		s.hear(drawerStory(s))
	}},
	{"fees_drawer_close", func(s *stage) {
		s.say(drawerOpen)
		s.key("f6", "alt+l")
		s.typed("62.00")
	}},

	{"fees_drawer_short", func(s *stage) {
		s.say(drawerOpen)
		lend(s)
		s.key("f6", "alt+l")
		s.typed("62.00")
		s.key("f12")
		asked := desk.Outcome{N: s.n(), Final: true, Word: desk.WordAsk, Ask: []desk.Said{said(s.words, circ.Remark{Reason: circ.DrawerShort, Text: "cash", Amount: eur(1000), Right: circ.RightMoney})}}
		s.hear(asked)
		s.say(func(st *desk.State) { st.Question = &asked })
	}},

	{"pick", func(s *stage) { s.key("f7") }},

	{"worklist_loading", func(s *stage) { s.key("f11") }},
	{"worklist_empty", func(s *stage) {
		s.key("alt+z")
		s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordList, Work: []desk.Work{}, AsOf: monday.Add(-time.Minute)})
	}},
	{"worklist_list", worklist},
	{"worklist_call", func(s *stage) {
		worklist(s)
		s.key("down", "alt+l")
	}},
	{"worklist_give_up", func(s *stage) {
		worklist(s)
		s.key("down", "alt+g", "right")
	}},
	{"worklist_off", func(s *stage) {
		worklist(s)
		s.key("end", "alt+g")
	}},
	{"question_all_there_lent", func(s *stage) {
		lend(s)
		allThere(s, s.scan(alibi))
	}},
	{"question_all_there_back", func(s *stage) {
		s.key("f3")
		s.say(func(st *desk.State) { st.Place = desk.AtCheckIn })
		allThere(s, s.scan(alibi))
	}},
	{"question_what_is_missing", func(s *stage) {
		s.key("f3")
		s.say(func(st *desk.State) { st.Place = desk.AtCheckIn })
		allThere(s, s.scan(alibi))
		s.key("alt+n")
		s.typed("2")
	}},
	{"items_parts", func(s *stage) {
		s.key("f8")
		s.hear(desk.Outcome{N: s.scan(alibi), Final: true, Word: desk.WordItem, Title: "The deep blue alibi", Item: box()})
		s.key("alt+b")
	}},
	{"patron_incomplete", func(s *stage) {
		p := maria()
		p.Loans[0].Marked = circ.Marked{State: circ.LoanIncomplete, At: monday, Back: monday, Missing: []string{"disc 2"}}
		s.hear(patron(s.scan(mariasCard), p))
		s.say(visit(p))
		s.key("f4")
	}},
	{"items_nothing", func(s *stage) { s.key("f8") }},
	{"items_item", lookedUp},
	{"items_alerts", itemAlerted},
	{"items_end_alert", func(s *stage) {
		itemAlerted(s)
		s.key("alt+i")
	}},
	{"items_titles", titles},

	{"sync_up", func(s *stage) {
		s.say(func(st *desk.State) { st.Looked = monday.Add(-2 * time.Minute) })
		s.key("f9")
	}},
	{"sync_conflicts", conflicts},
	{"sync_conflict", func(s *stage) {
		conflicts(s)
		s.key("down")
		s.key("enter")
	}},
	{"sync_settle", func(s *stage) {
		conflicts(s)
		s.key("down", "alt+s")
	}},
	{"sync_no_line", func(s *stage) {
		s.say(func(st *desk.State) {
			st.Up, st.Since, st.Answer = false, monday.Add(-15*time.Minute), monday.Add(-15*time.Minute)
			st.Looked, st.Lacks = monday, []string{"the disk is nearly full: 120 MB are free", "the clock is 300 seconds behind"}
		})
		conflicts(s)
	}},
	{"sync_all_at_once", func(s *stage) {
		outageEnds(s)
		s.say(func(st *desk.State) {
			st.Mirror = desk.Mirror{Dir: "/mnt/second"}
			st.Looked = monday
			st.Relay = desk.AtRelay{Has: true, There: true, Name: "branch"}
			st.Others = desk.Others{At: monday.Add(-time.Minute)}
		})
	}},
	{"sync_all_is_wrong", func(s *stage) {
		outageEnds(s)
		s.say(func(st *desk.State) {
			st.Mirror = desk.Mirror{Dir: "/mnt/second", Behind: monday.Add(-time.Hour), Why: "N. 5"}
			st.Looked, st.Lacks = monday, []string{"the disk is nearly full: 120 MB are free"}
			st.Relay = desk.AtRelay{Has: true, Name: "branch", Held: 3}
			st.Others = desk.Others{At: monday.Add(-time.Minute), Holding: []desk.Holder{{Desk: "east-1", Name: "East 1", Left: 12, Seen: monday}, {Desk: "east-2", Name: "East 2", Left: 1, Seen: monday}}}
		})
	}},
	{"sync_delivering", func(s *stage) {
		outageEnds(s)
		s.say(func(st *desk.State) { st.Sending, st.Waiting = 60, 21 })
	}},
	{"sync_refused", func(s *stage) {
		s.say(func(st *desk.State) { st.Stuck, st.Waiting = "N. 17", 37 })
		s.key("f9")
	}},
	{"sync_no_line_yet", func(s *stage) {
		s.say(func(st *desk.State) { st.Up, st.Since, st.Copy = false, time.Time{}, time.Time{} })
		s.key("f9")
	}},

	{"undo_list", undo},
	{"undo_marked", func(s *stage) {
		undo(s)
		s.key("insert", "insert")
	}},
	{"undo_nothing", func(s *stage) {
		s.key("alt+u")
		s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordList})
	}},
	{"undo_report", func(s *stage) {
		undo(s)
		s.key("insert", "f12")
		s.hear(desk.Outcome{
			N: s.n(), Final: true, Word: desk.WordUndone, Text: s.words.N(words.OutcomeUndoneAll, 1),
			Then: []desk.Outcome{{Final: true, Word: desk.WordUndone, Title: "Middlemarch", Tell: []desk.Said{said(s.words, circ.Remark{Reason: circ.TellThePerson, Who: "p2"})}}},
		})
	}},
	{"why", func(s *stage) {
		lend(s)
		o := stop(s.words, s.scan(blue), blue, "Kind of blue", circ.Remark{Reason: circ.OwesTooMuch, Amount: eur(1320), Limit: eur(1000)})
		s.hear(o)
		s.key("alt+w")
	}},
	{"why_due", func(s *stage) {
		lend(s)
		o := out(s.scan(blue), blue, "Kind of blue", day(7))
		for _, st := range []policy.Step{
			{Code: policy.StepPeriod, N: 7, Unit: policy.Days, Row: "N. 12"}, {Code: policy.StepLent, N: 7, Unit: policy.Days, At: day(7)},
		} {
			o.Trace = append(o.Trace, desk.Line{Step: st, Words: s.words.Step(st, words.Names{Now: monday})})
		}
		s.hear(o)
		s.key("alt+w")
	}},
	{"help", func(s *stage) { s.key("f1") }},
	{"palette", func(s *stage) { s.key("f10") }},
	{"operator", func(s *stage) {
		lend(s)
		s.key("alt+o")
		s.typed("Jo")
		s.key("down")
		s.typed("1234")
	}},
	{"quit", func(s *stage) { s.key("ctrl+c") }},
}

// drawerOpen is a desk whose drawer is open.
func drawerOpen(s *desk.State) {
	s.Drawer = &desk.Till{Name: "till", Shift: circ.Shift{ID: "MAIN/till/17", Opened: circ.Stamp{At: monday.Add(-4 * time.Hour), Desk: "desk-2", Operator: "ana"}}}
}

// feeStory tells what became of a fee, with texts that are longer than a line.
func feeStory(s *stage) desk.Outcome {
	w := s.words
	o := desk.Outcome{N: s.n(), Final: true, Word: desk.WordList, Text: "Planet earth"}
	for _, line := range []string{
		w.Text(words.StoryCharged, "kind", w.Fee(circ.FeeOverdue), "amount", "2.40", "at", "14:05", "operator", "Jo"),
		"  " + w.Text(words.StoryLeft, "amount", strings.Repeat("0.20 + ", 12)+"0.00"),
		w.Text(words.StoryDisputed, "at", "14:05", "operator", "Jo", "text", strings.Repeat("0142 > 0143, ", 14)+"0144"),
		w.Text(words.StoryLeft, "amount", "2.40"),
	} {
		o.Tell = append(o.Tell, desk.Said{Words: line})
	}
	return o
}

// drawerStory tells what that drawer comes to.
func drawerStory(s *stage) desk.Outcome {
	d := desk.Drawer{Name: "till", N: 17, Shift: s.state.Drawer.Shift, Currency: "EUR", Unsent: 2, Sums: []circ.Tally{
		{Method: "cash", Float: 5000, Taken: 1200, Expected: 6200, Late: 300}, {Method: "card", Taken: 2000, Expected: 2000},
	}}
	o := desk.Outcome{N: s.n(), Final: true, Word: desk.WordList, Drawer: &d}
	for _, line := range desk.DrawerLines(s.words, words.Names{Zone: time.UTC, Now: monday}, d) {
		o.Tell = append(o.Tell, desk.Said{Words: line})
	}
	o.Text, o.Tell = o.Tell[0].Words, o.Tell[1:]
	return o
}

func lend(s *stage) {
	s.hear(patron(s.scan(mariasCard), maria()))
	s.say(visit(maria()))
	s.hear(out(s.scan(middle), middle, "Middlemarch", day(21)))
	s.hear(out(s.scan(alibi), alibi, "The deep blue alibi", day(21)))
	renewed := out(s.scan(perl), perl, "Perl 5 desktop reference", day(28))
	renewed.Word = desk.WordRenewed
	s.hear(renewed)
	s.hear(stop(s.words, s.scan(beloved), beloved, "Beloved", circ.Remark{Reason: circ.HeldForOther, Who: "p2", When: day(7)}))
	s.hear(out(s.scan(blue), blue, "Kind of blue", day(7)))
}

func pile(s *stage) {
	s.key("f3")
	w := s.words
	s.hear(
		route(w, s.scan(middle), desk.WordIn, middle, "Middlemarch", circ.Route{Kind: circ.ToShelf, Location: "adult"}),
		route(w, s.scan(blue), desk.WordTransit, blue, "Kind of blue", circ.Route{Kind: circ.ToTransit, Library: "EAST"}),
		route(w, s.scan(perl), desk.WordIn, perl, "Perl 5 desktop reference", circ.Route{Kind: circ.ToShelf, Location: "adult"}, circ.Remark{Reason: circ.WasLate, N: 12}),
		desk.Outcome{N: s.scan(anasCard), Final: true, Word: desk.WordCard, Scanned: anasCard, Patron: &desk.Patron{Name: "WU, Ana"}, Text: w.Text(words.OutcomeCard, "name", "WU, Ana")},
		route(w, s.scan(alibi), desk.WordHold, alibi, "The deep blue alibi", circ.Route{Kind: circ.ToHoldShelf, Patron: "p1", Until: day(7)}),
	)
}

func question(s *stage) {
	lend(s)
	s.say(func(st *desk.State) {
		st.Question, st.Queued = askFor(s.words, s.n()), 5
	})
}

// box is an item of three parts.
func box() *desk.Item {
	it := item(alibi, "The deep blue alibi")
	it.Parts = []string{"disc 1", "disc 2", "booklet"}
	return it
}

func allThere(s *stage, n int64) {
	s.say(func(st *desk.State) {
		o := desk.Outcome{N: n, Final: true, Word: desk.WordAsk, Scanned: alibi, Title: "The deep blue alibi", Item: box()}
		o.Ask = []desk.Said{said(s.words, circ.Remark{Reason: circ.AllThere, Right: circ.RightCirculate, Text: "disc 1, disc 2, booklet"})}
		st.Question = &o
	})
}

func worklist(s *stage) {
	s.key("f11")
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordList, AsOf: monday.Add(-time.Minute), Work: []desk.Work{
		{N: 1, Kind: desk.WorkIncomplete, Since: monday.AddDate(0, 0, -40), Item: "i4", Barcode: alibi, Title: "The deep blue alibi", Text: "disc 2, booklet", Person: "SILVA, Maria", Phone: "555 0142", Times: 3, Last: day(-2), Step: desk.StepDecide},
		{N: 2, Kind: desk.WorkMissing, Since: monday.AddDate(0, 0, -30), Item: "i5", Barcode: beloved, Title: "Beloved", Times: 2, Last: day(-9), Step: desk.StepSearch, Next: day(-2)},
		{N: 3, Kind: desk.WorkClaimed, Since: monday.AddDate(0, 0, -6), Item: "i1", Barcode: middle, Title: "Middlemarch", Person: "WU, Ana", Times: 1, Last: day(-3), Step: desk.StepWait, Next: day(4)},
		{N: 4, Kind: desk.WorkDamaged, Since: monday, Item: "i2", Barcode: blue, Title: "Kind of blue", Text: "N. 7", Step: desk.StepMend},
	}})
}

func namesakes(s *stage) {
	s.key("f4")
	s.update(typedLine("silva"))
	rui := maria()
	rui.ID, rui.Name, rui.Born, rui.Street, rui.Card, rui.Expired = "p9", "SILVA, Maria", "2011", "Oak Rd", anasCard, true
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordList, Patrons: []desk.Patron{maria(), rui}})
	s.key("down")
}

func shelf(s *stage) {
	s.key("f5")
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordList, Holds: []desk.Hold{
		{Request: circ.Request{ID: "q7", Stage: circ.OnShelf, Until: day(-2)}, Of: "Kind of blue", Barcode: blue, Person: "WU, Ana", Card: anasCard, Expired: true},
		{Request: circ.Request{ID: "q1", Stage: circ.OnShelf, Until: day(7)}, Of: "The deep blue alibi", Barcode: alibi, Person: "SILVA, Maria", Card: mariasCard},
	}})
}

func lookedUp(s *stage) {
	lend(s)
	s.key("f8")
	it := item(middle, "Middlemarch")
	it.Status = s.words.Text(words.ItemStatusOnLoan, "name", "WU, Ana", "due", s.words.Due(day(21), words.Names{Now: monday}))
	it.Seen = circ.Sighting{At: monday.Add(-time.Hour), Library: "MAIN"}
	it.Note = "N. 3"
	it.Queue = []desk.Hold{
		{Request: circ.Request{ID: "q3", Stage: circ.Waiting, At: monday.AddDate(0, 0, -4), Pickup: "EAST"}, Person: "SILVA, Rui", Of: "Middlemarch"},
		{Request: circ.Request{ID: "q4", Stage: circ.Waiting, At: monday.AddDate(0, 0, -1), Pickup: "MAIN"}, Person: "WU, Ana", Of: "Middlemarch"},
	}
	s.hear(desk.Outcome{N: s.scan(middle), Final: true, Word: desk.WordItem, Title: "Middlemarch", Scanned: middle, Item: it})
}

func alerted(s *stage) {
	p := maria()
	p.Alerts = []circ.Alert{
		{ID: "a1", Patron: "p1", Text: "555 0147", Shown: circ.AtLoan, At: monday.AddDate(0, 0, -2), Operator: "Jo", Until: day(21)},
		{ID: "a2", Patron: "p1", Text: "555 0148" + strings.Repeat(" 0149 0150", 9), Shown: circ.AtReturn, At: monday, Operator: "Jo"},
	}
	s.hear(patron(s.scan(mariasCard), p))
	s.say(visit(p))
	s.key("f4", "down")
}

func itemAlerted(s *stage) {
	lend(s)
	s.key("f8")
	it := item(middle, "Middlemarch")
	it.Alerts = []circ.Alert{
		{ID: "a3", Text: "1 + 2", Shown: circ.AtBoth, At: monday, Operator: "Jo"},
		{ID: "a4", Text: "3 + 4", Shown: circ.AtReturn, At: monday, Until: day(21)},
	}
	s.hear(desk.Outcome{N: s.scan(middle), Final: true, Word: desk.WordItem, Title: "Middlemarch", Scanned: middle, Item: it})
}

func titles(s *stage) {
	s.key("f8")
	s.update(typedLine("mid"))
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordList, Titles: []desk.Title{
		{Title: circ.Title{ID: "t1", Title: "Middlemarch", Author: "Eliot, G.", Year: "1871"}, Queue: 2, Items: []circ.Item{item(middle, "").Item, item("31234000000074", "").Item}},
		{Title: circ.Title{ID: "t2", Title: "Planet earth", Year: "2006"}},
	}})
	s.key("down")
}

// outageEnds is the list after a time without a line, in which much was done.
func outageEnds(s *stage) {
	listed(s, &desk.Outage{
		Outage: local.Outage{From: monday.Add(-3 * time.Hour), To: monday.Add(-5 * time.Minute)}, Clashed: 2, Open: 2,
		Done: []desk.Deeds{{Command: "check_out", N: 41}, {Command: "check_in", N: 17}, {Command: "pay", N: 2}},
	})
}

func conflicts(s *stage) { listed(s, nil) }

func listed(s *stage, last *desk.Outage) {
	s.say(func(st *desk.State) { st.Conflicts, st.Waiting = 2, 3 })
	s.key("f9")
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordList, Outage: last, Unsent: []desk.Past{
		{N: 1, Entry: "e7", At: monday.Add(-12 * time.Minute), Word: desk.WordOut, Text: "Middlemarch"},
		{N: 2, Entry: "e8", At: monday.Add(-11 * time.Minute), Word: desk.WordOut, Text: "Beloved"},
		{N: 3, Entry: "e9", At: monday.Add(-2 * time.Minute), Word: desk.WordPaid, Text: "SILVA, Maria"},
	}, Conflicts: []desk.Conflict{
		{
			Conflict: circ.Conflict{
				ID: "e1", Class: circ.ClassDoubleCheckOut, Command: "check_out", At: monday.Add(-2 * time.Hour), Desk: "desk-2", Operator: "Ana K.", Item: "i1",
				Patron: "p1", CallBack: monday.Add(-15 * time.Hour), Owner: "jo", Found: monday,
				Seen: []circ.ContactUse{{Hand: circ.Hand{At: monday.Add(-time.Hour), Desk: "desk-2"}, By: "jo", Patron: "p1"}},
				Met:  []circ.Remark{{Reason: circ.NewerLoan, Who: "p2", When: monday.Add(-time.Hour), Desk: "east-1"}},
			},
			N: 1, Code: blue, Name: "Kind of blue", Person: "SILVA, Maria", Where: "Desk 2",
			Other: &desk.OtherStory{Other: circ.Other{Patron: "p2", At: monday.Add(-time.Hour), Desk: "east-1"}, Person: "WU, Ana", Where: "East 1"},
			Said:  []desk.Said{said(s.words, circ.Remark{Reason: circ.NewerLoan, Who: "p2"})},
		},
		{
			Conflict: circ.Conflict{ID: "e2", Class: circ.ClassUnknownItem, Command: "check_in", At: monday.Add(-26 * time.Hour), Operator: "Jo", Found: monday},
			N:        2, Code: "31234099999", Said: []desk.Said{said(s.words, circ.Remark{Reason: circ.UnknownItem, Text: "31234099999"})},
		},
	}})
}

func undo(s *stage) {
	lend(s)
	s.key("alt+u")
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordList, Undoable: []desk.Past{
		{N: 1, Entry: "e3", At: monday.Add(-time.Minute), Word: desk.WordOut, Text: "Kind of blue · SILVA, Maria"},
		{N: 2, Entry: "e2", At: monday.Add(-2 * time.Minute), Word: desk.WordOut, Text: "The deep blue alibi · SILVA, Maria"},
		{N: 3, Entry: "e1", At: monday.Add(-9 * time.Minute), Word: desk.WordIn, Text: "Middlemarch", Undone: true},
	}})
}

var sizes = []struct {
	name       string
	cols, rows int
}{{"80x24", 80, 24}, {"132x43", 132, 43}}

func TestEveryScreenLooksAsItDid(t *testing.T) {
	for _, scene := range scenes {
		for _, size := range sizes {
			t.Run(scene.name+"/"+size.name, func(t *testing.T) {
				s := open(t, words.English(), size.cols, size.rows)
				scene.play(s)
				name := size.name + "/" + scene.name
				if slices.Contains([]string{"check_out_visit", "check_in_pile", "question", "no_line", "check_out_differs", "check_out_not_final", "not_listening", "check_in_bookdrop"}, scene.name) && size.cols == 80 {
					screentest.GoldenStyled(t, name, s.View().Content, size.cols, size.rows)
					return
				}
				screentest.Golden(t, name, s.View().Content, size.cols, size.rows)
			})
		}
	}
}

// sample is what stands on the screens that nobody translates: names, titles and
// texts of records, and what was typed. The letters of keys are the others.
var sample = []string{
	"disc 1", "disc 2", "booklet",
	"Riverside", "Elmtown", "East branch", "Main desk", "Ana K.", "SILVA, Maria", "SILVA, Rui", "WU, Ana", "SILV MAR 4821", "Elm St", "Oak Rd", "Adult", "adult", "overdue", "card",
	"12 Nov, Jo: 0142 > 0143", "Jo: 0142", "Jo", "N. 2", "N. 3", "N. 7", "N. 8", "N. 12", "N. 17", "maria@example.org",
	"Middlemarch", "Beloved", "Kind of blue", "The deep blue alibi", "Perl 5 desktop reference", "Planet earth", "Eliot, G.",
	"Try", "then", "pull", "Pull it", "823.8 ELI", "MAIN", "EAST", "East", "book", "mid", "silva",
}

var (
	styling    = regexp.MustCompile(`\x1b\[[0-9;]*m`)
	ofTheTable = regexp.MustCompile(`⟦[^⟦⟧\n]*⟧`)
	wrapped    = regexp.MustCompile(`⟦[^⟦⟧]*⟧`) // a text that goes on in the next line
	cutOff     = regexp.MustCompile(`⟦[^⟦⟧\n]*…`)
	keyLetter  = regexp.MustCompile(`\+(Ctrl|[A-Z]|F?\d+)\b|\bF\d+\b`)
)

// literals are the letters on a screen in the made-up language that come neither
// from the table of words nor from the sample.
func literals(screen string) []string {
	for before := ""; before != screen; {
		before = screen
		screen = ofTheTable.ReplaceAllString(screen, "\x00")
		screen = wrapped.ReplaceAllString(screen, "\x00")
		screen = cutOff.ReplaceAllString(screen, "\x00…")
	}
	known := slices.Clone(sample)
	slices.SortFunc(known, func(a, b string) int { return len(b) - len(a) })
	for _, k := range known {
		screen = strings.ReplaceAll(screen, k, "\x00")
		for n := len(k) - 1; n > 0; n-- {
			screen = strings.ReplaceAll(screen, k[:n]+"…", "\x00")
		}
	}
	screen = keyLetter.ReplaceAllString(screen, "\x00")
	found := strings.FieldsFunc(screen, func(r rune) bool { return !unicode.IsLetter(r) })
	return slices.DeleteFunc(found, func(s string) bool { return strings.ContainsAny(s, "äëïöüÿÄËÏÖÜŸ") }) // the end of it is not in sight
}

func TestNoWordOnAScreenIsWrittenInTheProgram(t *testing.T) {
	for _, scene := range scenes {
		for _, size := range sizes {
			t.Run(scene.name+"/"+size.name, func(t *testing.T) {
				s := open(t, words.Pseudo(), size.cols, size.rows)
				scene.play(s)
				if found := literals(s.screen()); len(found) > 0 {
					t.Errorf("not from the table of words: %q\n%s", found, s.screen())
				}
			})
		}
	}
}

func TestNoWordBesideTheScenesIsWrittenInTheProgram(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*tui.Config)
		play   func(s *stage)
	}{
		{"a demo after its first visit", demo, func(s *stage) { lend(s); s.say(func(st *desk.State) { st.Visit = nil }) }},
		{"what there is to try", demo, func(s *stage) { s.key("ctrl+t") }},
		{"a palette with commands", demo, func(s *stage) { s.key("ctrl+k") }},
		{"no central system", func(c *tui.Config) { c.Alone = true }, func(s *stage) { s.key("f9", "alt+n") }},
		{"a window that is too small", nil, func(s *stage) {
			question(s)
			s.cols, s.rows = 60, 10
			s.update(tea.WindowSizeMsg{Width: 60, Height: 10})
		}},
		{"an empty scan", nil, func(s *stage) { s.key("enter") }},
		{"the end of the help", nil, func(s *stage) { s.key("f1", "end") }},
		{"a queue that nobody is in", nil, func(s *stage) {
			s.key("f8")
			s.hear(desk.Outcome{N: s.scan(middle), Final: true, Word: desk.WordItem, Title: "Middlemarch", Item: item(middle, "Middlemarch")})
		}},
		{"a form that waits", nil, func(s *stage) { s.key("alt+o"); s.typed("Jo"); s.key("down"); s.typed("1"); s.key("f12") }},
		{"keys in another language", nil, func(s *stage) { undo(s); s.key("f1") }},
	} {
		t.Run(row.name, func(t *testing.T) {
			if row.change == nil {
				row.change = func(*tui.Config) {}
			}
			s := open(t, words.Pseudo(), 80, 24, row.change)
			row.play(s)
			if found := literals(s.screen()); len(found) > 0 {
				t.Errorf("not from the table of words: %q\n%s", found, s.screen())
			}
		})
	}
}

func TestTheLiteralTestFindsALiteral(t *testing.T) {
	s := open(t, words.Pseudo(), 80, 24)
	s.say(func(st *desk.State) { st.Library = "Hamlet" })
	if found := literals(s.screen()); !slices.Contains(found, "Hamlet") {
		t.Errorf("found only %q", found)
	}
}

// demo is a desk that a program runs for a newcomer.
func demo(c *tui.Config) {
	c.Card = []string{"Try " + mariasCard, "", "then " + middle}
	c.Commands = []tui.Command{{ID: "pull", Keys: []string{"ctrl+p"}, Label: "pull", Help: "Pull it", Run: tui.Run0(func() string { return "pulled" })}}
}

func TestADemoCardStandsUntilTheFirstVisitAndIsFoundLater(t *testing.T) {
	s := open(t, words.English(), 80, 24, demo)
	s.shows("Try "+mariasCard, "then "+middle)
	lend(s)
	s.showsNo("Try " + mariasCard)
	s.say(func(st *desk.State) { st.Visit = nil })
	s.shows("what to try: Ctrl+T")
	s.showsNo("Try " + mariasCard)
	for _, keys := range [][]string{{"ctrl+t"}, {"f1"}} {
		s.key(keys...)
		s.shows("Try "+mariasCard, "then "+middle)
		s.key("esc")
	}
	s.key("ctrl+k")
	s.shows("what to try", "Ctrl+T", "pull", "Ctrl+P")
}

func TestADemoCardThatIsTooLongSaysWhereTheRestIs(t *testing.T) {
	s := open(t, words.English(), 80, 24, func(c *tui.Config) { c.Card = strings.Fields("a1 a2 a3 a4 a5 a6 a7 a8 a9 b1 b2 b3") })
	s.shows(" b1", "what to try: Ctrl+T")
	s.showsNo("b2")
	s.key("ctrl+t")
	s.shows(" b3")
}

func TestWithoutACardThereIsNothingToTry(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	s.key("ctrl+t", "ctrl+k")
	s.showsNo("what to try")
}
