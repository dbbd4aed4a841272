package circ

import "slices"

// The sizes of lists. A list longer than its size is cut: a limit of so many loans
// is no limit that a library sets. Fees and payments are read to their end.
const (
	listSize    = 1000
	historySize = 16 // of an item's loans, for what may be open again
	queueSize   = 64 // the first page of a queue; each further one is twice the last
)

// Lacks says which lookups the case still needs; none: it can be decided,
// recorded and retracted. The caller reads them all in one trip and asks again.
func Lacks(c *Case) []Want {
	l := &lacking{c: c}
	if c.Act.Command != nil {
		c.Act.Command.lacks(l)
	}
	l.events(c.Told)
	if c.Told != nil || c.Was != nil {
		l.lateFees()
	}
	if c.Was != nil {
		if c.Was.Act.Command != nil {
			c.Was.Act.Command.lacks(l)
		}
		l.events(c.Was.Events)
		for _, e := range c.Was.Events {
			if item := sighted(e); item != "" {
				l.want(In(LoansOfItem, string(item), historySize))
			}
		}
	}
	return l.wants
}

// lacking collects what a case lacks.
type lacking struct {
	c     *Case
	wants []Want
	asked wantSet // those
}

func (l *lacking) events(es []Event) {
	for _, e := range es {
		for _, k := range e.Touches() {
			l.want(ByKey(k.Kind, k.ID))
			if k.Kind == KindItem {
				l.itemKey(ItemID(k.ID))
			}
		}
		e.lacks(l)
	}
}

// lateFees wants the overdue fees of the loans that the events touch, and of all
// known loans of the items that they touch: what happens to a loan may lessen them.
func (l *lacking) lateFees() {
	touched := l.c.Told
	if l.c.Was != nil {
		touched = append(slices.Clone(touched), l.c.Was.Events...)
	}
	var keys []Key
	for _, e := range touched {
		keys = append(keys, e.Touches()...)
	}
	for loan := range each[Loan](l.c) {
		if slices.Contains(keys, loan.Key()) || slices.Contains(keys, loan.Item.key()) {
			l.fees(loan)
		}
	}
	for r := range each[Request](l.c) { // who may have become one with somebody since
		if slices.Contains(keys, r.Key()) {
			l.patron(r.Patron)
		}
	}
}

func (l *lacking) want(w Want) {
	if l.c.read.has(w) || !l.asked.add(w) {
		return
	}
	if l.wants == nil {
		l.wants = make([]Want, 0, 10)
	}
	l.wants = append(l.wants, w)
}

func (l *lacking) key(k Kind, id string) {
	if id != "" {
		l.want(ByKey(k, id))
	}
}

// patron wants a patron, and whom the record points to when it is merged.
func (l *lacking) patron(id PatronID) {
	for range mergeHops {
		if id == "" {
			return
		}
		l.key(KindPatron, string(id))
		p, ok := get[Patron](l.c, KindPatron, string(id))
		if !ok {
			return
		}
		id = p.Merged
	}
}

// person wants who is meant by an id, or by a card where no id is known.
func (l *lacking) person(id PatronID, card string) (Patron, bool) {
	l.key(KindCard, card)
	if id == "" {
		if k, ok := l.c.Card(card); ok {
			id = k.Patron
		}
	}
	l.patron(id)
	return l.c.Patron(id)
}

// item wants an item by id, or by barcode where no id is known, with the
// records it points to.
func (l *lacking) item(id ItemID, barcode string) (Item, bool) {
	if id != "" {
		l.itemKey(id)
	}
	if by, ok := l.c.Item(id, ""); barcode != "" && (id == "" || ok && by.unadded()) {
		l.want(In(ByBarcode, barcode, 2))
	}
	it, ok := l.c.Item(id, barcode)
	if !ok {
		return it, false
	}
	l.key(KindLoan, string(it.Loan))
	if loan, ok := l.c.Loan(it.Loan); ok {
		l.patron(loan.Patron)
	}
	l.request(it.Held)
	return it, true
}

// itemKey wants an item, and what the record points to when it is merged.
func (l *lacking) itemKey(id ItemID) {
	for range mergeHops {
		if id == "" {
			return
		}
		l.key(KindItem, string(id))
		it, ok := get[Item](l.c, KindItem, string(id))
		if !ok {
			return
		}
		id = it.Merged
	}
}

func (l *lacking) request(id RequestID) (Request, bool) {
	l.key(KindRequest, string(id))
	r, ok := l.c.Request(id)
	if ok {
		l.patron(r.Patron)
		l.key(KindItem, string(r.Copy))
	}
	return r, ok
}

func (l *lacking) list(i Index, id string) {
	if id != "" {
		l.want(In(i, id, listSize))
		if after, goesOn := l.c.more[list{i, id}]; goesOn {
			l.want(Want{Index: i, ID: id, After: after, N: listSize})
		}
	}
}

// standing wants what decides whether a patron may have something.
func (l *lacking) standing(p PatronID) {
	l.list(BlocksOf, string(p))
	l.list(FeesOf, string(p))
	l.list(PaymentsOf, string(p))
	if l.c.Rules.Guarantors() {
		l.list(LinksOf, string(p))
	}
}

// queueBut wants what decides whether another than the patron waits for an item.
func (l *lacking) queueBut(p PatronID, it Item) {
	if _, begun := l.c.queues[it.Title]; !begun { // without what the closure costs
		l.queue(it.Title, nil)
		return
	}
	l.queue(it.Title, func(r Request) bool { return r.Patron != p && r.takes(it) })
}

// queue wants a title's waiting requests, page by page until one fits.
func (l *lacking) queue(t TitleID, fits func(Request) bool) {
	if t == "" {
		return
	}
	page, begun := l.c.queues[t]
	if !begun {
		l.want(In(QueueOf, string(t), queueSize))
		return
	}
	if r, ok := l.c.nextIn(t, fits); ok {
		l.patron(r.Patron)
		return
	}
	if !page.end {
		l.want(Want{Index: QueueOf, ID: string(t), After: page.after, N: page.n * 2})
	}
}
