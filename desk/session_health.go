package desk

import (
	"circdesk/desk/health"
	"circdesk/desk/words"
)

// Look takes what a look at the desk has found: whether it would survive an outage that
// begins now. It may be called from any goroutine.
func (s *Session) Look(all []health.Answer) {
	s.inbox.call(func() {
		s.lacks, s.looked = nil, s.now()
		for _, a := range health.Missing(all) {
			s.lacks = append(s.lacks, Health(s.c.Words, a, s.names()))
		}
	})
}

// Health says an answer of a look at a desk.
func Health(w *words.Book, a health.Answer, n words.Names) string {
	return w.Ready(string(a.Code), a.N, "at", w.When(a.At, n), "text", clean(a.Text))
}
