package sipserver

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// taking is a check-in on its way to its answer, a 10.
type taking struct {
	*request
	ok       bool
	it       circ.Item
	title    circ.Title
	route    *circ.Route // nil: nobody took it
	borrower string      // the card of who had it
	holder   circ.Patron // for whom it is kept
	said     string
}

func (o *taking) refuse(why string) { o.ok, o.verdict, o.said = false, refused, why }

// checkIn answers 09.
func (r *request) checkIn(ctx context.Context) (*sipwire.Builder, error) {
	o := &taking{request: r}
	if no := r.stopped(MayCheckIn); no != "" {
		o.refuse(no)
		return o.answer(), nil
	}
	ids, err := r.once(ctx, 0)
	if err != nil {
		return nil, err
	}
	fact := r.flag(sipwire.NoBlock) && r.may(MayOffline)
	err = r.through(ctx, o.refuse, func(t *hubserver.Turn) error {
		*o = taking{request: r}
		r.verdict, r.reasons = "", nil
		return o.judge(ctx, t, ids, fact)
	})
	if err != nil {
		return nil, err
	}
	return o.answer(), nil
}

func (o *taking) judge(ctx context.Context, t *hubserver.Turn, ids once, fact bool) error {
	id, was, before, err := o.twice(ctx, t, ids, fact && !o.date(sipwire.TransactionDate).IsZero())
	if err != nil {
		return err
	}
	k := circ.CheckIn{Barcode: o.request.code(sipwire.ItemID)}
	if !fact {
		k.Date = o.returned(t)
	}
	a := o.act(t, id, k)
	c, err := t.Case(ctx, a, o.Rights)
	if err != nil {
		return err
	}
	o.find(c)
	switch {
	case before && (fact || o.stands(was)):
		o.ok, o.verdict, o.route = true, repeated, was.Decision.Route
		if o.route == nil {
			if o.route, err = o.lies(ctx, t); err != nil {
				return err
			}
		}
		for _, e := range was.Events {
			if b, ok := e.(circ.CheckedIn); ok && o.borrower == "" {
				p, err := row[circ.Patron](ctx, t, circ.KindPatron, string(b.Patron))
				if err != nil {
					return err
				}
				o.borrower = p.Card
			}
		}
	case fact:
		if err := o.recordReturn(ctx, t, a, circ.CheckIn{Barcode: k.Barcode}); err != nil {
			return err
		}
	default:
		if before {
			c.Act.ID = newID()
		}
		j, err := t.Ask(ctx, c)
		if err != nil {
			return err
		}
		if j.Receipt.Verdict != journal.Applied {
			o.refuse(o.why(t.Rules, against(j.Receipt.Decision)))
			break
		}
		if err := t.Keep(ctx, j); err != nil {
			return err
		}
		o.ok, o.verdict, o.route = true, done, j.Receipt.Decision.Route
	}
	if o.title, err = title(ctx, t, o.it); err != nil {
		return err
	}
	if o.route != nil && o.route.Patron != "" {
		if o.holder, err = row[circ.Patron](ctx, t, circ.KindPatron, string(o.route.Patron)); err != nil {
			return err
		}
	}
	if o.route != nil && o.said == "" {
		o.said = o.server.Words.Route(*o.shown(), o.names(t.Rules))
	}
	return nil
}

// lies gives where the item is on its way to, by its record.
func (o *taking) lies(ctx context.Context, t *hubserver.Turn) (*circ.Route, error) {
	q, err := row[circ.Request](ctx, t, circ.KindRequest, string(o.it.Held))
	r := &circ.Route{Kind: circ.ToShelf, Library: o.Library, Location: o.it.Location, Request: q.ID, Patron: q.Patron}
	switch {
	case o.it.Transit != "":
		r.Kind, r.Library = circ.ToTransit, o.it.Transit
	case q.ID != "":
		r.Kind = circ.ToHoldShelf
	case o.it.Loan != "" || o.it.Staff != "" || o.it.Mark.State != "":
		r.Kind = circ.ToStaff
	}
	return r, err
}

// shown gives the route as a screen shows it: for whom an item is kept, and what staff
// wrote about it, is for staff.
func (o *taking) shown() *circ.Route {
	r := *o.route
	r.Patron, r.Why = "", ""
	return &r
}

// find takes from a case what the answer says.
func (o *taking) find(c *circ.Case) {
	k, _ := c.Act.Command.(circ.CheckIn)
	o.it, _ = c.Item("", k.Barcode)
	if loan, open := c.Loan(o.it.Loan); open {
		p, _ := c.Patron(loan.Patron)
		o.borrower = p.Card
	}
}

// returned gives when the item came back, if not now: a book drop that was emptied later.
// The two dates are of one clock, which may be wrong: what is between them counts.
func (o *taking) returned(t *hubserver.Turn) time.Time {
	at, back := o.date(sipwire.TransactionDate), o.date(sipwire.ReturnDate)
	if at.IsZero() || back.IsZero() || at.Sub(back) <= time.Minute || at.Sub(back) > longestDrop {
		return time.Time{}
	}
	return t.Now.Add(-at.Sub(back))
}

// longestDrop is how long an item lies in a book drop at most; what says more is a clock
// that is wrong.
const longestDrop = 31 * 24 * time.Hour

// stands reports whether what was done before stands: nobody has had the item since.
func (o *taking) stands(was journal.Receipt) bool {
	for _, e := range was.Events {
		if s, ok := e.(circ.Seen); ok {
			return o.it.Loan == "" && o.it.ID == s.Item && !o.it.Seen.At.After(s.At)
		}
	}
	return false
}

// alert gives the alert type of a route; empty: the item goes to its shelf.
func alert(r circ.Route) sipwire.AlertType {
	switch {
	case r.Kind == circ.ToHoldShelf, r.Kind == circ.ToDesk && r.Request != "":
		return sipwire.AlertLocalHold
	case r.Kind == circ.ToTransit && r.Request != "":
		return sipwire.AlertRemoteHold
	case r.Kind == circ.ToTransit:
		return sipwire.AlertTransit
	case r.Kind == circ.ToShelf:
		return ""
	}
	return sipwire.AlertOther
}

// answer writes the reply.
func (o *taking) answer() *sipwire.Builder {
	b := o.reply(sipwire.CheckinResponse).Flag(sipwire.OK, o.ok).Flag(sipwire.Resensitize, o.ok)
	o.institution(b)
	if o.it.ID == "" {
		b.Set(sipwire.MagneticMedia, "U")
		o.echo(b, sipwire.ItemID)
	} else {
		b.Flag(sipwire.MagneticMedia, slices.Contains(o.settings.Magnetic, o.it.Type))
		b.Field(sipwire.ItemID, o.it.Barcode).Field(sipwire.PermanentLocation, o.settings.code(o.it.Home)).Field(sipwire.Title, o.title.Title)
		b.Field(sipwire.MediaTag, string(o.media(o.it)))
		o.shelved(b, o.it)
	}
	if o.borrower != "" && o.ok && !o.hides(HideBorrower) {
		b.Field(sipwire.PatronID, o.borrower)
	}
	var kind sipwire.AlertType
	switch {
	case o.route != nil:
		kind = alert(*o.route)
		o.routed(b)
	default:
		kind = sipwire.AlertOther
	}
	b.Flag(sipwire.Alert, kind != "")
	if kind != "" {
		b.Field(sipwire.AlertTag, string(kind))
	}
	o.show(b, o.said)
	return b
}

// shelved adds where an item stands.
func (r *request) shelved(b *sipwire.Builder, it circ.Item) {
	if it.Location != "" {
		b.Field(sipwire.Collection, string(it.Location))
	}
	if it.CallNumber != "" {
		b.Field(sipwire.CallNumber, it.CallNumber)
	}
}

// routed adds where the item goes, for sorters: the bin, the place, and for whom.
func (o *taking) routed(b *sipwire.Builder) {
	r := o.route
	if bin := o.settings.bin(*r); bin != "" {
		b.Field(sipwire.SortBin, bin)
	}
	switch r.Kind {
	case circ.ToTransit:
		b.Field(sipwire.Destination, o.settings.code(r.Library))
	case circ.ToDesk:
		b.Field(sipwire.Destination, cmp.Or(string(r.Desk), o.settings.code(r.Library)))
	}
	if o.holder.ID != "" && !o.hides(HideHolder) {
		b.Field(sipwire.HoldPatronID, o.holder.Card)
		b.Field(sipwire.HoldPatronName, strings.TrimSpace(o.holder.Given+" "+o.holder.Family))
	}
}

// bin gives the sort bin of a route; empty: no row fits.
func (s *Settings) bin(r circ.Route) string {
	for _, b := range s.Bins {
		if (b.Route == "" || b.Route == r.Kind) && (b.Library == "" || b.Library == r.Library) && (b.Location == "" || b.Location == r.Location) {
			return b.Bin
		}
	}
	return ""
}
