package hub_test

import (
	"testing"

	"circdesk/desk/central/centraltest"
	"circdesk/desk/local"
)

func TestHowFarAFillIsIsToldInRowsAndBytes(t *testing.T) {
	rows := town(3000)
	b := newBranch(t, centraltest.Rules(), rows)
	b.line.cut = 64 << 10
	var told []local.Filling
	for filled := false; !filled; {
		filled, _ = b.desk.FillSegments(t.Context(), b.client, local.Progress{Filling: func(f local.Filling) { told = append(told, f) }})
		b.line.cut *= 2 // what came is there the next time
	}
	m, err := b.client.Manifest(t.Context(), func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	apart := false
	var before local.Filling
	for _, f := range told {
		if f.All == 0 { // it is put together
			if f.Making < before.Making {
				t.Errorf("%+v after %+v", f, before)
			}
			before = f
			continue
		}
		apart = apart || f.Bytes > before.Bytes && f.Came == before.Came
		if f.Came == f.All && f.Bytes != f.AllBytes || f.Bytes > f.AllBytes || f.Came > f.All || f.Kept > f.Came || f.All != m.Rows() || f.AllBytes != m.Size() {
			t.Errorf("%+v of %d rows in %d bytes", f, m.Rows(), m.Size())
		}
		before = f
	}
	if last := told[len(told)-1]; last.Kept != m.Rows() || last.Bytes != m.Size() || !apart {
		t.Errorf("the last that is told is %+v; bytes are told apart from rows: %v", last, apart)
	}
}
