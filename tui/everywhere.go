package tui

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/tui/kit"
	"circdesk/tui/screen"
)

// everywhere does an action that holds on every screen.
func (m *Model) everywhere(id string) {
	switch id {
	case actHelp:
		m.dialog = m.help()
	case actPalette:
		m.dialog = newPalette(m)
	case actDone:
		m.sendAs(desk.Done{}, ask{from: m.at})
	case actUndo:
		list, in := screen.NewUndo()
		m.dialog = list
		m.sendAs(in, ask{from: m.at, dialog: list})
	case actWhy:
		m.why()
	case actSlip:
		m.sendAs(desk.Slip{}, ask{from: m.at})
	case actOperator:
		m.dialog = screen.Operator(&m.env)
	case actSignOut:
		m.sendAs(desk.SignOut{}, ask{from: m.at})
	case actAcknowledge:
		m.alerts = m.alerts[min(len(m.alerts), alertsShown):]
	case screen.ActionPay:
		m.pay()
	case actTheme:
		m.nextTheme()
	case actMouse:
		m.mouse = !m.mouse
	case actRedraw:
		m.after(tea.ClearScreen)
	case screen.ActionTry:
		m.dialog = screen.NewRead(m.env.Words.Text(words.ScreensTry), screen.Card).Public()
	case actQuit:
		m.dialog = m.leave()
	}
}

// why explains the chosen line, or the last word.
func (m *Model) why() {
	o, ok := m.screens[m.at].Row()
	if !ok && m.last != nil {
		o, ok = *m.last, true
	}
	if !ok || m.hidden() {
		m.toast(kit.Info, m.env.Words.Text(words.WhyNone))
		return
	}
	m.dialog = screen.Why(&m.env, o)
}

// pay asks how much was taken: on the chosen fee, where fees are listed.
func (m *Model) pay() {
	fee := circ.FeeID("")
	if f, ok := m.screens[m.at].(*screen.Fees); ok {
		fee = f.Chosen()
	}
	if p := m.env.Patron(); p != nil {
		m.dialog = screen.PayForm(&m.env, p, fee)
	}
}

// nextTheme goes to the theme after this one.
func (m *Model) nextTheme() {
	kinds := kit.Kinds()
	next := kinds[(slices.Index(kinds, m.env.Look.Theme.Kind())+1)%len(kinds)]
	if theme, err := kit.NewTheme(next); err == nil {
		m.env.Look.Theme = theme
	}
}

// help lists the keys of this screen, then those of every screen, under what
// one should know.
func (m *Model) help() screen.Dialog {
	w := m.env.Words
	at := m.at
	return screen.NewRead(w.Text(words.HelpTitle), func(env *screen.Env, width int) []string {
		var lines []string
		for _, k := range []words.Key{
			words.HelpTopicScan, words.HelpTopicWords, words.HelpTopicLine, words.HelpTopicStop, words.HelpTopicBookdrop, words.HelpTopicKeys,
		} {
			lines = append(lines, " "+env.Look.Cut(w.Text(k), width-1))
		}
		lines = append(lines, "")
		if card := screen.Card(env, width); len(card) > 0 {
			lines = append(append(lines, card...), "")
		}
		titles := map[string]string{
			string(at): w.Text(words.ScreensKeysHere), "": w.Text(words.ScreensKeysEverywhere), screen.ScopeUndo: w.Text(words.ScreensKeysList),
			screen.ScopeForm: w.Text(words.ScreensKeysForm), screen.ScopeConfirm: w.Text(words.ScreensKeysConfirm), scopeQuestion: w.Text(words.ScreensKeysQuestion),
		}
		var actions []kit.Action
		for _, scope := range []string{string(at), "", scopeQuestion, screen.ScopeForm, screen.ScopeConfirm, screen.ScopeUndo} {
			for _, a := range m.actions.All() {
				if a.Scope == scope && len(a.Keys) > 0 {
					actions = append(actions, a)
				}
			}
		}
		return append(lines, kit.KeyList(env.Look, env.Caps, width, titles, actions)...)
	}).Public()
}

// leave asks whether to close the program.
func (m *Model) leave() screen.Dialog {
	c := screen.NewConfirm(m.env.Words.Text(words.ScreenQuitTitle), m.env.Words.Text(words.ScreenQuitNote)).Public()
	c.Keys(m.answers)
	return &quitting{c, func() { m.after(tea.Quit) }}
}

// answers draws the keys of a dialog that asks once more.
func (m *Model) answers(env *screen.Env, width int) []string {
	var lines []string
	for _, a := range m.actions.In(screen.ScopeConfirm) {
		lines = append(lines, "   "+env.Look.Paint(kit.Hint, env.Look.Fit(env.Caps.First(a), 8))+" "+env.Look.Cut(a.Label, width-12))
	}
	return lines
}

// quitting is the dialog whose yes closes the program.
type quitting struct {
	*screen.Confirm
	quit func()
}

// Do closes the program, or does not.
func (q *quitting) Do(_ *screen.Env, action string) (screen.Wish, bool) {
	if action == screen.ActionYes {
		q.quit()
	}
	return screen.Wish{}, true
}

// command runs a command of the program's own.
func (m *Model) command(id string) {
	for _, c := range m.config.Commands {
		if c.ID == id && c.Run != nil {
			m.toast(kit.Quiet, screen.Clean(c.Label)+text.Ellipsis)
			ctx := m.ctx
			if ctx == nil {
				ctx = context.Background()
			}
			m.after(func() tea.Msg { return ranMsg(c.Run(ctx)) })
		}
	}
}

// ranMsg is what a command of the program's own has to tell.
type ranMsg string
