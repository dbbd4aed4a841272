package circ_test

import (
	"fmt"
	"testing"
	"time"

	"circdesk/desk/circ"
)

// TestNoSumIsMadeOfAPart: whoever has more fees and payments than one trip reads
// owes what all of them come to.
func TestNoSumIsMadeOfAPart(t *testing.T) {
	const n = 2300
	w := plain()
	for i := range n {
		id := fmt.Sprintf("%05d", i)
		at := ago(time.Duration(n-i) * time.Hour)
		w.put(circ.Fee{ID: circ.FeeID("f" + id), Patron: "reader", Type: circ.FeeOther, Amount: euro(100), At: at})
		if i > 0 {
			w.put(circ.Payment{ID: circ.PaymentID("p" + id), Patron: "reader", Fee: circ.FeeID("f" + id), Amount: euro(100), At: at})
		}
	}
	c := circ.NewCase(act("entry-1", lend), rules)
	trips := w.gather(t, c)
	is(t, "owes", c.Account("reader").Owes, 100)
	is(t, "open fees", len(c.Account("reader").Fees), 1)
	if len(trips) > 5 {
		t.Errorf("%d trips", len(trips))
	}
}
