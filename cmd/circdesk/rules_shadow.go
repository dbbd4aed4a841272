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

	"circdesk/desk/journal"
	"circdesk/desk/money"
	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/store/bolt"
)

func (p *program) rulesShadowCommand() *cobra.Command {
	var since string
	var asJSON bool
	c := &cobra.Command{
		Use: "shadow", Short: "where the central system answered otherwise than the desk", Args: takesArgs(cobra.NoArgs),
		Long: `Compares, for everything in the desk's journal that the central system has answered, its answer
with what the desk decided by itself, and reports the differences by their sort, reason and
rule, the most frequent first, with the newest examples: so the library's rules can be brought to
what its central system does. The rule is the row of the desk's rules that gave the number, the day
of the calendar, or what the block table says, as it was then; for a reason that only they have, it
is the row on which it would hang here, for the patron and the item as the desk knows them now, where
the rules in force are still the same. Their own row is told where they say it.

Two that say no are compared by their reasons. Entries of a version that did not keep why the desk
would have refused or asked are the same as any no. What had happened already is compared by what
was objected to, and what became of it. Nothing of a patron is shown.

Differences end with exit code 4. --since is as in 2026-12-19, "2026-12-19 10:00" or
2026-12-19T10:00:00Z.`,
		RunE: func(c *cobra.Command, _ []string) error {
			from, err := p.sinceOf(since)
			if err != nil {
				return err
			}
			args := []string{"rules", "shadow"}
			if !from.IsZero() {
				args = append(args, "--since="+from.Format(time.RFC3339))
			}
			return p.withJournal(c.Context(), jsonArg(args, asJSON), func(ctx context.Context, j *bolt.Journal) error {
				return p.withRows(ctx, func(rows *rowsOfOurs) error { return p.shadow(ctx, j, rows, from, asJSON) })
			})
		},
	}
	p.dataFlag(c)
	c.Flags().StringVar(&since, "since", "", "only what was done from then on")
	c.Flags().BoolVar(&asJSON, "json", false, "one object a line")
	return c
}

// sinceOf reads a day or a time; nothing is the zero time.
func (p *program) sinceOf(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if at, err := time.ParseInLocation(time.DateOnly, s, time.Local); err == nil {
		return at.UTC(), nil
	}
	at, ok := timeOf(s, time.Local)
	if !ok {
		return at, p.tell(exitUsage, words.RulesNoTime, "text", text.Clean(s, shown))
	}
	return at, nil
}

// mostExamples is how many examples of a sort are shown: the newest.
const mostExamples = 3

// shadowed is a sort of difference in JSON. Its names are for scripts: never renamed.
type shadowed struct {
	Kind     string    `json:"kind"`           // a [journal.DifferenceKind]
	Code     string    `json:"code,omitempty"` // see there
	Rule     string    `json:"rule,omitempty"` // the row of the desk's rules
	N        int       `json:"n"`
	Examples []example `json:"examples"`

	TheirRule string `json:"their_rule,omitempty"` // the row of theirs, where they say it
}

type example struct {
	Entry   string `json:"entry"`
	At      string `json:"at"`
	Command string `json:"command"`
	Item    string `json:"item,omitempty"`  // its barcode
	Rules   string `json:"rules,omitempty"` // their version, at the desk
	Ours    string `json:"ours,omitempty"`
	Theirs  string `json:"theirs,omitempty"`
	Why     string `json:"why,omitempty"`

	at time.Time
}

// shadowTotal is the last line in JSON.
type shadowTotal struct {
	Kind      string `json:"kind"` // "total"
	Answered  int    `json:"answered"`
	Same      int    `json:"same"`
	Different int    `json:"different"`
	Waiting   int    `json:"waiting"` // without an answer yet
}

// comparison is what was found so far.
type comparison struct {
	total shadowTotal
	sorts []*shadowed
	by    map[[4]string]*shadowed
}

func (p *program) shadow(ctx context.Context, j *bolt.Journal, rows *rowsOfOurs, since time.Time, asJSON bool) error {
	c := &comparison{total: shadowTotal{Kind: "total"}, by: map[[4]string]*shadowed{}}
	var batch []journal.Entry
	flush := func() error {
		receipts, err := receiptsOf(ctx, j, batch)
		if err != nil {
			return err
		}
		for i, e := range batch {
			var all []journal.Difference
			if receipts[i] != nil {
				all = journal.Differences(e, *receipts[i])
			}
			if err := rows.fill(ctx, e, all); err != nil {
				return err
			}
			p.compare(c, e, receipts[i] != nil, all)
		}
		batch = batch[:0]
		return nil
	}
	report, err := j.Verify(ctx, func(e journal.Entry) error {
		if e.Act.At.Before(since) || e.Mode != journal.Asked && e.Mode != journal.Fact {
			return nil
		}
		if batch = append(batch, e); len(batch) < page {
			return nil
		}
		return flush()
	})
	if err := errors.Join(err, flush()); err != nil {
		return err
	}
	if err := p.writeShadow(c, asJSON); err != nil {
		return err
	}
	if err := p.problems(report); err != nil {
		return err
	}
	if c.total.Different > 0 {
		return code(exitLeft)
	}
	return nil
}

// compare counts an entry with its differences; none where it has no answer yet.
func (p *program) compare(c *comparison, e journal.Entry, answered bool, all []journal.Difference) {
	if !answered {
		c.total.Waiting++
		return
	}
	c.total.Answered++
	if len(all) == 0 {
		c.total.Same++
		return
	}
	c.total.Different++
	for _, d := range all {
		key := [4]string{string(d.Kind), d.Code, d.Rule, d.TheirRule}
		s := c.by[key]
		if s == nil {
			s = &shadowed{Kind: key[0], Code: text.Clean(d.Code, 100), Rule: text.Clean(d.Rule, 100), TheirRule: text.Clean(d.TheirRule, 100)}
			c.by[key], c.sorts = s, append(c.sorts, s)
		}
		s.N++
		if s.Examples = append(s.Examples, p.exampleOf(e, d)); len(s.Examples) > mostExamples {
			s.Examples = s.Examples[1:]
		}
	}
}

func (p *program) exampleOf(e journal.Entry, d journal.Difference) example {
	l := listedOf(e, nil)
	x := example{Entry: l.Entry, At: l.At, Command: l.Command, Item: l.Item, Rules: e.Rules, at: e.Act.At}
	switch d.Kind {
	case journal.OtherDue:
		x.Ours, x.Theirs = d.OurDue.UTC().Format(time.RFC3339), d.TheirDue.UTC().Format(time.RFC3339)
	case journal.OtherAmount:
		x.Ours, x.Theirs = amountOf(d.OurFee), amountOf(d.TheirFee)
	case journal.OtherEffects:
		x.Ours, x.Theirs = strconv.Itoa(d.OurTimes), strconv.Itoa(d.TheirTimes)
	case journal.TheyRefuse, journal.TheyAsk, journal.TheirReason, journal.TheyObject, journal.TheyReject:
		x.Why = p.words.Reason(d.Remark, words.Names{Zone: time.Local, Now: time.Now()})
	}
	return x
}

func amountOf(a money.Amount) string { return a.Decimal() + " " + a.Currency }

func (p *program) writeShadow(c *comparison, asJSON bool) (err error) {
	slices.SortStableFunc(c.sorts, func(a, b *shadowed) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.TheirRule, b.TheirRule))
	})
	out := bufio.NewWriter(p.out)
	if asJSON {
		for _, s := range c.sorts {
			err = errors.Join(err, writeJSON(out, s))
		}
		return errors.Join(err, writeJSON(out, c.total), out.Flush())
	}
	w := p.words
	for _, s := range c.sorts {
		fmt.Fprintln(out, w.Text(words.RulesShadow, "n", strconv.Itoa(s.N), "what", w.Difference(s.Kind), "code", s.Code, "rule", s.Rule, "their_rule", s.TheirRule))
		for _, x := range s.Examples {
			fmt.Fprintln(out, w.Text(words.RulesShadowOne, "at", w.DateTime(x.at, time.Local), "command", w.Command(x.Command), "item", x.Item, "why", p.whyOf(x), "entry", x.Entry))
		}
	}
	fmt.Fprintln(out, w.N(words.RulesShadowAll, c.total.Answered, "same", strconv.Itoa(c.total.Same), "other", strconv.Itoa(c.total.Different)))
	if c.total.Waiting > 0 {
		fmt.Fprintln(out, w.N(words.RulesShadowWaits, c.total.Waiting))
	}
	return out.Flush()
}

// whyOf says what differs in an example.
func (p *program) whyOf(x example) string {
	if x.Ours == "" {
		return x.Why
	}
	ours, theirs := x.Ours, x.Theirs
	a, noA := time.Parse(time.RFC3339, ours)
	b, noB := time.Parse(time.RFC3339, theirs)
	if noA == nil && noB == nil {
		ours, theirs = p.words.DateTime(a, time.Local), p.words.DateTime(b, time.Local)
	}
	return p.words.Text(words.RulesShadowValues, "ours", ours, "theirs", theirs)
}
