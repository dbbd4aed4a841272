package hubserver

import (
	"fmt"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/centraltest"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// TestHowManyEntriesADeskStillHolds: three of its first epoch were judged, and the desk
// has a receipt for the first; it greets, and delivers what is said.
func TestHowManyEntriesADeskStillHolds(t *testing.T) {
	for _, tt := range []struct {
		name          string
		last          uint64 // as greeted
		acked         uint64
		left          int
		other         bool // the desk has another entry under its last number
		forked        bool // it has found so by itself
		again         bool // it comes with the rest, and with what it wrote since
		want, wantNow int
	}{
		{name: "all have receipts", last: 3, acked: 3},
		{name: "two receipts are on their way", last: 3, acked: 1, left: 2},
		{name: "a receipt is on its way, and two entries wait", last: 5, acked: 2, left: 3, want: 2},
		{name: "two entries wait, and come", last: 5, acked: 3, left: 2, want: 2, again: true},
		{name: "two receipts are on their way, and an entry of an older epoch waits", last: 3, acked: 1, left: 3, want: 1},
		{name: "so it does when what was written since has come", last: 4, acked: 1, left: 4, want: 2, again: true, wantNow: 1},
		{name: "under the last number the desk has another entry", last: 3, acked: 1, left: 2, other: true, want: 2},
		{name: "the desk has found so by itself", last: 4, acked: 1, left: 3, forked: true, want: 3},
		{name: "it says that it has receipts for more than it has written", last: 3, acked: 9, left: 1, want: 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t)
			var chain []journal.Entry
			at := journal.Mark{Desk: "d1", Epoch: 2}
			for n := range 6 {
				e, err := journal.Entry{
					Act: circ.Act{
						ID: circ.EntryID(fmt.Sprint("entry ", n)), Desk: "d1", Library: centraltest.Branch,
						At: time.Date(2026, 3, 1, 10, n, 0, 0, time.UTC), Zone: "Europe/Berlin", Command: circ.CheckIn{Barcode: "3001"},
					},
					Epoch: at.Epoch, Seq: at.Seq + 1, Prev: at.Hash, Mode: journal.Asked,
				}.Finish()
				if err != nil {
					t.Fatal(err)
				}
				at.Seq, at.Hash = e.Seq, e.Hash()
				chain = append(chain, e)
			}
			deliver := func(es []journal.Entry) {
				t.Helper()
				if _, err := s.Deliver(t.Context(), es); err != nil {
					t.Fatal(err)
				}
			}
			holds := func(want int) {
				t.Helper()
				all, err := s.Roll(t.Context())
				if err != nil || len(all) != 1 || all[0].Left != want {
					t.Errorf("it still holds %d: %+v, %v", want, all, err)
				}
			}
			deliver(chain[:3])
			h := central.Hello{Desk: "d1", Last: journal.Mark{Desk: "d1", Epoch: 2, Seq: tt.last, Hash: chain[tt.last-1].Hash()}, First: 1, Acked: tt.acked, Left: tt.left, Now: time.Now()}
			if tt.other {
				h.Last.Hash = [32]byte{1}
			}
			if tt.forked {
				h.Anew = central.Forked
			}
			if _, err := s.Hello(t.Context(), h); err != nil {
				t.Fatal(err)
			}
			holds(tt.want)
			if tt.again {
				deliver(chain[3:])
				holds(tt.wantNow)
			}
		})
	}
}
