package station

import (
	"context"
	"time"

	"circdesk/desk"
)

// A copy that was not brought up to date for so many days holds people's data of
// which nobody knows whether it should still be there. 0: DefaultDays; less: it is
// kept for ever.
const DefaultDays = 14

// lookedAt is how often a desk that runs looks how old its copy is.
const lookedAt = time.Hour

// Stale empties the copy when it was complete more than some days ago, and reports
// whether it did. The journal stays, and with it all that waits.
func (s *Station) Stale(ctx context.Context, days int) (bool, error) {
	if days == 0 {
		days = DefaultDays
	}
	at := s.Desk.Copied()
	if days < 0 || at.IsZero() || s.Desk.Now().Sub(at) <= time.Duration(days)*24*time.Hour {
		return false, nil
	}
	if err := s.Desk.Empty(ctx, s.stores.EmptyCache); err != nil {
		return false, err
	}
	if s.Session != nil {
		s.Session.Note(desk.CopyEmptied, "at", s.Words.Date(at, s.zone))
	}
	return true, nil
}

// Forget empties the copy of a desk that was revoked, and drops its key: neither the
// file nor what the disk keeps of it is of use to anybody. The journal stays, for
// the server to rescue.
func (s *Station) Forget(ctx context.Context) error {
	return s.Desk.Empty(ctx, s.stores.ForgetCache)
}

// forget is run beside the line, which is not to wait for the copy: who fills that tells
// how far it is meanwhile.
func (s *Station) forget() {
	if err := s.Forget(context.Background()); err != nil && s.log != nil {
		s.log.Error("the copy of a desk that was revoked could not be forgotten", "err", err)
	}
}

// KeepFresh is for a station without a session: see [Config].
func (s *Station) KeepFresh(ctx context.Context) { s.keepFresh(ctx) }

// keepFresh looks now and then how old the copy is, until the context ends.
func (s *Station) keepFresh(ctx context.Context) {
	t := time.NewTicker(lookedAt)
	defer t.Stop()
	for {
		if _, err := s.Stale(ctx, s.days); err != nil && ctx.Err() == nil && s.log != nil {
			s.log.Error("the copy could not be emptied", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}
