package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/store/bolt"
)

// reason is a reason in JSON.
type reason struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

func (p *program) overridesCommand() *cobra.Command {
	var since string
	var week, asJSON bool
	c := &cobra.Command{
		Use: "overrides", Short: "what was done at this desk although something stood against it", Args: takesArgs(cobra.NoArgs),
		Long: `Lists, from the desk's journal and oldest first, what was done although a rule or a block stood
against it: when, by whom and who granted it, what was done, the reasons that were said yes to and
the words given for it; then how often each reason was, by operator. What was refused, withdrawn
or never answered is left out; what was undone later is not. Nothing of a patron is shown but what
the operator wrote.

Without a flag these are the last seven days. --since is as in 2026-12-19, "2026-12-19 10:00" or
2026-12-19T10:00:00Z; --week is the last whole week, Monday to Sunday.

The exit code is 0 whether there are any or not, 5 when the journal is damaged.`,
		RunE: func(c *cobra.Command, _ []string) error {
			if week && since != "" {
				return usage{errors.New("--week and --since are two times: give one of them")}
			}
			from, to, err := p.overriddenIn(since, week, time.Now())
			if err != nil {
				return err
			}
			args := []string{"overrides", "--since=" + from.Format(time.RFC3339)}
			if week {
				args = []string{"overrides", "--week"}
			}
			return p.withJournal(c.Context(), jsonArg(args, asJSON), func(ctx context.Context, j *bolt.Journal) error {
				return p.listOverrides(ctx, j, from, to, asJSON)
			})
		},
	}
	p.dataFlag(c)
	c.Flags().StringVar(&since, "since", "", "what was done from then on")
	c.Flags().BoolVar(&week, "week", false, "the last whole week")
	c.Flags().BoolVar(&asJSON, "json", false, "one object a line")
	return c
}

// overriddenIn gives the time that is asked for; to is zero where it has no end.
func (p *program) overriddenIn(since string, week bool, now time.Time) (from, to time.Time, err error) {
	switch {
	case week:
		monday := now.Day() - int(now.Weekday()+6)%7
		day := func(d int) time.Time { return time.Date(now.Year(), now.Month(), d, 0, 0, 0, 0, now.Location()) }
		return day(monday - 7), day(monday), nil
	case since != "":
		from, err = p.sinceOf(since)
		return from, to, err
	}
	return now.AddDate(0, 0, -7), to, nil
}

// override is one in JSON, without anything of a patron but what the operator wrote.
// Its names are for scripts: never renamed.
type override struct {
	Kind string `json:"kind"` // "override"
	listed
	Reasons []reason `json:"reasons"`
	Why     string   `json:"why,omitempty"`
}

// overrideCount says how often a reason was said yes to.
type overrideCount struct {
	Kind     string `json:"kind"` // "count"
	Code     string `json:"code"`
	Text     string `json:"text"`
	Operator string `json:"operator,omitempty"`
	By       string `json:"by,omitempty"` // who granted it, if another
	N        int    `json:"n"`
}

func (p *program) listOverrides(ctx context.Context, j *bolt.Journal, from, to time.Time, asJSON bool) error {
	out := bufio.NewWriter(p.out)
	counts := map[overrideCount]int{}
	var batch []journal.Entry
	flush := func() error {
		receipts, err := receiptsOf(ctx, j, batch)
		if err != nil {
			return err
		}
		happened, err := happenedOf(ctx, j, batch)
		if err != nil {
			return err
		}
		for i, e := range batch {
			if !happened[i] {
				continue
			}
			o := p.overrideOf(e, receipts[i])
			for _, r := range o.Reasons {
				counts[overrideCount{Kind: "count", Code: r.Code, Text: r.Text, Operator: o.Operator, By: o.By}]++
			}
			if err := p.writeOverride(out, o, e.Act.At, asJSON); err != nil {
				return err
			}
		}
		batch = batch[:0]
		return out.Flush()
	}
	report, err := j.Verify(ctx, func(e journal.Entry) error {
		if len(against(e.Act.Over)) == 0 || e.Act.At.Before(from) || !to.IsZero() && !e.Act.At.Before(to) {
			return nil
		}
		if batch = append(batch, e); len(batch) < page {
			return nil
		}
		return flush()
	})
	if err := errors.Join(err, flush(), p.writeCounts(out, counts, asJSON), out.Flush()); err != nil {
		return err
	}
	if len(counts) == 0 && !asJSON {
		p.note(p.words.Text(words.OverridesNone, "from", p.words.DateTime(from, time.Local), "to", p.words.DateTime(to, time.Local)))
	}
	return p.problems(report)
}

// happenedOf says of each entry whether it was done in the end.
func happenedOf(ctx context.Context, j *bolt.Journal, es []journal.Entry) (out []bool, err error) {
	err = j.View(ctx, func(tx journal.JournalTx) (err error) {
		out = make([]bool, len(es))
		for i, e := range es {
			if out[i], err = journal.Happened(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// against gives what stood against it of what was said yes to: that all parts are
// there does not.
func against(over []circ.Reason) []circ.Reason {
	return slices.DeleteFunc(slices.Clone(over), func(r circ.Reason) bool { return r == circ.AllThere })
}

func (p *program) overrideOf(e journal.Entry, r *journal.Receipt) override {
	o := override{Kind: "override", listed: listedOf(e, r), Why: e.Act.Why}
	over := against(e.Act.Over)
	slices.Sort(over)
	for _, is := range slices.Compact(over) {
		o.Reasons = append(o.Reasons, reason{text.Clean(string(is), 100), p.words.ReasonAlone(is)})
	}
	return o
}

func (p *program) writeOverride(out *bufio.Writer, o override, at time.Time, asJSON bool) error {
	if asJSON {
		return writeJSON(out, o)
	}
	w := p.words
	var reasons []string
	for _, r := range o.Reasons {
		reasons = append(reasons, r.Text)
	}
	verdict := ""
	if o.Verdict == string(journal.Rejected) {
		verdict = w.Verdict(o.Verdict)
	}
	_, err := fmt.Fprintln(out, w.Text(words.OverridesLine,
		"at", w.DateTime(at, time.Local), "operator", o.Operator, "by", o.By, "command", w.Command(o.Command), "item", o.Item,
		"reasons", w.Reasons(reasons...), "why", o.Why, "verdict", verdict, "entry", o.Entry))
	return err
}

// writeCounts writes how often each reason was, the most frequent first.
func (p *program) writeCounts(out *bufio.Writer, counts map[overrideCount]int, asJSON bool) error {
	var all []overrideCount
	for c, n := range counts {
		c.N = n
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b overrideCount) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.By, b.By))
	})
	for _, c := range all {
		if asJSON {
			if err := writeJSON(out, c); err != nil {
				return err
			}
			continue
		}
		if _, err := fmt.Fprintln(out, p.words.Text(words.OverridesCount, "n", strconv.Itoa(c.N), "reason", c.Text, "operator", c.Operator, "by", c.By)); err != nil {
			return err
		}
	}
	return nil
}
