package desk_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"circdesk/desk"
)

// A system that wants to know hears when a visit is over: by Done, by the next card, and
// not when it only sleeps.
func TestASystemHearsThatAVisitIsOver(t *testing.T) {
	story(t, func(w *world) {
		w.scan(maria)
		w.scan(middle)
		w.do(desk.Sleep{})
		w.pass(time.Second)
		if got := w.line.left(); len(got) > 0 {
			t.Errorf("it heard %v of a visit that sleeps", got)
		}
		w.scan(maria)
		w.do(desk.Done{})
		w.pass(time.Second)
		if got := w.line.left(); !slices.Equal(got, []string{maria}) {
			t.Errorf("after Done it heard %v", got)
		}
	})
}

func (w *wire) Leave(_ context.Context, card string) error {
	w.set(func() { w.gone = append(w.gone, card) })
	return nil
}

func (w *wire) left() (all []string) {
	w.set(func() { all = slices.Clone(w.gone) })
	return all
}
