package kit

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
)

// Sound is a kind of outcome that is heard: as the library's table names it.
type Sound string

// The sounds a desk tells apart.
const (
	SoundGood    Sound = "good"
	SoundHeld    Sound = "held"
	SoundTransit Sound = "transit"
	SoundAsk     Sound = "ask"
	SoundStop    Sound = "stop"
	SoundDouble  Sound = "double" // the same item scanned twice
	SoundLocked  Sound = "locked" // a scan that was refused because the desk is locked
)

// Pattern is a row of beeps and gaps: "x" rings the terminal's bell, "-" waits for bellGap. Empty is silence.
type Pattern string

const (
	bellGap     = 150 * time.Millisecond // terminals take rings closer together for one
	longPattern = 15
)

// ParsePattern checks a pattern from a configuration file.
func ParsePattern(s string) (Pattern, error) {
	if len(s) > longPattern {
		return "", fmt.Errorf("bell pattern %q: longer than %d", s, longPattern)
	}
	if at := strings.IndexFunc(s, func(r rune) bool { return r != 'x' && r != '-' }); at >= 0 {
		return "", fmt.Errorf("bell pattern %q: only x (a beep) and - (a gap) are known", s)
	}
	return Pattern(s), nil
}

// Sounds is what the terminal's bell plays for each kind. The bell has one tone, so kinds differ by their rhythm;
// a good outcome is silent, as the scanner has beeped already.
func Sounds() map[Sound]Pattern {
	return map[Sound]Pattern{
		SoundGood:    "",
		SoundHeld:    "x-x",
		SoundTransit: "x--x",
		SoundAsk:     "x",
		SoundStop:    "x-x-x",
		SoundDouble:  "x",
		SoundLocked:  "x-x-x",
	}
}

// Bell plays sounds. The zero Bell is silent.
type Bell struct {
	Table map[Sound]Pattern
	Off   bool
	busy  time.Time // until when a pattern plays
}

// Ring gives the command that plays the sound of the kind, and nil for silence. While a pattern plays, a further
// sound is left out, so that a pile of scans does not ring on after the last one; now is the time of the outcome.
func (b *Bell) Ring(kind Sound, now time.Time) tea.Cmd {
	p := b.Table[kind]
	if b.Off || p == "" || now.Before(b.busy) {
		return nil
	}
	b.busy = now.Add(time.Duration(strings.Count(string(p), "-")) * bellGap)
	var steps []tea.Cmd
	for _, c := range p {
		switch c {
		case 'x':
			steps = append(steps, tea.Raw("\a"))
		case '-':
			steps = append(steps, rest)
		}
	}
	return tea.Sequence(steps...)
}

// rest waits for one gap and says nothing.
func rest() tea.Msg {
	time.Sleep(bellGap)
	return nil
}
