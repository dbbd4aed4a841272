package sample

import (
	"context"
	"fmt"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
)

// A book holds the records while the past is played: those of the tables, and
// over them what was done.
type book struct {
	rules *policy.Set
	order []circ.Key // of all records, as they came
	known map[circ.Key]bool
	base  base
	done  *journal.Layer
}

func newBook(rules *policy.Set) *book {
	return &book{
		rules: rules, known: make(map[circ.Key]bool, 1000), done: journal.NewLayer(),
		base: base{rows: make(map[circ.Key]circ.Row, 1000), barcodes: make(map[string]circ.Key, 500)},
	}
}

// found takes records of a table; none of them may be there already.
func (b *book) found(rows []circ.Row) error {
	for _, r := range rows {
		if !b.came(r.Key()) {
			return fmt.Errorf("%s %s is there twice", r.Key().Kind, r.Key().ID)
		}
		b.base.rows[r.Key()] = r
		it, ok := r.(circ.Item)
		if !ok {
			continue
		}
		if title := (circ.Key{Kind: circ.KindTitle, ID: string(it.Title)}); !b.known[title] {
			return fmt.Errorf("item %s is of title %s, which is not there", it.Barcode, it.Title)
		}
		b.base.barcodes[it.Barcode] = it.Key()
	}
	return nil
}

// came notes a record, and says whether it is new.
func (b *book) came(k circ.Key) bool {
	if b.known[k] {
		return false
	}
	b.known[k] = true
	b.order = append(b.order, k)
	return true
}

// cards says whose each card is.
func (b *book) cards() map[string]circ.PatronID {
	out := map[string]circ.PatronID{}
	for _, r := range b.base.rows {
		if c, ok := r.(circ.Card); ok {
			out[c.Number] = c.Patron
		}
	}
	return out
}

// live lets a moment pass.
func (b *book) live(ctx context.Context, m moment) error {
	if m.act != nil {
		return b.play(ctx, *m.act)
	}
	if !b.came(m.fee.Key()) {
		return fmt.Errorf("fee %s is there twice", m.fee.ID)
	}
	return b.done.Put(ctx, b.base, []circ.Row{m.fee})
}

// play lets the engine decide an act. It must have nothing to refuse or to ask.
func (b *book) play(ctx context.Context, a circ.Act) error {
	c := circ.NewCase(a, b.rules)
	if err := journal.Gather(ctx, b.done.Over(b.base), c); err != nil {
		return err
	}
	d := circ.Decide(c)
	if !d.Done() {
		return fmt.Errorf("%s is not simply done: %s", a.Command.Name(), reasons(append(d.Refused, d.Ask...)))
	}
	c.Told = d.Events // what they touch must be known too
	if err := journal.Gather(ctx, b.done.Over(b.base), c); err != nil {
		return err
	}
	for _, e := range d.Events {
		c.Apply(e)
	}
	changed := c.Changes()
	for _, r := range changed {
		b.came(r.Key())
	}
	return b.done.Put(ctx, b.base, changed)
}

func reasons(remarks []circ.Remark) []circ.Reason {
	out := make([]circ.Reason, len(remarks))
	for i, r := range remarks {
		out[i] = r.Reason
	}
	return out
}

// all gives the records as they are in the end, in the order in which they came.
func (b *book) all(ctx context.Context) ([]circ.Row, error) {
	wants := make([]circ.Want, len(b.order))
	for i, k := range b.order {
		wants[i] = circ.ByKey(k.Kind, k.ID)
	}
	found, err := b.done.Over(b.base).Read(ctx, wants)
	if err != nil {
		return nil, err
	}
	rows := make([]circ.Row, 0, len(found))
	for _, one := range found {
		rows = append(rows, one...)
	}
	return rows, nil
}

// base is the records of the tables, as a reader. It finds what an act of the
// past looks for.
type base struct {
	rows     map[circ.Key]circ.Row
	barcodes map[string]circ.Key
}

// Read is [journal.Reader].
func (b base) Read(_ context.Context, wants []circ.Want) ([][]circ.Row, error) {
	out := make([][]circ.Row, len(wants))
	for i, w := range wants {
		k := w.Key
		switch w.Index {
		case "":
		case circ.ByBarcode:
			k = b.barcodes[w.ID]
		case circ.LoansOf, circ.RequestsOf, circ.QueueOf, circ.FeesOf, circ.PaymentsOf, circ.BlocksOf, circ.LinksOf,
			circ.AlertsOf, circ.AlertsOfItem, circ.ShiftsOf, circ.MovesOf, circ.ByReceipt:
			continue // nothing had been done
		default:
			return nil, fmt.Errorf("nothing is looked up by %s here", w.Index)
		}
		if r, ok := b.rows[k]; ok {
			out[i] = []circ.Row{r}
		}
	}
	return out, nil
}
