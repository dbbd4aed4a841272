package station

import (
	"cmp"
	"context"
	"encoding/binary"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/health"
	"circdesk/desk/journal"
	"circdesk/desk/operator"
	"circdesk/desk/policy"
)

// How long the central system may take to answer what a look at the desk asks.
const lookPatience = 3 * time.Second

// mostAge is how old facts may be that a desk goes into an outage with, where the
// library's rules say nothing of old facts.
const mostAge = 24 * time.Hour

// goodFor says how old facts may be before the library's rules say something of them.
func goodFor(rules *policy.Set) time.Duration { return cmp.Or(rules.FactsLast(), mostAge) }

// noteLooked stands in the journal: when it was last written to see that it can be.
const noteLooked = "looked"

// Health looks whether the desk would survive an outage that begins now. It asks the
// central system where the line is there, and writes to the journal.
func (s *Station) Health(ctx context.Context) []health.Answer {
	return health.Look(s.facts(ctx))
}

// SignsIn says who may sign in at the desk, for a station that has no session.
func (s *Station) SignsIn(o operator.Source) { s.operators = o }

func (s *Station) facts(ctx context.Context) health.Facts {
	st := s.Up.Status()
	f := health.Facts{
		Now: s.Desk.Now(), Desk: s.Desk.ID, Copy: st.Copy, MostAge: goodFor(s.Desk.Policy()), Up: st.Up, Sealed: s.stores.Sealed, Standing: st.Standing, Ends: st.Ends, Waiting: st.Unsent,
	}
	cursor, err := s.Desk.Cursor(ctx)
	f.Whole = err == nil && cursor != "" && !st.Copy.IsZero()
	f.Filling = !f.Whole && s.far.Load() != nil
	f.Journal = s.stores.Journal.Update(ctx, func(tx journal.JournalTx) error {
		return tx.SetNote(ctx, noteLooked, binary.BigEndian.AppendUint64(nil, uint64(f.Now.Unix())))
	})
	f.Disk.Free, f.Disk.Known = s.stores.Free()
	f.Keys = s.stores.Kept()
	f.Operators, f.SignIn = signIn(ctx, s.operators)
	if first, err := s.Desk.Waiting(ctx, 1); err == nil && len(first) > 0 {
		f.Oldest = first[0].Act.At
	}
	f.Rules.Here = s.Desk.Policy().Version()
	if st.Up {
		f.Clock = health.Offset{By: s.Desk.Offset(), Known: true}
		f.Behind = s.behind(ctx, cursor)
		f.Rules.There = s.rulesThere(ctx, f.Rules.Here)
	}
	f.Spares = s.Spares(ctx)
	return f
}

// signIn says how many may sign in.
func signIn(ctx context.Context, o operator.Source) (n int, err error) {
	if o == nil {
		return 0, nil
	}
	if t, ok := o.(interface{ Trouble() error }); ok {
		if err := t.Trouble(); err != nil {
			return 0, err
		}
	}
	names, err := o.Names(ctx)
	return len(names), err
}

// behind asks whether the feed has something that the copy does not.
func (s *Station) behind(ctx context.Context, cursor string) health.Known {
	f, ok := s.Up.System.(central.Feeder)
	if !ok || cursor == "" {
		return health.NotKnown
	}
	c, cancel := context.WithTimeout(ctx, lookPatience)
	defer cancel()
	p, err := f.Since(c, cursor, 1, 0)
	switch {
	case err != nil:
		return health.NotKnown
	case len(p.Rows)+len(p.Gone) > 0 || !p.Complete:
		return health.Yes
	}
	return health.No
}

// rulesThere asks which rules are in force at the central system; here when it has none
// of its own, and empty when nobody knows.
func (s *Station) rulesThere(ctx context.Context, here string) string {
	r, ok := s.Up.System.(central.Searcher)
	if !ok {
		return ""
	}
	c, cancel := context.WithTimeout(ctx, lookPatience)
	defer cancel()
	rules, found, err := journal.RulesOf(c, searched{r})
	switch {
	case err != nil:
		return ""
	case !found:
		return here
	}
	return rules.Version
}

// searched reads from a system.
type searched struct{ central.Searcher }

func (s searched) Read(ctx context.Context, wants []circ.Want) ([][]circ.Row, error) {
	return s.Search(ctx, wants)
}

// How often a desk that runs looks whether it would survive an outage; and how long it
// waits after the line or the copy has changed: much changes together, and a line may come
// and go each second.
const (
	lookEach  = 5 * time.Minute
	lookAfter = 2 * time.Second
)

// watchHealth tells the session what is missing, now and then and when the line or the
// copy has changed, until the context ends.
func (s *Station) watchHealth(ctx context.Context) {
	t := time.NewTicker(lookEach)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		case <-s.looks:
			select {
			case <-ctx.Done():
				return
			case <-time.After(lookAfter):
			}
		}
		s.Session.Look(s.Health(ctx))
	}
}
