package uplink_test

import (
	"encoding/hex"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
)

// flawedDeliver is a server that leaves out a law of the verdicts: a second
// entry gets the first one's stored verdict, a fact is applied as told, a repeat is
// judged anew, or is known by its number alone.
func (w *world) flawedDeliver(es []journal.Entry) (out []journal.Receipt, err error) {
	rules, err := policy.Parse([]byte(historyRules))
	must(w.t, err)
	err = w.store.Update(w.ctx, func(tx journal.HubTx) error {
		out = nil
		for _, e := range es {
			head, err := tx.Head(w.ctx, e.Act.Desk)
			if err != nil {
				return err
			}
			if e.Seq <= head.Seq {
				r, err := w.flawedRepeat(tx, rules, e)
				if err != nil {
					return err
				}
				out = append(out, r)
				continue
			}
			if e.Seq != head.Seq+1 {
				return errNoAnswer
			}
			r, rows, err := w.flawedJudge(tx, rules, e)
			if err != nil {
				return err
			}
			h := e.Hash()
			rows = append(rows, circ.Mark{Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq, Hash: hex.EncodeToString(h[:])})
			if err := tx.Put(w.ctx, rows); err != nil {
				return err
			}
			if _, err := tx.Add(w.ctx, e); err != nil {
				return err
			}
			if err := tx.Settle(w.ctx, r); err != nil {
				return err
			}
			out = append(out, r)
		}
		return nil
	})
	return out, err
}

func (w *world) flawedJudge(tx journal.HubTx, rules *policy.Set, e journal.Entry) (journal.Receipt, []circ.Row, error) {
	if w.flaw.verdictByID && e.Of != "" {
		was, _, err := tx.Receipt(w.ctx, e.Of)
		return journal.Receipt{Entry: e.Act.ID, Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq, Verdict: was.Verdict}, nil, err
	}
	if w.flaw.toldOnly && e.Mode == journal.Fact {
		c := circ.NewCase(e.Act, rules)
		c.Told = e.Told
		if err := journal.Gather(w.ctx, tx, c); err != nil {
			return journal.Receipt{}, nil, err
		}
		for _, ev := range e.Told {
			c.Apply(ev)
		}
		return journal.Receipt{Entry: e.Act.ID, Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq, Verdict: journal.Applied, Events: e.Told}, c.Changes(), nil
	}
	return journal.Judge(w.ctx, journal.Bench{Book: tx, Ledger: tx, Rules: rules, Now: w.now, Rights: rights}, e)
}

// flawedRepeat answers an entry whose number is taken.
func (w *world) flawedRepeat(tx journal.HubTx, rules *policy.Set, e journal.Entry) (journal.Receipt, error) {
	r, ok, err := tx.Receipt(w.ctx, e.Act.ID)
	switch {
	case err != nil:
	case !ok: // another entry has the number: this one is swallowed
		r = journal.Receipt{Entry: e.Act.ID, Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq, Verdict: journal.Noop}
	case w.flaw.judgesAgain, w.flaw.appliesAgain:
		again, rows, err := journal.Judge(w.ctx, journal.Bench{Book: tx, Ledger: tx, Rules: rules, Now: w.now, Rights: rights}, e)
		if err == nil && w.flaw.appliesAgain {
			return r, tx.Put(w.ctx, rows)
		}
		return again, err
	case w.flaw.paysAgain:
		for _, ev := range r.Events {
			if p, is := ev.(circ.Paid); is {
				k := circ.Key{Kind: circ.KindPayment, ID: string(p.Payment)}
				rows, err := tx.Read(w.ctx, []circ.Want{circ.ByKey(k.Kind, k.ID)})
				if err != nil || len(rows[0]) == 0 {
					return r, err
				}
				again := rows[0][0].(circ.Payment)
				again.ID += "-again"
				return r, tx.Put(w.ctx, []circ.Row{again})
			}
		}
	}
	return r, err
}
