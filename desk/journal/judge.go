package journal

import (
	"context"
	"fmt"
	"slices"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// ahead is how far a desk's clock may be before the server's.
const ahead = 2 * time.Minute

// Bench is what a verdict is found with: the central system's own facts.
type Bench struct {
	Book   Reader
	Ledger Ledger
	Rules  *policy.Set
	Now    time.Time
	// Rights gives the rights of the act's operators; nil: rights are not looked
	// at. known is false for an operator who never existed.
	Rights func(circ.Act) (rights []circ.Right, known bool)
	// Gone gives since when an operator may not sign in any more; zero: they may. nil:
	// all may. What they did before stands, and is named; what they did since is rejected.
	Gone func(circ.OperatorID) time.Time
	// Case is that of the entry, a question, where its facts have been read in this
	// transaction already; nil: they are read.
	Case *circ.Case
}

// Judge finds the verdict on an entry, and the rows that it changes. It writes
// nothing: the caller puts the rows, adds the entry and settles the receipt in
// the transaction that it reads in. An error that is an *UnjudgedError is the
// entry's fault; any other one is not.
//
// The verdict on a second entry meets the verdict on the asked one: stood and
// applied alike, nothing is left to do; stood and refused or never seen, it is a fact;
// stood and applied otherwise, ours is taken back and theirs recorded; withdrawn and
// applied, ours is taken back. The asked entry may come after the second: then it does
// nothing by itself, and its ledger says under [Ledger.Later] what counts. Of two second
// entries, as of a desk that was copied, the one that stood counts, whichever comes first.
// What another desk has undone meanwhile stays undone, and an undo that is withdrawn is
// taken back only where no other undo of the same entry stands.
func Judge(ctx context.Context, b Bench, e Entry) (receipt Receipt, rows []circ.Row, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &UnjudgedError{Entry: e.Act.ID, Why: fmt.Sprint(p)}
		}
	}()
	r := Receipt{Entry: e.Act.ID, Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq}
	j := &judgement{Bench: b, e: e, act: e.Act, r: &r}
	j.clamp(e.Seq)
	switch e.Mode {
	case Asked:
		rows, err = j.asked(ctx)
	case Fact:
		rows, err = j.fact(ctx)
	case Stood, Withdrawn:
		rows, err = j.second(ctx)
	default:
		j.reject(circ.Remark{Reason: circ.Unreadable, Text: string(e.Mode)})
	}
	if err != nil {
		return Receipt{}, nil, fmt.Errorf("judge entry %d of desk %s: %w", e.Seq, e.Act.Desk, err)
	}
	return r, rows, nil
}

// UnjudgedError says that an entry cannot be judged by this version, because of
// what it says.
type UnjudgedError struct {
	Entry circ.EntryID
	Why   string
}

func (e *UnjudgedError) Error() string {
	return fmt.Sprintf("entry %s cannot be judged: %s", e.Entry, e.Why)
}

type judgement struct {
	Bench
	e   Entry
	act circ.Act
	r   *Receipt
}

func (j *judgement) reject(m circ.Remark) {
	j.r.Verdict = Rejected
	j.r.Events, j.r.Objections = nil, append(j.r.Objections, m)
}

// clamp: the server decides at the desk's time, but not in the future. seq is the number
// of the entry that acts: times of one desk rise, also of those that are held back at one
// moment, or nobody could tell one act from the other, and which was first.
func (j *judgement) clamp(seq uint64) {
	limit := j.Now.Add(ahead)
	if !j.act.At.After(limit) {
		return
	}
	at := limit.Add(time.Duration(seq))
	if at.After(j.act.At) {
		at = j.act.At
	}
	j.r.Objections = append(j.r.Objections, circ.Remark{Reason: circ.ClockAhead, When: j.act.At, Until: at, Desk: j.act.Desk})
	j.act.At = at
}

// gathered makes the case of an act and fills it.
func (j *judgement) gathered(ctx context.Context, act circ.Act, prepare func(*circ.Case)) (*circ.Case, error) {
	c := circ.NewCase(act, j.Rules)
	if j.Rights != nil {
		c.Rights, _ = j.Rights(act)
		if c.Rights == nil {
			c.Rights = []circ.Right{}
		}
	}
	if u, ok := act.Command.(circ.Undo); ok {
		was, err := Story(ctx, j.Ledger, u.Entry)
		if err != nil {
			return nil, err
		}
		c.Was = was
	}
	if prepare != nil {
		prepare(c)
	}
	return c, Gather(ctx, j.Book, c)
}

// applied puts events on the receipt and gives the rows they change.
func (j *judgement) applied(ctx context.Context, c *circ.Case, events []circ.Event) ([]circ.Row, error) {
	j.r.Verdict = Applied
	j.r.Events = append(j.r.Events, events...)
	c.Told = slices.Concat(c.Told, events) // what the engine added may touch rows not read yet
	if err := Gather(ctx, j.Book, c); err != nil {
		return nil, err
	}
	for _, e := range events {
		c.Apply(e)
	}
	return c.Changes(), nil
}

func (j *judgement) asked(ctx context.Context) ([]circ.Row, error) {
	if _, followed, err := j.Ledger.Later(ctx, j.e.Act.Desk, j.e.Act.ID); followed || err != nil { // that counts, or nothing does
		j.r.Verdict = Noop
		return nil, err
	}
	c := j.Case
	if c == nil {
		var err error
		if c, err = j.gathered(ctx, j.act, nil); err != nil {
			return nil, err
		}
	}
	if j.stranger() {
		return nil, nil
	}
	d := circ.Decide(c)
	j.r.Decision = d
	j.r.Decision.Events = nil
	if !d.Done() {
		j.r.Verdict = Refused
		return nil, nil
	}
	return j.applied(ctx, c, d.Events)
}

// stranger rejects what an operator did who never existed, and what this
// version cannot understand.
func (j *judgement) stranger() bool {
	if u, ok := j.act.Command.(circ.UnknownCommand); ok {
		j.reject(circ.Remark{Reason: circ.NotUnderstood, Text: u.As})
		return true
	}
	for _, e := range j.e.Told {
		if u, ok := e.(circ.UnknownEvent); ok {
			j.reject(circ.Remark{Reason: circ.NotUnderstood, Text: u.As})
			return true
		}
	}
	if j.Rights == nil {
		return false
	}
	_, known := j.Rights(j.act)
	if !known || j.act.Operator == "" && !circ.ByItself(j.act.Command) {
		j.reject(circ.Remark{Reason: circ.NoSuchOperator, Text: string(j.act.Operator)})
		return true
	}
	return j.gone()
}

// gone rejects what an operator did who could not sign in any more, and names one who
// cannot since.
func (j *judgement) gone() bool {
	if j.Gone == nil {
		return false
	}
	since := j.Gone(j.act.Operator)
	switch why := (circ.Remark{Reason: circ.OperatorGone, When: since, Text: string(j.act.Operator)}); {
	case since.IsZero():
	case !j.act.At.Before(since):
		j.reject(why)
		return true
	case j.e.Mode != Asked && !slices.ContainsFunc(j.r.Objections, func(m circ.Remark) bool { return m.Reason == why.Reason }):
		j.r.Objections = append(j.r.Objections, why)
	}
	return false
}

func (j *judgement) fact(ctx context.Context) ([]circ.Row, error) {
	if j.stranger() {
		return nil, nil
	}
	c, err := j.gathered(ctx, j.act, func(c *circ.Case) { c.Told, c.Under = j.e.Told, j.e.Rules })
	if err != nil {
		return nil, err
	}
	return j.record(ctx, c)
}

// record fits the told events into the case.
func (j *judgement) record(ctx context.Context, c *circ.Case) ([]circ.Row, error) {
	events, objections := circ.Record(c)
	j.r.Objections = append(j.r.Objections, objections...)
	return j.applied(ctx, c, events)
}

func (j *judgement) second(ctx context.Context) ([]circ.Row, error) {
	of, ok, err := j.Ledger.Entry(ctx, j.e.Of)
	if err != nil {
		return nil, err
	}
	if ok && (of.Mode != Asked || of.Act.Desk != j.e.Act.Desk) {
		j.reject(circ.Remark{Reason: circ.UnknownThing, Text: string(j.e.Of)})
		return nil, nil
	}
	j.act.ID = j.e.Of // ids made by the asked entry stay
	was := Receipt{}
	if ok { // else it was never seen here
		if was, _, err = j.Ledger.Receipt(ctx, j.e.Of); err != nil {
			return nil, err
		}
		j.act.Command, j.act.At, j.act.Receipt = of.Act.Command, of.Act.At, of.Act.Receipt
		j.clamp(of.Seq)
	}
	other, followed, err := j.Ledger.Later(ctx, j.e.Act.Desk, j.e.Of)
	if err != nil {
		return nil, err
	}
	if followed = followed && other.Act.ID != j.e.Act.ID; followed && other.Mode == Stood {
		if j.r.Verdict = Noop; j.e.Mode == Stood && !circ.Same(other.Told, j.e.Told) {
			j.r.Objections = append(j.r.Objections, circ.Remark{Reason: circ.ToldOtherwise})
		}
		return nil, nil
	}
	did := was.Verdict == Applied && !followed // else it was withdrawn already
	_, undo := j.act.Command.(circ.Undo)       // done or not: how much there was to take back is ours to know
	switch {
	case j.e.Mode == Withdrawn && !did,
		j.e.Mode == Stood && did && (undo || circ.Same(was.Events, j.e.Told)):
		j.r.Verdict = Noop
		return nil, nil
	case j.e.Mode == Withdrawn:
		return j.takeBack(ctx, was)
	case !did:
		return j.fact(ctx)
	}
	if j.stranger() {
		return nil, nil
	}
	undone, err := j.undone(ctx, j.e.Of)
	if err != nil {
		return nil, err
	}
	if undone { // there is nothing left to take back, and nothing is done again
		j.r.Verdict = Noop
		j.r.Objections = append(j.r.Objections, circ.Remark{Reason: circ.ToldOtherwise})
		return nil, nil
	}
	rows, err := j.takeBack(ctx, was)
	if err != nil {
		return nil, err
	}
	j.r.Objections = append(j.r.Objections, circ.Remark{Reason: circ.ToldOtherwise})
	j.Book = over{j.Book, rows}
	more, err := j.fact(ctx)
	if err != nil {
		return nil, err
	}
	return merge(rows, more), nil
}

// takeBack undoes what the receipt applied; of an undo that is to do again what
// it took back.
func (j *judgement) takeBack(ctx context.Context, was Receipt) ([]circ.Row, error) {
	if u, ok := j.act.Command.(circ.Undo); ok {
		return j.redo(ctx, u)
	}
	story := &circ.Story{Act: j.act, Events: was.Events}
	c, err := j.gathered(ctx, j.act, func(c *circ.Case) { c.Was = story })
	if err != nil {
		return nil, err
	}
	events, objections := circ.Retract(c)
	j.r.Objections = append(j.r.Objections, objections...)
	return j.applied(ctx, c, events)
}

func (j *judgement) redo(ctx context.Context, u circ.Undo) ([]circ.Row, error) {
	undone, err := j.undone(ctx, u.Entry)
	if err != nil {
		return nil, err
	}
	if undone {
		j.r.Verdict = Noop
		return nil, nil
	}
	did, err := Story(ctx, j.Ledger, u.Entry)
	if err != nil {
		return nil, err
	}
	if did == nil {
		j.reject(circ.Remark{Reason: circ.UnknownThing, Text: string(u.Entry)})
		return nil, nil
	}
	c, err := j.gathered(ctx, did.Act, func(c *circ.Case) { c.Told = did.Events })
	if err != nil {
		return nil, err
	}
	events, objections := circ.Redo(c)
	j.r.Objections = append(j.r.Objections, objections...)
	return j.applied(ctx, c, events)
}

// undone reports whether an undo of the entry stands, other than the one that is
// judged now.
func (j *judgement) undone(ctx context.Context, id circ.EntryID) (bool, error) {
	undos, err := j.Ledger.Undos(ctx, id)
	if err != nil {
		return false, err
	}
	for _, u := range undos {
		if u.Act.ID == j.act.ID {
			continue
		}
		if stands, err := stands(ctx, j.Ledger, u); stands || err != nil {
			return stands, err
		}
	}
	return false, nil
}
