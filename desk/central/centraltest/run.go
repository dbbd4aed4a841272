package centraltest

import (
	"testing"

	"circdesk/desk/central"
)

// story is one promise, tried. S is what a system must be for it.
type story[S any] struct {
	name string
	tell func(t *testing.T, s S)
}

// Run tries what a system promises: as [central.System], and as each of the
// further interfaces that it implements. open gives a system that holds the
// records of [Library] and [Rules] and no entry yet, anew for each story.
func Run(t *testing.T, open func(t *testing.T) central.System) {
	t.Helper()
	tell(t, open, deliveries)
	tell(t, open, seconds)
	tell(t, open, marks)
	tell(t, open, feeds)
	tell(t, open, fedMarks)
	tell(t, open, searches)
	tell(t, open, snapshots)
}

// tell tells the stories of the systems that are an S.
func tell[S any](t *testing.T, open func(t *testing.T) central.System, stories []story[S]) {
	t.Helper()
	for _, st := range stories {
		t.Run(st.name, func(t *testing.T) {
			if s, ok := open(t).(S); ok {
				st.tell(t, s)
			}
		})
	}
}
