package sipserver

import (
	"context"
	"strings"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/words"
)

// longestQueue bounds how many requests are counted.
const longestQueue = 1000

// itemInformation answers 17.
func (r *request) itemInformation(ctx context.Context) (*sipwire.Builder, error) {
	b := r.reply(sipwire.ItemInformationResponse)
	if no := r.stopped(MayItem); no != "" {
		r.noItem(b, no)
		return b, nil
	}
	var known bool
	err := r.look(ctx, func(t *hubserver.Turn) error {
		b = r.reply(sipwire.ItemInformationResponse)
		c, err := t.Case(ctx, r.act(t, "", circ.CheckIn{Barcode: r.code(sipwire.ItemID)}), r.Rights)
		if err != nil {
			return err
		}
		it, ok := c.Item("", r.code(sipwire.ItemID))
		if known = ok; !ok {
			return nil
		}
		return r.describe(ctx, t, c, it, b)
	})
	if err != nil {
		return nil, err
	}
	if !known {
		r.reasons = append(r.reasons, circ.UnknownItem)
		r.noItem(b, r.server.Words.Reason(circ.Remark{Reason: circ.UnknownItem}, words.Names{}))
	}
	return b, nil
}

// noItem says that nothing is known, with all that is always there.
func (r *request) noItem(b *sipwire.Builder, why string) {
	b.Set(sipwire.CirculationStatus, string(sipwire.CircOther)).Set(sipwire.SecurityMarkerPart, string(sipwire.MarkerOther)).
		Set(sipwire.FeeTypePart, string(sipwire.FeeOther))
	r.echo(b, sipwire.ItemID)
	r.show(b, why)
}

// describe says all of an item.
func (r *request) describe(ctx context.Context, t *hubserver.Turn, c *circ.Case, it circ.Item, b *sipwire.Builder) error {
	rows, err := t.Read(ctx, []circ.Want{
		circ.ByKey(circ.KindTitle, string(it.Title)), circ.In(circ.QueueOf, string(it.Title), longestQueue), circ.In(circ.AlertsOfItem, string(it.ID), 100),
	})
	if err != nil {
		return err
	}
	for _, one := range rows[0] {
		if x, ok := one.(circ.Title); ok {
			b.Field(sipwire.Title, x.Title)
		}
	}
	loan, open := c.Loan(it.Loan)
	held, kept := c.Request(it.Held)
	b.Set(sipwire.CirculationStatus, string(circulation(it, loan, open, held))).Set(sipwire.SecurityMarkerPart, string(r.settings.Marker)).
		Set(sipwire.FeeTypePart, string(sipwire.FeeOther)).
		Field(sipwire.ItemID, it.Barcode).Limit(sipwire.HoldQueueLength, len(rows[1])).
		Field(sipwire.MediaTag, string(r.media(it)))
	if it.Home != "" {
		b.Field(sipwire.Owner, r.settings.code(it.Home)).Field(sipwire.PermanentLocation, r.settings.code(it.Home))
	}
	if at := it.Seen.Library; at != "" && it.Transit == "" {
		b.Field(sipwire.CurrentLocation, r.settings.code(at))
	}
	r.shelved(b, it)
	if props := properties(alerts(rows[2])); props != "" {
		b.Field(sipwire.ItemProperties, props)
	}
	if open {
		b.Field(sipwire.DueDate, r.due(t.Rules, loan.Due))
		if since := loan.RecalledSince(); !since.IsZero() {
			b.DateField(sipwire.RecallDate, since, r.zone)
		}
	}
	if kept && !held.Stage.Over() {
		if !held.Until.IsZero() {
			b.DateField(sipwire.HoldPickupDate, held.Until, r.zone)
		}
		b.Field(sipwire.Destination, r.settings.code(held.Pickup))
		if p, ok := c.Patron(held.Patron); ok && !r.hides(HideHolder) {
			b.Field(sipwire.HoldPatronID, p.Card).Field(sipwire.HoldPatronName, strings.TrimSpace(p.Given+" "+p.Family))
		}
	} else if it.Transit != "" {
		b.Field(sipwire.Destination, r.settings.code(it.Transit))
	}
	return nil
}

func alerts(rows []circ.Row) (all []circ.Alert) {
	for _, one := range rows {
		if a, ok := one.(circ.Alert); ok && a.Ended.IsZero() {
			all = append(all, a)
		}
	}
	return all
}

// circulation gives where an item is.
func circulation(it circ.Item, loan circ.Loan, open bool, held circ.Request) sipwire.Circulation {
	switch {
	case open && loan.Marked.State == circ.LoanClaimed:
		return sipwire.CircClaimedReturned
	case open && loan.Marked.State == circ.LoanLost:
		return sipwire.CircLost
	case open && !loan.RecalledSince().IsZero():
		return sipwire.CircRecalled
	case open:
		return sipwire.CircCharged
	case it.Mark.State == circ.ItemMissing:
		return sipwire.CircMissing
	case it.Mark.State != "" || it.Staff != "":
		return sipwire.CircInProcess
	case it.Transit != "" || held.Stage == circ.Underway:
		return sipwire.CircInTransit
	case held.Stage == circ.OnShelf:
		return sipwire.CircOnHoldShelf
	}
	return sipwire.CircAvailable
}

// itemUpdate answers 19: what a terminal says of an item (CH) is what a clerk hears at its
// next check-out and check-in, and what 18 says, until a terminal says something else.
func (r *request) itemUpdate(ctx context.Context) (*sipwire.Builder, error) {
	props := r.text(sipwire.ItemProperties)
	var it circ.Item
	var name circ.Title
	no := r.stopped(MayUpdate)
	if no == "" {
		kept, err := r.change(ctx, func(t *hubserver.Turn) (err error) {
			it, name, no, err = circ.Item{}, circ.Title{}, "", nil
			r.verdict, r.reasons = done, nil
			rows, err := t.Read(ctx, []circ.Want{circ.In(circ.ByBarcode, r.code(sipwire.ItemID), 1)})
			if err != nil {
				return err
			}
			if len(rows[0]) == 0 {
				no = r.why(t.Rules, []circ.Remark{{Reason: circ.UnknownItem}})
				r.verdict = refused
				return nil
			}
			it, _ = rows[0][0].(circ.Item)
			if name, err = title(ctx, t, it); err != nil {
				return err
			}
			return r.update(ctx, t, it, props)
		})
		switch {
		case err != nil:
			return nil, err
		case !kept:
			it, no = circ.Item{}, r.word(words.Sip2Unavailable)
		}
	}
	b := r.reply(sipwire.ItemStatusUpdateResponse).Flag(sipwire.PropertiesOK, no == "")
	r.echo(b, sipwire.ItemID)
	if it.ID != "" {
		b.Field(sipwire.Title, name.Title)
		if props != "" {
			b.Field(sipwire.ItemProperties, props)
		}
	}
	r.show(b, no)
	return b, nil
}

// terminalHand begins the operator of what terminals do, so that it is told from what
// staff do: see [request.act].
const terminalHand = hubserver.Hand

// update ends what terminals have said of an item before, and says it anew.
func (r *request) update(ctx context.Context, t *hubserver.Turn, it circ.Item, props string) error {
	rows, err := t.Read(ctx, []circ.Want{circ.In(circ.AlertsOfItem, string(it.ID), 100)})
	if err != nil {
		return err
	}
	said := false
	for _, a := range alerts(rows[0]) {
		switch {
		case !strings.HasPrefix(string(a.Operator), terminalHand):
		case a.Text == props:
			said = true
		default:
			if err := r.keep(ctx, t, circ.EndAlert{Alert: a.ID}); err != nil {
				return err
			}
		}
	}
	if said || props == "" {
		return nil
	}
	return r.keep(ctx, t, circ.AddAlert{Item: it.ID, Text: props})
}

// keep carries a command out. What is refused is no error: the verdict says so.
func (r *request) keep(ctx context.Context, t *hubserver.Turn, k circ.Command) error {
	c, err := t.Case(ctx, r.act(t, newID(), k), r.Rights)
	if err != nil {
		return err
	}
	j, err := t.Ask(ctx, c)
	if err != nil {
		return err
	}
	for _, m := range against(j.Receipt.Decision) {
		r.verdict, r.reasons = refused, append(r.reasons, m.Reason)
	}
	return t.Keep(ctx, j)
}
