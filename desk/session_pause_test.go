package desk_test

import (
	"strings"
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/journal"
)

// A clerk pauses delivering: scans go on as without a line, the state says it, and what
// waits is delivered when it goes on.
func TestDeliveringIsPaused(t *testing.T) {
	story(t, func(w *world) {
		if o := w.do(desk.Pause{On: true}); o.Word != desk.WordDone || !strings.Contains(o.Text, "paused") || !w.st().Paused {
			t.Fatalf("the pause: %+v", o)
		}
		w.scan(maria)
		if o := w.scan(middle); o.Word != desk.WordOut || o.Mode != journal.Fact {
			t.Errorf("a loan meanwhile: %+v", o)
		}
		w.pass(time.Minute)
		if st := w.st(); st.Waiting != 1 || !st.Up {
			t.Errorf("%d wait, up %v", st.Waiting, st.Up)
		}
		w.do(desk.Pause{})
		w.pass(time.Second)
		if st := w.st(); st.Waiting != 0 || st.Paused {
			t.Errorf("%d wait after it goes on", st.Waiting)
		}
	})
}
