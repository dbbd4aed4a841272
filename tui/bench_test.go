package tui_test

import (
	"testing"

	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui"
	"circdesk/tui/kit"
)

// full is a desk in the middle of a day: a long list, a patron, a last word.
func full(b *testing.B) *stage {
	s := open(b, words.English(), 80, 24)
	lend(s)
	for range 500 {
		s.hear(out(s.scan(middle), middle, "Middlemarch", day(21)))
	}
	s.View()
	return s
}

// BenchmarkScan is all that a scan costs on the screen's side: the scan, its
// outcome and the state after it, and a frame for each of the two messages.
func BenchmarkScan(b *testing.B) {
	s := full(b)
	b.ReportAllocs()
	for b.Loop() {
		s.sent = s.sent[:0]
		s.update(kit.InputMsg{Text: blue, Key: kit.KeyEnter})
		s.View()
		o := out(s.n(), blue, "Kind of blue", day(21))
		s.update(tui.Heard(o, s.state))
		s.View()
	}
}

// BenchmarkTyped is a frame in which one character was typed.
func BenchmarkTyped(b *testing.B) {
	s := full(b)
	b.ReportAllocs()
	for b.Loop() {
		s.update(kit.InputMsg{Text: "3"})
		s.View()
		s.update(kit.InputMsg{Key: "backspace"})
	}
}

// BenchmarkFrame is a frame that is drawn from the beginning.
func BenchmarkFrame(b *testing.B) {
	s := full(b)
	b.ReportAllocs()
	for b.Loop() {
		s.update(tui.Heard())
		s.View()
	}
}

// BenchmarkBurst is a thousand outcomes that came in one frame.
func BenchmarkBurst(b *testing.B) {
	s := full(b)
	var outs []desk.Output
	for n := range int64(1000) {
		outs = append(outs, out(1_000_000+n, blue, "Kind of blue", day(21)))
	}
	b.ReportAllocs()
	for b.Loop() {
		s.update(tui.Heard(outs...))
		s.View()
	}
}
