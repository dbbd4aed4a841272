package desk_test

import (
	"testing"
	"time"

	"circdesk/desk"
)

// In-house mode counts one use for each scan on Check in, and takes nothing back; it
// ends by itself elsewhere.
func TestInHouse(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.scan(maria)
		w.scan(kind)
		w.do(desk.Done{})
		if o := w.do(desk.InHouse{On: true}); o.Word != desk.WordMode || !w.st().InHouse || w.st().Place != desk.AtCheckIn {
			t.Fatalf("the mode: %+v", o)
		}
		if o := w.scan(middle); o.Word != desk.WordUsed || o.Text != "Middlemarch: shelve: Adult fiction" {
			t.Errorf("used: %s %q", o.Word, o.Text)
		}
		if o := w.scan(middle); o.Word != desk.WordAgain {
			t.Errorf("scanned twice within seconds: %s %q", o.Word, o.Text)
		}
		if o := w.scan(perl); o.Word != desk.WordHold {
			t.Errorf("somebody waits for it: %s %q", o.Word, o.Text)
		}
		if o := w.scan(kind); o.Word != desk.WordStop || reasons(o.Reasons) != "on_loan_other" {
			t.Errorf("it is on loan: %s %q", o.Word, o.Text)
		}
		count := func() (n int) {
			uses, err := w.desk.Uses(t.Context(), "main", time.Time{}, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range uses {
				n += u.N
			}
			return n
		}
		if n := count(); n != 2 {
			t.Errorf("%d uses", n)
		}
		w.do(desk.Undo{})
		if o := w.do(desk.Undo{N: []int{1}}); o.Word != desk.WordUndone || count() != 1 {
			t.Errorf("the undo: %s %q, %d uses", o.Word, o.Text, count())
		}
		w.do(desk.Go{To: desk.AtItems})
		w.do(desk.Go{To: desk.AtCheckIn})
		if w.st().InHouse {
			t.Error("it goes on elsewhere")
		}
		if o := w.scan(kind); o.Word != desk.WordIn {
			t.Errorf("taken back: %s %q", o.Word, o.Text)
		}
		if o := w.do(desk.Use{Text: middle}); o.Word != desk.WordUsed || count() != 2 {
			t.Errorf("one use, without the mode: %s %q, %d uses", o.Word, o.Text, count())
		}
	})
}
