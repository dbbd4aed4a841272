package uplink_test

import (
	"testing"
	"time"
)

// While delivering is paused what is done waits, and nothing is asked; it goes on when
// somebody says so, and with a sync.
func TestAPause(t *testing.T) {
	inOffice(t, func(o *office) {
		t := o.t
		o.up.Pause(true)
		o.lend("P0", "X0")
		o.pass(time.Minute)
		if st := o.up.Status(); o.desk.Unsettled() != 1 || !st.Paused || !st.Up || o.up.Asking() || o.atHub("X0") != "" {
			t.Errorf("%d wait, asking %v, %+v", o.desk.Unsettled(), o.up.Asking(), st)
		}
		o.up.Pause(false)
		o.pass(time.Second)
		if o.desk.Unsettled() != 0 || !o.up.Asking() || o.atHub("X0") != "P0" {
			t.Errorf("%d wait after it goes on", o.desk.Unsettled())
		}
		o.up.Pause(true)
		o.lend("P1", "X1")
		o.pass(time.Second)
		if err := o.up.Sync(o.ctx); err != nil || o.atHub("X1") != "P1" || o.up.Status().Paused {
			t.Errorf("a sync delivers %q, paused %v, %v", o.atHub("X1"), o.up.Status().Paused, err)
		}
	})
}
