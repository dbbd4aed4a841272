package uplink_test

import (
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// TestHistories runs random days of two to four desks and a hub: requests lost,
// doubled, late and halved, desks killed around every commit and while they start,
// clocks that differ and clocks that are turned, copies that are behind, a morning's
// backlog; and checks at the end, and on the way, that nothing that was done is lost
// or done twice. CIRCDESK_LONG=1 runs 10,000 of them, -short 60. What they held is
// printed with -v.
func TestHistories(t *testing.T) {
	fewerCollections(t)
	n := long("80", "10000")
	if testing.Short() {
		n = "60"
	}
	setChecks(t, n)
	held := tally{}
	rapid.Check(t, func(t *rapid.T) { history(t, flaws{}, held) })
	t.Log(held)
	if checks() < 300 {
		return // too few to hold everything
	}
	whats := []string{
		"a clock was turned", "asked", "fact", "stood", "withdrawn", "killed", "killed in a start", "same facts", "clock ahead", "conflict",
		"done: check_out", "done: check_in", "done: undo", "done: register", "done: pay", "done: add_item",
		"event: loan_noted", "event: renewed", "event: trapped", "event: reopened", "event: loan_voided",
		"event: charged", "event: item_marked", "over the limit of a batch",
	}
	if checks() >= 5000 { // these are rare
		whats = append(whats, "done: renew", "done: replace_card", "done: merge_patrons", "event: patrons_unmerged", "event: item_aliased", "event: item_unadded", "event: aliased", "event: credit_used", "event: loan_marked",
			"event: waived", "event: refunded", "event: disputed", "event: undisputed", "event: due_set", "event: return_corrected",
			"event: alerted", "event: drawer_opened", "event: drawer_closed", "late money", "event: called", "event: parts_set", "done: move_request", "done: incomplete", "done: give_up", "done: write_off")
	}
	for _, what := range whats {
		if held[what] == 0 {
			t.Errorf("no history held %q: it proves nothing of that", what)
		}
	}
}

// TestHistoriesOfClocksThatAreAhead: desks that are ahead do much within seconds, and
// deliver it at once, so that all of it is held back to one moment. CIRCDESK_LONG=1 runs
// 5,000 such histories.
func TestHistoriesOfClocksThatAreAhead(t *testing.T) {
	fewerCollections(t)
	setChecks(t, long("20", "5000"))
	held := tally{}
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, flaws{}, held)
		w.hasty, w.wild = true, false
		for _, s := range w.desks {
			s.skew = 8 * time.Minute
		}
		w.live()
	})
	t.Log(held)
	if ahead := held["clock ahead"]; ahead == 0 || !testing.Short() && ahead < checks() || held["scanned at once"] == 0 {
		t.Errorf("clocks were ahead %d times in %d histories: it proves nothing of that", ahead, checks())
	}
}

// tally counts what histories held.
type tally map[string]int

// long gives one of two, by whether the long form runs.
func long(short, long string) string {
	if os.Getenv("CIRCDESK_LONG") != "" {
		return long
	}
	return short
}

func history(t *rapid.T, flaw flaws, held tally) { newWorld(t, flaw, held).live() }

// live is a history from its first step to its end.
func (w *world) live() {
	t, flaw := w.t, w.flaw
	w.tills = rapid.IntRange(0, 9).Draw(t, "at the drawer") == 0
	w.busyMorning()
	for range rapid.IntRange(1, 25).Draw(t, "steps") {
		s := rapid.SampledFrom(w.desks).Draw(t, "desk")
		steps := []string{"scan", "scan", "scan", "scan", "scan", "scan again", "pull", "push", "late", "clock"}
		if w.hasty {
			steps = []string{"scan", "scan again", "scan again", "scan again", "scan again", "push"}
		}
		switch rapid.SampledFrom(steps).Draw(t, "step") {
		case "pull":
			w.mayDie(s, func() {
				for range rapid.IntRange(1, 3).Draw(t, "pages") {
					w.pull(s)
				}
			})
		case "push":
			w.mayDie(s, func() { s.line.Deliver(w.ctx) }) // may get no answer
		case "late": // an old request arrives now; it may be refused, and must not harm
			if len(w.late) > 0 {
				w.deliver(w.late[0])
				w.late = w.late[1:]
			}
		case "clock":
			if w.wild {
				w.held["a clock was turned"]++
				s.skew = rapid.SampledFrom(wildSkews).Draw(t, "turned by")
			}
		case "scan again": // at once, at the desk of the last scan
			w.held["scanned at once"]++
			w.now = w.now.Add(3 * time.Second)
			w.oneScan(w.last)
		default:
			w.now = w.now.Add(step)
			w.last = s
			w.oneScan(s)
		}
		if flaw.only == nil {
			w.nothingVanished()
			w.countedStays()
		}
	}
	w.quiet()
	if flaw.only != nil {
		flaw.only(w, w.dump())
		return
	}
	w.countedStays()
	w.check()
}

// busyMorning leaves more entries waiting at one desk than a delivery carries,
// now and then.
func (w *world) busyMorning() {
	if rapid.IntRange(0, 14).Draw(w.t, "busy morning") < 14 {
		return
	}
	s := w.desks[0]
	for range central.BatchSize + 5 {
		a := w.act(s, circ.Pay{Patron: "P9", Amount: eur(1)}, nil)
		w.scan(s, a, false)
	}
}

// oneScan does one command, and perhaps kills the desk at it.
func (w *world) oneScan(s *station) {
	up := rapid.Bool().Draw(w.t, "up")
	if up && w.hasty { // what is asked alone is held back alone
		up = rapid.IntRange(0, 2).Draw(w.t, "up all the same") == 0
	}
	if up && w.wild { // it was greeted, and so its clock was set right
		s.desk.SetClock(w.now, 0)
	}
	a := w.act(s, w.command(s), over(w.t))
	if up && s.desk.Unsettled() >= central.BatchSize { // too many wait: nothing is asked
		w.held["over the limit of a batch"]++
		up = false
	}
	if w.mayDie(s, func() {
		w.scan(s, a, up)
		if w.flaw.only == nil {
			w.seenAtOnce(s, a)
		}
	}) {
		w.lookedUp(s, a)
	}
}

// act makes the act of a command.
func (w *world) act(s *station, c circ.Command, over []circ.Reason) circ.Act {
	a := s.desk.Act(rapid.SampledFrom([]circ.OperatorID{"ana", "ben"}).Draw(w.t, "operator"), c)
	a.Over = over
	w.acts[a.ID] = a
	return a
}

// mayDie does something at a desk and perhaps kills the desk at one of its
// commits, just before it or just after; then it starts again, and may be killed
// once more while it does.
func (w *world) mayDie(s *station, do func()) (died bool) {
	w.arm(s, 7)
	var before []byte
	if w.flaw.bySeqAlone {
		var err error
		before, err = os.ReadFile(s.file)
		must(w.t, err)
	}
	if died = s.survives(do); died {
		w.held["killed"]++
		if before != nil {
			must(w.t, s.opened.Close())
			must(w.t, os.WriteFile(s.file, before, 0o600))
			s.open(w.t)
		}
		w.arm(s, 3)
		if s.survives(func() { w.start(s) }) {
			w.held["killed in a start"]++
			s.fuse.safe()
			w.start(s)
		}
	}
	s.fuse.safe()
	return died
}

// arm sets the desk to die, in one case of so many.
func (w *world) arm(s *station, in int) {
	switch rapid.IntRange(0, in-1).Draw(w.t, "kill") {
	case 0:
		s.fuse.before = rapid.IntRange(1, 3).Draw(w.t, "commit")
	case 1:
		s.fuse.after = rapid.IntRange(1, 3).Draw(w.t, "commit")
	}
}

// lookedUp: the desk died at a command before the clerk was told. The clerk
// looks up what the desk has done of it, and goes on from there.
func (w *world) lookedUp(s *station, a circ.Act) {
	if _, told := w.shown[a.ID]; told {
		return
	}
	must(w.t, s.journal.View(w.ctx, func(tx journal.JournalTx) error {
		story, err := journal.Story(w.ctx, tx, a.ID)
		if err == nil {
			sh := shown{mode: "looked up"}
			if story != nil && len(story.Events) > 0 {
				sh.done, sh.events = true, story.Events
			}
			w.show(a, sh)
		}
		return err
	}))
}

// seenAtOnce: what the clerk was shown is what the desk shows, line or no line.
func (w *world) seenAtOnce(s *station, a circ.Act) {
	sh := w.shown[a.ID]
	if !sh.done {
		return
	}
	c := circ.NewCase(circ.Act{}, nil)
	must(w.t, s.desk.View(w.ctx, func(in journal.Reader) error {
		for _, e := range sh.events {
			for _, k := range e.Touches() {
				want := circ.ByKey(k.Kind, k.ID)
				rows, err := in.Read(w.ctx, []circ.Want{want})
				if err != nil {
					return err
				}
				c.Add(want, rows[0])
			}
		}
		return nil
	}))
	for _, e := range sh.events {
		c.Apply(e)
	}
	for _, row := range c.Changes() {
		if was, ok := lookup(w, s, row.Key()); !ok || !equal(was, row) {
			w.fail("%s: %s was shown, and the desk shows\n%+v\nand not\n%+v", s.name, a.Command.Name(), was, row)
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
		for _, e := range sh.events {
			out, ok := e.(circ.CheckedOut)
			if !ok {
				continue
			}
			if _, ok := lookup(w, w.station(a.Desk), circ.Key{Kind: circ.KindLoan, ID: string(out.Loan)}); !ok {
				w.t.Fatalf("%s: the loan %s was shown and is gone from the desk", a.Desk, out.Loan)
			}
		}
	}
}

// lookup reads one row as the desk shows it.
func lookup(w *world, s *station, k circ.Key) (r circ.Row, ok bool) {
	must(w.t, s.desk.View(w.ctx, func(in journal.Reader) error {
		rows, err := in.Read(w.ctx, []circ.Want{circ.ByKey(k.Kind, k.ID)})
		if err == nil && len(rows[0]) > 0 {
			r, ok = rows[0][0], true
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
				es, err := s.desk.Unsent(w.ctx, central.BatchSize)
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
}
