package relay_test

import (
	"errors"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/hub"
	"circdesk/desk/circ"
)

// pass lets days pass at the central server, of which machines are heard.
func (y *yard) pass(days int, all ...*box) {
	y.t.Helper()
	y.ahead.Add(int64(days) * int64(24*time.Hour))
	for _, b := range all {
		y.until("desk "+string(b.desk.ID)+" is heard of", is(func() bool {
			roll, err := y.server.Roll(y.t.Context())
			fine(y.t, err)
			for _, d := range roll {
				if d.Desk == b.desk.ID {
					return d.Ends.Sub(y.now()) > 89*24*time.Hour
				}
			}
			return false
		}))
	}
}

// enrolsAgain enrols a desk that was, with another code.
func (y *yard) enrolsAgain(b *box) {
	y.t.Helper()
	in, err := y.server.Invite(y.t.Context(), string(b.desk.ID), "main", 0)
	fine(y.t, err)
	c, err := hub.New(hub.Config{URL: "http://" + y.at})
	fine(y.t, err)
	defer c.Close()
	_, err = c.Enrol(y.t.Context(), b.key, in.Code, b.desk.ID, "")
	fine(y.t, err)
}

// A spare desk was in its cupboard for so long that its enrolment has lapsed. It works all
// the same, and what it did comes home when it is enrolled again.
func TestASpareDeskWhoseEnrolmentHasLapsed(t *testing.T) {
	for _, row := range []struct {
		name    string
		atRelay bool
	}{{"alone", false}, {"at a relay", true}} {
		t.Run(row.name, func(t *testing.T) {
			y := newYard(t)
			r := y.isRelay("relay")
			var by *box
			if row.atRelay {
				by = r
			}
			a, spare := y.isDesk("a", by), y.isDesk("spare", by)
			y.asks(r, a, spare)
			y.ready(r, a, spare)
			spare.kill()
			for range 2 {
				y.pass(60, r, a)
			}
			y.asks(r, a)

			spare.begin(by)
			y.until("it is told", is(func() bool { return spare.up.Status().Standing == central.Lapsed }))
			spare.lend(0, 0)
			if spare.shows(0) != "P0" || spare.desk.Unsettled() != 1 {
				t.Errorf("it shows the book with %q, %d wait", spare.shows(0), spare.desk.Unsettled())
			}
			if row.atRelay {
				y.until("the relay says why", is(func() bool {
					why, ok := errors.AsType[*central.StandingError](spare.up.Status().Relay.Why)
					return ok && why.Standing == central.Lapsed
				}))
			}
			a.lend(1, 1)
			y.home(a)
			if y.has(0) != "" || a.shows(0) != "" {
				t.Error("a desk that is not enrolled has delivered")
			}
			spare.kill() // and after a start
			spare.begin(by)
			if spare.shows(0) != "P0" {
				t.Error("after its start it does not know what it did")
			}

			y.enrolsAgain(spare)
			y.until("the line is there", is(func() bool { return spare.up.Status().Up }))
			y.asks(r)
			if row.atRelay {
				y.until("the relay takes it in", is(func() bool { return spare.up.Status().Relay.There }))
			}
			y.home(r, a, spare)
			if y.has(0) != circ.PatronID("P0") {
				t.Errorf("what it did is not at the central server: the book is with %q", y.has(0))
			}
		})
	}
}
