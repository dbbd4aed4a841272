package siptest

import (
	"slices"
	"sync"
	"time"
)

// Patron is a person with a card.
type Patron struct {
	ID      string
	Name    string
	PIN     string // "": any is right
	Blocked bool
	Expires time.Time // zero: never
	Limit   int       // of loans; 0: 50
	Email   string
	Home    string // library
}

// Item is one copy.
type Item struct {
	ID         string
	Title      string
	Home       string // where it belongs; "": at the [Library.Institution]
	Media      string // CK; "": 001
	Fee        int64  // in minor units, for each loan
	Renewals   int    // how often a loan may be renewed; 0: 10
	Collection string
	CallNumber string
}

// Loan is an item out.
type Loan struct {
	Patron, Item string
	Since, Due   time.Time
	Renewals     int
}

// Fee is what a patron owes.
type Fee struct {
	ID     string
	Patron string
	Amount int64 // in minor units; what is left of it
	Type   string
	Why    string
}

// Payment is money that was booked.
type Payment struct {
	Patron        string
	Amount        int64 // in minor units
	Type          string
	FeeID         string // "": none was named
	TransactionID string
	At            time.Time
}

// What says what a library did.
type What string

// The deeds.
const (
	CheckedOut What = "checked out"
	Renewed    What = "renewed"
	CheckedIn  What = "checked in"
	Paid       What = "paid"
	Requested  What = "requested"
	Cancelled  What = "cancelled"
	Blocked    What = "blocked"
	Enabled    What = "enabled"
	Marked     What = "marked" // an item's properties
	Ended      What = "ended"  // a patron's session
)

// Deed is one thing that the library did.
type Deed struct {
	What         What
	Patron, Item string
	Amount       int64     // of a payment, in minor units
	Due          time.Time // of a check-out or renewal
	At           time.Time // when it counts from: the return date, where it is honoured
	NoBlock      bool      // it was told as done already
}

// hold is a patron's request for one copy.
type hold struct {
	patron, item string
	shelf        bool
	pickup       string
}

// Library is one library system. Make it with [New]; it may be called from many
// goroutines.
type Library struct {
	Dialect     Dialect
	Institution string         // AO, and the library where its terminals stand unless their login says otherwise
	Currency    string         // ISO 4217, with two decimals
	Zone        *time.Location // of the dates it writes
	LoanDays    int
	FeeLimit    int64         // of what may be owed at a loan, in minor units; 0: no limit
	Latency     time.Duration // how long it thinks about each answer

	mu       sync.Mutex
	clock    func() time.Time
	patrons  map[string]*Patron
	items    map[string]*Item
	loans    map[string]*Loan // by item
	requests []hold
	fees     []Fee
	payments []Payment
	deeds    []Deed
	logins   map[string]Login
	heard    []string
	told     map[string]bool // kinds of messages that a 98 was told instead of, where the dialect announces
	announce int             // how many of the next answers are a 98
	trouble  map[string][]trouble
	numbered int // fees so far
	open     int // connections
	most     int
	total    int
}

// Login is a terminal that may sign in.
type Login struct {
	User, Password string
	Location       string // where the terminal stands; "": as the CP of its login says
}

// trouble is an error of the system's own at a message.
type trouble struct{ after bool }

// New makes a library that has nothing, at noon of 26 November 2026 in UTC.
// Without logins nobody has to sign in, and anybody may.
func New(d Dialect) *Library {
	noon := time.Date(2026, time.November, 26, 12, 0, 0, 0, time.UTC)
	return &Library{
		Dialect: d, Institution: "main", Currency: "EUR", Zone: time.UTC, LoanDays: 21,
		clock: func() time.Time { return noon }, patrons: make(map[string]*Patron), items: make(map[string]*Item),
		loans: make(map[string]*Loan), logins: make(map[string]Login), told: make(map[string]bool),
		trouble: make(map[string][]trouble),
	}
}

// SetNow sets the library's clock, which stands until it is set again.
func (l *Library) SetNow(now time.Time) { l.SetClock(func() time.Time { return now }) }

// SetClock gives the library a clock.
func (l *Library) SetClock(now func() time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.clock = now
}

// AddLogin lets a terminal sign in. From the first one on all have to.
func (l *Library) AddLogin(a Login) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.logins[a.User] = a
}

// AddPatron adds or replaces a patron.
func (l *Library) AddPatron(p Patron) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.patrons[p.ID] = &p
}

// AddItem adds or replaces an item.
func (l *Library) AddItem(i Item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.items[i.ID] = &i
}

// AddLoan lends an item as somebody at another desk did. It is none of the deeds.
func (l *Library) AddLoan(a Loan) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.loans[a.Item] = &a
}

// AddFee lets a patron owe something. A fee without an id gets one.
func (l *Library) AddFee(f Fee) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.charge(f)
}

// AddRequest lets a patron wait for a copy.
func (l *Library) AddRequest(patron, item string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests = append(l.requests, hold{patron: patron, item: item, pickup: l.Institution})
}

// Announce lets the next n answers to anything but a login be a 98. What was
// asked is not done then.
func (l *Library) Announce(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.announce += n
}

// Crash lets the next message of a code meet an error of the system's own: the
// connection ends without an answer, or a line of text comes that is no SIP2, as
// the dialect has it. after: what was asked is done all the same.
func (l *Library) Crash(code string, after bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.trouble[code] = append(l.trouble[code], trouble{after})
}

// Loans returns what is out, in the order of the items.
func (l *Library) Loans() []Loan {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []Loan
	for _, loan := range l.loans {
		all = append(all, *loan)
	}
	slices.SortFunc(all, func(a, b Loan) int { return compare(a.Item, b.Item) })
	return all
}

// Loan returns the loan of an item. ok is false where it is not out.
func (l *Library) Loan(item string) (a Loan, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if loan := l.loans[item]; loan != nil {
		return *loan, true
	}
	return Loan{}, false
}

// Deeds returns all that was done, in its order.
func (l *Library) Deeds() []Deed {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.deeds)
}

// Count returns how often something was done with an item, or with a patron
// where item is "".
func (l *Library) Count(w What, patron, item string) int {
	n := 0
	for _, d := range l.Deeds() {
		if d.What == w && (patron == "" || d.Patron == patron) && (item == "" || d.Item == item) {
			n++
		}
	}
	return n
}

// Renewals returns how often loans of an item were renewed, whoever had them.
func (l *Library) Renewals(item string) int { return l.Count(Renewed, "", item) }

// Payments returns the money that was booked, in its order.
func (l *Library) Payments() []Payment {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.payments)
}

// Owes returns what a patron owes, in minor units.
func (l *Library) Owes(patron string) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.owes(patron)
}

// Fees returns a patron's fees that are not paid, in their order.
func (l *Library) Fees(patron string) []Fee {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []Fee
	for _, f := range l.fees {
		if f.Patron == patron {
			all = append(all, f)
		}
	}
	return all
}

// Waiting returns who waits for an item, the first in the line first.
func (l *Library) Waiting(item string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for _, r := range l.requests {
		if r.item == item {
			all = append(all, r.patron)
		}
	}
	return all
}

// Heard returns all messages that came in whole and intact, without their
// terminators, in the order in which they came.
func (l *Library) Heard() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.heard)
}

// HeardCodes returns the codes of [Library.Heard].
func (l *Library) HeardCodes() []string {
	all := l.Heard()
	for i, m := range all {
		all[i] = m[:2]
	}
	return all
}

// Connections returns how many connections are open, how many were at most at
// one time, and how many there have been.
func (l *Library) Connections() (open, most, total int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.open, l.most, l.total
}
