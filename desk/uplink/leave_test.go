package uplink_test

import (
	"testing"
	"time"
)

// What a system hears of a visit that is over: once, behind all that was done in it, and
// nothing of one that ended while the line was gone.
func TestAVisitThatIsOver(t *testing.T) {
	inOffice(t, func(o *office) {
		t := o.t
		o.lend("P0", "X0")
		o.up.Leave("20000")
		o.pass(time.Second)
		if n := o.calls("leave 20000"); n != 1 || o.desk.Unsettled() > 0 {
			t.Errorf("heard %d times", n)
		}
		o.cable.pull()
		o.pass(10 * time.Second)
		o.up.Leave("20001")
		o.cable.plug()
		o.pass(10 * time.Second)
		if n := o.calls("leave 20001"); n != 0 || !o.up.Status().Up {
			t.Errorf("heard %d times of a visit without a line", n)
		}
		o.cable.set(func() { o.cable.deaf = true })
		o.lend("P1", "X1")
		o.up.Leave("20001")
		o.pass(2 * time.Second)
		if n := o.calls("leave 20001"); n != 0 {
			t.Errorf("heard %d times before what was done in it", n)
		}
	})
}
