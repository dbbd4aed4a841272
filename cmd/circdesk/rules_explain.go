package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"circdesk/desk/circ"
	"circdesk/desk/money"
	"circdesk/desk/policy"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// lendingCase is what is asked of the rules.
type lendingCase struct {
	group, itemType, library, location string
	desk, home                         string
	at, back, file                     string
	patron, item                       string // a card and a barcode, instead of what they say
	waited, renewal, asJSON            bool
}

func (p *program) rulesExplainCommand() *cobra.Command {
	var q lendingCase
	c := &cobra.Command{
		Use: "explain", Short: "which terms hold in a case, when it is due, and why", Args: takesArgs(cobra.NoArgs),
		Long: `Says which numbers hold when somebody of a group borrows an item of a type at a library, and
which row of the rules gave each; then when the loan is due, step by step; then what the desk may do
with the item, and what may stand against the loan. With --back, what it costs to bring it back
then, and why: days that an amnesty lets off, or on which the library was shut, are named. Without
--file the rules are those by which the desk of the data folder decides.

With --patron and --item, a card and a barcode, they say the group, the type and the location,
and what stands against the loan is told, too, of all that the folder's desk or server knows;
that item out to that patron is a renewal. What is asked counts as said yes to.

What is not named fits only rows that do not name it. The time is as in 2026-12-19T10:00:00Z,
or of the library's clock as in "2026-12-19 10:00"; without it, now.`,
		RunE: func(c *cobra.Command, _ []string) error { return p.explainRules(c.Context(), q) },
	}
	p.dataFlag(c)
	f := c.Flags()
	f.StringVar(&q.group, "group", "", "the patron's group")
	f.StringVar(&q.itemType, "item-type", "", "the item's type")
	f.StringVar(&q.library, "library", "", "where it is lent")
	f.StringVar(&q.location, "location", "", "where the item stands")
	f.StringVar(&q.patron, "patron", "", "the patron's card, instead of a group")
	f.StringVar(&q.item, "item", "", "the item's barcode, instead of a type")
	f.StringVar(&q.desk, "desk", "", "the desk at which it is lent")
	f.StringVar(&q.home, "home", "", "the library the item belongs to; without it, where it is lent")
	f.StringVar(&q.at, "at", "", "when it is lent")
	f.StringVar(&q.back, "back", "", "when it comes back")
	f.BoolVar(&q.waited, "waited", false, "others wait for it")
	f.BoolVar(&q.renewal, "renewal", false, "it is renewed")
	f.StringVar(&q.file, "file", "", "the rules; without it, those in force")
	f.BoolVar(&q.asJSON, "json", false, "one object")
	return c
}

func (p *program) explainRules(ctx context.Context, q lendingCase) error {
	if q.patron != "" || q.item != "" {
		return p.explainCase(ctx, q)
	}
	if q.file != "" {
		set, err := readRules(q.file)
		if err != nil {
			return inFile(q.file, err)
		}
		return p.explain1(set, q)
	}
	where, err := p.folder()
	if err != nil {
		return err
	}
	explain := func() error {
		set, err := p.rulesInForce(ctx, where)
		if err != nil {
			return err
		}
		return p.explain1(set, q)
	}
	if p.running != nil {
		return explain()
	}
	return p.orAsk(ctx, where, q.args(), "", explain)
}

// args is the case as a command line, for the desk that runs on the folder.
func (q lendingCase) args() []string {
	args := []string{"rules", "explain", "--group=" + q.group, "--item-type=" + q.itemType, "--library=" + q.library, "--location=" + q.location, "--desk=" + q.desk, "--home=" + q.home, "--at=" + q.at, "--back=" + q.back, "--patron=" + q.patron, "--item=" + q.item, "--file=" + q.file}
	for flag, on := range map[string]bool{"--waited": q.waited, "--renewal": q.renewal, "--json": q.asJSON} {
		if on {
			args = append(args, flag)
		}
	}
	return args
}

// explained is the answer in JSON. Its names are for scripts: never renamed.
type explained struct {
	Rules    string         `json:"rules"` // their version
	Group    string         `json:"group,omitempty"`
	ItemType string         `json:"item_type,omitempty"`
	Library  string         `json:"library,omitempty"`
	Location string         `json:"location,omitempty"`
	At       time.Time      `json:"at"`
	Loanable bool           `json:"loanable"`
	Due      time.Time      `json:"due,omitzero"`        // without it: the rules give no date
	Terms    []explainedRow `json:"terms"`               // each number, and who gave it
	Trace    []explainedRow `json:"trace"`               // how the date came to be
	Back     time.Time      `json:"back,omitzero"`       // when it comes back
	Fee      string         `json:"fee,omitempty"`       // what it costs then; without it: nobody asked
	FeeMinor int64          `json:"fee_minor,omitempty"` // the same, in minor units
	FeeTrace []explainedRow `json:"fee_trace,omitempty"` // how that came to be
	Desk     []explainedRow `json:"desk"`                // what the desk may do with it, and who said so

	Blocks []explainedBlock `json:"blocks"` // what may stand against it

	Stands []explainedReason `json:"stands,omitempty"` // what does, for a patron and an item
}

type explainedRow struct {
	policy.Step
	Says string `json:"says"`
}

// explainedBlock is what a reason means for the acts of which the rules say the
// same.
type explainedBlock struct {
	Reason      string            `json:"reason"`
	Acts        []policy.BlockAct `json:"acts"`
	Do          policy.Effect     `json:"do"`
	Handle      policy.Handler    `json:"handle,omitempty"` // how it is handled by itself
	Row         string            `json:"row,omitempty"`    // that gives do; without it: built in
	Override    []policy.Override `json:"override,omitempty"`
	OverrideRow string            `json:"override_row,omitempty"`
	After       string            `json:"after,omitempty"` // the age of the desk's facts from which on it stands
	Says        string            `json:"says"`
}

// explainBlocks says what each reason means in a case.
func (p *program) explainBlocks(set *policy.Set, q policy.Query) (all []explainedBlock) {
	for _, reason := range policy.BlockReasons() {
		first := len(all)
		if reason == string(circ.OldFacts) {
			all = append(all, p.explainOldFacts(set, q)...)
			continue
		}
		for _, act := range policy.BlockActs(reason) {
			b := set.Block(policy.BlockQuery{Query: q, Reason: reason, Act: act})
			same := slices.IndexFunc(all[first:], func(x explainedBlock) bool {
				return x.Do == b.Do && x.Handle == b.By && x.Row == b.Row && slices.Equal(x.Override, b.May) && x.OverrideRow == b.MayRow
			})
			if same >= 0 {
				all[first+same].Acts = append(all[first+same].Acts, act)
				continue
			}
			all = append(all, explainedBlock{reason, []policy.BlockAct{act}, b.Do, b.By, b.Row, b.May, b.MayRow, "", p.words.Block(b)})
		}
	}
	return all
}

// explainOldFacts says what the age of a desk's facts means in a case, from which age on.
func (p *program) explainOldFacts(set *policy.Set, q policy.Query) (all []explainedBlock) {
	for _, act := range policy.OldActs {
		ages, does := set.OldFactsAfter(act)
		for i, age := range ages {
			b := set.Block(policy.BlockQuery{Query: q, Reason: string(circ.OldFacts), Act: act})
			if b.Row == "" {
				b.Do = does[i]
				_, b.Row, _ = set.OldFacts(age, act)
			}
			if b.Do != policy.Ask {
				b.May, b.MayRow = nil, ""
			}
			after := strings.TrimSuffix(strings.TrimSuffix(age.String(), "0s"), "0m")
			same := slices.IndexFunc(all, func(x explainedBlock) bool { return x.After == after && x.Do == b.Do && x.Row == b.Row })
			if same >= 0 {
				all[same].Acts = append(all[same].Acts, act)
				continue
			}
			all = append(all, explainedBlock{string(circ.OldFacts), []policy.BlockAct{act}, b.Do, b.By, b.Row, b.May, b.MayRow, after, p.words.Block(b)})
		}
	}
	return all
}

// explain1 answers one case from one set of rules.
func (p *program) explain1(set *policy.Set, q lendingCase) error {
	lib := policy.LibraryID(q.library)
	zone := set.Location(lib)
	at, ok := timeOf(q.at, zone)
	if !ok {
		return p.tell(exitUsage, words.RulesNoTime, "text", text.Clean(q.at, shown))
	}
	asked := policy.Query{Group: policy.Group(q.group), Type: policy.ItemType(q.itemType), Library: lib, Location: policy.LocationID(q.location), At: at}
	terms := set.Terms(asked)
	lent, _ := terms.Lending(q.waited)
	if q.renewal {
		lent, _ = terms.Renewing()
	}
	due, trace := set.Due(at, lib, lent)
	atDesk := policy.DeskQuery{Desk: policy.DeskID(q.desk), Library: lib, Home: policy.LibraryID(cmp.Or(q.home, q.library)), Location: asked.Location}
	back, ok := backOf(q.back, zone)
	if !ok {
		return p.tell(exitUsage, words.RulesNoTime, "text", text.Clean(q.back, shown))
	}
	late := policy.Late{Due: due, Back: back}
	return p.writeExplained(set, asked, atDesk, late, trace, nil, q.asJSON)
}

// writeExplained writes the terms of a case, when it is due and why, what it costs to
// bring it back then where that is asked, what the desk may do with the item, and what may stand against it or, where a patron and an item are
// known, does.
func (p *program) writeExplained(set *policy.Set, asked policy.Query, atDesk policy.DeskQuery, late policy.Late, trace []policy.Step, stands []explainedReason, asJSON bool) error {
	zone, terms := set.Location(asked.Library), set.Terms(asked)
	due := late.Due
	for _, what := range set.Unlisted(asked, atDesk.Desk) {
		p.note(p.words.Text(words.RulesUnlisted, "what", what))
	}
	n := words.Names{Zone: zone, Now: asked.At, Currency: set.Currency()}
	says := func(steps []policy.Step) []explainedRow {
		rows := []explainedRow{}
		for _, s := range steps {
			rows = append(rows, explainedRow{s, p.words.Step(s, n)})
		}
		return rows
	}
	x := explained{
		Rules: set.Version(), Group: string(asked.Group), ItemType: string(asked.Type), Library: string(asked.Library), Location: string(asked.Location),
		At: asked.At, Loanable: terms.Loanable, Due: due, Terms: says(terms.Trace()), Trace: says(trace),
		Desk: says(set.Desk(atDesk).Trace()), Blocks: p.explainBlocks(set, asked), Stands: stands,
	}
	var fee money.Amount
	if x.Back = late.Back; !late.Back.IsZero() {
		minor, why := set.Fine(asked.Library, terms, late)
		fee = money.Amount{Minor: minor, Currency: set.Currency()}
		x.Fee, x.FeeMinor, x.FeeTrace = fee.Decimal(), minor, says(why)
	}
	if asJSON {
		return writeJSON(p.out, x)
	}
	w := p.words
	lines := []string{w.Text(words.RulesVersion, "version", x.Rules)}
	for _, row := range x.Terms {
		lines = append(lines, "  "+row.Says)
	}
	said := w.Reason(circ.Remark{Reason: circ.NoDate}, n)
	if !due.IsZero() {
		said = w.Text(words.RulesDue, "at", w.DateTime(x.At, zone), "due", w.DateTime(due, zone))
	}
	lines = append(lines, said)
	for _, row := range x.Trace {
		lines = append(lines, "  "+row.Says)
	}
	if !x.Back.IsZero() {
		lines = append(lines, w.Text(words.RulesBack, "at", w.DateTime(x.Back, zone), "amount", w.Money(fee)))
		for _, row := range x.FeeTrace {
			lines = append(lines, "  "+row.Says)
		}
	}
	lines = append(lines, w.Text(words.RulesDesk))
	for _, row := range x.Desk {
		lines = append(lines, "  "+row.Says)
	}
	for _, one := range x.Stands {
		lines = append(lines, w.Text(words.RulesStands, "reason", string(one.Reason), "says", one.Says))
	}
	lines = append(lines, w.Text(words.RulesBlocks))
	for _, one := range x.Blocks {
		acts := make([]string, len(one.Acts))
		for i, act := range one.Acts {
			acts[i] = w.BlockAct(act)
		}
		reason := one.Reason
		if one.After != "" {
			reason += " (" + one.After + ")"
		}
		lines = append(lines, "  "+w.Text(words.RulesBlock, "reason", reason, "acts", strings.Join(acts, ", "), "says", one.Says))
	}
	_, err := fmt.Fprintln(p.out, strings.Join(lines, "\n"))
	return err
}

// backOf reads when an item comes back; nothing is never.
func backOf(s string, zone *time.Location) (time.Time, bool) {
	if s == "" {
		return time.Time{}, true
	}
	return timeOf(s, zone)
}

// timeOf reads an instant, or a time of the library's clock; nothing is now.
func timeOf(s string, zone *time.Location) (time.Time, bool) {
	if s == "" {
		return time.Now().UTC().Truncate(time.Second), true
	}
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at.UTC(), true
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05"} {
		if at, err := time.ParseInLocation(layout, s, zone); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}
