package kit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// KeyCaps is what is printed on the keys, by the parts of a key's name: {"ctrl": "Strg"}. What is not in it is
// shown with a capital letter, so nil is usable.
type KeyCaps map[string]string

// Show is a key as people write it: Alt+D, F2, Shift+Tab.
func (c KeyCaps) Show(key string) string {
	parts := strings.Split(key, "+")
	for i, p := range parts {
		if cap, ok := c[p]; ok {
			parts[i] = cap
			continue
		}
		r, n := utf8.DecodeRuneInString(p)
		parts[i] = string(unicode.ToUpper(r)) + p[n:]
	}
	return strings.Join(parts, "+")
}

// First is the key of an action that is shown; empty when it has none.
func (c KeyCaps) First(a Action) string {
	if len(a.Keys) == 0 {
		return ""
	}
	return c.Show(a.Keys[0])
}
