// Package keyboard makes scans of the reports of a scanner that types like a
// keyboard, where its reports are read before they become somebody's keys.
//
// It knows which keys a report holds down, what a scanner means by pressing them
// (also Caps Lock, Ctrl, dead keys, and Alt with numbers of the keypad), and the
// keys that close a scan. It does not know how reports are read, who else would
// have got the keys, or what a scan means.
package keyboard
