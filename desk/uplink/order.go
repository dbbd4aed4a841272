package uplink

import (
	"context"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/journal"
)

// The branch's work comes home in the order in which it was done: what a desk wrote after
// it could have seen the work of others goes behind that. The relay hands on in its order;
// a desk with a line of its own waits for it, as long as the relay comes on.

// orderTime is how long nothing may move before a desk does not wait any more: the line
// of the relay is gone, or somebody's work cannot come home.
const orderTime = 10 * time.Second

// ordering is a desk's wait for what goes before its entries.
type ordering struct {
	behind int       // how many entries of others there were
	own    int       // how many of its own waited
	has    uint64    // the number up to which the system had its own
	since  time.Time // when one of them moved last; zero: it does not wait
	passed int       // as many of others were waited for in vain, and are not any more
}

// behind says how many entries of others are waited for: none without a relay that takes
// this desk's journal; one while the desk, after its start, does not know how many. So
// many of the desk's oldest entries do not wait.
func (u *Uplink) behind() (ahead, n int) {
	if u.Branch == nil || u.Desk.Unsettled() == 0 {
		return 0, 0
	}
	u.Branch.begin()
	ahead, n = u.Desk.Behind()
	switch keeps, known := u.Branch.order(); {
	case !keeps:
		return 0, 0
	case !known:
		return 0, max(1, n)
	}
	return ahead, n
}

// holds reports whether entries wait for those of others, and how many of the oldest may
// be delivered all the same: those before them, and those that the system has by the relay.
func (u *Uplink) holds(es []journal.Entry) (free int, holds bool) {
	ahead, n := u.behind()
	laid := u.Desk.Heard()
	u.mu.Lock()
	defer u.mu.Unlock()
	o := &u.order
	o.passed = min(o.passed, laid)
	if n <= o.passed || len(es) == 0 {
		o.since = time.Time{}
		return 0, false
	}
	has := seqOf(u.heads, es[0].Epoch)
	for free = min(ahead, len(es)); free < len(es) && es[free].Seq <= has; free++ {
	}
	left, now := u.Desk.Unsettled(), time.Now()
	if o.since.IsZero() || n < o.behind || has > o.has || left < o.own {
		o.since = now
	}
	o.behind, o.own, o.has = n, left, has
	if now.Sub(o.since) < u.OrderTime {
		return free, true
	}
	u.Log.Warn("what others of the branch did does not come home: what waits here is delivered before it", "entries", n)
	o.passed, o.since = n, time.Time{}
	return 0, false
}

// Waits reports whether entries of this desk wait for those of others, which the relay
// hands on first.
func (u *Uplink) Waits() bool {
	_, n := u.behind()
	u.mu.Lock()
	defer u.mu.Unlock()
	return n > u.order.passed
}

// unsent gives what is to be delivered next, in the branch's order. held: something waits
// for others.
func (u *Uplink) unsent(ctx context.Context) (es []journal.Entry, held bool, err error) {
	if es, err = u.Desk.Unsent(ctx, central.AtOnce(u.System)); err != nil {
		return nil, false, deskError(err)
	}
	free, holds := u.holds(es)
	if holds {
		es = es[:free]
	}
	return es, holds, nil
}

// Step delivers what may be delivered now, and brings the copy up to date. held: what is
// left waits for entries of others, which the relay hands on first.
func (u *Uplink) Step(ctx context.Context) (held bool, err error) {
	look := u.probe
	if u.up() {
		look = u.greet
	}
	if err := look(ctx); err != nil {
		return false, err
	}
	if held, err = u.deliverAll(ctx); err != nil {
		return held, err
	}
	for {
		complete, err := u.pullOnce(ctx, 0)
		if err != nil || complete {
			return held, err
		}
	}
}
