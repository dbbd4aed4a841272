package layout

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Key is a key's number on HID's keyboard page. It names a place on the keyboard,
// after what the place holds in the United States.
type Key uint8

// Keys that give no character of a layout, or the same one in all.
const (
	Enter      Key = 0x28
	Escape     Key = 0x29
	Backspace  Key = 0x2A
	Tab        Key = 0x2B
	Space      Key = 0x2C
	CapsLock   Key = 0x39
	KeypadDiv  Key = 0x54
	KeypadMul  Key = 0x55
	KeypadSub  Key = 0x56
	KeypadAdd  Key = 0x57
	KeypadEnd  Key = 0x58 // its Enter
	Keypad1    Key = 0x59
	Keypad0    Key = 0x62
	KeypadDot  Key = 0x63
	KeypadSame Key = 0x67 // =
)

// Level is what is held down besides a key.
type Level uint8

const (
	Plain Level = iota
	Shift
	AltGr
	levels
)

// Layout is what the keys of a keyboard give.
type Layout struct {
	name  string
	runes map[Key][levels]rune // 0: nothing; a combining mark: a dead key
	keys  map[rune]place
}

type place struct {
	key   Key
	level Level
}

// order is the order of the keys in the tables below: the letters, the digits from
// 1 to 0, and what stands to the right of them, line by line, then the key between
// the left Shift and Z.
var order = func() (keys []Key) {
	for k := Key(0x04); k <= 0x27; k++ {
		keys = append(keys, k)
	}
	return append(keys, 0x2D, 0x2E, 0x2F, 0x30, 0x31, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x64)
}()

// twin is the key that gives on European keyboards what backslash gives on others:
// no keyboard has both.
const (
	backslash Key = 0x31
	twin      Key = 0x32
)

// The layouts, as xkeyboard-config and Windows have them. A blank is no character.
var (
	us = newLayout("us",
		"abcdefghijklmnopqrstuvwxyz"+"1234567890"+"-=[]\\;'`,./\\",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ"+"!@#$%^&*()"+"_+{}|:\"~<>?|",
		"")
	uk = newLayout("uk",
		"abcdefghijklmnopqrstuvwxyz"+"1234567890"+"-=[]#;'`,./\\",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ"+"!\"£$%^&*()"+"_+{}~:@¬<>?|",
		"á   é   í     ó     ú     "+"   €      "+"       ¦    ")
	de = newLayout("de",
		"abcdefghijklmnopqrstuvwxzy"+"1234567890"+"ß\u0301ü+#öä\u0302,.-<",
		"ABCDEFGHIJKLMNOPQRSTUVWXZY"+"!\"§$%&/()="+"?\u0300Ü*'ÖÄ°;:_>",
		"    €       µ   @         "+" ²³   {[]}"+"\\  ~       |")
	fr = newLayout("fr",
		"qbcdefghijkl,noparstuvzxyw"+"&é\"'(-è_çà"+")=\u0302$*mù²;:!<",
		"QBCDEFGHIJKL?NOPARSTUVZXYW"+"1234567890"+"°+\u0308£µM% ./§>",
		"    €                     "+" ~#{[|`\\^@"+"]} ¤        ")
)

func newLayout(name string, rows ...string) *Layout {
	l := &Layout{name: name, runes: make(map[Key][levels]rune), keys: make(map[rune]place)}
	for level, row := range rows {
		for i, r := range []rune(row) {
			if r == ' ' {
				continue
			}
			l.set(order[i], Level(level), r)
			if order[i] == backslash {
				l.set(twin, Level(level), r)
			}
		}
	}
	for level := range levels {
		l.set(Space, level, ' ')
	}
	return l
}

func (l *Layout) set(k Key, level Level, r rune) {
	runes := l.runes[k]
	runes[level] = r
	l.runes[k] = runes
	if _, ok := l.keys[r]; !ok {
		l.keys[r] = place{k, level}
	}
}

// all are the layouts in the order in which [Names] tells them.
func all() []*Layout { return []*Layout{us, uk, de, fr} }

// Names returns the names of the layouts, the commonest first.
func Names() (names []string) {
	for _, l := range all() {
		names = append(names, l.name)
	}
	return names
}

// Find returns the layout of a name; "" is us. It is not ok where there is none.
func Find(name string) (l *Layout, ok bool) {
	if name == "" {
		return us, true
	}
	i := slices.IndexFunc(all(), func(l *Layout) bool { return l.name == name })
	if i < 0 {
		return nil, false
	}
	return all()[i], true
}

// Name returns the layout's name.
func (l *Layout) Name() string { return l.name }

// Rune returns the character of a key, 0: it has none. A dead key gives the
// combining mark of its accent: see [Dead] and [Compose].
func (l *Layout) Rune(k Key, level Level) rune {
	if level >= levels {
		return 0
	}
	return l.runes[k][level]
}

// accents are the marks of dead keys and what they are by themselves.
var accents = map[rune]rune{'\u0300': '`', '\u0301': '´', '\u0302': '^', '\u0303': '~', '\u0308': '¨'}

// Dead reports whether a character is that of a dead key: it waits for the next.
func Dead(r rune) bool { return unicode.Is(unicode.Mn, r) }

// Compose returns what a dead key and the character after it give: one letter, or
// the accent by itself before a blank, or both where they do not go together.
func Compose(dead, r rune) string {
	accent := string(accents[dead])
	if r == ' ' || r == 0 {
		return accent
	}
	if s := norm.NFC.String(string([]rune{r, dead})); utf8.RuneCountInString(s) == 1 {
		return s
	}
	return accent + string(r)
}

// Retype returns what the keys that gave a text on one keyboard give on another. It
// is not ok where a character is on no key of the first, or gives none on the
// other. Control characters stay.
func Retype(text string, from, to *Layout) (s string, ok bool) {
	var b []rune
	for _, r := range text {
		if r < ' ' || r == ' ' {
			b = append(b, r)
			continue
		}
		p, ok := from.keys[r]
		if !ok {
			return "", false
		}
		n := to.Rune(p.key, p.level)
		if n == 0 || Dead(n) {
			return "", false
		}
		b = append(b, n)
	}
	return string(b), true
}
