package relay_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
)

// stalls is a central server that never answers: it says that the relay's entries are
// others than its own, and all further questions hang until the caller gives up.
type stalls struct{ asked chan struct{} }

func (s stalls) hang(ctx context.Context) error {
	select {
	case s.asked <- struct{}{}:
	default:
	}
	<-ctx.Done()
	return ctx.Err()
}

func (s stalls) Deliver(_ context.Context, es []journal.Entry) ([]journal.Receipt, error) {
	last := es[len(es)-1]
	return nil, &central.ForkError{Mark: journal.Mark{Desk: last.Act.Desk, Epoch: last.Epoch, Seq: last.Seq}}
}

func (s stalls) Recorded(ctx context.Context, _ journal.Mark, _ int) ([]central.Recorded, error) {
	return nil, s.hang(ctx)
}

func (s stalls) Anew(ctx context.Context, _ journal.Mark) (uint64, error) { return 0, s.hang(ctx) }

func (s stalls) Manifest(ctx context.Context, _ func(int)) (central.Manifest, error) {
	return central.Manifest{}, s.hang(ctx)
}

func (s stalls) Segment(ctx context.Context, _ string, _ int64, _ func([]byte) error) error {
	return s.hang(ctx)
}

// What the relay asks the central server, and waits for, holds no desk of the branch up.
func TestADeskDoesNotWaitForTheRelaysLine(t *testing.T) {
	for _, row := range []struct {
		name string
		asks func(ctx context.Context, r *box, s stalls) error
	}{
		{"while the relay's copy is filled", func(ctx context.Context, r *box, s stalls) error {
			facts, err := r.desk.Facts(ctx)
			fine(r.y.t, err)
			fine(r.y.t, r.desk.Afresh(ctx, facts.Cursor))
			_, err = r.desk.FillSegments(ctx, s, local.Progress{})
			return err
		}},
		{"while it looks which entries the server has", func(ctx context.Context, r *box, s stalls) error {
			return r.relay.HandOn(ctx, s)
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			each(t, func(t *testing.T, y *yard, r, a, b *box) {
				y.away(r, a, b)
				a.lend(0, 0)
				b.lend(1, 1)
				y.atRelay(a, b)
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				s, over := stalls{make(chan struct{}, 1)}, make(chan error, 1)
				go func() { over <- row.asks(ctx, r, s) }()
				select {
				case <-s.asked:
				case err := <-over:
					t.Fatalf("it did not wait: %v", err)
				}

				a.lend(2, 2)
				b.sees(2, "P2")
				b.back(2)
				a.sees(2, circ.PatronID(""))
				y.atRelay(a, b)
				select {
				case err := <-over:
					t.Fatalf("it had ended before: %v", err)
				default:
				}
				cancel()
				if err := <-over; !errors.Is(err, context.Canceled) {
					t.Errorf("it ends with %v", err)
				}
				y.plug()
				y.home(r, a, b)
			})
		})
	}
}
