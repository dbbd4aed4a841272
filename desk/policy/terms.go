package policy

import (
	"math/bits"
	"time"
)

// Query asks for the terms that hold in one case. An empty field fits only rows
// that do not name it.
type Query struct {
	Group    Group
	Type     ItemType
	Library  LibraryID  // where it is done, not where the item belongs
	Location LocationID // where the item stands in the library it belongs to
	At       time.Time  // when; no number depends on it yet
}

// Terms are the numbers of the library for one case. Limits below zero are none.
type Terms struct {
	Loanable       bool
	Period         Period
	Renewals       int    // how often; below zero: any number of times
	RenewPeriod    Period // zero: as Period
	MaxLoans       int    // all loans of the person, this one included; below zero: no limit
	MaxRequests    int    // all open requests of the person; below zero: no limit
	MaxOwed        int64  // minor units; more is asked about; below zero: no limit
	Fine           int64  // minor units for each FineEvery that it is late: see [Set.Fine]
	MaxFine        int64  // minor units, for one loan; below zero: no limit
	ShelfDays      int    // open days on the hold shelf: see [Set.ShelfUntil]
	DoubleScan     time.Duration
	RenewMinGain   time.Duration // a renewal must move the due date by at least this
	WaitedPeriod   Period        // of a check-out while others wait; zero: as Period
	DueByExpiry    bool          // nothing is due after the patron's card has expired
	Schedule       string        // of a period that ends with a term
	DueBy          string        // see [Lending.DueBy]
	ClosedDays     Closed        // "": as the library says
	ClosedHours    ClosedHours   // "": as the library says
	Overnight      time.Duration // see [Lending.Overnight]
	Morning        time.Duration // see [Lending.Morning]
	FineEvery      Period        // minutes, hours, days or weeks
	FineCharged    Charged       // which intervals are charged
	FineGrace      Period        // so late costs nothing; zero: none
	FineClosed     bool          // closed time is charged, too
	FinePrice      bool          // a fee is never more than the price
	Price          int64         // minor units, to replace an item whose own price nobody knows; below zero: not known
	Suspend        Suspension    // of a person who was late; zero: none
	Processing     int64         // minor units, beside the price of what is lost
	Refund         int           // percent of the price that is given back for what was lost and comes back
	RefundWithin   Period        // after it was lost, for that; zero: at any time
	MaxOverdue     int           // overdue loans of a person while more may be lent; below zero: any number
	MinAge         int           // years that whoever borrows has at least
	MaxAge         int           // and at most; below zero: any age
	GuarantorUnder int           // who is younger needs a guarantor; 0: nobody does
	LongOverdue    Period        // after it was due, a loan is long overdue; zero: never
	MaxClaims      int           // items that a person may say to have returned; below zero: no limit

	Recallable      bool
	RecallReturn    Period // from a recall until it is due: see [Set.Recall]
	RecallGuarantee Period // a patron keeps it at least so long, whatever is recalled; zero: not at all
	RecallFine      int64  // instead of Fine, of what is late by a recall; below zero: as Fine
	RecallGrace     bool   // FineGrace holds for what is late by a recall, too

	RequestFee         int64 // minor units, as a request is placed
	CardFee            int64 // as somebody is registered
	CardRenewalFee     int64 // as a card is made valid for longer
	CardReplacementFee int64 // as somebody gets another card

	from *[numbers]*answers // who gave each number; nil: they are made by hand
}

// BuiltIn gives the numbers for which neither a row nor [default] speaks. They
// have no trace.
func BuiltIn() Terms {
	return Terms{
		Loanable:     true,
		Period:       Period{14, Days},
		Renewals:     2,
		MaxLoans:     20,
		MaxRequests:  10,
		MaxOwed:      NoLimit,
		MaxFine:      NoLimit,
		ShelfDays:    7,
		DoubleScan:   10 * time.Second,
		RenewMinGain: time.Minute,
		FineEvery:    Period{1, Days},
		FineCharged:  Begun,
		Price:        NoLimit,
		Suspend:      Suspension{Every: Period{1, Days}, Most: NoLimit},
		Refund:       100,
		MaxClaims:    NoLimit,
		MaxOverdue:   NoLimit,
		MaxAge:       NoLimit,
		RecallReturn: Period{7, Days},
		RecallFine:   NoLimit,
		RecallGrace:  true,
	}
}

// builtIn is [BuiltIn] as a row: it has every number.
func builtIn() answers {
	t := BuiltIn()
	var a answers
	for n, v := range [numbers]value{
		loanable:       {n: 1},
		period:         {n: int64(t.Period.N), unit: t.Period.Unit},
		renewals:       {n: int64(t.Renewals)},
		renewPeriod:    {},
		maxLoans:       {n: int64(t.MaxLoans)},
		maxRequests:    {n: int64(t.MaxRequests)},
		maxOwed:        {n: t.MaxOwed},
		fine:           {},
		maxFine:        {n: t.MaxFine},
		shelfDays:      {n: int64(t.ShelfDays)},
		doubleScan:     {n: int64(t.DoubleScan)},
		renewMinGain:   {n: int64(t.RenewMinGain)},
		waitedPeriod:   {},
		scheduleOf:     {},
		dueBy:          {},
		dueByExpiry:    {},
		closedDays:     {},
		closedHours:    {},
		overnight:      {},
		morning:        {},
		fineEvery:      {n: int64(t.FineEvery.N), unit: t.FineEvery.Unit},
		fineCharged:    {text: string(t.FineCharged)},
		fineGrace:      {},
		fineClosed:     {},
		finePrice:      {},
		price:          {n: t.Price},
		suspendDays:    {},
		suspendEvery:   {n: int64(t.Suspend.Every.N), unit: t.Suspend.Every.Unit},
		suspendMost:    {n: int64(t.Suspend.Most)},
		processing:     {},
		refund:         {n: int64(t.Refund)},
		refundWithin:   {},
		maxClaims:      {n: int64(t.MaxClaims)},
		maxOverdue:     {n: int64(t.MaxOverdue)},
		minAge:         {},
		maxAge:         {n: int64(t.MaxAge)},
		guarantorUnder: {},
		longOverdue:    {},

		recallable:      {},
		recallReturn:    {n: int64(t.RecallReturn.N), unit: t.RecallReturn.Unit},
		recallGuarantee: {},
		recallFine:      {n: t.RecallFine},
		recallGrace:     {n: 1},

		requestFee:         {},
		cardFee:            {},
		cardRenewalFee:     {},
		cardReplacementFee: {},
	} {
		a.give(number(n), v, "")
	}
	return a
}

// Lending gives how long a check-out is, and the code of the number that says so.
// waited: others wait for what is lent.
func (t Terms) Lending(waited bool) (Lending, string) {
	if waited && !t.WaitedPeriod.IsZero() {
		return t.Shortened()
	}
	return t.lends(t.Period), StepPeriod
}

// Shortened gives how long something is lent or renewed while others wait for it,
// where the terms have a period for that, and the code of the number that says so.
func (t Terms) Shortened() (Lending, string) { return t.lends(t.WaitedPeriod), StepWaitedPeriod }

// Renewing gives how long a renewal is from the day on which it is done, and the
// code of the number that says so.
func (t Terms) Renewing() (Lending, string) {
	if !t.RenewPeriod.IsZero() {
		return t.lends(t.RenewPeriod), StepRenewPeriod
	}
	return t.lends(t.Period), StepPeriod
}

// CapByCard gives the cap that a card sets whose last day ends then, where the terms
// say so. A card that has expired already sets none, since whoever lends on it has
// said yes to that (Evergreen ignores a ceiling that is past, too); neither does one
// without an end, the zero time.
func (t Terms) CapByCard(until, at time.Time) []Cap {
	if !t.DueByExpiry || !until.After(at) {
		return nil
	}
	return []Cap{{At: until.Add(-time.Second), Why: CapCard}}
}

func (t Terms) lends(p Period) Lending {
	return Lending{p, t.Schedule, t.DueBy, t.ClosedDays, t.ClosedHours, t.Overnight, t.Morning}
}

// A fit is what a row asks of a case; empty fields ask nothing.
type fit struct {
	location LocationID
	library  LibraryID
	group    Group
	item     ItemType
}

// A shape says which fields a row names. A greater shape is more specific: the
// bits are in the order of precedence.
type shape uint8

const (
	namesItem shape = 1 << iota
	namesGroup
	namesLibrary
	namesLocation
	shapes // how many there are
)

func (f fit) shape() (s shape) {
	if f.item != "" {
		s |= namesItem
	}
	if f.group != "" {
		s |= namesGroup
	}
	if f.library != "" {
		s |= namesLibrary
	}
	if f.location != "" {
		s |= namesLocation
	}
	return s
}

// of gives the fit that a row of the shape must have to fit the query.
func (s shape) of(q *Query) (f fit) {
	if s&namesItem != 0 {
		f.item = q.Type
	}
	if s&namesGroup != 0 {
		f.group = q.Group
	}
	if s&namesLibrary != 0 {
		f.library = q.Library
	}
	if s&namesLocation != 0 {
		f.location = q.Location
	}
	return f
}

// query asks for the case that names what the fit does, and nothing else.
func (f fit) query() Query {
	return Query{Group: f.group, Type: f.item, Library: f.library, Location: f.location}
}

// and gives what a case must be for both. False: there is none.
func (f fit) and(g fit) (fit, bool) {
	ok := agree(&f.location, g.location) && agree(&f.library, g.library) && agree(&f.group, g.group) && agree(&f.item, g.item)
	return f, ok
}

// agree narrows what one fit asks by what another does.
func agree[ID ~string](one *ID, other ID) bool {
	if *one == "" {
		*one = other
	}
	return other == "" || *one == other
}

// answers are what rows of one fit say together, number by number.
type answers struct {
	has   uint64 // a bit for each number given
	value [numbers]value
	row   [numbers]string
}

func (a *answers) gives(n number) bool { return a.has&(1<<n) != 0 }

// give sets a number; a later row replaces an earlier one.
func (a *answers) give(n number, v value, row string) {
	a.has |= 1 << n
	a.value[n], a.row[n] = v, row
}

// take takes every number that other answers have.
func (a *answers) take(more *answers) {
	for n := range numbers {
		if more.gives(n) {
			a.give(n, more.value[n], more.row[n])
		}
	}
}

// A matrix finds the numbers of a case. Rows of one shape are in one map, so a
// question costs one lookup for each shape in use, however many rows there are.
type matrix struct {
	rows     [shapes]map[fit]*answers
	fallback answers // [default] and the built-in numbers: has every number
}

func newMatrix() *matrix { return &matrix{fallback: builtIn()} }

// at gives the answers of a fit to write into.
func (m *matrix) at(f fit) *answers {
	s := f.shape()
	if m.rows[s] == nil {
		m.rows[s] = map[fit]*answers{}
	}
	a := m.rows[s][f]
	if a == nil {
		a = &answers{}
		m.rows[s][f] = a
	}
	return a
}

// giver gives the answers that a number of a case is taken from, and whom they
// are for.
func (m *matrix) giver(q *Query, n number) (fit, *answers) {
	for i := int(shapes) - 1; i >= 0; i-- {
		if rows := m.rows[i]; rows != nil {
			f := shape(i).of(q)
			if a := rows[f]; a != nil && a.gives(n) {
				return f, a
			}
		}
	}
	return fit{}, &m.fallback
}

// Terms gives the terms for a case. It always gives some: what no row says the
// set's [default] does.
func (s *Set) Terms(q Query) Terms {
	t := Terms{from: new([numbers]*answers)}
	missing := uint64(everyNumber)
	for i := int(shapes) - 1; i >= 0 && missing != 0; i-- {
		rows := s.matrix.rows[i]
		if rows == nil {
			continue
		}
		if a := rows[shape(i).of(&q)]; a != nil {
			missing = t.fill(a, missing)
		}
	}
	t.fill(&s.matrix.fallback, missing)
	return t
}

// Trace gives one step for each number, in a fixed order: which row gave it. Terms
// that no set gave have none.
func (t Terms) Trace() []Step {
	if t.from == nil {
		return nil
	}
	steps := make([]Step, numbers)
	for n := range numbers {
		steps[n] = t.step(n)
	}
	return steps
}

// StepOf gives the step of the trace with a code; false: there is none.
func (t Terms) StepOf(code string) (Step, bool) {
	for n := range numbers {
		if t.from != nil && abouts[n].key == code {
			return t.step(n), true
		}
	}
	return Step{}, false
}

func (t *Terms) step(n number) Step { return n.step(t.from[n].value[n], t.from[n].row[n]) }

// fill takes the missing numbers that the answers have, and gives those still
// missing.
func (t *Terms) fill(a *answers, missing uint64) uint64 {
	for left := a.has & missing; left != 0; left &= left - 1 {
		n := number(bits.TrailingZeros64(left))
		t.set(n, a.value[n])
		t.from[n] = a
	}
	return missing &^ a.has
}
