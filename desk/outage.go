package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/money"
)

// An Outage is what was done at a desk while it had no line, and what came of it. Nobody's
// name is in it.
type Outage struct {
	local.Outage
	Desk    circ.DeskID
	Done    []Deeds    // by kind, the most frequent first
	Taken   []Taken    // money, by method, what was given back taken off
	Waiting int        // entries of it that have not been delivered
	Met     []Conflict // what of it met something else, the most urgent first, settled ones last
	Open    int        // of Met
	Clashed int        // how many Met were, also where they are left out
	Others  []Elsewhere
}

// Deeds is how often something was done.
type Deeds struct {
	Command string
	N       int
}

// Taken is money that was taken by one method.
type Taken struct {
	Method circ.PayMethod
	Amount money.Amount
}

// Elsewhere is how much of what another desk did in the same time met something else.
type Elsewhere struct {
	Desk      circ.DeskID
	Met, Open int
}

// ReportOutages tells of the outages of a desk that ended after an instant, or have not
// ended, oldest first. It is read from the desk's own journal and copy.
func ReportOutages(ctx context.Context, d *local.Desk, since time.Time) ([]Outage, error) {
	times, err := d.Outages(ctx, since)
	if err != nil || len(times) == 0 {
		return nil, err
	}
	met, err := ListConflicts(ctx, d, true)
	if err != nil {
		return nil, err
	}
	all := make([]Outage, len(times))
	for i, o := range times {
		all[i] = Outage{Outage: o, Desk: d.ID}
		all[i].clashed(met)
	}
	if err := told(ctx, d, all); err != nil {
		return nil, fmt.Errorf("report the outages of desk %s: %w", d.ID, err)
	}
	return all, nil
}

// clashed counts the conflicts of an outage.
func (o *Outage) clashed(met []Conflict) {
	for _, c := range met {
		if !o.Has(c.At) {
			continue
		}
		open := 0
		if c.Open() {
			open = 1
		}
		if c.Desk == o.Desk {
			o.Met, o.Open, o.Clashed = append(o.Met, c), o.Open+open, o.Clashed+1
			continue
		}
		i := slices.IndexFunc(o.Others, func(e Elsewhere) bool { return e.Desk == c.Desk })
		if i < 0 {
			i = len(o.Others)
			o.Others = append(o.Others, Elsewhere{Desk: c.Desk})
		}
		o.Others[i].Met++
		o.Others[i].Open += open
	}
}

// told counts what was done in the outages.
func told(ctx context.Context, d *local.Desk, all []Outage) error {
	p, err := d.Present(ctx)
	if err != nil {
		return err
	}
	for _, end := range p.Ends {
		for from := (journal.Mark{Desk: d.ID, Epoch: end.Epoch}); from.Seq < end.Seq; {
			es, err := d.After(ctx, from, 500)
			if err != nil {
				return err
			}
			if len(es) == 0 {
				break
			}
			for _, e := range es {
				if from.Seq = e.Seq; e.Seq > end.Seq { // it stands again in a later epoch
					break
				}
				for i := range all {
					if all[i].Has(e.Act.At) && (e.Mode == journal.Fact || e.Mode == journal.Stood) {
						all[i].count(e, e.Seq > p.Acked(end.Epoch))
					}
				}
			}
		}
	}
	return nil
}

func (o *Outage) count(e journal.Entry, waits bool) {
	if waits {
		o.Waiting++
	}
	name := ""
	if e.Act.Command != nil {
		name = e.Act.Command.Name()
	}
	i := slices.IndexFunc(o.Done, func(d Deeds) bool { return d.Command == name })
	if i < 0 {
		i = len(o.Done)
		o.Done = append(o.Done, Deeds{Command: name})
	}
	o.Done[i].N++
	slices.SortStableFunc(o.Done, func(a, b Deeds) int { return b.N - a.N })
	for _, ev := range e.Told {
		switch ev := ev.(type) {
		case circ.Paid:
			o.take(ev.Method, ev.Amount, 1)
		case circ.Refunded:
			o.take(ev.Method, ev.Amount, -1)
		}
	}
}

func (o *Outage) take(by circ.PayMethod, amount money.Amount, sign int64) {
	if by == circ.ByCredit {
		return
	}
	if by == "" {
		by = circ.ByCash
	}
	i := slices.IndexFunc(o.Taken, func(t Taken) bool { return t.Method == by && t.Amount.Currency == amount.Currency })
	if i < 0 {
		i = len(o.Taken)
		o.Taken = append(o.Taken, Taken{Method: by, Amount: money.Amount{Currency: amount.Currency}})
	}
	o.Taken[i].Amount.Minor += sign * amount.Minor
}
