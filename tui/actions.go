package tui

import (
	"slices"
	"strings"

	"circdesk/desk/words"
	"circdesk/tui/kit"
	"circdesk/tui/screen"
)

// The actions that hold on every screen, and the scope of a question.
const (
	scopeQuestion = "question"

	actHelp        = "help"
	actPalette     = "palette"
	actDone        = "done"
	actUndo        = "undo"
	actWhy         = "why"
	actSlip        = "slip"
	actOperator    = "operator"
	actSignOut     = "sign_out"
	actAcknowledge = "acknowledge"
	actTheme       = "theme"
	actMouse       = "mouse"
	actRedraw      = "redraw"
	actQuit        = "quit"
	actYes         = "question.yes"
	actManager     = "question.manager"
	actNo          = "question.no"
	goes           = "go."
	commands       = "command."
)

// beside are the actions that hold at a question too.
var beside = []string{actHelp, actOperator, actAcknowledge, actRedraw, actQuit}

// modal are the scopes in which no other key means anything.
var modal = []string{scopeQuestion, screen.ScopeForm, screen.ScopeConfirm}

// Actions is the one list of everything that can be done, in the words of a
// book: for the manual, and for who gives actions other keys.
func Actions(w *words.Book) []kit.Action {
	return (&Model{env: screen.Env{Words: w}, screens: screen.All()}).list()
}

// list is the one list of actions.
func (m *Model) list() []kit.Action {
	w := m.env.Words
	act := func(id, scope string, label, help words.Key, rank int, keys ...string) kit.Action {
		return kit.Action{ID: id, Keys: keys, Scope: scope, Label: w.Text(label), Help: w.Text(help), Rank: rank}
	}
	list := []kit.Action{
		act(goes+string(screen.IDCheckOut), "", words.LabelCheckOut, words.HelpCheckOut, 0, "f2", "alt+2"),
		act(goes+string(screen.IDCheckIn), "", words.LabelCheckIn, words.HelpCheckIn, 0, "f3", "alt+3"),
		act(goes+string(screen.IDPatron), "", words.LabelPatron, words.HelpPatron, 0, "f4", "alt+4"),
		act(goes+string(screen.IDHolds), "", words.LabelHolds, words.HelpHolds, 0, "f5", "alt+5"),
		act(goes+string(screen.IDFees), "", words.LabelFees, words.HelpFees, 0, "f6", "alt+6"),
		act(goes+string(screen.IDPick), "", words.LabelPick, words.HelpPick, 0, "f7", "alt+7"),
		act(goes+string(screen.IDItems), "", words.LabelItems, words.HelpItems, 0, "f8", "alt+8"),
		act(goes+string(screen.IDSync), "", words.LabelSync, words.HelpSync, 0, "f9", "alt+9"),
		act(goes+string(screen.IDWorklist), "", words.LabelWorklist, words.HelpWorklist, 0, "f11", "alt+z"),

		act(actDone, "", words.LabelDone, words.HelpDone, 20, "alt+d"),
		act(actUndo, "", words.LabelUndo, words.HelpUndo, 21, "alt+u"),
		act(actWhy, "", words.LabelWhy, words.HelpWhy, 22, "alt+w"),
		act(actSlip, "", words.LabelSlip, words.HelpSlip, 23, "alt+p"),
		act(actOperator, "", words.LabelOperator, words.HelpOperator, 24, "alt+o"),
		act(actPalette, "", words.LabelPalette, words.HelpPalette, 25, "ctrl+k", "f10", "alt+0"),
		act(actHelp, "", words.LabelHelp, words.HelpHelp, 0, "f1", "alt+1"),
		act(actAcknowledge, "", words.LabelAcknowledge, words.HelpAcknowledge, 0, "alt+x"),
		act(screen.ActionPay, "", words.LabelPay, words.HelpPay, 0, "alt+m"),
		act(actSignOut, "", words.LabelSignOut, words.HelpSignOut, 0),
		act(actTheme, "", words.LabelTheme, words.HelpTheme, 0),
		act(actMouse, "", words.ScreensMouse, words.ScreensHelpMouse, 0),
		act(actRedraw, "", words.ScreensRedraw, words.ScreensHelpRedraw, 0, "ctrl+l"),
		act(actQuit, "", words.LabelQuit, words.HelpQuit, 0, "ctrl+c"),

		act(screen.ActionAddItem, string(screen.IDCheckOut), words.LabelAddItem, words.HelpAddItem, 0, "alt+b"),

		act(screen.ActionBookdrop, string(screen.IDCheckIn), words.LabelBookdrop, words.HelpBookdrop, 1, "alt+b"),
		act(screen.ActionInHouse, string(screen.IDCheckIn), words.LabelInHouse, words.HelpInHouse, 2, "alt+h"),

		act(screen.ActionRenewAll, string(screen.IDPatron), words.LabelRenewAll, words.HelpRenewAll, 1, "alt+a"),
		act(screen.ActionRenew, string(screen.IDPatron), words.LabelRenewItem, words.HelpRenewItem, 2, "alt+r"),
		act(screen.ActionEdit, string(screen.IDPatron), words.LabelEdit, words.HelpEdit, 3, "alt+e"),
		act(screen.ActionRegister, string(screen.IDPatron), words.LabelRegister, words.HelpRegister, 4, "alt+g"),
		act(screen.ActionBlock, string(screen.IDPatron), words.LabelBlock, words.HelpBlock, 5, "alt+b"),
		act(screen.ActionUnblock, string(screen.IDPatron), words.LabelUnblock, words.HelpUnblock, 0, "alt+f"),
		act(screen.ActionAlert, string(screen.IDPatron), words.LabelAlert, words.HelpAlert, 0, "alt+t"),
		act(screen.ActionEndAlert, string(screen.IDPatron), words.LabelEndAlert, words.HelpEndAlert, 0, "alt+i"),
		act(screen.ActionRequest, string(screen.IDPatron), words.LabelRequest, words.HelpRequest, 0, "alt+q"),
		act(screen.ActionCancel, string(screen.IDPatron), words.LabelCancelRequest, words.HelpCancelRequest, 0, "alt+c"),
		act(screen.ActionRenewCard, string(screen.IDPatron), words.LabelRenewCard, words.HelpRenewCard, 0, "alt+v"),
		act(screen.ActionBorn, string(screen.IDPatron), words.LabelBorn, words.HelpBorn, 0, "alt+n"),
		act(screen.ActionReplaceCard, string(screen.IDPatron), words.LabelReplaceCard, words.HelpReplaceCard, 0, "alt+h"),
		act(screen.ActionLink, string(screen.IDPatron), words.LabelLink, words.HelpLink, 0, "alt+l"),
		act(screen.ActionMerge, string(screen.IDPatron), words.LabelMerge, words.HelpMerge, 0),

		act(screen.ActionDueLoan, string(screen.IDPatron), words.LabelSetDue, words.HelpSetDue, 0, "alt+j"),
		act(screen.ActionRecallLoan, string(screen.IDPatron), words.LabelRecall, words.HelpRecall, 0, "alt+s"),
		act(screen.ActionMarkLoan, string(screen.IDPatron), words.LabelMarking, words.HelpMarking, 0, "alt+k"),

		act(screen.ActionNotice, string(screen.IDPatron), words.LabelNotice, words.HelpNotice, 0, "alt+y"),

		act(screen.ActionStory, string(screen.IDFees), words.LabelStory, words.HelpStory, 1, "alt+h"),
		act(screen.ActionWaive, string(screen.IDFees), words.LabelWaive, words.HelpWaive, 2, "alt+v"),
		act(screen.ActionDispute, string(screen.IDFees), words.LabelDispute, words.HelpDispute, 3, "alt+t"),
		act(screen.ActionRestore, string(screen.IDFees), words.LabelRestore, words.HelpRestore, 0, "alt+e"),
		act(screen.ActionCharge, string(screen.IDFees), words.LabelCharge, words.HelpCharge, 4, "alt+c"),
		act(screen.ActionUseCredit, string(screen.IDFees), words.LabelUseCredit, words.HelpUseCredit, 0, "alt+r"),
		act(screen.ActionRefund, string(screen.IDFees), words.LabelRefund, words.HelpRefund, 0, "alt+b"),

		act(screen.ActionFeeNotice, string(screen.IDFees), words.LabelNotice, words.HelpFeeNotice, 0, "alt+y"),

		act(screen.ActionDrawer, string(screen.IDFees), words.LabelDrawer, words.HelpDrawer, 0, "alt+k"),
		act(screen.ActionOpenDrawer, string(screen.IDFees), words.LabelOpenDrawer, words.HelpOpenDrawer, 0, "alt+j"),
		act(screen.ActionCloseDrawer, string(screen.IDFees), words.LabelCloseDrawer, words.HelpCloseDrawer, 0, "alt+l"),

		act(screen.ActionTakeOff, string(screen.IDHolds), words.LabelTakeOff, words.HelpTakeOff, 1, "alt+t"),
		act(screen.ActionCancelHold, string(screen.IDHolds), words.LabelCancelRequest, words.HelpCancelRequest, 2, "alt+c"),
		act(screen.ActionHoldsReload, string(screen.IDHolds), words.ScreensReload, words.ScreensHelpReload, 3, "alt+r"),

		act(screen.ActionRequestTitle, string(screen.IDItems), words.LabelRequest, words.HelpRequest, 1, "alt+q"),
		act(screen.ActionRequestCopy, string(screen.IDItems), words.ScreensRequestCopy, words.ScreensHelpRequestCopy, 2, "alt+r"),
		act(screen.ActionCancelQueued, string(screen.IDItems), words.LabelCancelRequest, words.HelpCancelRequest, 3, "alt+c"),
		act(screen.ActionAlertItem, string(screen.IDItems), words.LabelAlert, words.HelpAlert, 0, "alt+t"),
		act(screen.ActionEndAlertItem, string(screen.IDItems), words.LabelEndAlert, words.HelpEndAlert, 0, "alt+i"),

		act(screen.ActionDueItem, string(screen.IDItems), words.LabelSetDue, words.HelpSetDue, 0, "alt+j"),
		act(screen.ActionReturned, string(screen.IDItems), words.LabelCorrect, words.HelpCorrect, 0, "alt+v"),
		act(screen.ActionRecallItem, string(screen.IDItems), words.LabelRecall, words.HelpRecall, 0, "alt+s"),
		act(screen.ActionMarkItem, string(screen.IDItems), words.LabelMarking, words.HelpMarking, 4, "alt+k"),
		act(screen.ActionParts, string(screen.IDItems), words.LabelParts, words.HelpParts, 0, "alt+b"),
		act(screen.ActionMissing, string(screen.IDItems), words.LabelIncomplete, words.HelpIncomplete, 0, "alt+f"),

		act(screen.ActionSyncNow, string(screen.IDSync), words.LabelSyncNow, words.HelpSyncNow, 1, "alt+n"),
		act(screen.ActionPause, string(screen.IDSync), words.LabelPause, words.HelpPause, 6, "alt+t"),
		act(screen.ActionSettle, string(screen.IDSync), words.LabelSettle, words.HelpSettle, 2, "alt+s"),
		act(screen.ActionCallBack, string(screen.IDSync), words.LabelCallBack, words.HelpCallBack, 3, "alt+l"),
		act(screen.ActionAssign, string(screen.IDSync), words.LabelAssign, words.HelpAssign, 4, "alt+j"),
		act(screen.ActionContact, string(screen.IDSync), words.LabelContact, words.HelpContact, 5, "alt+h"),

		act(screen.ActionWorkCall, string(screen.IDWorklist), words.LabelCall, words.HelpCall, 1, "alt+l"),
		act(screen.ActionComplete, string(screen.IDWorklist), words.LabelComplete, words.HelpComplete, 2, "alt+c"),
		act(screen.ActionBill, string(screen.IDWorklist), words.LabelBill, words.HelpBill, 3, "alt+b"),
		act(screen.ActionGiveUp, string(screen.IDWorklist), words.LabelGiveUp, words.HelpGiveUp, 4, "alt+g"),
		act(screen.ActionWorkMark, string(screen.IDWorklist), words.LabelRound, words.HelpRound, 5, "alt+s"),
		act(screen.ActionWorkKind, string(screen.IDWorklist), words.LabelWorkKind, words.HelpWorkKind, 6, "alt+k"),
		act(screen.ActionWorkReload, string(screen.IDWorklist), words.ScreensReload, words.ScreensHelpReload, 7, "alt+r"),

		act(screen.ActionClose, screen.ScopeRead, words.ScreensClose, words.ScreensHelpClose, 1, "esc"),
		act(screen.ActionMark, screen.ScopeUndo, words.LabelMark, words.HelpMark, 1, "insert", "alt+k"),
		act(screen.ActionUndo, screen.ScopeUndo, words.LabelUndoMarked, words.HelpUndoMarked, 2, "f12", "alt+s"),
		act(screen.ActionShut, screen.ScopeUndo, words.ScreensClose, words.ScreensHelpClose, 3, "esc"),
		act(screen.ActionSave, screen.ScopeForm, words.LabelSave, words.HelpSave, 1, "f12", "alt+s"),
		act(screen.ActionBack, screen.ScopeForm, words.LabelCancel, words.HelpCancel, 2, "esc", "ctrl+c"),
		act(screen.ActionYes, screen.ScopeConfirm, words.ScreensYes, words.ScreensHelpYes, 1, "alt+y"),
		act(screen.ActionNo, screen.ScopeConfirm, words.LabelNo, words.ScreensHelpNo, 2, "alt+n", "esc"),

		act(actYes, scopeQuestion, words.LabelYes, words.HelpYes, 1, "alt+y"),
		act(actManager, scopeQuestion, words.LabelManager, words.HelpManager, 2, "alt+m"),
		act(actNo, scopeQuestion, words.LabelNo, words.HelpNo, 3, "alt+n"),
	}
	if len(m.config.Card) > 0 {
		list = append(list, act(screen.ActionTry, "", words.ScreensTry, words.ScreensHelpTry, 0, "ctrl+t"))
	}
	for _, c := range m.config.Commands {
		list = append(list, kit.Action{ID: commands + c.ID, Keys: c.Keys, Label: c.Label, Help: c.Help})
	}
	for i := range list {
		m.weigh(&list[i])
		m.carried(&list[i])
	}
	return list
}

// weigh says of an action what Enter must never do, and why it is off.
func (m *Model) weigh(a *kit.Action) {
	switch a.ID {
	case screen.ActionPay, screen.ActionSave, screen.ActionUndo, screen.ActionUseCredit:
		a.Money = true
	case actYes, actManager:
		a.Override = true
	case screen.ActionYes, screen.ActionCancel, screen.ActionCancelHold, screen.ActionCancelQueued, actQuit:
		a.Destroys = true
	}
	id := a.ID
	if s, ok := m.screens[screen.ID(a.Scope)]; ok {
		a.Off = func() string { return s.Off(&m.env, id) }
		return
	}
	switch id {
	case actDone, actSlip:
		a.Off = func() string {
			if m.env.State.Visit == nil {
				return m.env.Words.Text(words.RefusalNoPatron)
			}
			return ""
		}
	case screen.ActionPay:
		a.Off = func() string { return m.env.NoPatron() }
	case actUndo, actSignOut:
		a.Off = func() string { return m.env.SignedOut() }
	}
}

// scopes are where a key is looked for, the first one first.
func (m *Model) scopes() []string {
	here := string(m.at)
	switch d := m.front(); {
	case m.asking():
		return []string{scopeQuestion}
	case d != nil:
		return append(d.Scopes(), "")
	}
	return []string{here}
}

// press does what a key is bound to, and otherwise moves or picks.
func (m *Model) press(key string) {
	if a, ok := m.actions.Match(key, m.scopes()...); ok {
		m.run(a)
		return
	}
	if m.asking() {
		switch a, ok := m.actions.Match(key, string(m.at)); {
		case !ok:
		case slices.Contains(beside, a.ID):
			m.run(a)
			return
		default: // the key would mean something elsewhere
			m.toast(kit.Wrong, m.env.Words.Text(words.RefusalAnswerFirst))
			return
		}
	}
	if key == "esc" && m.front() == nil && m.line.Text() != "" {
		m.line.Clear()
		return
	}
	if m.asking() || m.hidden() {
		return
	}
	if d := m.front(); d != nil {
		_, wish := d.Input(&m.env, kit.InputMsg{Key: key})
		m.grant(wish, d)
		return
	}
	s := m.screens[m.at]
	if kit.Closes(key) {
		wish := s.Pick(&m.env)
		if wish.Send == nil && (m.at == screen.IDCheckOut || m.at == screen.IDCheckIn) {
			m.toast(kit.Info, m.env.Words.Text(words.RefusalEmptyScan))
		}
		m.grant(wish, nil)
		return
	}
	s.Move(key, m.height/2)
}

// run does an action, or says why it is off.
func (m *Model) run(a kit.Action) {
	if off := a.OffBecause(); off != "" {
		m.toast(kit.Wrong, off)
		return
	}
	d := m.front()
	switch _, onScreen := m.screens[screen.ID(a.Scope)]; {
	case onScreen:
		if screen.ID(a.Scope) != m.at {
			m.show(screen.ID(a.Scope))
		}
		m.grant(m.screens[m.at].Do(&m.env, a.ID), nil)
	case a.Scope != "" && d != nil:
		wish, done := d.Do(&m.env, a.ID)
		if done && m.dialog == d {
			m.dialog = nil
		}
		m.grant(wish, d)
	case strings.HasPrefix(a.ID, goes):
		m.show(screen.ID(strings.TrimPrefix(a.ID, goes)))
	case strings.HasPrefix(a.ID, commands):
		m.command(strings.TrimPrefix(a.ID, commands))
	default:
		m.everywhere(a.ID)
	}
}
