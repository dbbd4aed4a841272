package hubserver

import (
	"reflect"
	"strconv"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/centraltest"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// TestAnEntryThatStandsAgain: what a desk writes again in a new epoch was judged, and
// keeps its verdict, whatever has become of the item since.
func TestAnEntryThatStandsAgain(t *testing.T) {
	s := newServer(t)
	asks := func(desk circ.DeskID, minute int, c circ.Command) (journal.Entry, journal.Receipt) {
		e, err := journal.Entry{
			Act: circ.Act{
				ID: circ.EntryID("first of " + desk), Desk: desk, Library: centraltest.Branch,
				At: time.Date(2026, 3, 1, 10, minute, 0, 0, time.UTC), Zone: "Europe/Berlin", Command: c,
			},
			Epoch: 1, Seq: 1, Mode: journal.Asked,
		}.Finish()
		if err != nil {
			t.Fatal(err)
		}
		rs, err := s.Deliver(t.Context(), []journal.Entry{e})
		if err != nil || len(rs) != 1 || rs[0].Verdict != journal.Applied || len(rs[0].Events) == 0 {
			t.Fatalf("%s: %+v, %v", c.Name(), rs, err)
		}
		return e, rs[0]
	}
	lent, want := asks("d1", 0, circ.CheckOut{Card: "2001", Barcode: "3001"})
	asks("d2", 1, circ.CheckIn{Barcode: "3001"})
	hash := lent.Hash()
	w, err := s.Hello(t.Context(), central.Hello{Desk: "d1", Last: journal.Mark{Desk: "d1", Epoch: 1, Seq: 1, Hash: hash}, Anew: central.Forked, Now: time.Now()})
	if err != nil || w.Grant == 0 {
		t.Fatalf("%+v, %v", w, err)
	}
	again, err := lent.Again(journal.Mark{Desk: "d1", Epoch: w.Grant})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time it is a repeat
		rs, err := s.Deliver(t.Context(), []journal.Entry{again})
		if err != nil || len(rs) != 1 {
			t.Fatalf("%+v, %v", rs, err)
		}
		got := rs[0]
		if got.Epoch != w.Grant || got.Seq != 1 || got.Verdict != want.Verdict || !reflect.DeepEqual(got.Events, want.Events) || len(got.Objections) != 0 {
			t.Errorf("judged\n%+v\nand again\n%+v", want, got)
		}
	}
	var rows [][]circ.Row
	err = s.Store.View(t.Context(), func(tx journal.HubTx) (err error) {
		rows, err = tx.Read(t.Context(), []circ.Want{circ.In(circ.ByBarcode, "3001", 1), circ.In(circ.ConflictsOf, circ.ConflictsOpen, 9)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if it := rows[0][0].(circ.Item); it.Loan != "" || len(rows[1]) != 0 {
		t.Errorf("the item is %+v, conflicts %+v", it, rows[1])
	}
}

// TestAnOlderEpochComesLater: a server that was put back knows not what it gave. A relay
// fills it with a desk's second epoch, without a greeting; another copy of the desk comes
// with the first one after that.
func TestAnOlderEpochComesLater(t *testing.T) {
	s := newServer(t)
	written := func(epoch uint64) journal.Entry {
		e, err := journal.Entry{
			Act: circ.Act{
				ID: circ.EntryID("of epoch " + strconv.FormatUint(epoch, 10)), Desk: "d1", Library: centraltest.Branch,
				At: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC), Zone: "Europe/Berlin", Command: circ.CheckIn{Barcode: "3001"},
			},
			Epoch: epoch, Seq: 1, Mode: journal.Asked,
		}.Finish()
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	if _, err := s.Deliver(t.Context(), []journal.Entry{written(2)}); err != nil {
		t.Fatal(err)
	}
	first := written(1)
	w, err := s.Hello(t.Context(), central.Hello{Desk: "d1", Last: journal.Mark{Desk: "d1", Epoch: 1, Seq: 1, Hash: first.Hash()}, First: 1, Now: time.Now()})
	if err != nil || w.State != central.Normal {
		t.Fatalf("%+v, %v", w, err)
	}
	if rs, err := s.Deliver(t.Context(), []journal.Entry{first}); err != nil || len(rs) != 1 {
		t.Errorf("%+v, %v", rs, err)
	}
}

// TestWhatStoodIsWrittenAgainBeforeItsQuestion: a desk asked, and had to go on by itself;
// then the server was put back. A relay, which has only what stood, writes that again in a
// new epoch, and the desk comes with the first epoch after that.
func TestWhatStoodIsWrittenAgainBeforeItsQuestion(t *testing.T) {
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	mine := circ.LoanID(circ.NewID("asked", circ.KindLoan, 0))
	lent := circ.CheckedOut{Loan: mine, Item: "i1", Patron: "ada", At: at, Due: at.AddDate(0, 0, 14), Desk: "d1", Library: centraltest.Branch}
	for _, tt := range []struct {
		name string
		mode journal.Mode
		told []circ.Event
		want journal.Verdict
		loan circ.LoanID
	}{
		{"the clerk was told that it is done", journal.Stood, []circ.Event{lent}, journal.Applied, mine},
		{"nobody was told", journal.Withdrawn, nil, journal.Noop, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t)
			asked := journal.Entry{
				Act:   circ.Act{ID: "asked", Desk: "d1", Library: centraltest.Branch, At: at, Zone: "Europe/Berlin", Command: circ.CheckOut{Card: "2001", Barcode: "3001"}},
				Epoch: 1, Seq: 1, Mode: journal.Asked, Told: []circ.Event{lent},
			}
			second := asked
			second.Act.ID, second.Act.At, second.Seq, second.Mode, second.Of, second.Told = "second", at.Add(time.Second), 2, tt.mode, "asked", tt.told
			finish := func(e journal.Entry) journal.Entry {
				e, err := e.Finish()
				if err != nil {
					t.Fatal(err)
				}
				return e
			}
			asked = finish(asked)
			second.Prev = asked.Hash()
			second = finish(second)
			again, err := second.Again(journal.Mark{Desk: "d1", Epoch: 2})
			if err != nil {
				t.Fatal(err)
			}
			verdict := func(e journal.Entry, want journal.Verdict) {
				t.Helper()
				rs, err := s.Deliver(t.Context(), []journal.Entry{e})
				if err != nil || len(rs) != 1 || rs[0].Verdict != want || len(rs[0].Objections) > 0 {
					t.Fatalf("%d.%d: %+v, %v", e.Epoch, e.Seq, rs, err)
				}
			}
			verdict(again, tt.want)
			w, err := s.Hello(t.Context(), central.Hello{Desk: "d1", Last: journal.Mark{Desk: "d1", Epoch: 1, Seq: 2, Hash: second.Hash()}, First: 1, Now: time.Now()})
			if err != nil || w.State != central.Normal {
				t.Fatalf("%+v, %v", w, err)
			}
			for range 2 { // the second time they are repeats
				verdict(asked, journal.Noop)
				verdict(second, tt.want)
			}
			var rows [][]circ.Row
			var story *circ.Story
			err = s.Store.View(t.Context(), func(tx journal.HubTx) (err error) {
				if story, err = journal.Story(t.Context(), tx, "asked"); err != nil {
					return err
				}
				rows, err = tx.Read(t.Context(), []circ.Want{circ.In(circ.ByBarcode, "3001", 1), circ.In(circ.ConflictsOf, circ.ConflictsOpen, 9), circ.In(circ.LoansOfItem, "i1", 9)})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if it := rows[0][0].(circ.Item); it.Loan != tt.loan || len(rows[1]) != 0 || len(rows[2]) != len(tt.told) || story == nil || len(story.Events) != len(tt.told) {
				t.Errorf("the item is %+v, conflicts %+v, loans %+v, the story %+v", it, rows[1], rows[2], story)
			}
		})
	}
}
