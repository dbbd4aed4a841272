package local_test

import (
	"fmt"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// TestOverdueIsListed: first due first, from the desk's own copy with what is not
// sent yet, page by page; what came back, is lost or was lent elsewhere is not there.
func TestOverdueIsListed(t *testing.T) {
	w := newWorld(t)
	lent := func(id string, due time.Duration, change func(*circ.Loan)) circ.Row {
		l := circ.Loan{ID: circ.LoanID(id), Item: circ.ItemID("item of " + id), Patron: "P", Library: "main", Out: w.now.Add(-99 * 24 * time.Hour), Due: w.now.Add(due)}
		if change != nil {
			change(&l)
		}
		return l
	}
	rows := []circ.Row{
		lent("b", -2*time.Hour, nil),
		lent("a", -3*time.Hour, nil),
		lent("due now", 0, nil),
		lent("due later", time.Hour, nil),
		lent("back", -4*time.Hour, func(l *circ.Loan) { l.In = w.now }),
		lent("lost", -4*time.Hour, func(l *circ.Loan) { l.Marked = circ.Marked{State: circ.LoanLost, At: w.now} }),
		lent("incomplete", -4*time.Hour, func(l *circ.Loan) { l.Marked = circ.Marked{State: circ.LoanIncomplete, At: w.now, Back: w.now} }),
		lent("of east", -4*time.Hour, func(l *circ.Loan) { l.Library = "east" }),
		circ.Item{ID: "item of a", Barcode: "7", Title: "T", Loan: "a"},
		circ.Item{ID: "item of b", Barcode: "8", Title: "T", Loan: "b"},
		circ.Title{ID: "T", Title: "Emma"},
	}
	for i := range 300 { // more than are read in one trip
		rows = append(rows, lent(fmt.Sprintf("z%03d", i), -time.Hour+time.Duration(i)*time.Second, nil))
	}
	w.pull()
	ok(t, w.cache.Update(w.ctx, func(tx journal.CacheTx) error { return tx.Put(w.ctx, rows) }))
	now := w.now
	list := func(most int) (ids []circ.LoanID, more bool) {
		late, more, err := w.Overdue(w.ctx, "main", now, most)
		ok(t, err)
		for _, o := range late {
			ids = append(ids, o.Loan.ID)
		}
		return ids, more
	}
	ids, more := list(1000)
	if len(ids) != 302 || more || ids[0] != "a" || ids[1] != "b" || ids[2] != "z000" || ids[301] != "z299" {
		t.Fatalf("%d are overdue, more: %v: %v", len(ids), more, ids)
	}
	if ids, more := list(201); len(ids) != 201 || !more || ids[200] != "z198" {
		t.Errorf("%d of them, more: %v", len(ids), more)
	}
	late, _, err := w.Overdue(w.ctx, "main", w.now, 1)
	ok(t, err)
	if o := late[0]; o.Title.Title != "Emma" || o.Item.Barcode != "7" || o.Patron.ID != "P" || o.Long {
		t.Errorf("the first: %+v", o)
	}
	w.fact(circ.CheckIn{Item: "item of a"}) // nobody has sent it yet
	if ids, _ := list(1000); len(ids) != 301 || ids[0] != "b" {
		t.Errorf("one came back, and listed are %d from %s", len(ids), ids[0])
	}
	if ids, _ := list(0); len(ids) != 0 {
		t.Errorf("none were wanted: %v", ids)
	}
	if late, _, err := w.Overdue(w.ctx, "nowhere", w.now, 10); err != nil || len(late) != 0 {
		t.Errorf("at a library without loans: %v %v", late, err)
	}
}
