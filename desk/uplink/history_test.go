package uplink_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// TestHistories runs random days of two desks and a hub, with requests lost,
// doubled, late and halved, desks killed around every commit, and copies that
// are behind; and checks at the end, and on the way, that nothing that was done
// is lost or done twice. CIRCDESK_LONG=1 runs 5,000 of them, and each negative
// control, which must fail.
func TestHistories(t *testing.T) {
	setChecks(t, long("300", "5000"))
	rapid.Check(t, func(t *rapid.T) { history(t, flaws{}) })
}

// long gives one of two, by whether the long form runs.
func long(short, long string) string {
	if os.Getenv("CIRCDESK_LONG") != "" {
		return long
	}
	return short
}

// command draws what the clerk does.
func (w *world) command(s *station) circ.Command {
	t := w.t
	item := circ.ItemID(fmt.Sprint("X", rapid.IntRange(0, 2).Draw(t, "item")))
	patron := circ.PatronID(fmt.Sprint("P", rapid.IntRange(0, 2).Draw(t, "patron")))
	switch rapid.SampledFrom([]string{"out", "out", "out", "in", "in", "in", "place", "place", "pay", "renew", "cancel", "undo", "block", "off"}).Draw(t, "command") {
	case "in":
		return circ.CheckIn{Item: item}
	case "place":
		return circ.Place{Patron: patron, Title: "T"}
	case "pay":
		return circ.Pay{Fee: "F", Amount: eur(400)}
	case "renew":
		return circ.Renew{Item: item}
	case "off":
		return circ.TakeOff{Item: item}
	case "block":
		return circ.BlockPatron{Patron: patron, Text: "a book came back wet"}
	case "cancel":
		if id := w.made(s, circ.KindRequest); id != "" {
			return circ.CancelRequest{Request: circ.RequestID(id)}
		}
	case "undo":
		if id := w.mine(s); id != "" {
			return circ.Undo{Entry: id}
		}
	}
	return circ.CheckOut{Patron: patron, Item: item}
}

// mine gives an entry that this desk showed as done.
func (w *world) mine(s *station) circ.EntryID {
	var ids []circ.EntryID
	for _, id := range w.order {
		if w.acts[id].Desk == s.name && w.shown[id].done {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return rapid.SampledFrom(ids).Draw(w.t, "entry")
}

// made gives the id of a thing that some shown entry made.
func (w *world) made(_ *station, k circ.Kind) string {
	var ids []string
	for _, id := range w.order {
		if _, ok := w.acts[id].Command.(circ.Place); ok && w.shown[id].done {
			ids = append(ids, circ.NewID(id, k, 0))
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return rapid.SampledFrom(ids).Draw(w.t, "made")
}

// over answers a question that may be asked: a yes to all, or none.
func over(t *rapid.T) []circ.Reason {
	if rapid.IntRange(0, 3).Draw(t, "yes") > 0 {
		return nil
	}
	return []circ.Reason{circ.OnLoanToOther, circ.HeldForOther, circ.RequestedBy, circ.TooManyLoans, circ.RenewalsUsed, circ.Surplus, circ.PatronBlocked, circ.TooManyAsked}
}

func history(t *rapid.T, flaw flaws) {
	w := newWorld(t, flaw)
	for range rapid.IntRange(1, 25).Draw(t, "steps") {
		s := w.desks[rapid.IntRange(0, 1).Draw(t, "desk")]
		switch rapid.SampledFrom([]string{"scan", "scan", "scan", "scan", "scan", "pull", "push", "late"}).Draw(t, "step") {
		case "pull":
			for range rapid.IntRange(1, 3).Draw(t, "pages") {
				w.pull(s)
			}
		case "push":
			s.line.Deliver(w.ctx) // may get no answer
		case "late": // an old request arrives now; it may be refused, and must not harm
			if len(w.late) > 0 {
				w.deliver(w.late[0])
				w.late = w.late[1:]
			}
		default:
			w.oneScan(s)
		}
		w.nothingVanished()
	}
	w.quiet()
	w.check()
}

// oneScan does one command, and perhaps kills the desk at it.
func (w *world) oneScan(s *station) {
	w.now = w.now.Add(step)
	a := s.desk.Act("ana", nil)
	a.Command, a.Over = w.command(s), over(w.t)
	w.acts[a.ID] = a
	up := rapid.Bool().Draw(w.t, "up")
	switch rapid.IntRange(0, 9).Draw(w.t, "kill") {
	case 0:
		s.journal.before = rapid.IntRange(1, 3).Draw(w.t, "commit")
	case 1, 2:
		s.journal.after = rapid.IntRange(1, 3).Draw(w.t, "commit")
	}
	func() {
		defer func() {
			if p := recover(); p != nil {
				if _, ok := p.(killed); !ok {
					panic(p)
				}
				s.journal.safe()
				w.start(s)
			}
		}()
		w.scan(s, a, up)
		w.seenAtOnce(s, a)
	}()
	s.journal.safe()
}

// seenAtOnce: what the clerk was shown is what the desk shows, line or no line.
func (w *world) seenAtOnce(s *station, a circ.Act) {
	sh := w.shown[a.ID]
	if !sh.done {
		return
	}
	for _, e := range sh.events {
		if out, ok := e.(circ.CheckedOut); ok {
			if it, _ := look[circ.Item](w, s, circ.KindItem, string(out.Item)); it.Loan != out.Loan {
				w.t.Fatalf("%s: shown as lent, and the desk shows %+v", s.name, it)
			}
		}
	}
}

// nothingVanished: a loan that was shown never goes from the desk that showed it.
func (w *world) nothingVanished() {
	for _, id := range w.order {
		sh, a := w.shown[id], w.acts[id]
		if !sh.done {
			continue
		}
		for _, s := range w.desks {
			if s.name != a.Desk {
				continue
			}
			for _, e := range sh.events {
				if out, ok := e.(circ.CheckedOut); ok {
					if _, ok := look[circ.Loan](w, s, circ.KindLoan, string(out.Loan)); !ok {
						w.t.Fatalf("%s: the loan %s was shown and is gone from the desk", s.name, out.Loan)
					}
				}
			}
		}
	}
}

// look reads one row as the desk shows it.
func look[R circ.Row](w *world, s *station, k circ.Kind, id string) (r R, ok bool) {
	must(w.t, s.desk.View(w.ctx, func(in journal.Reader) error {
		rows, err := in.Read(w.ctx, []circ.Want{circ.ByKey(k, id)})
		if err == nil && len(rows[0]) > 0 {
			r, ok = rows[0][0].(R)
		}
		return err
	}))
	return r, ok
}

// quiet lets all that is under way arrive.
func (w *world) quiet() {
	for _, es := range w.late {
		w.deliver(es)
	}
	for range 2 {
		for _, s := range w.desks {
			for {
				es, err := s.desk.Unsent(w.ctx, 50)
				must(w.t, err)
				if len(es) == 0 {
					break
				}
				rs, err := w.answer(s, es)
				must(w.t, err)
				_, err = s.desk.Settle(w.ctx, rs)
				must(w.t, err)
			}
		}
	}
	for _, s := range w.desks {
		w.pullAll(s)
	}
	w.now = w.now.Add(time.Second)
}
