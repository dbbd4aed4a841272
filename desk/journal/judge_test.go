package journal_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
	"circdesk/store/bolt"
)

// noon is the server's clock in these tests.
var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// court is a server's store, and the chains of the desks that it judges.
type court struct {
	t     *testing.T
	store journal.Store[journal.HubTx]
	rules *policy.Set
}

func newCourt(t *testing.T) *court {
	t.Helper()
	store, err := bolt.OpenHub(filepath.Join(t.TempDir(), "hub.db"), bolt.NoSync(), bolt.Unchecked())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	rules, err := policy.Parse(policy.Default("EUR", "Europe/Berlin").TOML())
	if err != nil {
		t.Fatal(err)
	}
	c := &court{t, store, rules}
	c.put(
		circ.Title{ID: "title", Title: "A title"},
		circ.Item{ID: "item", Barcode: "301", Title: "title"},
		circ.Patron{ID: "reader", Card: "201", Family: "Reader"}, circ.Card{Number: "201", Patron: "reader", State: circ.CardValid},
		circ.Patron{ID: "other", Card: "202", Family: "Other"}, circ.Card{Number: "202", Patron: "other", State: circ.CardValid},
	)
	return c
}

func (c *court) put(rows ...circ.Row) {
	c.t.Helper()
	err := c.store.Update(c.t.Context(), func(tx journal.HubTx) error { return tx.Put(c.t.Context(), rows) })
	if err != nil {
		c.t.Fatal(err)
	}
}

// judge takes an entry as the next of its desk, and keeps what comes of it.
func (c *court) judge(e journal.Entry) (r journal.Receipt) {
	c.t.Helper()
	r, err := c.try(e, journal.Bench{Rules: c.rules, Now: noon})
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

func (c *court) try(e journal.Entry, b journal.Bench) (r journal.Receipt, err error) {
	ctx := c.t.Context()
	err = c.store.Update(ctx, func(tx journal.HubTx) error {
		head, err := tx.Head(ctx, e.Act.Desk)
		if err != nil {
			return err
		}
		next := e
		next.Epoch, next.Seq, next.Prev = 1, head.Seq+1, head.Hash
		if next, err = next.Finish(); err != nil {
			return err
		}
		b.Book, b.Ledger = tx, tx
		var rows []circ.Row
		if r, rows, err = journal.Judge(ctx, b, next); err != nil {
			return err
		}
		if err := tx.Put(ctx, rows); err != nil {
			return err
		}
		if _, err := tx.Add(ctx, next); err != nil {
			return err
		}
		return tx.Settle(ctx, r)
	})
	return r, err
}

// told decides a command from what the server knows, as a desk at its head does.
func (c *court) told(a circ.Act) (d circ.Decision) {
	c.t.Helper()
	ctx := c.t.Context()
	err := c.store.View(ctx, func(tx journal.HubTx) error {
		k := circ.NewCase(a, c.rules)
		if u, ok := a.Command.(circ.Undo); ok {
			was, err := journal.Story(ctx, tx, u.Entry)
			if err != nil {
				return err
			}
			k.Was = was
		}
		if err := journal.Gather(ctx, tx, k); err != nil {
			return err
		}
		d = circ.Decide(k)
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return d
}

// story gives what an entry did in the end.
func (c *court) story(id circ.EntryID) (s *circ.Story) {
	c.t.Helper()
	err := c.store.View(c.t.Context(), func(tx journal.HubTx) (err error) {
		s, err = journal.Story(c.t.Context(), tx, id)
		return err
	})
	if err != nil || s == nil {
		c.t.Fatalf("the story of %s: %v, %v", id, s, err)
	}
	return s
}

// happened reports whether what an entry says was done.
func (c *court) happened(e journal.Entry) (yes bool) {
	c.t.Helper()
	err := c.store.View(c.t.Context(), func(tx journal.HubTx) (err error) {
		yes, err = journal.Happened(c.t.Context(), tx, e)
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return yes
}

func (c *court) item() (it circ.Item) {
	c.t.Helper()
	return rowOf[circ.Item](c, circ.KindItem, "item")
}

func rowOf[R circ.Row](c *court, k circ.Kind, id string) (r R) {
	c.t.Helper()
	err := c.store.View(c.t.Context(), func(tx journal.HubTx) error {
		rows, err := tx.Read(c.t.Context(), []circ.Want{circ.ByKey(k, id)})
		if err == nil && len(rows[0]) > 0 {
			r, _ = rows[0][0].(R)
		}
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// entry is one of a desk, so many minutes before noon.
func entry(id string, m journal.Mode, before int, k circ.Command, told ...circ.Event) journal.Entry {
	return journal.Entry{
		Act: circ.Act{
			ID: circ.EntryID(id), Desk: "desk-1", Operator: "ada", At: noon.Add(-time.Duration(before) * time.Minute),
			Zone: "Europe/Berlin", Command: k,
		},
		Mode: m, Told: told,
	}
}

// second is what became of the question "asked".
func second(m journal.Mode, k circ.Command, told ...circ.Event) journal.Entry {
	e := entry("second", m, 4, k, told...)
	e.Of = "asked"
	return e
}

// elsewhere lends the item to the other at another desk.
func elsewhere(before int) journal.Entry {
	at := noon.Add(-time.Duration(before) * time.Minute)
	e := entry("elsewhere", journal.Fact, before, circ.CheckOut{Patron: "other", Item: "item"},
		circ.CheckedOut{Loan: "elsewhere", Item: "item", Patron: "other", At: at, Due: at.AddDate(0, 0, 14), Desk: "desk-2"})
	e.Act.Desk = "desk-2"
	return e
}

var lend = circ.CheckOut{Patron: "reader", Item: "item"}

// TestWhatBecameOfAQuestion: the verdict on what became of a question meets the
// verdict on the question.
func TestWhatBecameOfAQuestion(t *testing.T) {
	type row struct {
		name   string
		first  []circ.Row      // what the server holds beside
		past   []journal.Entry // facts before the question
		asked  circ.Command
		change func([]circ.Event) []circ.Event // of what the clerk was told; nil: as the server decides
		since  []journal.Entry
		mode   journal.Mode

		answer  journal.Verdict // to the question
		verdict journal.Verdict // on what became of it
		events  []string
		object  []circ.Reason
		loan    circ.LoanID // the item's in the end
		waits   bool        // the request r does
	}
	mine := circ.LoanID(circ.NewID("asked", circ.KindLoan, 0))
	before := entry("before", journal.Fact, 30, lend,
		circ.CheckedOut{Loan: "before", Item: "item", Patron: "reader", At: noon.Add(-30 * time.Minute), Due: noon.AddDate(0, 0, 14), Desk: "desk-1"})
	blocked := []circ.Row{circ.Block{ID: "b", Patron: "reader", Text: "x", At: noon.AddDate(0, 0, -1)}}
	lent := []circ.Event{circ.CheckedOut{Loan: mine, Item: "item", Patron: "reader", At: noon.Add(-5 * time.Minute), Due: noon.AddDate(0, 0, 14), Desk: "desk-1"}}
	for _, tt := range []row{
		{name: "lent, and the clerk was told so", asked: lend, mode: journal.Stood, answer: journal.Applied, verdict: journal.Noop, loan: mine},
		{name: "lent, and the clerk was told another date", asked: lend, mode: journal.Stood, change: func([]circ.Event) []circ.Event { return lent }, answer: journal.Applied, verdict: journal.Applied, events: []string{"loan_voided", "checked_out"}, object: []circ.Reason{circ.ToldOtherwise}, loan: mine},
		{name: "lent to fill a request, of which the desk that lent did not know", first: []circ.Row{circ.Request{ID: "r", Title: "title", Patron: "reader", At: noon.AddDate(0, 0, -1), Stage: circ.Waiting}}, asked: lend, mode: journal.Stood, change: func([]circ.Event) []circ.Event { return lent }, answer: journal.Applied, verdict: journal.Applied, events: []string{"loan_voided", "requeued", "checked_out"}, object: []circ.Reason{circ.ToldOtherwise}, loan: mine, waits: true},
		{name: "lent, and nobody was told", asked: lend, mode: journal.Withdrawn, answer: journal.Applied, verdict: journal.Applied, events: []string{"loan_voided"}},
		{name: "refused, and the book had left", first: blocked, asked: lend, mode: journal.Stood, change: func([]circ.Event) []circ.Event { return lent }, answer: journal.Refused, verdict: journal.Applied, events: []string{"checked_out"}, object: []circ.Reason{circ.PatronBlocked}, loan: mine},
		{name: "refused, and nobody was told", first: blocked, asked: lend, mode: journal.Withdrawn, answer: journal.Refused, verdict: journal.Noop},
		{name: "lent, then lent elsewhere, and nobody was told of the first", asked: lend, mode: journal.Withdrawn, since: []journal.Entry{elsewhere(3)}, answer: journal.Applied, verdict: journal.Applied, events: []string{"loan_voided"}, object: []circ.Reason{circ.ChangedSince}, loan: "elsewhere"},

		{name: "undone, and the clerk was told so", past: []journal.Entry{before}, asked: circ.Undo{Entry: "before"}, mode: journal.Stood, answer: journal.Applied, verdict: journal.Noop},
		{name: "undone, and more of it than the desk knew of, and the clerk was told so", past: []journal.Entry{before}, asked: circ.Undo{Entry: "before"}, mode: journal.Stood, change: func(es []circ.Event) []circ.Event {
			return append(es, circ.Unseen{Item: "item", At: noon})
		}, answer: journal.Applied, verdict: journal.Noop},
		{name: "undone, and nobody was told: it is done again", past: []journal.Entry{before}, asked: circ.Undo{Entry: "before"}, mode: journal.Withdrawn, answer: journal.Applied, verdict: journal.Applied, events: []string{"checked_out"}, loan: "before"},
		{name: "undone, then lent elsewhere, and nobody was told of the undo", past: []journal.Entry{before}, asked: circ.Undo{Entry: "before"}, since: []journal.Entry{elsewhere(3)}, mode: journal.Withdrawn, answer: journal.Applied, verdict: journal.Applied, events: []string{"loan_noted"}, object: []circ.Reason{circ.NewerLoan}, loan: "elsewhere"},
		{name: "no undo, since it was lent elsewhere, and the clerk was told it is undone", past: []journal.Entry{before, elsewhere(10)}, asked: circ.Undo{Entry: "before"}, change: func([]circ.Event) []circ.Event {
			return []circ.Event{circ.LoanVoided{Loan: "before", Item: "item", Patron: "reader", At: noon}}
		}, mode: journal.Stood, answer: journal.Refused, verdict: journal.Applied, events: []string{"loan_voided"}, object: []circ.Reason{circ.ChangedSince}, loan: "elsewhere"},
		{name: "no undo, and nobody was told", past: []journal.Entry{before, elsewhere(10)}, asked: circ.Undo{Entry: "before"}, mode: journal.Withdrawn, answer: journal.Refused, verdict: journal.Noop, loan: "elsewhere"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newCourt(t)
			c.put(tt.first...)
			for _, e := range tt.past {
				c.judge(e)
			}
			q := entry("asked", journal.Asked, 5, tt.asked)
			q.Told = c.told(q.Act).Events
			if tt.change != nil {
				q.Told = tt.change(q.Told)
			}
			if r := c.judge(q); r.Verdict != tt.answer {
				t.Fatalf("the answer is %+v, want %s", r, tt.answer)
			}
			for _, e := range tt.since {
				c.judge(e)
			}
			e := second(tt.mode, tt.asked)
			if tt.mode == journal.Stood {
				e.Told = q.Told
			}
			r := c.judge(e)
			if r.Verdict != tt.verdict || !slices.Equal(eventNames(r.Events), tt.events) || !slices.Equal(reasons(r.Objections), tt.object) {
				t.Errorf("%s %v, objections %v", r.Verdict, eventNames(r.Events), reasons(r.Objections))
			}
			if got := c.item().Loan; got != tt.loan {
				t.Errorf("the item is out on %q, want %q", got, tt.loan)
			}
			if q := rowOf[circ.Request](c, circ.KindRequest, "r"); tt.waits && q.Stage != circ.Waiting {
				t.Errorf("the request is %+v", q)
			}
			if l := rowOf[circ.Loan](c, circ.KindLoan, string(tt.loan)); tt.loan != "" && !l.Open() {
				t.Errorf("the loan is %+v", l)
			}
		})
	}
}

// TestStory tells what an entry did in the end, as far as a ledger knows.
func TestStory(t *testing.T) {
	out := circ.CheckedOut{Loan: "l", Item: "item", Patron: "reader", At: noon, Due: noon}
	asked := entry("asked", journal.Asked, 5, lend, out)
	fact := entry("asked", journal.Fact, 5, lend, out)
	stood, withdrawn := second(journal.Stood, lend, out, out), second(journal.Withdrawn, lend)
	receipt := func(id circ.EntryID, v journal.Verdict, es ...circ.Event) journal.Receipt {
		return journal.Receipt{Entry: id, Desk: "desk-1", Epoch: 1, Verdict: v, Events: es}
	}
	applied := receipt("asked", journal.Applied, circ.Seen{Item: "item", At: noon})
	for _, tt := range []struct {
		name     string
		entries  []journal.Entry
		receipts []journal.Receipt
		want     []string // nil: it did nothing
	}{
		{"a fact that nobody has judged did as it told", []journal.Entry{fact}, nil, []string{"checked_out"}},
		{"a fact did as it was applied", []journal.Entry{fact}, []journal.Receipt{applied}, []string{"seen"}},
		{"a question without an answer did nothing yet", []journal.Entry{asked}, nil, nil},
		{"a question did as it was answered", []journal.Entry{asked}, []journal.Receipt{applied}, []string{"seen"}},
		{"a question that was refused did nothing", []journal.Entry{asked}, []journal.Receipt{receipt("asked", journal.Refused)}, nil},
		{"it stood, and nobody has judged that: as it told", []journal.Entry{asked, stood}, []journal.Receipt{applied}, []string{"checked_out", "checked_out"}},
		{"it stood, and nothing was left to do: as the question was answered", []journal.Entry{asked, stood}, []journal.Receipt{applied, receipt("second", journal.Noop)}, []string{"seen"}},
		{"it stood, and was applied otherwise", []journal.Entry{asked, stood}, []journal.Receipt{applied, receipt("second", journal.Applied, out)}, []string{"checked_out"}},
		{"it was withdrawn", []journal.Entry{asked, withdrawn}, nil, nil},
		{"it was withdrawn after it had been applied", []journal.Entry{asked, withdrawn}, []journal.Receipt{applied, receipt("second", journal.Applied, out)}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newCourt(t)
			ctx := t.Context()
			var story *circ.Story
			var happened bool
			err := c.store.Update(ctx, func(tx journal.HubTx) error {
				for _, e := range tt.entries {
					head, err := tx.Head(ctx, "desk-1")
					if err != nil {
						return err
					}
					e.Epoch, e.Seq, e.Prev = 1, head.Seq+1, head.Hash
					if e, err = e.Finish(); err != nil {
						return err
					}
					if _, err := tx.Add(ctx, e); err != nil {
						return err
					}
				}
				for i, r := range tt.receipts {
					r.Seq = uint64(i + 1)
					if err := tx.Settle(ctx, r); err != nil {
						return err
					}
				}
				var err error
				if story, err = journal.Story(ctx, tx, "asked"); err != nil {
					return err
				}
				happened, err = journal.Happened(ctx, tx, tt.entries[0])
				return err
			})
			if err != nil || story == nil || story.Act.ID != "asked" || !slices.Equal(eventNames(story.Events), tt.want) {
				t.Errorf("%+v, %v", story, err)
			}
			if happened != (tt.want != nil) {
				t.Errorf("it happened: %v", happened)
			}
		})
	}
}

// What is told to the clerk as done is done, even when the central system says no.
func TestWhatHappened(t *testing.T) {
	for _, tt := range []struct {
		name    string
		entry   journal.Entry
		later   *journal.Entry
		verdict journal.Verdict
		want    bool
	}{
		{name: "a fact that was rejected", entry: entry("asked", journal.Fact, 5, lend), verdict: journal.Rejected, want: true},
		{name: "a question that was refused, and stood", entry: entry("asked", journal.Asked, 5, lend), later: new(second(journal.Stood, lend)), verdict: journal.Refused, want: true},
		{name: "a question with nothing left to do", entry: entry("asked", journal.Asked, 5, lend), verdict: journal.Noop},
		{name: "what became of a question", entry: second(journal.Stood, lend), verdict: journal.Applied},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := journal.Happened(t.Context(), aftermath{later: tt.later, verdict: tt.verdict}, tt.entry)
			if err != nil || got != tt.want {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}

// aftermath is all that a ledger says of one entry: what follows it, and the verdict.
type aftermath struct {
	journal.Ledger
	later   *journal.Entry
	verdict journal.Verdict
}

func (a aftermath) Later(context.Context, circ.DeskID, circ.EntryID) (journal.Entry, bool, error) {
	if a.later == nil {
		return journal.Entry{}, false, nil
	}
	return *a.later, true, nil
}

func (a aftermath) Receipt(context.Context, circ.EntryID) (journal.Receipt, bool, error) {
	return journal.Receipt{Verdict: a.verdict}, a.verdict != "", nil
}

func TestWhatIsNoFactOfADeskIsRejected(t *testing.T) {
	of := func(id circ.EntryID) journal.Entry {
		e := second(journal.Stood, lend)
		e.Of = id
		return e
	}
	theirs := of("asked")
	theirs.Act.Desk = "desk-2"
	later := circ.UnknownEvent{As: "levitated", Raw: []byte(`{}`)}
	for _, tt := range []struct {
		name  string
		entry journal.Entry
		want  circ.Reason
	}{
		{"what became of a fact", of("fact"), circ.UnknownThing},
		{"what became of another desk's question", theirs, circ.UnknownThing},
		{"a command of a later version", entry("x", journal.Fact, 0, circ.UnknownCommand{As: "levitate", Raw: []byte(`{}`)}), circ.NotUnderstood},
		{"an event of a later version", entry("x", journal.Fact, 0, lend, later), circ.NotUnderstood},
		{"a question of a later version", entry("x", journal.Asked, 0, circ.UnknownCommand{As: "levitate", Raw: []byte(`{}`)}), circ.NotUnderstood},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newCourt(t)
			c.judge(entry("fact", journal.Fact, 9, circ.CheckIn{Item: "item"}))
			c.judge(entry("asked", journal.Asked, 8, circ.CheckIn{Item: "item"}))
			r := c.judge(tt.entry)
			if r.Verdict != journal.Rejected || len(r.Events) > 0 || !slices.Equal(reasons(r.Objections), []circ.Reason{tt.want}) {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestTheServerLooksAtOperators(t *testing.T) {
	with := func(rights []circ.Right, known bool) journal.Bench {
		return journal.Bench{Now: noon, Rights: func(circ.Act) ([]circ.Right, bool) { return rights, known }}
	}
	left := func(at time.Time) journal.Bench {
		b := with([]circ.Right{circ.RightCirculate, circ.RightOverride}, true)
		b.Gone = func(circ.OperatorID) time.Time { return at }
		return b
	}
	nobody := func(e journal.Entry) journal.Entry { e.Act.Operator = ""; return e }
	yes := entry("x", journal.Fact, 0, lend, circ.CheckedOut{Loan: "l", Item: "item", Patron: "reader", At: noon, Due: noon.AddDate(0, 0, 14)})
	yes.Act.Over = []circ.Reason{circ.PatronBlocked}
	for _, tt := range []struct {
		name    string
		bench   journal.Bench
		entry   journal.Entry
		verdict journal.Verdict
		object  []circ.Reason
	}{
		{"who said yes may", with([]circ.Right{circ.RightCirculate, circ.RightOverride}, true), yes, journal.Applied, nil},
		{"who said yes may not: the fact stands", with([]circ.Right{circ.RightCirculate}, true), yes, journal.Applied, []circ.Reason{circ.PatronBlocked, circ.RightMissing}},
		{"who said yes may nothing any more: the fact stands", with(nil, true), yes, journal.Applied, []circ.Reason{circ.RightMissing, circ.PatronBlocked, circ.RightMissing}},
		{"who asks may nothing any more", with(nil, true), entry("x", journal.Asked, 0, circ.CheckIn{Item: "item"}), journal.Refused, nil},
		{"nobody of that name ever was", with(nil, false), yes, journal.Rejected, []circ.Reason{circ.NoSuchOperator}},
		{"a load names nobody", with(nil, true), nobody(entry("x", journal.Fact, 0, circ.LoadNote{File: "patrons.csv"})), journal.Applied, nil},
		{"who did it has left since: the fact stands, and is named", left(noon.Add(time.Hour)), yes, journal.Applied, []circ.Reason{circ.OperatorGone}},
		{"who did it had left before", left(noon), yes, journal.Rejected, []circ.Reason{circ.OperatorGone}},
		{"who asked has left since: nobody is named", left(noon.Add(time.Hour)), entry("x", journal.Asked, 0, circ.CheckIn{Item: "item"}), journal.Applied, nil},
		{"nobody is named", with([]circ.Right{circ.RightCirculate}, true), nobody(yes), journal.Rejected, []circ.Reason{circ.NoSuchOperator}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newCourt(t)
			c.put(circ.Block{ID: "b", Patron: "reader", Text: "x", At: noon.AddDate(0, 0, -1)})
			tt.bench.Rules = c.rules
			r, err := c.try(tt.entry, tt.bench)
			if err != nil {
				t.Fatal(err)
			}
			if r.Verdict != tt.verdict || !slices.Equal(reasons(r.Objections), tt.object) {
				t.Errorf("%s, objections %v", r.Verdict, reasons(r.Objections))
			}
		})
	}
}

func TestAClockThatIsAheadIsHeldBack(t *testing.T) {
	for _, tt := range []struct {
		name   string
		ahead  time.Duration
		seen   time.Duration // after noon
		object []circ.Reason
	}{
		{"two minutes ahead", 2 * time.Minute, 2 * time.Minute, nil},
		{"a day ahead", 24 * time.Hour, 2*time.Minute + 1, []circ.Reason{circ.ClockAhead}},
		{"an hour behind", -time.Hour, -time.Hour, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, mode := range []journal.Mode{journal.Fact, journal.Asked} {
				c := newCourt(t)
				e := entry("x", mode, int(-tt.ahead/time.Minute), lend)
				e.Told = c.told(e.Act).Events
				r := c.judge(e)
				if r.Verdict != journal.Applied || !slices.Equal(reasons(r.Objections), tt.object) {
					t.Errorf("%s: %s, objections %v", mode, r.Verdict, reasons(r.Objections))
				}
				if at := c.item().Seen.At; !at.Equal(noon.Add(tt.seen)) {
					t.Errorf("%s: seen %v", mode, at)
				}
				if s := c.story(e.Act.ID); !s.Act.At.Equal(noon.Add(tt.seen)) {
					t.Errorf("%s: its story is of %v", mode, s.Act.At)
				}
				told, _ := e.Told[0].(circ.CheckedOut)
				l := rowOf[circ.Loan](c, circ.KindLoan, string(told.Loan))
				if mode == journal.Fact && !l.Due.Equal(told.Due) {
					t.Errorf("due %v, and %v was said", l.Due, told.Due)
				}
			}
		})
	}
}

// TestActsOfAClockThatIsAheadStayInOrder: a loan is known at the server; a desk that is
// ahead, and knows of none, has the item in hand twice, and says of the second time only
// that it never was. The first time still says that the loan is over.
func TestActsOfAClockThatIsAheadStayInOrder(t *testing.T) {
	for _, tt := range []struct {
		name   string
		before int // minutes before noon, by the clock of the desk
	}{
		{"a clock that is right", 10},
		{"an hour ahead", -60},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newCourt(t)
			c.judge(elsewhere(30))
			seen := circ.Seen{Item: "item", At: noon.Add(-time.Duration(tt.before) * time.Minute), Desk: "desk-1"}
			c.judge(entry("used", journal.Fact, tt.before, circ.CheckIn{Item: "item"}, seen))
			if l := rowOf[circ.Loan](c, circ.KindLoan, "elsewhere"); l.How != circ.Evidence {
				t.Fatalf("seen at another desk, and the loan ended %q", l.How)
			}
			q := entry("asked", journal.Asked, tt.before-1, circ.Incomplete{Item: "item", Missing: []string{"map"}})
			q.Told = c.told(q.Act).Events
			if r := c.judge(q); r.Verdict != journal.Applied {
				t.Fatalf("%s, %+v", r.Verdict, r.Decision)
			}
			w := entry("second", journal.Withdrawn, tt.before-2, q.Act.Command)
			w.Of = "asked"
			if r := c.judge(w); r.Verdict != journal.Applied {
				t.Fatalf("%s, %v", r.Verdict, reasons(r.Objections))
			}
			if l := rowOf[circ.Loan](c, circ.KindLoan, "elsewhere"); l.Open() {
				t.Error("the loan is open again, and the item was seen since")
			}
		})
	}
}

// TestWhatCannotBeJudged: an entry that this version stumbles over is an error
// of its own kind, so that the caller can reject it alone.
func TestWhatCannotBeJudged(t *testing.T) {
	c := newCourt(t)
	_, err := c.try(entry("x", journal.Fact, 0, lend), journal.Bench{Now: noon}) // without rules
	un, ok := errors.AsType[*journal.UnjudgedError](err)
	if !ok || un.Entry != "x" || un.Why == "" {
		t.Errorf("%v", err)
	}
	_, err = journal.Story(context.Background(), nothing{}, "x")
	if err != nil {
		t.Errorf("a story that nobody knows: %v", err)
	}
}

// nothing is a ledger without entries.
type nothing struct{ journal.Ledger }

func (nothing) Entry(context.Context, circ.EntryID) (journal.Entry, bool, error) {
	return journal.Entry{}, false, nil
}

func (nothing) Later(context.Context, circ.DeskID, circ.EntryID) (journal.Entry, bool, error) {
	return journal.Entry{}, false, nil
}

func eventNames(es []circ.Event) (out []string) {
	for _, e := range es {
		out = append(out, e.Name())
	}
	return out
}

func reasons(rs []circ.Remark) (out []circ.Reason) {
	for _, r := range rs {
		out = append(out, r.Reason)
	}
	return out
}
