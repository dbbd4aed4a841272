package kit

import (
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/rivo/uniseg"
)

// lineMost is how long a line may grow, in bytes, before it closes by itself. No barcode comes near it, and what
// comes after it until a key closes the line is no scan of its own: the end of a long line may look like a barcode.
const lineMost = 4096

// KeyFull stands for the key of a line that closed because it was longer than any scan.
const KeyFull = "full"

// Closed is one finished line of text: a scan, or what somebody typed and ended.
type Closed struct {
	Text string // as it came, never empty or blank
	By   string // the key that closed it, KeyPaste, or KeyFull
}

// ScanLine is the line at the foot of a screen that scans arrive on. It is append-only: Backspace takes the last
// character away and Ctrl+U the line, and there is no other editing, so that nothing can come between the
// characters of a scan. The zero ScanLine is ready for use.
type ScanLine struct {
	Prompt      string // stands before the text
	Placeholder string // stands in place of the text when there is none

	text string
	over bool // the line was longer than any scan: the rest of it is left out
}

// Text is what has come since the last closed line.
func (l *ScanLine) Text() string { return l.text }

// Clear forgets the text.
func (l *ScanLine) Clear() { l.text, l.over = "", false }

// Input appends what came and gives the lines that it closed, in order: several after a paste of several lines.
// The key is given back when the line has no use for it, also a closing key on an empty line.
func (l *ScanLine) Input(m InputMsg) (lines []Closed, key string) {
	text := m.Text
	if m.Key == KeyPaste {
		text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	}
	for {
		before, after, more := strings.Cut(text, "\n")
		lines = l.add(lines, before)
		if !more {
			break
		}
		lines = l.close(lines, m.Key)
		text = after
	}
	switch m.Key {
	case "":
		return lines, ""
	case "backspace", "ctrl+h":
		l.text = dropLast(l.text)
		return lines, ""
	case "ctrl+u":
		l.Clear()
		return lines, ""
	}
	if !Closes(m.Key) {
		return lines, m.Key
	}
	had, over := len(lines), l.over
	lines = l.close(lines, m.Key)
	if len(lines) == had && m.Key != KeyPaste && !over {
		return lines, m.Key
	}
	return lines, ""
}

// add appends t, and closes the line when it is full.
func (l *ScanLine) add(lines []Closed, t string) []Closed {
	if l.over {
		return lines
	}
	l.text += t
	if len(l.text) <= lineMost {
		return lines
	}
	cut := lineMost
	for cut > 1 && !utf8.RuneStart(l.text[cut]) {
		cut--
	}
	l.text = l.text[:cut]
	lines = l.close(lines, KeyFull)
	l.over = true
	return lines
}

func (l *ScanLine) close(lines []Closed, key string) []Closed {
	text := l.text
	l.Clear()
	if strings.TrimSpace(text) == "" {
		return lines
	}
	return append(lines, Closed{Text: text, By: key})
}

// View draws the line, width columns wide, with right (such as how many scans wait) at its end.
func (l *ScanLine) View(look Look, width int, right string) string {
	room := l.room(look, width, right)
	body, role := l.shown(look, room), Plain
	if l.text == "" {
		body, role = look.Cut(l.Placeholder, room), Quiet
	}
	line := look.Paint(Quiet, l.Prompt) + look.Paint(role, body)
	if right == "" {
		return line
	}
	gap := width - look.Len(l.Prompt) - look.Len(body) - look.Len(right)
	return line + strings.Repeat(" ", max(gap, 1)) + look.Paint(Loud, right)
}

// Cursor is where the terminal's own cursor stands: after the text, on row y of the screen.
func (l *ScanLine) Cursor(look Look, width, y int, right string) *tea.Cursor {
	x := look.Len(l.Prompt) + look.Len(l.shown(look, l.room(look, width, right)))
	c := tea.NewCursor(min(x, max(width-1, 0)), y)
	c.Blink = false
	return c
}

// room is the number of columns for the text; one is left for the cursor.
func (l *ScanLine) room(look Look, width int, right string) int {
	room := width - look.Len(l.Prompt) - 1
	if right != "" {
		room -= look.Len(right) + 1
	}
	return max(room, 1)
}

// shown is the end of the text, as much as there is room for.
func (l *ScanLine) shown(look Look, room int) string {
	return lastColumns(look, typed(l.text), room)
}

func lastColumns(look Look, s string, room int) string {
	over := look.Len(s) - room
	if over <= 0 {
		return s
	}
	if plainASCII(s) {
		return "…" + s[over+1:]
	}
	if most := 32 * room; len(s) > most { // what is shown is at the end; measure no more than that
		s = s[len(s)-most:]
		for s != "" && !utf8.RuneStart(s[0]) {
			s = s[1:]
		}
	}
	for look.Len(s) > room-1 && s != "" {
		_, s, _, _ = uniseg.FirstGraphemeClusterInString(s, -1)
	}
	return "…" + s
}

// dropLast takes the last character as a person sees it off s.
func dropLast(s string) string {
	end := 0
	for rest, at := s, 0; rest != ""; {
		var c string
		c, rest, _, _ = uniseg.FirstGraphemeClusterInString(rest, -1)
		end = at
		at += len(c)
	}
	return s[:end]
}
