package storetest

import (
	"errors"
	"testing"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

var errSorry = errors.New("sorry")

// RunHub tests a server's store: all parts, and that they go together.
func RunHub(t *testing.T, open Open[journal.HubTx]) {
	t.Run("store", func(t *testing.T) { RunStore(t, open) })
	t.Run("ledger", func(t *testing.T) { RunLedger(t, open) })
	t.Run("book", func(t *testing.T) { RunBook(t, open) })
	t.Run("feed", func(t *testing.T) { RunFeed(t, open) })
	t.Run("entry, receipt, records and mark stand or fall together", func(t *testing.T) { together(t, open(t)) })
}

func together(t *testing.T, s journal.Store[journal.HubTx]) {
	begin := unique()
	e := next(t, begin, journal.Mark{Desk: circ.DeskID(begin), Epoch: 1}, nil)
	work := func(result error) error {
		return s.Update(background, func(tx journal.HubTx) error {
			_, err := tx.Add(background, e)
			return errors.Join(err, tx.Settle(background, receiptOf(e, journal.Applied)),
				tx.Put(background, []circ.Row{circ.Mark{Desk: e.Act.Desk, Epoch: 1, Seq: 1}}), result)
		})
	}
	there := func() (n int) {
		view(t, s, func(tx journal.HubTx) error {
			n = 0
			_, entry, err1 := tx.Entry(background, e.Act.ID)
			_, receipt, err2 := tx.Receipt(background, e.Act.ID)
			rows, err3 := tx.Read(background, []circ.Want{circ.ByKey(circ.KindMark, begin)})
			head, err4 := tx.Head(background, e.Act.Desk)
			for _, is := range []bool{entry, receipt, len(rows) == 1 && len(rows[0]) == 1, head.Seq == 1} {
				if is {
					n++
				}
			}
			return errors.Join(err1, err2, err3, err4)
		})
		return n
	}
	if err := work(errSorry); !errors.Is(err, errSorry) || there() != 0 {
		t.Errorf("%v; %d of 4 stayed", err, there())
	}
	if err := work(nil); err != nil || there() != 4 {
		t.Errorf("%v; %d of 4 are there", err, there())
	}
}
