package desk

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/policy"
)

// WorkKind says what waits for somebody's work. It is for programs: never renamed.
type WorkKind string

// The kinds.
const (
	WorkIncomplete WorkKind = "incomplete" // came back without all its parts
	WorkClaimed    WorkKind = "claimed"    // the patron says that it was returned
	WorkMissing    WorkKind = "missing"    // it is searched for
	WorkDamaged    WorkKind = "damaged"
	WorkLongLate   WorkKind = "long_overdue" // as the rules say
)

// WorkStep is what is to be done next. It is for programs: never renamed.
type WorkStep string

// The steps.
const (
	StepCall   WorkStep = "call"   // the patron
	StepWait   WorkStep = "wait"   // for the patron, until Next
	StepDecide WorkStep = "decide" // called often enough: bill it, or give it up
	StepLost   WorkStep = "lost"   // called often enough: say that it is lost
	StepSearch WorkStep = "search" // on the shelves
	StepRest   WorkStep = "rest"   // it was searched for; again at Next
	StepMend   WorkStep = "mend"   // or withdraw it
)

// Work is one thing that waits for somebody's work.
type Work struct {
	N          int // its number in the list, from 1
	Kind       WorkKind
	Since      time.Time
	Item       circ.ItemID
	Barcode    string
	Title      string
	CallNumber string
	Text       string // the parts that are missing; what is wrong
	Patron     circ.PatronID
	Person     string // whose loan it is; empty: nobody's, or nobody is to know
	Phone      string
	Times      int       // how often it was searched for, or the patron was called
	Last       time.Time // the last time; zero: never
	Step       WorkStep
	Next       time.Time // when the step is due; zero: now
}

// Due reports whether the next step is due at an instant.
func (w Work) Due(at time.Time) bool { return !w.Next.After(at) }

// callsEnough is after how many calls somebody has to decide.
const callsEnough = 3

// workKinds are the kinds of the worklist, each with its index and with what it makes
// of a row of it; false: the row is of another kind. Of what is long overdue there is
// no index of its own: it becomes so by itself.
var workKinds = []struct {
	kind  WorkKind
	index circ.Index
	of    func(w *Work, r circ.Row, every time.Duration) bool
}{
	{WorkIncomplete, circ.LoanWork, ofIncomplete},
	{WorkClaimed, circ.LoanWork, ofClaimed},
	{WorkMissing, circ.ItemWork, ofMissing},
	{WorkDamaged, circ.ItemWork, ofDamaged},
	{WorkLongLate, circ.DueOf, ofLongLate},
}

// WorkKinds gives the kinds in the order in which they are told.
func WorkKinds() (all []WorkKind) {
	for _, k := range workKinds {
		all = append(all, k.kind)
	}
	return all
}

func ofIncomplete(w *Work, r circ.Row, _ time.Duration) bool {
	l, ok := r.(circ.Loan)
	if !ok || !l.Incomplete() {
		return false
	}
	w.Since, w.Text = l.Marked.Back, circ.PartsText(l.Marked.Missing)
	w.called(l, l.Marked.Back)
	return true
}

func ofClaimed(w *Work, r circ.Row, every time.Duration) bool {
	l, ok := r.(circ.Loan)
	if !ok || l.Marked.State != circ.LoanClaimed {
		return false
	}
	w.Since = l.Marked.At
	w.called(l, l.Marked.At)
	if w.Times == 0 {
		w.Step, w.Next = StepSearch, time.Time{}
	}
	return true
}

// called says of a loan how often its patron was called since, and what is next.
func (w *Work) called(l circ.Loan, since time.Time) {
	w.Item, w.Patron, w.Step = l.Item, l.Patron, StepCall
	for _, c := range l.Calls {
		if c.At.Before(since) {
			continue
		}
		w.Times, w.Last, w.Next = w.Times+1, c.At, c.Again
	}
	switch {
	case !w.Next.IsZero():
		w.Step = StepWait
	case w.Times >= callsEnough:
		w.Step = w.Kind.enough()
	}
}

// enough gives what is next when a patron was called often enough.
func (k WorkKind) enough() WorkStep {
	if k == WorkLongLate {
		return StepLost
	}
	return StepDecide
}

func ofMissing(w *Work, r circ.Row, every time.Duration) bool {
	it, ok := r.(circ.Item)
	if !ok || it.Mark.State != circ.ItemMissing {
		return false
	}
	w.Item, w.Text, w.Since, w.Step = it.ID, it.Mark.Text, it.Mark.At, StepSearch
	if n := len(it.Mark.Rounds); n > 0 {
		w.Times, w.Since, w.Last = n, it.Mark.Rounds[0], it.Mark.Rounds[n-1]
		w.Step, w.Next = StepRest, w.Last.Add(every)
	}
	return true
}

func ofDamaged(w *Work, r circ.Row, _ time.Duration) bool {
	it, ok := r.(circ.Item)
	if !ok || it.Mark.State != circ.ItemDamaged {
		return false
	}
	w.Item, w.Text, w.Since, w.Step = it.ID, it.Mark.Text, it.Mark.At, StepMend
	return true
}

// ofLongLate takes a loan that is long overdue already; see [facts.longLate].
func ofLongLate(w *Work, r circ.Row, _ time.Duration) bool {
	l, ok := r.(circ.Loan)
	if !ok {
		return false
	}
	w.Since = l.Due
	w.called(l, l.Due)
	return true
}

// ListWork gives what waits for somebody's work at a library, what waits the longest
// first; lib empty: the desk's, kind empty: all kinds. It is read from the desk's own
// copy. Nobody's name is in it.
func ListWork(ctx context.Context, d *local.Desk, lib policy.LibraryID, kind WorkKind) (all []Work, err error) {
	lib = cmp.Or(lib, d.Library)
	f := &facts{ctx: ctx, rules: d.Policy()}
	now := d.Now()
	err = d.View(ctx, func(r journal.Reader) error {
		f.r, f.err = r, nil
		all = f.worklist(lib, kind, now, false)
		return f.err
	})
	if err != nil {
		return nil, fmt.Errorf("read the worklist of %s at desk %s: %w", lib, d.ID, err)
	}
	return all, nil
}

// worklist reads the list; named: with the names of persons.
func (f *facts) worklist(lib policy.LibraryID, kind WorkKind, now time.Time, named bool) (all []Work) {
	rows := map[circ.Index][]circ.Row{}
	for _, k := range workKinds {
		if kind != "" && k.kind != kind {
			continue
		}
		if _, read := rows[k.index]; !read {
			rows[k.index] = f.waiting(k.index, lib, now)
		}
		for _, r := range rows[k.index] {
			w := Work{Kind: k.kind}
			if k.of(&w, r, f.rules.SearchEvery()) {
				all = append(all, w)
			}
		}
	}
	slices.SortFunc(all, func(a, b Work) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Item, b.Item)) })
	f.join(all, f.rules.DayEnd(lib, now), named)
	return all
}

// waiting gives the rows of an index of the worklist.
func (f *facts) waiting(i circ.Index, lib policy.LibraryID, now time.Time) []circ.Row {
	if i == circ.DueOf {
		return f.longLate(lib, now)
	}
	return f.whole(i, string(lib))
}

// longLate gives the loans that are long overdue.
func (f *facts) longLate(lib policy.LibraryID, now time.Time) (loans []circ.Row) {
	if f.err != nil || !f.rules.LongOverdue() {
		return nil
	}
	late, _, err := local.ReadOverdue(f.ctx, f.r, f.rules, lib, now, math.MaxInt)
	f.err = err
	for _, o := range late {
		if o.Long {
			loans = append(loans, o.Loan)
		}
	}
	return loans
}

// join fills in what is next by the end of today, the items and titles, and the persons where they are named.
func (f *facts) join(all []Work, today time.Time, named bool) {
	var itemIDs []circ.ItemID
	for _, w := range all {
		itemIDs = append(itemIDs, w.Item)
	}
	items := many[circ.ItemID, circ.Item](f, circ.KindItem, itemIDs)
	var titleIDs []circ.TitleID
	for _, it := range items {
		titleIDs = append(titleIDs, it.Title)
	}
	titles := many[circ.TitleID, circ.Title](f, circ.KindTitle, titleIDs)
	for i := range all {
		w, it := &all[i], items[all[i].Item]
		w.N, w.Barcode, w.CallNumber = i+1, clean(it.Barcode), clean(it.CallNumber)
		w.Title, w.Text = clean(titles[it.Title].Title), clean(w.Text)
		w.inTime(today)
		if p, ok := f.patron(w.Patron); named && ok {
			w.Person, w.Phone = personName(p), clean(p.Phone)
		}
		if !named {
			w.Patron = ""
		}
	}
}

// inTime says again what is next, where its day has come. today is its end.
func (w *Work) inTime(today time.Time) {
	switch {
	case !w.Due(today):
	case w.Step == StepRest:
		w.Step = StepSearch
	case w.Step == StepWait && w.Times >= callsEnough:
		w.Step = w.Kind.enough()
	case w.Step == StepWait:
		w.Step = StepCall
	}
}
