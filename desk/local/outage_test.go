package local_test

import (
	"testing"
	"time"

	"circdesk/desk/local"
)

// TestOutages: a time without a line is one outage, however often the program starts in
// it and however often the line comes for a moment.
func TestOutages(t *testing.T) {
	w := newWorld(t)
	began := w.now
	later := func(d time.Duration) { w.now = w.now.Add(d) }
	check := func(what string, want ...local.Outage) {
		t.Helper()
		got, err := w.Outages(w.ctx, time.Time{})
		ok(t, err)
		if len(got) != len(want) {
			t.Fatalf("%s: %v, want %v", what, got, want)
		}
		for i := range got {
			if !got[i].From.Equal(want[i].From) || !got[i].To.Equal(want[i].To) {
				t.Errorf("%s: %v, want %v", what, got[i], want[i])
			}
		}
	}
	ok(t, w.LineBack(w.ctx))
	check("the line is there from the first")
	ok(t, w.LineGone(w.ctx, time.Time{}))
	later(time.Hour)
	w.open() // the program starts anew, and finds no line
	ok(t, w.LineGone(w.ctx, time.Time{}))
	check("it is gone", local.Outage{From: began})
	later(time.Hour)
	ok(t, w.LineBack(w.ctx))
	later(30 * time.Second)
	ok(t, w.LineGone(w.ctx, time.Time{}))
	later(time.Minute)
	ok(t, w.LineBack(w.ctx))
	first := local.Outage{From: began, To: w.now}
	check("it came for a moment", first)
	later(time.Hour)
	ok(t, w.LineGone(w.ctx, time.Time{}))
	check("another", first, local.Outage{From: w.now})
	if got, err := w.Outages(w.ctx, first.To); err != nil || len(got) != 1 || !got[0].From.Equal(w.now) {
		t.Errorf("since the first: %v, %v", got, err)
	}
}
