package circ

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"time"

	"circdesk/desk/money"
	"circdesk/desk/policy"
)

// Case is everything the engine may know about one act: the records read so
// far, the rules, and what is not known. It is filled by asking [Lacks] and
// handing what was read to [Case.Add], until nothing is lacking.
//
// A Case is used by one goroutine.
type Case struct {
	Act    Act
	Rules  *policy.Set
	Told   []Event // what a desk has told, for [Record]
	Was    *Story  // what the entry to be taken back did, for [Retract] and Undo; nil: not known
	Under  string  // the version of the rules by which it was told, for [Record]; empty: nobody knows
	Rights []Right // of the operator and of who granted the override; nil: not looked at
	// BirthKey is that of the marks of birth dates, see [BirthMark], for who is registered
	// where the dates are not; nil: there is none.
	BirthKey []byte

	records []shelf
	read    wantSet
	queues  map[TitleID]queuePage
	more    map[list]string // lists of money that go on, and the place of the last row read
	changed map[Key]Row
	last    found
}

// found are the terms that were found last: the loans of a patron have mostly the same.
type found struct {
	rules *policy.Set
	of    policy.Query
	terms *policy.Terms // never changed
}

// Story is what an entry did in the end: its act, and its events as applied.
type Story struct {
	Act    Act
	Events []Event
}

// queuePage says how far a title's queue has been read.
type queuePage struct {
	after string
	n     int
	end   bool
}

// list names a list that is read page by page to its end: no sum of money is made of
// a part of it.
type list struct {
	index Index
	of    string
}

// NewCase gives a case in which nothing is known yet.
func NewCase(a Act, rules *policy.Set) *Case {
	return &Case{
		Act: a, Rules: rules,
		records: make([]shelf, 0, 8),
		read:    wantSet{few: make([]Want, 0, 16)},
	}
}

// shelf holds the records of one kind; most cases have few.
type shelf struct {
	kind Kind
	rows []Row
	at   map[string]int // where a record is, by its id; nil: there are few
}

const fewRows = 8

func (s *shelf) find(id string) int {
	if s.at != nil {
		if i, ok := s.at[id]; ok {
			return i
		}
		return -1
	}
	return slices.IndexFunc(s.rows, func(r Row) bool { return r.Key().ID == id })
}

func (s *shelf) put(id string, r Row) {
	if i := s.find(id); i >= 0 {
		s.rows[i] = r
		return
	}
	s.rows = append(s.rows, r)
	switch {
	case s.at != nil:
		s.at[id] = len(s.rows) - 1
	case len(s.rows) > fewRows:
		s.at = make(map[string]int, max(2*len(s.rows), cap(s.rows)))
		for i, r := range s.rows {
			s.at[r.Key().ID] = i
		}
	}
}

// shelf gives the records of one kind; nil: none was read.
func (c *Case) shelf(k Kind) *shelf {
	for i := range c.records {
		if s := &c.records[i]; s.kind == k {
			return s
		}
	}
	return nil
}

// atMost says how many records of one kind there are at most.
func (c *Case) atMost(k Kind) int {
	n := len(c.changed)
	if s := c.shelf(k); s != nil {
		n += len(s.rows)
	}
	return n
}

// wantSet is a set of lookups; most cases have few.
type wantSet struct {
	few  []Want
	many map[Want]bool // those beyond
}

const fewWants = 24

// add adds a lookup; false: it was there.
func (s *wantSet) add(w Want) bool {
	switch {
	case s.has(w):
		return false
	case len(s.few) < fewWants:
		s.few = append(s.few, w)
	case s.many == nil:
		s.many = map[Want]bool{w: true}
	default:
		s.many[w] = true
	}
	return true
}

func (s *wantSet) has(w Want) bool { return s.many[w] || slices.Contains(s.few, w) }

// Add hands the case what a lookup gave. No rows means that there are none.
func (c *Case) Add(w Want, rows []Row) {
	c.read.add(w)
	c.Put(rows)
	switch w.Index {
	case FeesOf, PaymentsOf, MovesOf:
		c.turn(w, rows)
		return
	case QueueOf:
	default:
		return
	}
	if c.queues == nil {
		c.queues = map[TitleID]queuePage{}
	}
	p := queuePage{n: w.N, end: len(rows) < w.N}
	if len(rows) > 0 {
		if r, ok := rows[len(rows)-1].(Request); ok {
			p.after = r.Place()
		}
	}
	c.queues[TitleID(w.ID)] = p
}

// Put hands the case records that were read otherwise: no lookup has given them.
func (c *Case) Put(rows []Row) {
	for _, r := range rows {
		k := r.Key()
		s := c.shelf(k.Kind)
		if s == nil {
			c.records = append(c.records, shelf{kind: k.Kind, rows: make([]Row, 0, len(rows))})
			s = &c.records[len(c.records)-1]
		}
		s.put(k.ID, r)
	}
}

// turn notes whether a list goes on.
func (c *Case) turn(w Want, rows []Row) {
	k := list{w.Index, w.ID}
	if len(rows) < w.N || len(rows) == 0 {
		delete(c.more, k)
		return
	}
	if after, ok := SortIn(rows[len(rows)-1], w.Index, w.ID); ok {
		if c.more == nil {
			c.more = map[list]string{}
		}
		c.more[k] = after
	}
}

// Apply changes the records that the event touches. It is the only place that
// does. An event that touches what is not known changes nothing there.
func (c *Case) Apply(e Event) {
	if c.changed == nil {
		c.changed = map[Key]Row{}
	}
	for _, k := range e.Touches() {
		if n := e.apply(k, c.record(k)); n != nil {
			c.changed[k] = n
		}
	}
}

// Changes gives the records that were changed, in the order of their keys.
func (c *Case) Changes() []Row {
	out := slices.Collect(maps.Values(c.changed))
	slices.SortFunc(out, func(a, b Row) int { return compareKeys(a.Key(), b.Key()) })
	return out
}

func compareKeys(a, b Key) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

// hand says who changes a record by this act.
func (c *Case) hand() Hand { return Hand{c.Act.At, c.Act.Desk} }

// fork gives a case that knows the same and can be changed without this one.
func (c *Case) fork() *Case {
	f := *c
	f.changed = maps.Clone(c.changed)
	return &f
}

func (c *Case) record(k Key) Row {
	if r, ok := c.changed[k]; ok {
		return r
	}
	if s := c.shelf(k.Kind); s != nil {
		if i := s.find(k.ID); i >= 0 {
			return s.rows[i]
		}
	}
	return nil
}

func get[R Row](c *Case, k Kind, id string) (r R, ok bool) {
	if id == "" {
		return r, false
	}
	r, ok = c.record(Key{k, id}).(R)
	return r, ok
}

// rows gives the known records of one kind, in no order. Whoever looks at many asks
// for them here: a record is large, and is copied as often as it is handed on.
func (c *Case) rows(kind Kind) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		var known shelf
		if s := c.shelf(kind); s != nil {
			known = *s
		}
		for _, r := range known.rows {
			if len(c.changed) > 0 {
				if n, ok := c.changed[r.Key()]; ok {
					r = n
				}
			}
			if !yield(r) {
				return
			}
		}
		for k, r := range c.changed {
			if k.Kind == kind && known.find(k.ID) < 0 && !yield(r) {
				return
			}
		}
	}
}

func kindOf[R Row]() Kind {
	var none R
	return none.Key().Kind
}

// each gives them as what they are.
func each[R Row](c *Case) iter.Seq[R] {
	return func(yield func(R) bool) {
		for r := range c.rows(kindOf[R]()) {
			if v, ok := r.(R); ok && !yield(v) {
				return
			}
		}
	}
}

// all gives the known records of one kind that pass, in order.
func all[R Row](c *Case, pass func(R) bool, order func(a, b R) int) []R {
	var few [fewRows]Row
	found := few[:0] // a record is large: room is made for as many as there are
	for r := range c.rows(kindOf[R]()) {
		if v, is := r.(R); is && pass(v) {
			found = append(found, r)
		}
	}
	if len(found) == 0 {
		return nil
	}
	out := make([]R, len(found))
	for i, r := range found {
		out[i], _ = r.(R)
	}
	if len(out) > 1 {
		slices.SortFunc(out, order)
	}
	return out
}

// first gives the first of the known records of one kind that pass, in the order
// of less.
func first[R Row](c *Case, pass func(R) bool, order func(a, b R) int) (found R, ok bool) {
	for r := range c.rows(kindOf[R]()) {
		if v, is := r.(R); is && pass(v) && (!ok || order(v, found) < 0) {
			found, ok = v, true
		}
	}
	return found, ok
}

// count says how many of the known records of one kind pass.
func count[R Row](c *Case, pass func(R) bool) int {
	n := 0
	for r := range c.rows(kindOf[R]()) {
		if v, is := r.(R); is && pass(v) {
			n++
		}
	}
	return n
}

// mergeHops bounds how many pointers of merged patrons are followed.
const mergeHops = 8

// Patron gives a patron by id, following merged records.
func (c *Case) Patron(id PatronID) (Patron, bool) {
	for range mergeHops {
		p, ok := get[Patron](c, KindPatron, string(id))
		if !ok || p.Merged == "" {
			return p, ok && !p.Void
		}
		id = p.Merged
	}
	return Patron{}, false
}

// person gives who is meant by an id, or by a card where no id is known.
func (c *Case) person(id PatronID, card string) (Patron, bool) {
	if id == "" {
		if k, ok := c.Card(card); ok {
			id = k.Patron
		}
	}
	return c.Patron(id)
}

// Card gives a card by its number. A void card is not known.
func (c *Case) Card(number string) (Card, bool) {
	k, ok := get[Card](c, KindCard, number)
	return k, ok && k.State != CardVoid
}

// Item gives an item by id, following merged records, or by barcode where no id is known
// or the adding of the item was taken back.
func (c *Case) Item(id ItemID, barcode string) (Item, bool) {
	for range mergeHops {
		if id == "" {
			break
		}
		it, ok := get[Item](c, KindItem, string(id))
		if ok && it.unadded() && barcode != "" {
			break
		}
		if !ok || it.Merged == "" {
			return it, ok
		}
		id = it.Merged
	}
	if barcode == "" {
		return Item{}, false
	}
	return first(c, func(i Item) bool { return i.Barcode == barcode }, func(a, b Item) int { return cmp.Compare(a.ID, b.ID) })
}

// Title, Loan, Request, Fee and Block give a record by its id.
func (c *Case) Title(id TitleID) (Title, bool) { return get[Title](c, KindTitle, string(id)) }
func (c *Case) Loan(id LoanID) (Loan, bool)    { return get[Loan](c, KindLoan, string(id)) }
func (c *Case) Request(id RequestID) (Request, bool) {
	return get[Request](c, KindRequest, string(id))
}
func (c *Case) Fee(id FeeID) (Fee, bool)       { return get[Fee](c, KindFee, string(id)) }
func (c *Case) Block(id BlockID) (Block, bool) { return get[Block](c, KindBlock, string(id)) }

// Loans gives the open loans of a patron, oldest first.
func (c *Case) Loans(p PatronID) []Loan {
	return all(c, openOf(p),
		func(a, b Loan) int { return cmp.Or(a.Out.Compare(b.Out), cmp.Compare(a.ID, b.ID)) })
}

func openOf(p PatronID) func(Loan) bool {
	return func(l Loan) bool { return l.Patron == p && l.Open() }
}

// lastLoan gives the loan of an item whose patron was the last to have it at a
// desk, of those that were read.
func (c *Case) lastLoan(i ItemID) (Loan, bool) {
	return first(c, func(l Loan) bool { return l.Item == i && l.How != Void },
		func(a, b Loan) int { return cmp.Or(b.had().Compare(a.had()), cmp.Compare(b.ID, a.ID)) })
}

// Requests gives the requests of a patron that are not over, oldest first.
func (c *Case) Requests(p PatronID) []Request {
	return all(c, wantedBy(p), byPlace)
}

func wantedBy(p PatronID) func(Request) bool {
	return func(r Request) bool { return r.Patron == p && !r.Stage.Over() }
}

// Queue gives the waiting requests of a title as far as they were read.
func (c *Case) Queue(t TitleID) []Request {
	return all(c, func(r Request) bool { return r.Title == t && r.Stage == Waiting }, byPlace)
}

// nextIn gives the first of a title's waiting requests that passes, as far as
// they were read.
func (c *Case) nextIn(t TitleID, pass func(Request) bool) (Request, bool) {
	return first(c, func(r Request) bool { return r.Title == t && r.Stage == Waiting && pass(r) }, byPlace)
}

// byPlace is the order of [Request.Place].
func byPlace(a, b Request) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) }

// Blocks gives the blocks of a patron that stand at the act's instant.
func (c *Case) Blocks(p PatronID) []Block {
	return all(c, func(b Block) bool { return b.Patron == p && b.stands(c.Act.At) },
		func(a, b Block) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
}

// amount makes minor units an amount in the library's currency.
func (c *Case) amount(minor int64) money.Amount {
	return money.Amount{Minor: minor, Currency: c.Rules.Currency()}
}

// terms gives the terms under which the patron has, or would have, the item.
func (c *Case) terms(p Patron, it Item) policy.Terms {
	return c.Rules.Terms(policy.Query{Group: p.Group, Type: it.Type, Library: c.Act.Library, Location: it.Location, At: c.Act.At})
}

// deskTerms gives what the act's desk may do with an item.
func (c *Case) deskTerms(it Item) policy.DeskTerms { return c.Rules.Desk(c.atDesk(it)) }

// deskThat gives a desk of the act's library that may do something with an item;
// empty: the rules list none.
func (c *Case) deskThat(it Item, may func(policy.DeskTerms) bool) DeskID {
	return DeskID(c.Rules.DeskThat(c.atDesk(it), may))
}

func (c *Case) atDesk(it Item) policy.DeskQuery {
	return policy.DeskQuery{Desk: policy.DeskID(c.Act.Desk), Library: c.Act.Library, Home: it.Home, Location: it.Location}
}

// later gives the later of two instants.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// earlier gives the first of two instants.
func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
