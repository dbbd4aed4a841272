package desk_test

import (
	"strings"
	"testing"
	"time"

	"circdesk/desk"
)

// TestAnItemIsMarked: what is said of an item and its loan shows where the item is
// looked up, and ends when it is found.
func TestAnItemIsMarked(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.boss()
		w.do(desk.OpenPatron{ID: "P4"})
		w.scan(middle)
		for _, step := range []struct {
			name   string
			in     desk.Input
			word   desk.Word
			why    string
			status string // of the item then
		}{
			{"claimed", desk.Mark{Text: middle, As: desk.MarkClaimed}, desk.WordDone, "", "claimed returned since 14:05 by boss, OKAFOR, Lee"},
			{"claimed twice", desk.Mark{Text: middle, As: desk.MarkClaimed}, desk.WordStop, "claimed_already", "claimed returned"},
			{"found", desk.Mark{Text: middle, As: desk.MarkFound}, desk.WordDone, "", "on loan to OKAFOR"},
			{"missing, and it is on loan", desk.Mark{Text: middle, As: desk.MarkMissing}, desk.WordStop, "on_loan_other", "on loan to OKAFOR"},
			{"back", desk.CheckIn{Text: middle}, desk.WordIn, "", "on the shelf"},
			{"lost, and it is on the shelf", desk.Mark{Text: middle, As: desk.MarkLost}, desk.WordStop, "not_on_loan", "on the shelf"},
			{"damaged", desk.Mark{Text: middle, As: desk.MarkDamaged, Note: "cover\x1b[2J"}, desk.WordDone, "", "damaged since 14:05: cover"},
			{"lent all the same?", desk.Scan{Text: middle}, desk.WordAsk, "", ""},
			{"no", desk.No{}, desk.WordStop, "not_in_use", "damaged"},
			{"in a way that nobody knows", desk.Mark{Text: middle, As: "eaten"}, desk.WordStop, "nothing_given", "damaged"},
			{"mended", desk.Mark{Text: middle, As: desk.MarkFound}, desk.WordDone, "", "on the shelf"},
			{"lent again", desk.Scan{Text: middle}, desk.WordOut, "", "on loan to OKAFOR"},
			{"written off, and it is not lost", desk.Mark{Text: middle, As: desk.MarkWriteOff, Note: "paid"}, desk.WordStop, "not_lost", "on loan to OKAFOR"},
			{"lost", desk.Mark{Text: middle, As: desk.MarkLost}, desk.WordDone, "", "lost since"},
			{"written off", desk.Mark{Text: middle, As: desk.MarkWriteOff, Note: "paid"}, desk.WordDone, "", "missing since"},
			{"searched for", desk.Mark{Text: middle, As: desk.MarkMissing}, desk.WordDone, "", "missing since"},
			{"searched for again", desk.Mark{Text: middle, As: desk.MarkMissing}, desk.WordDone, "", "missing since 14:05; searched for 14:05, 14:05"},
		} {
			w.pass(time.Second)
			o := w.do(step.in)
			if step.word == desk.WordDone && !strings.HasPrefix(o.Item.Status, step.status) {
				t.Errorf("%s: the item is shown as %q, want %q", step.name, o.Item.Status, step.status)
			}
			var status string
			if o.Word != desk.WordAsk { // while a question is open nothing else is answered
				status = w.do(desk.Look{Text: middle}).Item.Status
			}
			if o.Word != step.word || step.why != "" && reasons(o.Reasons) != step.why || !strings.HasPrefix(status, step.status) {
				t.Fatalf("%s: %s %q %s, and it is %q; want %s %s, %q", step.name, o.Word, o.Text, reasons(o.Reasons), status, step.word, step.why, step.status)
			}
		}
	})
}
