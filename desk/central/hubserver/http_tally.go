package hubserver

import (
	"context"
	"log/slog"
	"maps"
	"math/bits"
	"sync"

	"circdesk/desk/central/hub/wire"
	"circdesk/desk/journal"
)

// tally counts what a hub did not take since it began: requests that it refused,
// by their code, and entries that it kept and rejected.
type tally struct {
	mu       sync.Mutex
	refused  map[wire.Code]int
	rejected int
}

// state gives what was counted.
func (t *tally) state() wire.State {
	t.mu.Lock()
	defer t.mu.Unlock()
	return wire.State{Status: "ok", Refused: maps.Clone(t.refused), Rejected: t.rejected}
}

// alwaysLogged is how many refusals of one code are logged each; of more only
// each that doubles their number is, so that nobody fills the disk with them.
const alwaysLogged = 16

func (t *tally) refuse(c wire.Code) (n int, log bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.refused == nil {
		t.refused = map[wire.Code]int{}
	}
	t.refused[c]++
	n = t.refused[c]
	return n, n <= alwaysLogged || bits.OnesCount(uint(n)) == 1
}

func (t *tally) reject() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rejected++
	return t.rejected
}

// noteRefused counts a request that is refused for what it asks, and logs it:
// nothing that came with it is in the log.
func (s *site) noteRefused(ctx context.Context, path string, e *wire.Error) {
	n, log := s.tally.refuse(e.Code)
	if !log {
		return
	}
	s.log.LogAttrs(ctx, slog.LevelWarn, "request refused",
		slog.String("code", string(e.Code)), slog.String("path", path), slog.Int("so_far", n))
}

// noteRejected counts an entry that was kept and rejected, and logs it.
func (s *site) noteRejected(ctx context.Context, r journal.Receipt) {
	n := s.tally.reject()
	var why string
	for _, o := range r.Objections {
		why = string(o.Reason)
	}
	s.log.LogAttrs(ctx, slog.LevelWarn, "entry rejected and kept", slog.String("entry", string(r.Entry)), slog.String("desk", string(r.Desk)),
		slog.Uint64("epoch", r.Epoch), slog.Uint64("seq", r.Seq), slog.String("why", why), slog.Int("so_far", n))
}
