package circ_test

import (
	"slices"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// row is a plain case with one thing broken, a command, and the answer.
type row struct {
	name   string // a sentence from the desk
	with   []change
	do     circ.Command
	at     time.Time        // zero: now
	here   policy.LibraryID // empty: main
	over   []circ.Reason
	rights []circ.Right
	blocks string        // rows of the block table, in TOML
	old    time.Duration // how old the desk's facts are; 0: it was asked

	refused, ask, tell []circ.Reason
	events             []string // what happens, by name
	then               func(t *testing.T, o outcome)
}

// outcome is the answer and the world after it.
type outcome struct {
	circ.Decision
	act           circ.Act
	before, after *world
}

// remark gives the one remark with a reason, of whatever list.
func (o outcome) remark(t *testing.T, r circ.Reason) circ.Remark {
	t.Helper()
	for _, m := range slices.Concat(o.Refused, o.Ask, o.Tell) {
		if m.Reason == r {
			return m
		}
	}
	t.Fatalf("no remark says %s", r)
	return circ.Remark{}
}

// made gives the id that the act's first thing of a kind has.
func (o outcome) made(k circ.Kind) string { return circ.NewID(o.act.ID, k, 0) }

func run(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			w := plain(r.with...)
			a := act("entry-1", r.do)
			a.Over, a.Why = r.over, "the clerk's reason"
			if !r.at.IsZero() {
				a.At = r.at
			}
			if r.here != "" {
				a.Library = r.here
			}
			if r.old != 0 {
				a.Facts = a.At.Add(-r.old)
			}
			c := circ.NewCase(a, rules)
			c.Rights = r.rights
			if r.blocks != "" {
				c.Rules = withBlocks(t, r.blocks)
			}
			w.gather(t, c)
			d := circ.Decide(c)
			same(t, "refused", reasons(d.Refused), r.refused)
			same(t, "asked", reasons(d.Ask), r.ask)
			same(t, "told", reasons(d.Tell), r.tell)
			same(t, "events", names(d.Events), r.events)
			if t.Failed() {
				return
			}
			if !d.Done() && (d.Events != nil || d.Route != nil || d.Trace != nil) {
				t.Errorf("does not go through, and yet: %v, route %v, trace %v", d.Events, d.Route, d.Trace)
			}
			if r.then != nil {
				r.then(t, outcome{Decision: d, act: a, before: w, after: w.apply(d.Events...)})
			}
		})
	}
}

func reasons(remarks []circ.Remark) (out []circ.Reason) {
	for _, r := range remarks {
		out = append(out, r.Reason)
	}
	return out
}

func names(events []circ.Event) (out []string) {
	for _, e := range events {
		out = append(out, e.Name())
	}
	return out
}

// why lists reasons; it reads better in a table.
func why(r ...circ.Reason) []circ.Reason { return r }

func same[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func is[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func isAt(t *testing.T, what string, got, want time.Time) {
	t.Helper()
	if !got.Equal(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
