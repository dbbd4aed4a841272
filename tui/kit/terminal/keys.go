package terminal

import (
	"strings"
	"unicode/utf8"
)

// KeyBytes is what an xterm sends for a key, named as the screens name it; false for a key it has no bytes for.
func KeyBytes(name string) (string, bool) {
	if seq, ok := named[name]; ok {
		return seq, true
	}
	if rest, ok := strings.CutPrefix(name, "alt+"); ok {
		if letter, shifted := strings.CutPrefix(rest, "shift+"); shifted {
			rest = strings.ToUpper(letter)
		}
		if utf8.RuneCountInString(rest) == 1 {
			return "\x1b" + rest, true
		}
		seq, known := named[rest]
		return "\x1b" + seq, known && rest == "enter"
	}
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok && len(rest) == 1 && (rest[0] >= 'a' && rest[0] <= 'z' || rest[0] >= '[' && rest[0] <= '_') {
		return string(rest[0] & 0x1f), true
	}
	return "", false
}

var named = map[string]string{
	"enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "esc": "\x1b", "backspace": "\x7f", "space": " ",
	"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
	"pgup": "\x1b[5~", "pgdown": "\x1b[6~", "insert": "\x1b[2~", "delete": "\x1b[3~",
	"f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f6": "\x1b[17~",
	"f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~", "f10": "\x1b[21~", "f11": "\x1b[23~", "f12": "\x1b[24~",
}
