package kit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// edit is a line of text with a cursor in it, for the fields of a form; scans never go through it but as text. What
// came stays as it came, also a GS (0x1d) and the sign for a byte that is no text; moves go by characters as a
// person sees them, and by words, which blanks part.
type edit struct {
	before, after string // what stands on both sides of the cursor
	secret        bool   // shown as dots, and all of it one word: a move tells nobody where its words end
}

func (e *edit) text() string { return e.before + e.after }

func (e *edit) set(s string) { e.before, e.after = s, "" }

// put writes s at the cursor; line ends in it become blanks.
func (e *edit) put(s string) {
	if len(e.before)+len(e.after)+len(s) > lineMost {
		return
	}
	e.before += strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(s)
}

// key edits; false when it has no use for the key.
func (e *edit) key(key string) bool {
	switch key {
	case "backspace", "ctrl+h":
		e.before = dropLast(e.before)
	case "ctrl+backspace", "alt+backspace", "ctrl+w":
		e.before = e.dropLastWord()
	case "delete":
		e.after = dropFirst(e.after)
	case "ctrl+delete", "alt+delete":
		e.after = e.dropFirstWord()
	case "ctrl+u":
		e.set("")
	case "left":
		e.move(len(dropLast(e.before)))
	case "right":
		e.move(len(e.text()) - len(dropFirst(e.after)))
	case "ctrl+left", "alt+left":
		e.move(len(e.dropLastWord()))
	case "ctrl+right", "alt+right":
		e.move(len(e.text()) - len(e.dropFirstWord()))
	case "home":
		e.move(0)
	case "end":
		e.move(len(e.text()))
	default:
		return false
	}
	return true
}

// move puts the cursor before the byte at i.
func (e *edit) move(i int) {
	s := e.text()
	e.before, e.after = s[:i], s[i:]
}

// dropLastWord is what stands before the cursor without its last word and the blanks after that.
func (e *edit) dropLastWord() string {
	if e.secret {
		return ""
	}
	return strings.TrimRightFunc(strings.TrimRightFunc(e.before, unicode.IsSpace), notSpace)
}

// dropFirstWord is what stands after the cursor without its first word and the blanks before that.
func (e *edit) dropFirstWord() string {
	if e.secret {
		return ""
	}
	return strings.TrimLeftFunc(strings.TrimLeftFunc(e.after, unicode.IsSpace), notSpace)
}

func notSpace(r rune) bool { return !unicode.IsSpace(r) }

// dropFirst takes the first character as a person sees it off s.
func dropFirst(s string) string {
	_, rest, _, _ := uniseg.FirstGraphemeClusterInString(s, -1)
	return rest
}

// view is the text in at most width columns, and the column of the cursor in it.
func (e *edit) view(look Look, width int) (string, int) {
	before, after := e.before, e.after
	if e.secret {
		before, after = dots(before), dots(after)
	}
	left := lastColumns(look, typed(before), max(width-1, 1))
	x := look.Len(left)
	return left + look.Cut(typed(after), width-x), x
}

func dots(s string) string { return strings.Repeat("*", utf8.RuneCountInString(s)) }
