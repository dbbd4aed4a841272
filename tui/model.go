package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/scanner"
	"circdesk/scanner/wedge"
	"circdesk/tui/kit"
	"circdesk/tui/screen"
)

// Model is the screens of one desk. [Model.Out] and [Model.Progress] may be
// called from any goroutine; everything else belongs to the one that runs the program.
type Model struct {
	config  Config
	ctx     context.Context // of the program; nil in tests
	env     screen.Env
	actions *kit.Registry
	screens map[screen.ID]screen.Screen
	heard   *outputs
	bell    kit.Bell

	at       screen.ID
	line     kit.ScanLine
	lately   string        // what the screen was to look at of the line
	dialog   screen.Dialog // nil: none
	question *question     // nil: none
	asked    map[int64]ask // what was sent and is not final yet
	going    int           // how many of them go to another screen
	visit    circ.PatronID // whose visit it is as far as outcomes and states told
	last     *desk.Outcome // what stands large above the scan line; nil: nothing
	alerts   []alert       // oldest first
	toasts   kit.Toasts
	progress kit.Progress // of something long; zero: nothing

	focus   bool
	focused time.Time // when the focus came or went
	mouse   bool      // clicks come here; otherwise the terminal has them
	dormant bool      // everything about patrons was forgotten: nobody was here
	asleep  bool      // the visit slept in the state before
	stirred bool      // something was done since the visit fell asleep: it may be seen
	active  time.Time // the last sign of somebody
	loudest kit.Sound // of what was heard in this message

	width, height int
	rev           int // counts every change of what is drawn, but for the scan line's text
	kept          frame
	cmds          []tea.Cmd
}

// ask is what is known of something that was sent.
type ask struct {
	from   screen.ID
	dialog screen.Dialog // nil: no dialog waits for it
	silent bool          // nobody is told of it unless it was refused
	told   bool          // its local word was heard
	answer bool          // to a question
	going  bool          // to another screen
	visit  circ.PatronID // whose visit it was then
}

// Out hears what the session says. It never waits.
func (m *Model) Out(o desk.Output) { m.heard.add(o) }

// Progress shows how far something long is, such as the first copy of what the
// central system knows, in one line on every screen. The zero Progress takes the
// line away. It never waits.
func (m *Model) Progress(p kit.Progress) { m.heard.progress(p) }

// progressMsg is how far something is.
type progressMsg kit.Progress

// heardMsg is what the session said since the last frame, in order.
type heardMsg []desk.Output

// tickMsg says that time has passed.
type tickMsg time.Time

const tickEvery = 10 * time.Second

func tick() tea.Cmd {
	return tea.Every(tickEvery, func(t time.Time) tea.Msg { return tickMsg(t) })
}

// Init says which screen is shown, and starts the clock.
func (m *Model) Init() tea.Cmd {
	m.stirred = true
	m.sendAll(m.screens[m.at].Shown(), ask{from: m.at}) // where the session is it says: it may go on where it was killed
	return tea.Batch(append(m.done(), tick())...)
}

// Update takes one message. It does no I/O and never waits.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	m.env.Now = m.config.Now()
	switch msg := msg.(type) {
	case kit.InputMsg:
		m.input(msg)
	case typedMsg:
		m.typed(string(msg))
	case heardMsg:
		m.hear(msg)
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
		m.rev++
	case tea.FocusMsg:
		m.setFocus(true)
	case tea.BlurMsg:
		m.setFocus(false)
	case tea.MouseClickMsg:
		m.click(tea.Mouse(msg))
	case tea.MouseWheelMsg:
		m.wheel(tea.Mouse(msg))
	case tickMsg:
		m.tick()
		m.after(tick())
	case kit.ToastOverMsg:
		m.toasts.Update(msg)
		m.rev++
	case progressMsg:
		m.progress = kit.Progress(msg)
		m.rev++
	case ranMsg:
		if msg != "" {
			m.toast(kit.Info, string(msg))
		}
		m.rev++
	case tea.ModeReportMsg:
		m.env.Look = m.env.Look.Learn(msg)
		m.rev++
	}
	return m, tea.Batch(m.done()...)
}

// after adds a command to what this message ends with.
func (m *Model) after(cmd tea.Cmd) {
	if cmd != nil {
		m.cmds = append(m.cmds, cmd)
	}
}

// done gives the commands of this message.
func (m *Model) done() []tea.Cmd {
	cmds := m.cmds
	m.cmds = nil
	return cmds
}

// input takes what came from the keyboard, a scanner or the clipboard. What lies
// over the screen is asked first; all other text is the scan line's.
func (m *Model) input(in kit.InputMsg) {
	m.wake()
	if edits(in.Key) && m.front() == nil && !m.asking() {
		m.scan(in) // in the middle of a scan: nothing but its line changes
		return
	}
	m.rev++
	switch d := m.front(); {
	case m.asking():
		in = m.answer(in)
	case d == nil:
	default:
		if p, ok := d.(*palette); ok {
			m.pick(p, in)
			return
		}
		rest, wish := d.Input(&m.env, in)
		m.grant(wish, d)
		in = rest
	}
	if key := m.scan(in); key != "" {
		m.press(key)
	}
}

// edits tells whether a key changes the scan line and nothing else.
func edits(key string) bool {
	return key == "" || key == "backspace" || key == "ctrl+h" || key == "ctrl+u"
}

// scan gives the scan line what came, and gives back the key it has no use for.
func (m *Model) scan(in kit.InputMsg) string {
	lines, key := m.line.Input(in)
	for _, l := range lines {
		m.closed(l.Text)
	}
	m.typing()
	return key
}

// closed sends a closed line as what it means here: what a scanner puts around a
// code is left out, and what Caps Lock or another keyboard made of it is mended
// where that is certain.
func (m *Model) closed(line string) {
	m.rev++
	line = wedge.Read(m.config.Typing, line, 0, scanner.Whole, m.env.Now).Text
	m.sendAs(m.screens[m.at].Line(&m.env, line), ask{from: m.at})
}

// wake notes that somebody is here.
func (m *Model) wake() {
	m.active = m.env.Now
	if !m.focus {
		m.setFocus(true)
	}
	if m.dormant {
		m.dormant = false
		m.unhush()
		m.rev++
		m.sendAll(m.screens[m.at].Shown(), ask{from: m.at})
	}
}

// setFocus notes that the terminal has the focus, or has lost it.
func (m *Model) setFocus(on bool) {
	if m.focus == on {
		return
	}
	m.focus, m.focused = on, m.env.Now
	m.rev++
	m.sendAs(desk.Focus{On: on}, ask{from: m.at, silent: true})
}

// tick draws the clock anew, and forgets patrons when nobody is here.
func (m *Model) tick() {
	m.rev++
	if m.env.State.Visit != nil || m.dormant || m.env.Now.Sub(m.active) < m.config.Idle {
		return
	}
	m.dormant = true
	m.forget()
}

// forget forgets everything about patrons that was shown until now. A form that
// is being filled in stays, and is not shown while nobody is here.
func (m *Model) forget() {
	for _, s := range m.screens {
		s.Forget()
	}
	if _, form := m.dialog.(*screen.Form); m.dialog != nil && m.dialog.Private() && !form {
		m.dialog = nil
	}
	for i := range m.alerts {
		m.alerts[i].hushed = true
	}
	m.last = nil
	m.toasts.Clear()
	m.kept = frame{}
}

// show goes to a screen.
func (m *Model) show(id screen.ID) {
	s, ok := m.screens[id]
	if !ok {
		return
	}
	if id != m.at {
		m.last = nil
		m.leaveName()
	}
	m.at, m.dialog, m.stirred = id, nil, true
	_ = s.See(&m.env) // what it would send is among what is sent when it is shown
	m.sendAs(desk.Go{To: s.Place()}, ask{from: id, silent: true})
	m.sendAll(s.Shown(), ask{from: id})
}

// sendAs sends an input, notes who asked, and gives its number; 0 for none.
func (m *Model) sendAs(in desk.Input, a ask) int64 {
	switch in.(type) {
	case nil:
		return 0
	case desk.Yes, desk.No:
		a.answer = true
	case desk.Go:
		a.going = true
		m.going++
	}
	n := m.config.Send(in)
	m.asked[n] = a
	return n
}

func (m *Model) sendAll(in []desk.Input, a ask) {
	for _, i := range in {
		m.sendAs(i, a)
	}
}

// grant does what a screen or a dialog wishes.
func (m *Model) grant(w screen.Wish, from screen.Dialog) {
	if w.Go != "" {
		m.show(w.Go)
	}
	m.sendAll(w.Send, ask{from: m.at, dialog: from})
	if w.Open != nil {
		if c, ok := w.Open.(*screen.Confirm); ok {
			c.Keys(m.answers)
		}
		m.dialog = w.Open
	}
}

// hidden tells whether nothing of a patron may be shown.
func (m *Model) hidden() bool { return m.dormant || m.env.Hidden() && !m.stirred }

// front is the dialog that is seen; nil when there is none, or it is hidden. A
// form that is being filled in stays: its clerk is here.
func (m *Model) front() screen.Dialog {
	switch {
	case m.dialog == nil:
		return nil
	case m.hidden() && m.dialog.Private() && m.env.Now.Sub(m.active) >= m.config.Idle:
		return nil
	}
	return m.dialog
}

// asking tells whether the question is what is seen: it comes before everything
// but a dialog that was opened over it.
func (m *Model) asking() bool {
	return m.question != nil && (m.dialog == nil || m.dialog == m.question.under)
}

// toast shows a message for a while.
func (m *Model) toast(r kit.Role, s string) {
	m.rev++
	m.after(m.toasts.Add(r, screen.Clean(s), toastStands))
}

const toastStands = 5 * time.Second

// alert is what must be seen: it stays until it is acknowledged.
type alert struct {
	role   kit.Role
	word   string
	text   string
	hushed bool // from before nobody was here: the text is not shown
}

const (
	alertsShown = 3
	alertRows   = 2 // of each
	alertsKept  = 200
)

// unhush shows what alerts say again.
func (m *Model) unhush() {
	for i := range m.alerts {
		m.alerts[i].hushed = false
	}
}

// alarm adds an alert. When there are more than anybody reads the oldest go:
// what they told is in the journal and among the conflicts.
func (m *Model) alarm(a alert) {
	m.alerts = append(m.alerts, a)
	if over := len(m.alerts) - alertsKept; over > 0 {
		m.alerts = m.alerts[over:]
	}
	m.rev++
}
