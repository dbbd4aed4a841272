package screen

import (
	"strings"
	"time"

	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// CheckIn is the screen that takes back: one line an item, and its word is the
// place the book goes to.
type CheckIn struct {
	Plain
	lines Lines
}

// NewCheckIn makes the screen, empty.
func NewCheckIn() *CheckIn { return &CheckIn{} }

// Place is where items are taken back.
func (*CheckIn) Place() desk.Place { return desk.AtCheckIn }

// Hear puts an outcome into the list.
func (c *CheckIn) Hear(env *Env, o desk.Outcome) []desk.Input {
	Each(o, func(key string, o desk.Outcome) {
		if Listed(o.Word) && !sums(o) {
			c.lines.Unchoose()
			c.lines.Put(env, key, o)
		}
	})
	return nil
}

// Move moves the choice in the list.
func (c *CheckIn) Move(key string, page int) bool { return c.lines.Move(key, page) }

// Row is the chosen line.
func (c *CheckIn) Row() (desk.Outcome, bool) { return c.lines.Row() }

// Forget forgets the lines.
func (c *CheckIn) Forget() { c.lines.Clear() }

// The actions of the screen.
const (
	ActionBookdrop = "check_in.bookdrop"
	ActionInHouse  = "check_in.in_house"
)

// Off says why an action cannot be done.
func (c *CheckIn) Off(env *Env, _ string) string { return env.SignedOut() }

// Do begins or ends bookdrop mode, or in-house mode.
func (c *CheckIn) Do(env *Env, action string) Wish {
	if action == ActionInHouse {
		return send(desk.InHouse{On: !env.State.InHouse})
	}
	if action != ActionBookdrop {
		return Wish{}
	}
	if env.State.Bookdrop != nil {
		return send(desk.Bookdrop{})
	}
	return Wish{Open: bookdropForm(env)}
}

func bookdropForm(env *Env) Dialog {
	w := env.Words
	return NewForm(w.Text(words.CheckInBookdropTitle), w.Text(words.CheckInBookdropNote, "date", env.Due(env.State.Suggests)), w.Text(words.LabelBookdrop),
		func(env *Env, v map[string]string) ([]desk.Input, string, string) {
			if strings.TrimSpace(v["date"]) == "" {
				return []desk.Input{desk.Bookdrop{On: true}}, "", ""
			}
			at, wrong := Moment(env, v["date"])
			return []desk.Input{desk.Bookdrop{On: true, Date: at}}, "date", wrong
		},
		kit.Input{Key: "date", Label: w.Text(words.CheckInBookdropDate), Note: w.Text(words.CheckInBookdropTyped)},
	)
}

// Moment reads a day with or without a time of day, in the library's zone; the
// end of the day without. wrong is what is wrong with it, in words.
func Moment(env *Env, s string) (at time.Time, wrong string) {
	day, clock, timed := strings.Cut(strings.TrimSpace(s), " ")
	hour, minute := 23, 59
	if timed {
		t, err := time.Parse("15:04", strings.TrimSpace(clock))
		if err != nil {
			return time.Time{}, env.Words.Text(words.FormBadDate)
		}
		hour, minute = t.Hour(), t.Minute()
	}
	d, wrong := ReadDay(env, day, true)
	if wrong != "" {
		return time.Time{}, wrong
	}
	zone := env.Zone
	if zone == nil {
		zone = time.UTC
	}
	at = time.Date(d.Year(), d.Month(), d.Day(), hour, minute, 0, 0, zone)
	if at.After(env.Now) && at.Sub(env.Now) < 24*time.Hour && !timed {
		at = env.Now // today: as of now
	}
	return at.UTC(), ""
}

// View draws the list.
func (c *CheckIn) View(env *Env, width, h int) []string {
	if c.lines.Len() == 0 {
		out := make([]string, h)
		if h > 1 {
			out[1] = " " + env.Look.Paint(kit.Quiet, env.Look.Cut(env.Words.Text(words.CheckInScanItem), width-1))
		}
		return out
	}
	return c.lines.View(env, width, h)
}
