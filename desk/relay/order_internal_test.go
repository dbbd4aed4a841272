package relay

import (
	"fmt"
	"testing"

	"circdesk/desk/central"
)

// A chain that went on in another epoch, since the central server has others behind its
// end, is done where it ends.
func TestTheOrderIsForgottenWhereAChainHasEnded(t *testing.T) {
	a, b := place{"a", 1}, place{"b", 1}
	two := uint64(2)
	for _, row := range []struct {
		name string
		a    chain
		want int // how many pieces are left
	}{
		{"all of it is home", chain{sent: 5}, 0},
		{"some of it is not", chain{sent: 2}, 2},
		{"it ends before, and is home up to there", chain{sent: 2, end: &two}, 0},
		{"it ends before, and is not home", chain{sent: 1, end: &two}, 2},
		{"its desk was revoked", chain{sent: 2, why: fmt.Errorf("hand it on: %w", &central.StandingError{Desk: "a", Standing: central.Revoked})}, 0},
		{"its desk may be enrolled again, as it was away for long", chain{sent: 2, why: &central.StandingError{Desk: "a", Standing: central.Lapsed}}, 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			o := order{notes: map[int][]run{}}
			o, _ = o.with(a, 1, 5)
			o, _ = o.with(b, 1, 1)
			r := &Relay{chains: map[place]*chain{a: &row.a, b: {sent: 1}}}
			left, _ := o.without(r.done)
			if got := len(left.runs()); got != row.want {
				t.Errorf("%d pieces are left, not %d", got, row.want)
			}
		})
	}
}
