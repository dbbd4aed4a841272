package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// metFact is in JSON what a terminal has told and what met something else, without
// anything of a patron. Its names are for scripts: never renamed.
type metFact struct {
	Entry   string   `json:"entry"`
	Desk    string   `json:"desk"`
	At      string   `json:"at"`
	Command string   `json:"command"`
	Item    string   `json:"item,omitempty"`
	Reasons []reason `json:"reasons"`
}

func (p *program) terminalsFactsCommand() *cobra.Command {
	var asJSON bool
	var days int
	c := &cobra.Command{
		Use: "facts", Short: "what machines have told that met something else", Args: takesArgs(cobra.NoArgs),
		Long: `Lists what terminals of sip2.toml told with no block, since it had happened while the server was
away, although something stood against it: it is recorded, and somebody has to look at it. Each is on the
list of conflicts of every desk, too; what was settled there is not listed any more. The exit code is 4
when there is something.`,
		RunE: func(c *cobra.Command, _ []string) error {
			args := jsonArg([]string{"terminals", "facts", fmt.Sprintf("--days=%d", days)}, asJSON)
			return p.withRules(c.Context(), args, func(ctx context.Context, _ folder.Folder, store rulesStore) error {
				return p.listFacts(ctx, store, time.Now().AddDate(0, 0, -days), asJSON)
			})
		},
	}
	p.dataFlag(c)
	c.Flags().BoolVar(&asJSON, "json", false, "one object a line")
	c.Flags().IntVar(&days, "days", 7, "of so many days")
	return c
}

func (p *program) listFacts(ctx context.Context, store rulesStore, since time.Time, asJSON bool) error {
	_, set, err := p.terminals()
	if err != nil {
		return err
	}
	n := 0
	for _, x := range set.Terminals {
		var all []metFact
		err := store.View(ctx, func(tx journal.HubTx) (err error) {
			all, err = p.factsOf(ctx, tx, x.Desk, since)
			return err
		})
		if err != nil {
			return err
		}
		for _, f := range all {
			n++
			if err := p.writeFact(f, asJSON); err != nil {
				return err
			}
		}
	}
	if n == 0 {
		if !asJSON {
			p.note(p.words.Text(words.CliTerminalsFactsNone))
		}
		return nil
	}
	return code(exitLeft)
}

// settledFact reports whether the conflict that an entry is was settled by a person.
func settledFact(ctx context.Context, tx journal.HubTx, id circ.EntryID) (bool, error) {
	rows, err := tx.Read(ctx, []circ.Want{circ.ByKey(circ.KindConflict, string(id))})
	if err != nil {
		return false, err
	}
	for _, row := range rows[0] {
		if c, ok := row.(circ.Conflict); ok {
			return !c.Open(), nil
		}
	}
	return false, nil
}

// factsOf gives the entries of a desk that were applied with objections, and that nobody
// has settled.
func (p *program) factsOf(ctx context.Context, tx journal.HubTx, id circ.DeskID, since time.Time) (all []metFact, err error) {
	head, err := tx.Head(ctx, id)
	if err != nil {
		return nil, err
	}
	for from := (journal.Mark{Desk: id, Epoch: head.Epoch}); ; {
		es, err := tx.Entries(ctx, from, 500)
		if err != nil || len(es) == 0 {
			return all, err
		}
		for _, e := range es {
			from.Seq = e.Seq
			if e.Mode != journal.Fact || e.Act.At.Before(since) {
				continue
			}
			r, _, err := tx.Receipt(ctx, e.Act.ID)
			if err != nil {
				return nil, err
			}
			settled, err := settledFact(ctx, tx, e.Act.ID)
			if err != nil {
				return nil, err
			}
			if len(r.Objections) > 0 && !settled {
				all = append(all, p.factOf(e, r))
			}
		}
	}
}

func (p *program) factOf(e journal.Entry, r journal.Receipt) metFact {
	f := metFact{Entry: string(e.Act.ID), Desk: string(e.Act.Desk), At: e.Act.At.UTC().Format(time.RFC3339), Command: e.Act.Command.Name(), Reasons: []reason{}}
	switch k := e.Act.Command.(type) {
	case *circ.CheckOut:
		f.Item = k.Barcode
	case circ.CheckOut:
		f.Item = k.Barcode
	case *circ.CheckIn:
		f.Item = k.Barcode
	case circ.CheckIn:
		f.Item = k.Barcode
	case *circ.Renew:
		f.Item = k.Barcode
	case circ.Renew:
		f.Item = k.Barcode
	}
	for _, m := range r.Objections {
		m.Text = "" // staff's words about a person
		f.Reasons = append(f.Reasons, reason{string(m.Reason), p.words.Reason(m, words.Names{Zone: time.Local, Now: time.Now()})})
	}
	return f
}

func (p *program) writeFact(f metFact, asJSON bool) error {
	if asJSON {
		return writeJSON(p.out, f)
	}
	var why []string
	for _, r := range f.Reasons {
		why = append(why, r.Text)
	}
	_, err := fmt.Fprintln(p.out, p.words.List(f.At, f.Desk, p.words.Command(f.Command), text.Clean(f.Item, shown), p.words.Reasons(why...)))
	return err
}
