package kit

import (
	"strings"

	"github.com/rivo/uniseg"
)

// edit is a line of text with a cursor in it, for the fields of a form; scans never go through it but as text.
type edit struct {
	before, after string // what stands on both sides of the cursor
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
	case "delete":
		_, e.after, _, _ = uniseg.FirstGraphemeClusterInString(e.after, -1)
	case "ctrl+u":
		e.set("")
	case "left":
		kept := dropLast(e.before)
		e.after = e.before[len(kept):] + e.after
		e.before = kept
	case "right":
		c, rest, _, _ := uniseg.FirstGraphemeClusterInString(e.after, -1)
		e.before += c
		e.after = rest
	case "home":
		e.before, e.after = "", e.text()
	case "end":
		e.before, e.after = e.text(), ""
	default:
		return false
	}
	return true
}

// view is the text in at most width columns, and the column of the cursor in it.
func (e *edit) view(look Look, width int) (string, int) {
	left := lastColumns(look, typed(e.before), max(width-1, 1))
	x := look.Len(left)
	return left + look.Cut(typed(e.after), width-x), x
}
