package screen

import (
	tea "charm.land/bubbletea/v2"

	"circdesk/desk"
	"circdesk/tui/kit"
)

// ID names a screen, and the scope of its keys.
type ID string

// The screens.
const (
	IDCheckOut ID = "check_out"
	IDCheckIn  ID = "check_in"
	IDPatron   ID = "patron"
	IDHolds    ID = "holds"
	IDFees     ID = "fees"
	IDPick     ID = "pick"
	IDItems    ID = "items"
	IDSync     ID = "sync"
	IDWorklist ID = "worklist"
)

// Screen is one screen. Its methods are called from one goroutine, do no I/O
// and never wait.
type Screen interface {
	// Place is what the session is told when the screen is shown.
	Place() desk.Place
	// Shown is what to send, besides, when the screen is shown.
	Shown() []desk.Input
	// Line is what a closed line means here.
	Line(env *Env, line string) desk.Input
	// Hear takes an outcome of something that was sent from this screen, and
	// gives what to send then.
	Hear(env *Env, o desk.Outcome) []desk.Input
	// See takes a new state of the desk, which is in env already, and gives what
	// to send then.
	See(env *Env) []desk.Input
	// Move uses a key that moves a choice; false when it has no use for it.
	Move(key string, page int) bool
	// Pick is Enter on the chosen row.
	Pick(env *Env) Wish
	// Do does an action of this screen; Off says why it cannot be done, empty
	// when it can.
	Do(env *Env, action string) Wish
	Off(env *Env, action string) string
	// Row is what stands under the choice, for "why"; false: nothing.
	Row() (desk.Outcome, bool)
	// View gives h lines of at most width columns.
	View(env *Env, width, h int) []string
	// Forget forgets everything about patrons.
	Forget()
}

// Typing is a screen that looks at the scan line while it is typed, when nothing has come
// for a moment.
type Typing interface {
	Screen
	// Typed gives what to send; nil: nothing.
	Typed(env *Env, line string) desk.Input
	// Sought tells whether a line is what it has sent, and no code.
	Sought(line string) bool
}

// Wish is what came of an action: a screen to go to first, inputs to send in their
// order, a dialog to open; each may be missing.
type Wish struct {
	Go   ID // empty: stay
	Send []desk.Input
	Open Dialog
}

func send(in ...desk.Input) Wish { return Wish{Send: in} }

// Dialog is what lies over a screen until it is closed.
type Dialog interface {
	// Scopes are those of its keys, the first one asked first.
	Scopes() []string
	// Input takes what came, and gives back what it has no use for: text then
	// goes to the scan line.
	Input(env *Env, in kit.InputMsg) (rest kit.InputMsg, wish Wish)
	// Do does an action of the dialog's scopes. done: it closes.
	Do(env *Env, action string) (wish Wish, done bool)
	// Hear takes the outcome of what the dialog wished to send.
	Hear(env *Env, o desk.Outcome) (wish Wish, done bool)
	// Private tells whether it shows anything of a patron.
	Private() bool
	// View gives at most h lines, and the cursor when text goes to the dialog.
	View(env *Env, width, h int) ([]string, *tea.Cursor)
}

// All gives the screens anew, by their names.
func All() map[ID]Screen {
	return map[ID]Screen{
		IDCheckOut: NewCheckOut(),
		IDCheckIn:  NewCheckIn(),
		IDPatron:   NewPatron(),
		IDHolds:    NewHolds(),
		IDFees:     NewFees(),
		IDPick:     NewPick(),
		IDItems:    NewItems(),
		IDSync:     NewSync(),
		IDWorklist: NewWorklist(),
	}
}

// Plain answers for what a screen does not have.
type Plain struct{}

// Shown sends nothing.
func (Plain) Shown() []desk.Input { return nil }

// Line is a scan.
func (Plain) Line(_ *Env, line string) desk.Input { return desk.Scan{Text: line} }

// Hear shows nothing and sends nothing.
func (Plain) Hear(*Env, desk.Outcome) []desk.Input { return nil }

// See shows nothing.
func (Plain) See(*Env) []desk.Input { return nil }

// Move has no choice to move.
func (Plain) Move(string, int) bool { return false }

// Pick picks nothing.
func (Plain) Pick(*Env) Wish { return Wish{} }

// Do has no actions.
func (Plain) Do(*Env, string) Wish { return Wish{} }

// Off is never off.
func (Plain) Off(*Env, string) string { return "" }

// Row has none.
func (Plain) Row() (desk.Outcome, bool) { return desk.Outcome{}, false }

// Forget has nothing to forget.
func (Plain) Forget() {}
