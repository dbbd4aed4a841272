package sipserver

import (
	"cmp"
	"context"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/money"
	"circdesk/desk/policy"
	"circdesk/desk/words"
)

// asking is a hold message on its way to its answer, a 16.
type asking struct {
	*request
	ok        bool
	available bool // an item of it is in
	title     circ.Title
	queue     int // its place; 0: not known
	pickup    policy.LibraryID
	said      string
}

func (o *asking) refuse(why string) { o.ok, o.verdict, o.said = false, refused, why }

// hold answers 15: + places a request, - cancels it, * changes where it is collected. The
// title is named by an item of it (AB), or by its id (AJ).
func (r *request) hold(ctx context.Context) (*sipwire.Builder, error) {
	o := &asking{request: r}
	if no := r.stopped(MayRequest); no != "" {
		o.refuse(no)
		return o.answer(), nil
	}
	no, err := r.barred(ctx, r.code(sipwire.PatronID))
	if err != nil {
		return nil, err
	}
	if no != "" {
		o.refuse(no)
		return o.answer(), nil
	}
	ids, err := r.once(ctx, 0)
	if err != nil {
		return nil, err
	}
	err = r.through(ctx, o.refuse, func(t *hubserver.Turn) error {
		*o = asking{request: r}
		r.verdict, r.reasons = done, nil
		return o.judge(ctx, t, ids)
	})
	if err != nil {
		return nil, err
	}
	return o.answer(), nil
}

func (o *asking) judge(ctx context.Context, t *hubserver.Turn, ids once) error {
	code := o.request.code(sipwire.ItemID)
	k := circ.Place{Card: o.request.code(sipwire.PatronID), Barcode: code, Pickup: o.settings.library(o.request.code(sipwire.PickupLocation))}
	if kind, _ := o.m.First(sipwire.HoldTypeTag); string(kind) == string(sipwire.HoldSpecificCopy) {
		k.Copy = true
	}
	if code == "" {
		k.Title = circ.TitleID(o.request.code(sipwire.Title))
	}
	id, _, before, err := o.twice(ctx, t, ids, false)
	if err != nil {
		return err
	}
	if before {
		id = newID()
	}
	c, err := t.Case(ctx, o.act(t, id, k), o.Rights)
	if err != nil {
		return err
	}
	it, found := c.Item("", code)
	if !found && k.Title == "" { // what has no barcode is called by its title
		k.Title, k.Barcode = circ.TitleID(code), ""
		if c, err = t.Case(ctx, o.act(t, id, k), o.Rights); err != nil {
			return err
		}
	}
	about := cmp.Or(it.Title, k.Title)
	o.title, _ = c.Title(about)
	n, _ := c.Card(k.Card)
	who, known := c.Patron(n.Patron)
	mode, _ := o.m.Part(sipwire.HoldMode)
	o.pickup = k.Pickup
	if k.Pickup != "" && !libraryKnown(t.Rules, o.settings, k.Pickup) {
		o.refuse(o.word(words.Sip2NotPossible, "why", o.word(words.Sip2NoPlace)))
		return nil
	}
	var mine circ.Request
	for _, q := range c.Requests(who.ID) {
		if known && q.Title == about {
			mine = q
		}
	}
	switch circHold(mode) {
	case sipwire.HoldAdd:
		return o.place(ctx, t, c, k, mine)
	case sipwire.HoldCancel:
		return o.drop(ctx, t, id, mine, known, before)
	case sipwire.HoldChange:
		return o.move(ctx, t, id, mine, known, k.Pickup)
	}
	o.refuse(o.word(words.Sip2NotHere))
	return nil
}

func circHold(mode []byte) sipwire.HoldAction { return sipwire.HoldAction(mode) }

func libraryKnown(rules *policy.Set, s *Settings, lib policy.LibraryID) bool {
	for _, l := range rules.Libraries() {
		if l.ID == lib {
			return true
		}
	}
	for _, i := range s.Institutions {
		if i.Library == lib {
			return true
		}
	}
	return false
}

// place places a request. One that this terminal has placed a moment ago is placed: it
// asks again.
func (o *asking) place(ctx context.Context, t *hubserver.Turn, c *circ.Case, k circ.Place, mine circ.Request) error {
	if mine.ID != "" && mine.Changed.Desk == o.Desk && t.Now.Sub(mine.At) < again {
		o.verdict = repeated
		return o.placed(ctx, t, mine)
	}
	j, err := t.Ask(ctx, c)
	if err != nil {
		return err
	}
	if j.Receipt.Verdict != journal.Applied {
		o.refuse(o.why(t.Rules, against(j.Receipt.Decision)))
		return nil
	}
	var fee money.Amount
	var id circ.RequestID
	for _, e := range j.Receipt.Events {
		switch e := e.(type) {
		case circ.Charged:
			fee = e.Amount
		case circ.Placed:
			id = e.Request
		}
	}
	if !fee.IsZero() && o.AsksFee && !o.says(sipwire.FeeAcknowledged) {
		o.refuse(o.word(words.Sip2FeeFirst, "amount", o.server.Words.Money(fee)))
		return nil
	}
	if err := t.Keep(ctx, j); err != nil {
		return err
	}
	q, _ := c.Request(id)
	return o.placed(ctx, t, q)
}

// placed says yes, with the place in the queue.
func (o *asking) placed(ctx context.Context, t *hubserver.Turn, q circ.Request) error {
	rows, err := t.Read(ctx, []circ.Want{
		circ.In(circ.QueueOf, string(q.Title), longestQueue), circ.In(circ.ItemsOf, string(q.Title), longestQueue),
	})
	if err != nil {
		return err
	}
	for i, one := range rows[0] {
		if w, ok := one.(circ.Request); ok && w.ID == q.ID {
			o.queue = i + 1
		}
	}
	for _, one := range rows[1] {
		if it, ok := one.(circ.Item); ok && it.Loan == "" && it.Held == "" && it.Transit == "" && it.Mark.State == "" {
			o.available = true
		}
	}
	o.ok, o.pickup = true, q.Pickup
	o.said = o.word(words.Sip2Placed, "library", t.Rules.LibraryName(q.Pickup))
	return nil
}

// drop cancels a request. One that is gone already was cancelled before.
func (o *asking) drop(ctx context.Context, t *hubserver.Turn, id circ.EntryID, mine circ.Request, known, before bool) error {
	switch {
	case mine.ID == "" && before:
		o.ok, o.verdict, o.said = true, repeated, o.word(words.Sip2Cancelled)
		return nil
	case mine.ID == "" || !known:
		o.refuse(o.word(words.Sip2NoRequest))
		return nil
	}
	o.ok, o.said = true, o.word(words.Sip2Cancelled)
	return o.carry(ctx, t, id, circ.CancelRequest{Request: mine.ID})
}

// move changes where a request is collected.
func (o *asking) move(ctx context.Context, t *hubserver.Turn, id circ.EntryID, mine circ.Request, known bool, to policy.LibraryID) error {
	switch {
	case mine.ID == "" || !known:
		o.refuse(o.word(words.Sip2NoRequest))
		return nil
	case to == "" || to == mine.Pickup:
		o.pickup, o.ok, o.said = mine.Pickup, true, o.word(words.Sip2Changed)
		return nil
	}
	o.pickup, o.ok, o.said = to, true, o.word(words.Sip2Changed)
	return o.carry(ctx, t, id, circ.MoveRequest{Request: mine.ID, Pickup: to})
}

// carry carries a command out that changes a request.
func (o *asking) carry(ctx context.Context, t *hubserver.Turn, id circ.EntryID, k circ.Command) error {
	c, err := t.Case(ctx, o.act(t, id, k), o.Rights)
	if err != nil {
		return err
	}
	j, err := t.Ask(ctx, c)
	if err != nil {
		return err
	}
	if j.Receipt.Verdict != journal.Applied {
		o.refuse(o.why(t.Rules, against(j.Receipt.Decision)))
		return nil
	}
	return t.Keep(ctx, j)
}

// answer writes the reply.
func (o *asking) answer() *sipwire.Builder {
	b := o.reply(sipwire.HoldResponse).Flag(sipwire.OK, o.ok).Flag(sipwire.Available, o.ok && o.available)
	if o.queue > 0 {
		b.Limit(sipwire.QueuePosition, o.queue)
	}
	if o.pickup != "" {
		b.Field(sipwire.PickupLocation, o.settings.code(o.pickup))
	}
	o.institution(b)
	o.echo(b, sipwire.PatronID)
	if _, there := o.m.First(sipwire.ItemID); there {
		o.echo(b, sipwire.ItemID)
	}
	if o.title.ID != "" {
		b.Field(sipwire.Title, o.title.Title)
	}
	o.show(b, o.said)
	return b
}
