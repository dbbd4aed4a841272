package server

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/format/pending"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
	"circdesk/desk/text"
)

// TakenAs says what became of a line of work that another tool had done offline. It
// stands in JSON: never renamed.
type TakenAs string

// What becomes of a line.
const (
	TakenNow      TakenAs = "taken"
	TakenBefore   TakenAs = "known"    // it was taken before, or is an entry of a desk of ours
	TakenConflict TakenAs = "conflict" // taken, and it met something that a person has to see
	NotRead       TakenAs = "not_read" // it is in no form that could be read, or for nothing that we have
)

// Taken is what became of a line.
type Taken struct {
	Line   int
	Work   pending.Transaction // zero where the line could not be read
	As     TakenAs
	Entry  circ.EntryID  // that it has become
	Met    []circ.Remark // what stood against it
	Reason string        // why it was not read, in the reader's words
}

// Offline is how work of another tool is taken.
type Offline struct {
	Format  pending.Format
	Library policy.LibraryID // where it was done
}

// offlineHand begins the desk and the operator of what another tool has done.
const offlineHand = "offline:"

// offlineAtOnce is how many lines are taken in one transaction.
const offlineAtOnce = 50

// allRights are those of work that has been done: what may be, was decided there.
func allRights() []circ.Right {
	return []circ.Right{circ.RightCirculate, circ.RightOverride, circ.RightMoney, circ.RightManager}
}

// TakeOffline takes what another tool has done offline as facts: nothing is refused, what
// stands against a line becomes a conflict, and one that names nobody or nothing that is
// known is kept as one, too. Lines are taken in the order of their times, registrations
// first. What was taken before, from this file or from another one that has the same line,
// is not taken again; nor is an entry that a desk of ours had written into such a file. The
// file's desk is made from its contents. told hears of every line, in the order in which
// they are dealt with, once what it tells is durable.
func (s *Server) TakeOffline(ctx context.Context, o Offline, file []byte, told func(Taken) error) error {
	set := s.rules
	if err := s.HTTP.Server.Look(ctx, func(t *hubserver.Turn) error {
		set = t.Rules
		return nil
	}); err != nil {
		return err
	}
	all, problems := o.Format.Read(file, pending.Target{Zone: set.Location(o.Library), Currency: set.Currency()})
	for _, p := range problems {
		if err := told(Taken{Line: p.Line, As: NotRead, Reason: p.Text}); err != nil {
			return err
		}
	}
	first := func(t pending.Transaction) int {
		if t.Kind == pending.Registration {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(all, func(a, b pending.Transaction) int {
		return cmp.Or(cmp.Compare(first(a), first(b)), a.At.Compare(b.At))
	})
	sum := sha256.Sum256(file)
	k := taking{Offline: o, desk: circ.DeskID(offlineHand + o.Format.Name + "-" + hex.EncodeToString(sum[:4])), seen: map[string]int{}}
	ids := make([]circ.EntryID, len(all))
	for i, t := range all {
		ids[i] = k.id(t)
	}
	for from := 0; from < len(all); from += offlineAtOnce {
		to := min(from+offlineAtOnce, len(all))
		var out []Taken
		err := s.HTTP.Server.Here(ctx, func(t *hubserver.Turn) error {
			out = out[:0]
			for i := from; i < to; i++ {
				one, err := k.take(ctx, t, ids[i], all[i])
				if err != nil {
					return fmt.Errorf("take line %d: %w", all[i].Line, err)
				}
				out = append(out, one)
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, one := range out {
			if err := told(one); err != nil {
				return err
			}
		}
	}
	return nil
}

// taking is a file on its way into the store.
type taking struct {
	Offline
	desk circ.DeskID
	seen map[string]int // how often a line was met in this file
}

// id makes the id of what a line becomes, from what it says: the same line of another
// file is the same work. Of lines of one file that say the same each is one.
func (k *taking) id(t pending.Transaction) circ.EntryID {
	t.Line = 0
	says := fmt.Sprintf("circdesk offline\n%s\n%q\n%s\n%s\n%q\n%q\n%s\n%s\n%d %s\n%d\n%q", k.Format.Name, t.Entry, t.Kind, t.At.UTC().Format(time.RFC3339Nano), t.Card, t.Barcode,
		t.Due.UTC().Format(time.RFC3339Nano), t.Back.UTC().Format(time.RFC3339Nano), t.Amount.Minor, t.Amount.Currency, t.Count, t.Person)
	n := k.seen[says]
	k.seen[says]++
	return circ.EntryID(circ.NewID(circ.EntryID(says), "offline", n))
}

// take takes one line.
func (k *taking) take(ctx context.Context, t *hubserver.Turn, id circ.EntryID, w pending.Transaction) (out Taken, err error) {
	out = Taken{Line: w.Line, Work: w, As: TakenNow, Entry: id}
	for _, known := range []circ.EntryID{w.Entry, id} {
		if known == "" {
			continue
		}
		r, _, found, err := t.Earlier(ctx, known)
		if err != nil {
			return out, err
		}
		if found {
			out.As, out.Entry, out.Met = TakenBefore, known, r.Objections
			return out, nil
		}
	}
	for n := range max(1, w.Count) { // each use is one
		did := id
		if n > 0 {
			did = circ.EntryID(circ.NewID(id, "offline", n))
		}
		met, err := k.record(ctx, t, did, w)
		if err != nil {
			return out, err
		}
		out.Met = append(out.Met, met...)
	}
	if len(out.Met) > 0 {
		out.As = TakenConflict
	}
	return out, nil
}

// record writes one thing down that has happened.
func (k *taking) record(ctx context.Context, t *hubserver.Turn, id circ.EntryID, w pending.Transaction) ([]circ.Remark, error) {
	who, missing, err := k.person(ctx, t, w)
	if err != nil {
		return nil, err
	}
	a := circ.Act{
		ID: id, Desk: k.desk, Library: k.Library, Operator: circ.OperatorID(k.desk), At: w.At.UTC(), Zone: t.Rules.Location(k.Library).String(), Command: commandOf(w, who),
	}
	if limit := t.Now; a.At.After(limit) || a.At.IsZero() {
		a.At = limit
	}
	c, err := t.Case(ctx, a, allRights())
	if err != nil {
		return nil, err
	}
	it, _ := c.Item("", w.Barcode)
	if at := it.Apart(k.desk, a.At); !at.Equal(a.At) { // the times of files are seconds, or minutes
		a.At = at
		if c, err = t.Case(ctx, a, allRights()); err != nil {
			return nil, err
		}
	}
	events, why := k.events(c, w, who)
	j, err := t.Tell(ctx, a, events, allRights())
	if err != nil {
		return nil, err
	}
	j.Receipt.Objections = append(j.Receipt.Objections, append(missing, why...)...)
	return j.Receipt.Objections, t.Keep(ctx, j)
}

// person gives who a card belongs to, or what to say where nobody has it.
func (k *taking) person(ctx context.Context, t *hubserver.Turn, w pending.Transaction) (p circ.Patron, missing []circ.Remark, err error) {
	if w.Card == "" || w.Kind == pending.Registration {
		return p, nil, nil
	}
	rows, err := t.Read(ctx, []circ.Want{circ.ByKey(circ.KindCard, w.Card)})
	if err != nil {
		return p, nil, err
	}
	for _, row := range rows[0] {
		id := row.(circ.Card).Patron
		for range 8 { // pointers of merged records
			found, err := t.Read(ctx, []circ.Want{circ.ByKey(circ.KindPatron, string(id))})
			if err != nil || len(found[0]) == 0 {
				break
			}
			if p = found[0][0].(circ.Patron); p.Merged == "" {
				return p, nil, nil
			}
			id = p.Merged
		}
	}
	return circ.Patron{}, []circ.Remark{{Reason: circ.UnknownPatron, Text: text.Clean(w.Card, 60), Amount: w.Amount}}, nil
}

// commandOf gives what was done as we say it.
func commandOf(w pending.Transaction, who circ.Patron) circ.Command {
	switch w.Kind {
	case pending.Loan:
		return circ.CheckOut{Card: w.Card, Barcode: w.Barcode}
	case pending.Renewal:
		return circ.Renew{Barcode: w.Barcode}
	case pending.Return:
		return circ.CheckIn{Barcode: w.Barcode, Date: w.Back}
	case pending.Payment:
		return circ.Pay{Patron: who.ID, Amount: w.Amount}
	case pending.InHouseUse:
		return circ.Use{Barcode: w.Barcode}
	case pending.Registration:
		clean := func(s string) string { return text.Clean(s, 200) }
		return circ.Register{Patron: circ.Patron{
			Card: w.Card, Family: clean(w.Person.Family), Given: clean(w.Person.Given), Birth: clean(w.Person.Birth), Street: clean(w.Person.Street),
			Postcode: clean(w.Person.Postcode), City: clean(w.Person.City), Phone: clean(w.Person.Phone), Email: clean(w.Person.Email),
		}}
	}
	return circ.UnknownCommand{As: string(w.Kind)}
}

// events gives what has happened, as it would have been decided had everything that
// stands against it been allowed; with the date that the other tool has told. Where no
// decision comes to that, the bare fact, or the reasons why there is none.
func (k *taking) events(c *circ.Case, w pending.Transaction, who circ.Patron) (events []circ.Event, why []circ.Remark) {
	d := allowed(c)
	if d.Done() {
		return promised(d.Events, w.Due), nil
	}
	it, _ := c.Item("", w.Barcode)
	loan, lent := c.Loan(it.Loan)
	act := c.Act
	switch {
	case it.ID == "":
	case w.Kind == pending.Loan && who.ID != "", w.Kind == pending.Renewal && who.ID != "" && !lent:
		due, steps := k.due(c, w, who, it)
		out := circ.CheckedOut{
			Loan: circ.LoanID(circ.NewID(act.ID, circ.KindLoan, 0)), Item: it.ID, Patron: who.ID, At: act.At, Due: due, Why: steps, Desk: k.desk, Library: k.Library, Operator: act.Operator,
		}
		return []circ.Event{out}, nil
	case w.Kind == pending.Renewal && lent:
		has, _ := c.Patron(loan.Patron)
		due, steps := k.due(c, w, has, it)
		return []circ.Event{circ.Renewed{
			Loan: loan.ID, Item: it.ID, Patron: loan.Patron, ID: circ.NewID(act.ID, "renewal", 0), At: act.At, Due: due, Why: steps, Desk: k.desk, Library: k.Library, Operator: act.Operator,
		}}, nil
	case w.Kind == pending.Return:
		return []circ.Event{circ.Seen{Item: it.ID, At: act.At, Desk: k.desk, Library: k.Library}}, nil
	}
	for _, m := range slices.Concat(d.Refused, d.Ask) {
		if m.Reason == circ.UnknownPatron && w.Card != "" { // said with its card already
			continue
		}
		if m.Amount.Minor == 0 {
			m.Amount = w.Amount
		}
		why = append(why, m)
	}
	return nil, why
}

// due gives the date that was told, or the rules' one.
func (k *taking) due(c *circ.Case, w pending.Transaction, who circ.Patron, it circ.Item) (time.Time, []policy.Step) {
	if !w.Due.IsZero() {
		return w.Due, []policy.Step{{Code: policy.StepOwnDate, At: w.Due}}
	}
	terms := c.Rules.Terms(policy.Query{Group: who.Group, Type: it.Type, Library: k.Library, Location: it.Location, At: c.Act.At})
	lent, _ := terms.Lending(false)
	if due, steps := c.Rules.Due(c.Act.At, k.Library, lent); !due.IsZero() {
		return due, steps
	}
	return c.Act.At, nil
}

// allowed decides an act as if everything that stands against it had been allowed. The
// case keeps its act.
func allowed(c *circ.Case) circ.Decision {
	over, rights := c.Act.Over, c.Rights
	defer func() { c.Act.Over, c.Rights = over, rights }()
	d := circ.Decide(c)
	for range 3 { // a yes may bring a further question
		if len(d.Refused) > 0 || len(d.Ask) == 0 {
			break
		}
		for _, m := range d.Ask {
			c.Act.Over = append(slices.Clip(c.Act.Over), m.Reason)
		}
		d = circ.Decide(c)
	}
	return d
}

// promised puts the date that was told into what was lent or renewed; zero: none was.
func promised(events []circ.Event, due time.Time) []circ.Event {
	if due.IsZero() {
		return events
	}
	why := []policy.Step{{Code: policy.StepOwnDate, At: due}}
	for i, e := range events {
		switch e := e.(type) {
		case circ.CheckedOut:
			e.Due, e.Why = due, why
			events[i] = e
		case circ.Renewed:
			e.Due, e.Why = due, why
			events[i] = e
		}
	}
	return events
}

// Excepted is what became of one exception of another system.
type Excepted struct {
	N       int          // in the file, from 1
	Entry   circ.EntryID // of our journal; empty: it names none
	Code    string       // what the other system says, in its own word
	Barcode string
	As      ExceptedAs
}

// ExceptedAs says what became of an exception. It stands in JSON: never renamed.
type ExceptedAs string

// What becomes of an exception.
const (
	ExceptionRaised ExceptedAs = "raised" // a conflict of ours now
	ExceptionJoined ExceptedAs = "joined" // with the conflict that the entry has already
	ExceptionKnown  ExceptedAs = "known"  // it was there before
	ExceptionOther  ExceptedAs = "other"  // of no entry that this server has
)

// TakeExceptions makes the exceptions of another system, to which journals were exported,
// conflicts of the entries that they name. Taken twice they are once.
func (s *Server) TakeExceptions(ctx context.Context, all []pending.Exception, told func(Excepted) error) error {
	for _, x := range all {
		var out Excepted
		if err := s.HTTP.Server.Here(ctx, func(t *hubserver.Turn) (err error) {
			out, err = takeException(ctx, t, x)
			return err
		}); err != nil {
			return fmt.Errorf("take exception %d: %w", x.N, err)
		}
		if err := told(out); err != nil {
			return err
		}
	}
	return nil
}

func takeException(ctx context.Context, t *hubserver.Turn, x pending.Exception) (out Excepted, err error) {
	out = Excepted{N: x.N, Entry: x.Entry, Code: x.Code, Barcode: x.Barcode, As: ExceptionOther}
	if x.Entry == "" {
		return out, nil
	}
	r, act, found, err := t.Earlier(ctx, x.Entry)
	if err != nil || !found {
		return out, err
	}
	why := circ.Remark{Reason: circ.SystemRefused, Text: text.Clean(strings.TrimSpace(x.Code+" "+x.Text), 200)}
	rows, err := t.Read(ctx, []circ.Want{circ.ByKey(circ.KindConflict, string(x.Entry))})
	if err != nil {
		return out, err
	}
	raised := circ.Raise(act, r.Events, append(slices.Clone(r.Objections), why), r.Verdict == journal.Rejected, t.Now)
	out.As = ExceptionRaised
	for _, row := range rows[0] {
		was := row.(circ.Conflict)
		if was.Class == "" {
			continue
		}
		if slices.ContainsFunc(was.Met, func(m circ.Remark) bool { return m.Reason == why.Reason && m.Text == why.Text }) {
			out.As = ExceptionKnown
			return out, nil
		}
		raised = circ.Raise(act, r.Events, append(slices.Clone(was.Met), why), was.Rejected, was.Found)
		raised.Conflict.Of = was.Of
		out.As = ExceptionJoined
	}
	desk := circ.DeskID(offlineHand + "exceptions")
	a := circ.Act{
		ID: circ.EntryID(circ.NewID(x.Entry, "exception "+circ.Kind(why.Text), 0)), Desk: desk, Library: act.Library, Operator: circ.OperatorID(desk),
		At: t.Now, Zone: act.Zone, Command: circ.CarryConflict{Conflict: raised.Conflict},
	}
	j, err := t.Tell(ctx, a, []circ.Event{raised}, allRights())
	if err != nil {
		return out, err
	}
	j.Receipt.Objections = nil // that the entry has a conflict already is what it is joined with
	return out, t.Keep(ctx, j)
}
