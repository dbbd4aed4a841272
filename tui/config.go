package tui

import (
	"context"
	"errors"
	"fmt"
	"time"

	"circdesk/desk"
	"circdesk/desk/label"
	"circdesk/desk/policy"
	"circdesk/desk/words"
	"circdesk/scanner"
	"circdesk/tui/kit"
	"circdesk/tui/screen"
)

// Config is what the screens are made of. Send and Words are needed.
type Config struct {
	// Send hands an input to the session and gives its number. It must not wait:
	// it is called while a message is handled.
	Send   func(desk.Input) int64
	Words  *words.Book
	Labels *label.Rules // tells a scan that ran into a reason from the reason; nil: only ISBNs are known
	// Library gives a library's name. Nil: libraries are named by their ids.
	Library func(policy.LibraryID) string
	// Location gives what a location of a library is called. Nil: by its id.
	Location func(policy.LibraryID, policy.LocationID) string
	Zone     func() *time.Location // the library's, by the rules that are in force now; nil: UTC
	Now      func() time.Time      // nil: time.Now
	Typing   scanner.Setup         // how the scanners that type are programmed; the zero Setup fits most
	Theme    kit.Kind              // empty: the terminal's own colours
	Bell     kit.Bell              // the zero Bell is silent
	NoMouse  bool                  // the terminal keeps the mouse, for selecting and copying; it can be had back by the palette
	Alone    bool                  // there is no central system
	// Carries reports whether the central system can be told what a command, by its name,
	// comes to; what it cannot be told is off. Nil: it can be told everything.
	Carries func(command string) bool
	// Seen: the central system gives no lists, and those that are shown are of what was
	// done or seen here.
	Seen bool
	Card []string // lines that tell a newcomer what to try, until the first visit and when asked for; nil: none
	// Commands are actions of the program's own, reached by the palette and by
	// their keys.
	Commands []Command
	// Keys gives actions other keys, by the action's id; see [Actions].
	Keys map[string][]string
	// Idle is after how long without a scan, a key or an answer everything about
	// patrons is forgotten when no visit is open. Zero: 90 seconds.
	Idle time.Duration
}

// Command is something the program around the screens can do.
type Command struct {
	ID          string   // one each; its action is called command.ID
	Keys        []string // as [kit.KeyName] says them; none: the palette only
	Label, Help string
	Run         func(context.Context) string // what to tell the clerk; it may take its time
}

const idle = 90 * time.Second

// New makes the screens, before the first state is known. The error says what
// is missing, or which keys cannot be so.
//
// The session needs [Model.Out] and the screens need the session's Send, so one
// is named before it is there:
//
//	var session *desk.Session
//	screens, err := tui.New(tui.Config{Send: func(in desk.Input) int64 { return session.Send(in) }, …})
//	session, err = desk.New(desk.Config{Out: screens.Out, …})
func New(c Config) (*Model, error) {
	if c.Send == nil || c.Words == nil {
		return nil, errors.New("make the screens: no session or no words")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Idle == 0 {
		c.Idle = idle
	}
	theme, err := kit.NewTheme(c.Theme)
	if err != nil {
		return nil, fmt.Errorf("make the screens: %w", err)
	}
	m := &Model{
		config: c, screens: screen.All(), at: screen.IDCheckOut, focus: true, mouse: !c.NoMouse, bell: c.Bell,
		asked: map[int64]ask{}, heard: newOutputs(), width: kit.LeastWidth, height: kit.LeastHeight,
		env: screen.Env{
			Words: c.Words, Labels: c.Labels, Look: kit.Look{Theme: theme}, Caps: keyCaps(c.Words), Zone: c.zone(), Now: c.Now(),
			Library: c.Library, Location: c.Location, Alone: c.Alone, Seen: c.Seen, Card: c.Card,
		},
	}
	m.env.State.Up, m.env.State.Focus = true, true
	m.active = m.env.Now
	m.env.Key = func(action string) string {
		a, _ := m.actions.Action(action)
		return m.env.Caps.First(a)
	}
	m.line.Prompt = " " + c.Words.Text(words.BarScan) + " "
	if m.actions, err = kit.NewRegistry(m.list(), modal...); err != nil {
		return nil, fmt.Errorf("make the screens: %w", err)
	}
	if m.actions, err = m.actions.Rebind(c.Keys); err != nil {
		return nil, fmt.Errorf("make the screens: %w", err)
	}
	return m, nil
}

// keyCaps is what is printed on the keys here.
func keyCaps(w *words.Book) kit.KeyCaps {
	return kit.KeyCaps{
		"ctrl": w.Text(words.ScreensKeyCtrl), "alt": w.Text(words.ScreensKeyAlt), "shift": w.Text(words.ScreensKeyShift),
		"esc": w.Text(words.ScreensKeyEsc), "insert": w.Text(words.ScreensKeyInsert),
	}
}

// zone is that of the library, by the rules that are in force now.
func (c Config) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone()
}
