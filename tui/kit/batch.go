package kit

import (
	"strings"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
)

// InputMsg is what came from the keyboard, a scanner that acts as one, or the clipboard: printable text, and then
// the key that came after it. Order is kept, nothing is left out, and how long anything took changes only where
// one message ends and the next begins. With a [Batcher] a screen sees this message and no tea.KeyPressMsg.
type InputMsg struct {
	Text string // only ever to be appended; several lines only when Key is KeyPaste; may hold GS (0x1d) of a GS1 code
	Key  string // as KeyName says it; empty: more is to come
}

// The keys that close a line of text. KeyLF is how the line feed of a scanner arrives; KeyPaste stands for the
// end of a paste.
const (
	KeyEnter = "enter"
	KeyLF    = "ctrl+j"
	KeyTab   = "tab"
	KeyPaste = "paste"
)

// Closes tells whether a key ends a scan.
func Closes(key string) bool {
	return key == KeyEnter || key == KeyLF || key == KeyTab || key == KeyPaste
}

const (
	batchPause = 16 * time.Millisecond // held text is released after this, about one frame
	batchMost  = 4096                  // bytes held at most
)

// Batcher joins the one message per character that Bubble Tea makes of a scan into one message per scan, since
// every message costs a drawn screen. Text is held until a key that prints nothing, the end of a paste, or 16 ms;
// a typist's single character after a pause passes at once. Time decides only how much text shares a message.
//
//	b := kit.NewBatcher()
//	p := tea.NewProgram(model, tea.WithFilter(b.Filter))
//	b.Attach(p.Send)
//
// Filter and Attach are not for use at the same time: attach before the program runs.
type Batcher struct {
	send  func(tea.Msg)
	now   func() time.Time
	after func(time.Duration, func())

	held  strings.Builder
	last  time.Time // when the last text or key was handled
	armed bool      // a release is under way
}

// releaseMsg asks the batcher to hand on what it holds.
type releaseMsg struct{}

// NewBatcher makes a batcher that joins nothing until it is attached.
func NewBatcher() *Batcher {
	return &Batcher{now: time.Now, after: func(d time.Duration, f func()) { time.AfterFunc(d, f) }}
}

// Attach gives the batcher the way into the program's message loop, usually tea.Program's Send.
func (b *Batcher) Attach(send func(tea.Msg)) { b.send = send }

// Filter is for tea.WithFilter. It turns key presses and pastes into [InputMsg] and passes every other message on.
// It returns nil, which Bubble Tea skips, while text is held.
func (b *Batcher) Filter(_ tea.Model, msg tea.Msg) tea.Msg {
	switch m := msg.(type) {
	case tea.KeyPressMsg:
		if t := printed(m); t != "" {
			return b.text(t)
		}
		return b.close("", KeyName(m))
	case tea.PasteMsg:
		return b.close(m.Content, KeyPaste)
	case tea.PasteStartMsg, tea.PasteEndMsg:
		return nil
	case uv.UnknownEvent:
		if r, n := utf8.DecodeRuneInString(string(m)); n == len(m) && r >= utf8.RuneSelf {
			return b.text(noText) // a byte that is no UTF-8, reported as the rune of its number
		}
	case releaseMsg:
		b.armed = false
		if b.held.Len() > 0 {
			return b.take("", "")
		}
		return nil
	}
	return msg
}

// noText stands for a byte that is no UTF-8: a scan that held one must not look whole.
const noText = "\uFFFD"

// printed is the text of a key. The separator GS of a GS1 code arrives as ctrl+] without text, and a byte from 0x80
// to 0x9f, which begins no UTF-8, as a chord of Ctrl, Alt and a capital.
func printed(k tea.KeyPressMsg) string {
	switch {
	case k.Text != "":
		return k.Text
	case k.Mod == tea.ModCtrl && k.Code == ']':
		return "\x1d"
	case k.Mod == tea.ModCtrl|tea.ModAlt && k.Code >= '@' && k.Code <= '_':
		return noText
	}
	return ""
}

func (b *Batcher) text(t string) tea.Msg {
	paused := b.now().Sub(b.last) >= batchPause
	b.last = b.now()
	if b.send == nil || b.held.Len() == 0 && paused || b.held.Len()+len(t) > batchMost {
		return b.take(t, "")
	}
	b.held.WriteString(t)
	if !b.armed {
		b.armed = true
		send := b.send
		b.after(batchPause, func() { send(releaseMsg{}) })
	}
	return nil
}

func (b *Batcher) close(t, key string) tea.Msg {
	b.last = b.now()
	return b.take(t, key)
}

func (b *Batcher) take(t, key string) tea.Msg {
	m := InputMsg{Text: b.held.String() + t, Key: key}
	b.held.Reset()
	return m
}
