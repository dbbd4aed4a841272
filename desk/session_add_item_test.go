package desk_test

import (
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

func TestAnItemThatNobodyKnowsIsLentByItsTitle(t *testing.T) {
	story(t, func(w *world) {
		t := w.t
		w.boss()
		w.pull()
		w.scan(maria)
		if o := w.scan(noitem); o.Word != desk.WordStop || reasons(o.Reasons) != "unknown_item" {
			t.Fatalf("the scan: %+v", o)
		}
		if o := w.do(desk.AddItem{Text: noitem}); o.Word != desk.WordStop {
			t.Errorf("without a title: %+v", o)
		}
		o := w.do(desk.AddItem{Text: noitem, Title: "Blue atlas, no label"})
		if o.Word != desk.WordOut || o.Title != "Blue atlas, no label" || o.Due.IsZero() {
			t.Fatalf("lent: %+v", o)
		}
		// It comes home as such: the loan stands, and somebody is to catalogue it.
		w.plug()
		w.pass(time.Minute)
		if w.desk.Unsettled() != 0 {
			t.Error("it waits")
		}
		open, err := w.desk.Conflicts(t.Context(), false)
		if err != nil || len(open) != 1 || open[0].Class != circ.ClassUnknownItem {
			t.Fatalf("the conflicts: %+v %v", open, err)
		}
		w.do(desk.Go{To: desk.AtCheckIn})
		if o := w.scan(noitem); o.Word != desk.WordStaff {
			t.Errorf("taken back: %+v", o)
		}
	})
}

// TestWhatIsPrintedOnAnItemIsTextNotANumber: it stays as it is, line or no line.
func TestWhatIsPrintedOnAnItemIsTextNotANumber(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.boss()
		w.scan(maria)
		for _, code := range []string{"16.00", "0016", "1e3"} {
			if o := w.do(desk.AddItem{Text: code, Title: "Atlas " + code}); o.Word != desk.WordOut || o.Item == nil || o.Item.Barcode != code {
				t.Errorf("%s was lent as %+v", code, o)
			}
		}
		for _, other := range []string{"16", "16.0", "1000"} {
			if o := w.do(desk.Look{Text: other}); o.Word != desk.WordStop || o.Item != nil {
				t.Errorf("%s is %+v", other, o)
			}
		}
	})
}

func TestAnItemThatWasAddedJoinsTheOneThatIsKnown(t *testing.T) {
	for _, row := range []struct {
		name, title string
		conflicts   int
	}{
		{"the title is the same", "the FILM", 0},
		{"the title is another", "A book", 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			story(t, func(w *world) {
				w.boss()
				w.pull()
				must(t, w.store.hub.Update(t.Context(), putRows(t, circ.Title{ID: "T77", Title: "The film"}, circ.Item{ID: "I77", Barcode: noitem, Title: "T77", Home: "main"})))
				w.scan(maria)
				if o := w.do(desk.AddItem{Text: noitem, Title: row.title}); o.Word != desk.WordOut {
					t.Fatalf("lent: %+v", o)
				}
				w.plug()
				w.pass(time.Minute)
				if l := w.loan("I77"); l.Patron != "P1" {
					t.Errorf("the loan is the known item's: %+v", l)
				}
				open, err := w.desk.Conflicts(t.Context(), false)
				if err != nil || len(open) != row.conflicts {
					t.Fatalf("the conflicts: %+v %v", open, err)
				}
				if row.conflicts > 0 && open[0].Class != circ.ClassItemKnown {
					t.Errorf("the class: %s", open[0].Class)
				}
				w.do(desk.Go{To: desk.AtCheckIn})
				if o := w.scan(noitem); o.Word != desk.WordIn || o.Title != "The film" {
					t.Errorf("taken back: %+v", o)
				}
			})
		})
	}
}

func TestWithTheLineTheCentralSystemSaysWhetherItKnowsIt(t *testing.T) {
	story(t, func(w *world) {
		w.boss()
		w.scan(maria)
		if o := w.do(desk.AddItem{Text: noitem, Title: "Blue atlas"}); o.Word != desk.WordOut || o.Title != "Blue atlas" {
			t.Errorf("%+v", o)
		}
		if o := w.do(desk.AddItem{Text: middle, Title: "Blue atlas"}); o.Word != desk.WordOut || o.Title != "Middlemarch" {
			t.Errorf("one that is known: %+v", o)
		}
	})
}

func putRows(t *testing.T, rows ...circ.Row) func(journal.HubTx) error {
	return func(tx journal.HubTx) error { return tx.Put(t.Context(), rows) }
}
