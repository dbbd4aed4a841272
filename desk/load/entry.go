package load

import (
	"context"
	"fmt"
	"strings"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Desk is the desk of all loads at a server: they have a chain of entries like
// everybody who acts.
const Desk circ.DeskID = "load"

// page is how many entries of the chain are read at once.
const page = 50

// told is what an entry says of a load that was finished.
type told struct {
	id   circ.EntryID
	hash string
}

// latest gives the newest entry of a load under a name, if the server took it.
func latest(ctx context.Context, l journal.Ledger, kind circ.Kind, name string) (told, bool, error) {
	head, err := l.Head(ctx, Desk)
	if err != nil {
		return told{}, false, err
	}
	for last := head.Seq; last > 0; last -= min(last, page) {
		from := last - min(last, page)
		es, err := l.Entries(ctx, journal.Mark{Desk: Desk, Epoch: head.Epoch, Seq: from}, int(last-from))
		if err != nil {
			return told{}, false, err
		}
		for i := len(es) - 1; i >= 0; i-- {
			n, ok := es[i].Act.Command.(circ.LoadNote)
			if !ok || n.Kind != kind || n.File != name {
				continue
			}
			r, _, err := l.Receipt(ctx, es[i].Act.ID)
			return told{es[i].Act.ID, n.Hash}, r.Verdict == journal.Applied, err
		}
	}
	return told{}, false, nil
}

// note writes the entry of the load and hands it to the server.
func (t Target) note(ctx context.Context, n circ.LoadNote) (circ.EntryID, error) {
	e, err := t.entry(ctx, n)
	if err != nil {
		return "", fmt.Errorf("write its entry: %w", err)
	}
	receipts, err := t.Server.Deliver(ctx, []journal.Entry{e})
	switch {
	case err != nil:
		return "", fmt.Errorf("hand over its entry: %w", err)
	case len(receipts) != 1 || receipts[0].Verdict != journal.Applied:
		return "", fmt.Errorf("hand over its entry: the server did not take it: %s", verdicts(receipts))
	}
	return e.Act.ID, nil
}

// entry makes the next entry of the chain.
func (t Target) entry(ctx context.Context, n circ.LoadNote) (e journal.Entry, err error) {
	var head journal.Mark
	var last time.Time
	err = t.Store.View(ctx, func(tx journal.HubTx) (err error) {
		last = time.Time{}
		if head, err = tx.Head(ctx, Desk); err != nil || head.Seq == 0 {
			return err
		}
		es, err := tx.Entries(ctx, journal.Mark{Desk: Desk, Epoch: head.Epoch, Seq: head.Seq - 1}, 1)
		for _, e := range es {
			last = e.Act.At
		}
		return err
	})
	if err != nil {
		return e, err
	}
	at := t.Now().UTC().Round(0)
	if at.Before(last) {
		at = last
	}
	return journal.Entry{
		Act:   circ.Act{ID: t.NewID(), Desk: Desk, Operator: t.Operator, At: at, Zone: "UTC", Command: n},
		Epoch: max(head.Epoch, 1), Seq: head.Seq + 1, Prev: head.Hash, Mode: journal.Fact,
	}.Finish()
}

func verdicts(rs []journal.Receipt) string {
	var out []string
	for _, r := range rs {
		out = append(out, string(r.Verdict))
		for _, o := range r.Objections {
			out = append(out, string(o.Reason))
		}
	}
	return strings.Join(out, ", ")
}
