package bolt

import (
	"fmt"
	"testing"
	"time"

	"circdesk/desk/circ"
)

func TestADecodedRecordIsThatOfItsBytes(t *testing.T) {
	var d decoded
	key := func(n int) []byte { return fmt.Append(nil, "item", n) }
	if _, ok := d.get(key(1), []byte("a")); ok {
		t.Error("something is kept from the beginning")
	}
	d.keep(key(1), []byte("a"), circ.Item{ID: "1", Note: "a"})
	if r, ok := d.get(key(1), []byte("a")); !ok || r.(circ.Item).Note != "a" {
		t.Errorf("kept: %v, %v", r, ok)
	}
	if _, ok := d.get(key(1), []byte("b")); ok {
		t.Error("other bytes, and the record of before")
	}
	d.keep(key(1), []byte("b"), circ.Item{ID: "1", Note: "b"})
	if r, ok := d.get(key(1), []byte("b")); !ok || r.(circ.Item).Note != "b" {
		t.Errorf("kept anew: %v, %v", r, ok)
	}
	for n := range 3 * mostDecoded {
		d.keep(key(n+2), []byte("x"), circ.Item{ID: circ.ItemID(fmt.Sprint(n))})
		if n%100 == 0 { // what is looked at stays
			if _, ok := d.get(key(1), []byte("b")); !ok {
				t.Fatalf("forgotten after %d others", n)
			}
		}
	}
	if n := len(d.young) + len(d.old); n > 2*mostDecoded {
		t.Errorf("%d are kept", n)
	}
}

// Who appends to a list of a record that is kept changes nothing in it.
func TestADecodedRecordIsNobodysToChange(t *testing.T) {
	var d decoded
	renewals := make([]circ.Renewal, 1, 8)
	renewals[0].ID = "r1"
	d.keep([]byte("loan"), []byte("a"), circ.Loan{ID: "l", Renewals: renewals, Out: time.Unix(1, 0)})
	for _, more := range []string{"r2", "r3"} {
		r, _ := d.get([]byte("loan"), []byte("a"))
		l := r.(circ.Loan)
		l.Renewals = append(l.Renewals, circ.Renewal{ID: more})
		again, _ := d.get([]byte("loan"), []byte("a"))
		if kept := again.(circ.Loan).Renewals; len(kept) != 1 || cap(kept) != 1 {
			t.Errorf("%d renewals with room for %d", len(kept), cap(kept))
		}
		if l.Renewals[1].ID != more {
			t.Errorf("appended %s, it says %s", more, l.Renewals[1].ID)
		}
	}
}
