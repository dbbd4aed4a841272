package uplink_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/uplink"
)

// A system that cannot be spoken to, whatever one waits, is told once, with the reason,
// and it is as if nothing had been when somebody has seen to it.
func TestASystemThatIsShut(t *testing.T) {
	inOffice(t, func(o *office) {
		t := o.t
		shut := &central.ShutError{Err: errors.New("it refuses the password")}
		o.cable.set(func() { o.cable.shut = shut })
		o.pass(20 * time.Second)
		told := 0
		for _, e := range o.since() {
			if stuck, ok := e.(uplink.Stuck); ok && strings.Contains(stuck.Why.Error(), "password") {
				told++
			}
		}
		if st := o.up.Status(); told != 1 || st.Up || !errors.Is(st.Stuck, shut) {
			t.Errorf("told %d times, %+v", told, st)
		}
		if err := o.up.Sync(o.ctx); !errors.Is(err, shut) {
			t.Errorf("asked for, it says %v", err)
		}
		o.cable.set(func() { o.cable.shut = nil })
		o.pass(20 * time.Second)
		if st := o.up.Status(); !st.Up || st.Stuck != nil {
			t.Errorf("it is open: %+v", st)
		}
	})
}
