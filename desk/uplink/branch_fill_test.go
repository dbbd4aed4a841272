package uplink_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/journal"
	"circdesk/desk/uplink"
)

// away is a central system that nobody reaches.
type away struct{}

var errAway = errors.New("nobody answers")

func (away) Deliver(context.Context, []journal.Entry) ([]journal.Receipt, error) {
	return nil, errAway
}

func (away) Hello(context.Context, central.Hello) (central.Welcome, error) {
	return central.Welcome{}, errAway
}

func (away) Since(context.Context, string, int, time.Duration) (central.Page, error) {
	return central.Page{}, errAway
}

// bareRelay has no facts to give.
type bareRelay struct {
	slowRelay
	asked atomic.Int64 // for facts
}

func (r *bareRelay) Manifest(context.Context, func(int)) (central.Manifest, error) {
	says := "it has no facts yet"
	if r.asked.Add(1) > 5 {
		says = "it has something else to do"
	}
	return central.Manifest{}, errors.New(says)
}

func (r *bareRelay) Segment(context.Context, string, int64, func([]byte) error) error {
	return central.ErrSegment
}

// A desk without a copy asks the relay for facts through a whole outage; the log says once
// why there are none.
func TestWhyTheRelayFillsNoCopyIsToldOnce(t *testing.T) {
	t.Parallel()
	b := newBranch(t, t.TempDir())
	defer b.close()
	m := b.place("a")
	m.line = away{}
	var log bytes.Buffer
	r := &bareRelay{}
	m.configure = func(c *uplink.Config) {
		c.Log, c.Again, c.Beat = slog.New(slog.NewTextHandler(&log, nil)), time.Millisecond, time.Millisecond
		c.On = func(uplink.Event) {}
		c.Branch = &uplink.Branch{Desk: m.desk, Relay: r, Again: time.Millisecond}
	}
	m.start()
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() {
		defer close(over)
		m.up.Run(ctx)
	}()
	for end := time.Now().Add(10 * time.Second); r.asked.Load() < 10 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	cancel()
	<-over
	if n := r.asked.Load(); n < 10 {
		t.Fatalf("it has asked %d times: %s", n, &log)
	}
	if n := strings.Count(log.String(), "could not be filled"); n != 2 { // each of the two reasons
		t.Errorf("it is told %d times:\n%s", n, &log)
	}
}
