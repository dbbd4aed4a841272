package station

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/health"
	"circdesk/desk/journal"
	"circdesk/desk/operator"
	"circdesk/desk/policy"
	"circdesk/desk/uplink"
)

// TestHowLongFactsAreGood: until the rules say something of their age; a day where they
// never do.
func TestHowLongFactsAreGood(t *testing.T) {
	const head = "currency = \"EUR\"\nzone = \"UTC\"\n"
	for _, row := range []struct {
		name, rules string
		want        time.Duration
	}{
		{"nothing is said of old facts", "", 24 * time.Hour},
		{"told after two days, asked after three", "[[old_facts]]\nafter = \"3 days\"\nloan = \"ask\"\n[[old_facts]]\nafter = \"2 days\"\nrequest = \"tell\"\n", 48 * time.Hour},
		{"refused after an hour", "[[old_facts]]\nafter = \"1 hour\"\nloan = \"refuse\"\n", time.Hour},
	} {
		rules, err := policy.Parse([]byte(head + row.rules))
		if err != nil {
			t.Fatal(err)
		}
		if got := goodFor(rules); got != row.want {
			t.Errorf("%s: good for %v, want %v", row.name, got, row.want)
		}
	}
}

// there is a central system of which a look at a desk asks something.
type there struct {
	now      time.Time
	standing central.Standing
	ends     time.Time
	newer    bool
	rules    string
	spares   []central.DeskState
}

func (s *there) Deliver(context.Context, []journal.Entry) ([]journal.Receipt, error) {
	return nil, errors.New("not today")
}

func (s *there) Hello(context.Context, central.Hello) (central.Welcome, error) {
	if s.standing != central.Enrolled {
		return central.Welcome{}, &central.StandingError{Standing: s.standing}
	}
	return central.Welcome{Now: s.now, Ends: s.ends, Epoch: "e"}, nil
}

func (s *there) Since(_ context.Context, cursor string, _ int, _ time.Duration) (central.Page, error) {
	return central.Page{Next: cursor, Complete: !s.newer}, nil
}

func (s *there) Search(context.Context, []circ.Want) ([][]circ.Row, error) {
	return [][]circ.Row{{circ.Rules{Version: s.rules}}}, nil
}

func (s *there) Roll(context.Context) ([]central.DeskState, error) { return s.spares, nil }

// signs says who may sign in.
type signs []string

func (s signs) Names(context.Context) ([]string, error) { return s, nil }
func (signs) SignIn(context.Context, string, string) (operator.Operator, error) {
	return operator.Operator{}, operator.ErrNoSuch
}
func (signs) Lookup(context.Context, string) (operator.Operator, error) {
	return operator.Operator{}, operator.ErrNoSuch
}

// TestWhatIsMissingAtADeskIsFound: each thing that a desk may lack is found where it is: in
// its files, at the central system, in its clock.
func TestWhatIsMissingAtADeskIsFound(t *testing.T) {
	day := 24 * time.Hour
	for _, row := range []struct {
		name  string
		turn  func(*away, *there)
		looks string // the codes of what is missing
	}{
		{"nothing is", func(*away, *there) {}, ""},
		{"the copy is emptied", func(a *away, _ *there) {
			if err := a.Desk.Empty(a.t.Context(), a.stores.EmptyCache); err != nil {
				a.t.Fatal(err)
			}
		}, "copy_none age_unknown"},
		{"and is being filled", func(a *away, _ *there) {
			if err := a.Desk.Empty(a.t.Context(), a.stores.EmptyCache); err != nil {
				a.t.Fatal(err)
			}
			a.hear(uplink.Filling{Came: 7})
		}, "copy_filling age_unknown"},
		{"the line went while it was filled", func(a *away, _ *there) {
			if err := a.Desk.Empty(a.t.Context(), a.stores.EmptyCache); err != nil {
				a.t.Fatal(err)
			}
			a.hear(uplink.Filling{Came: 7})
			a.hear(uplink.LineDown{})
		}, "copy_none age_unknown"},
		{"the facts are of the day before yesterday", func(a *away, s *there) {
			a.now, s.now = a.now.Add(2*day), s.now.Add(2*day)
			s.ends = s.ends.Add(2 * day)
		}, "age_old waiting_long"},
		{"the feed has something newer", func(_ *away, s *there) { s.newer = true }, "feed_behind"},
		{"the journal is closed", func(a *away, _ *there) { _ = a.stores.Journal.Close() }, "journal_fails"},
		{"the keyring does not answer any more", func(a *away, _ *there) { a.keys.Keeper.(*losing).lost = true }, "keys_gone"},
		{"the desk was revoked", func(_ *away, s *there) { s.standing = central.Revoked }, "copy_none age_unknown enrolment_revoked"}, // and so its copy is emptied
		{"its enrolment has lapsed", func(_ *away, s *there) { s.standing = central.Lapsed }, "enrolment_lapsed"},
		{"the server does not know it", func(_ *away, s *there) { s.standing = central.Unknown }, "enrolment_unknown"},
		{"its enrolment ends in six days", func(_ *away, s *there) { s.ends = s.now.Add(6 * day) }, "enrolment_short"},
		{"other rules are in force there", func(_ *away, s *there) { s.rules = "8" }, "rules_other"},
		{"nobody may sign in", func(a *away, _ *there) { a.operators = signs{} }, "sign_in_nobody"},
		{"the machine's clock is an hour ahead", func(_ *away, s *there) { s.now = s.now.Add(-time.Hour) }, "clock_ahead"},
		{"the machine's clock is an hour behind", func(_ *away, s *there) { s.now = s.now.Add(time.Hour) }, "clock_behind waiting_long"},
		{"a spare desk lapses in five days", func(_ *away, s *there) { s.spares[1].Ends = s.now.Add(5 * day) }, "spares_lapse"},
		{"a spare desk of another library does", func(_ *away, s *there) { s.spares[1].Ends, s.spares[1].Library = s.now.Add(5*day), "east" }, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := newAway(t)
			s := &there{now: a.now, standing: central.Enrolled, ends: a.now.Add(90 * day), rules: a.Desk.Policy().Version(), spares: []central.DeskState{
				{Desk: "d1", Library: "main", Standing: central.Enrolled, Ends: a.now.Add(day)},
				{Desk: "d2", Library: "main", Standing: central.Enrolled, Ends: a.now.Add(60 * day)},
			}}
			a.operators, a.looks, a.filling, a.fresh = signs{"ana"}, make(chan struct{}, 1), func(uplink.Filling) {}, make(chan struct{})
			a.log = slog.New(slog.DiscardHandler)
			a.Up = uplink.New(uplink.Config{Desk: a.Desk, System: s, Version: "t", On: a.hear, Log: slog.New(slog.DiscardHandler)})
			row.turn(a, s)
			a.Up.Probe(t.Context())
			a.work.Wait()
			var codes []string
			for _, m := range health.Missing(a.Health(t.Context())) {
				if m.Code != health.DiskFull { // that is this machine's
					codes = append(codes, string(m.Code))
				}
			}
			if got := strings.Join(codes, " "); got != row.looks {
				t.Errorf("missing are %q, not %q", got, row.looks)
			}
		})
	}
}
