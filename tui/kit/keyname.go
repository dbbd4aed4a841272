package kit

import (
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// KeyName is the name of a pressed key as actions are bound to it: modifiers in the order ctrl, alt, shift, meta,
// hyper, super, then the key ("f2", "alt+y", "ctrl+k", "shift+tab"). The character that the layout gives is the
// truth, so Alt+Y is where the key cap says so on a QWERTZ keyboard too; only a chord on a layout without Latin
// letters falls back to the key's place.
func KeyName(k tea.KeyPressMsg) string {
	code := k.Code
	if code >= utf8.RuneSelf && k.BaseCode > ' ' && k.BaseCode < utf8.RuneSelf && code <= utf8.MaxRune {
		code = k.BaseCode
	}
	var b strings.Builder
	for _, m := range [...]struct {
		mod  tea.KeyMod
		name string
	}{
		{tea.ModCtrl, "ctrl+"},
		{tea.ModAlt, "alt+"},
		{tea.ModShift, "shift+"},
		{tea.ModMeta, "meta+"},
		{tea.ModHyper, "hyper+"},
		{tea.ModSuper, "super+"},
	} {
		if k.Mod.Contains(m.mod) {
			b.WriteString(m.name)
		}
	}
	b.WriteString(tea.Key{Code: code, Text: k.Text}.Keystroke())
	return b.String()
}
