package uplink_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/uplink"
)

// slowRelay takes its time with what it is handed, and tells meanwhile what another desk
// has done.
type slowRelay struct {
	asked chan struct{} // something is handed over
	takes chan struct{} // closed: it is taken
	works []local.Work
	calls atomic.Int64 // for works
}

func (r *slowRelay) Meet(context.Context, []uint64) (central.RelayMet, error) {
	return central.RelayMet{Relay: "r"}, nil
}

func (r *slowRelay) Hand(ctx context.Context, es []journal.Entry) (journal.Mark, int, error) {
	close(r.asked)
	select {
	case <-r.takes:
	case <-ctx.Done():
		return journal.Mark{}, 0, ctx.Err()
	}
	last := es[len(es)-1]
	return journal.Mark{Desk: last.Act.Desk, Epoch: last.Epoch, Seq: last.Seq, Hash: last.Hash()}, len(es), nil
}

func (r *slowRelay) Works(ctx context.Context, _ string, after uint64, wait time.Duration) ([]local.Work, string, uint64, error) {
	r.calls.Add(1)
	if after < uint64(len(r.works)) {
		return r.works[after:], "run", uint64(len(r.works)), nil
	}
	if wait > 0 {
		<-ctx.Done()
		return nil, "run", after, ctx.Err()
	}
	return nil, "run", after, nil
}

// A desk hears of the others' work while it still hands its own over, as it does after an
// outage without the relay: then it knows not yet whether the relay takes that, and waits.
// Nor does it ask again and again meanwhile.
func TestADeskWaitsWhileItHandsOver(t *testing.T) {
	for _, row := range []struct {
		name  string
		heard int
	}{
		{"others did something", 1},
		{"others did nothing", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := newBranch(t, t.TempDir())
			defer b.close()
			m := b.machine("a")
			m.sync()
			m.lend(0, 0)
			r := &slowRelay{asked: make(chan struct{}), takes: make(chan struct{})}
			for n := range row.heard {
				lent := circ.CheckedOut{Loan: "L", Item: "X1", Patron: "P1", At: b.now, Due: b.now.AddDate(0, 0, 14), Desk: "b", Library: "main"}
				r.works = append(r.works, local.Work{Entry: "theirs", Desk: "b", Epoch: 1, Seq: uint64(n + 1), Mode: journal.Fact, Events: []circ.Event{lent}})
			}
			line := &uplink.Branch{Desk: m.desk, Relay: r, Patience: time.Minute, Again: 4 * time.Millisecond}
			m.up.Branch = line
			ctx, cancel := context.WithCancel(t.Context())
			over := make(chan struct{})
			go func() {
				defer close(over)
				line.Run(ctx)
			}()
			defer func() {
				cancel()
				<-over
			}()
			<-r.asked
			asks := int64(row.heard + 2) // all, the end of it, and the wait for more
			for end := time.Now().Add(10 * time.Second); r.calls.Load() < asks && time.Now().Before(end); {
				time.Sleep(time.Millisecond)
			}
			if n := m.desk.Heard(); n != row.heard {
				t.Fatalf("it has heard %d entries", n)
			}
			if !m.up.Waits() {
				t.Error("it delivers before what it has seen")
			}
			time.Sleep(20 * time.Millisecond)
			if n := r.calls.Load(); n > asks {
				t.Errorf("it has asked %d times what the others did", n)
			}
			close(r.takes)
		})
	}
}
