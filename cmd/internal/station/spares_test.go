package station

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/health"
	"circdesk/desk/uplink"
)

// gone is a central system that answered once and does not any more.
type gone struct {
	*there
	down bool
}

func (g *gone) Hello(ctx context.Context, h central.Hello) (central.Welcome, error) {
	if g.down {
		return central.Welcome{}, errors.New("no line")
	}
	return g.there.Hello(ctx, h)
}

func (g *gone) Roll(ctx context.Context) ([]central.DeskState, error) {
	if g.down {
		return nil, errors.New("no line")
	}
	return g.there.Roll(ctx)
}

// Without a line a desk still names the spare ones that it was told of, with the days
// that they have left by now.
func TestSpareDesksAreKnownWithoutALine(t *testing.T) {
	a := newAway(t)
	day := 24 * time.Hour
	s := &gone{there: &there{now: a.now, standing: central.Enrolled, ends: a.now.Add(90 * day), spares: []central.DeskState{
		{Desk: "d2", Name: "spare", Library: "main", Standing: central.Enrolled, Seen: a.now, Ends: a.now.Add(10 * day)},
		{Desk: "d3", Library: "east", Standing: central.Enrolled, Ends: a.now.Add(day)},
		{Desk: "d4", Library: "main", Standing: central.Revoked},
	}}}
	a.operators, a.looks = signs{"ana"}, make(chan struct{}, 1)
	a.log = slog.New(slog.DiscardHandler)
	a.Up = uplink.New(uplink.Config{Desk: a.Desk, System: s, Version: "t", On: a.hear, Log: slog.New(slog.DiscardHandler)})
	if all := a.Spares(t.Context()); len(all) != 0 {
		t.Errorf("before anybody was asked: %v", all)
	}
	a.Up.Probe(t.Context())
	a.Spares(t.Context())

	s.down, a.now = true, a.now.Add(4*day)
	a.Up.Probe(t.Context())
	a.work.Wait()
	all := a.Spares(t.Context())
	if len(all) != 1 || all[0].Desk != "d2" || all[0].Name != "spare" {
		t.Fatalf("without a line: %+v", all)
	}
	if days, ends := health.Left(all[0], a.Desk.Now()); days != 6 || !ends {
		t.Errorf("it has %d days left", days)
	}
	lapse := false
	for _, m := range health.Missing(a.Health(t.Context())) {
		lapse = lapse || m.Code == health.SparesLapse
	}
	if !lapse {
		t.Error("that it lapses soon is not said")
	}
}
