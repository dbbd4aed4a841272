package sip2

import (
	"context"
	"slices"
	"strings"
	"time"

	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/money"
	"circdesk/desk/policy"
)

// What a look is good for: an item for as long as a clerk has it in hand, a patron
// for a visit.
const (
	itemFresh   = 15 * time.Second
	patronFresh = time.Minute
)

// learned looks an item and a patron up at the system, where the last look is older
// than it is good for, and keeps what it says. Empty: not this one. With lists, what
// the patron has is looked up, too, piece by piece where the desk does not know it.
func (c *Client) learned(ctx context.Context, barcode, card string, lists bool) error {
	give, err := take(ctx, c.facts)
	if err != nil {
		return err
	}
	defer give()
	now := c.Now()
	if len(c.fresh) > mostFresh {
		clear(c.fresh)
	}
	if barcode != "" && now.Sub(c.fresh["i"+barcode]) > itemFresh {
		s, err := c.item(ctx, barcode)
		if err == nil {
			c.looked(s)
			err = c.keepItem(ctx, s)
		}
		if err != nil {
			return err
		}
		c.fresh["i"+barcode] = now
	}
	if card == "" || now.Sub(c.fresh["l"+card]) <= patronFresh || !lists && now.Sub(c.fresh["p"+card]) <= patronFresh {
		return nil
	}
	p, err := c.patron(ctx, card, lists)
	if err != nil {
		return err
	}
	items, err := c.itemsOf(ctx, p)
	if err == nil {
		err = c.keepPatron(ctx, p, items)
	}
	if err != nil {
		return err
	}
	c.fresh["p"+card] = now
	if lists {
		c.fresh["l"+card] = now
	}
	return nil
}

// mostFresh is how many looks are remembered.
const mostFresh = 10000

// itemsOf looks up what a patron has and the desk does not know as theirs: its title
// and when it is due.
func (c *Client) itemsOf(ctx context.Context, p patronSeen) (map[string]itemSeen, error) {
	all := map[string]itemSeen{}
	for _, barcode := range p.charged {
		known := false
		err := c.Store.View(ctx, func(tx journal.HubTx) error {
			it, ok, err := itemBy(ctx, tx, barcode)
			if err != nil || !ok {
				return err
			}
			loan, ok, err := read[circ.Loan](ctx, tx, circ.KindLoan, string(it.Loan))
			known = ok && loan.Open()
			return err
		})
		if err != nil {
			return nil, err
		}
		if known {
			continue
		}
		if all[barcode], err = c.item(ctx, barcode); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// forgetLooks makes the next look a fresh one: something was done to them.
func (c *Client) forgetLooks(ctx context.Context, steps []step) {
	give, err := take(ctx, c.facts)
	if err != nil {
		return
	}
	defer give()
	for _, s := range steps {
		delete(c.fresh, "i"+s.Item)
		c.justLooked(s.Item)
		delete(c.fresh, "p"+s.Patron)
		delete(c.fresh, "l"+s.Patron)
	}
}

// keepItem keeps what the system says of an item. What a file said of it stays: the
// system's words are poorer. A loan that the system has ended is ended, and one that
// it never took stays.
func (c *Client) keepItem(ctx context.Context, s itemSeen) error {
	if !s.known {
		return nil
	}
	return c.update(ctx, func(tx journal.HubTx) error {
		rows, err := c.itemRows(ctx, tx, s)
		if err != nil || len(rows) == 0 {
			return err
		}
		return tx.Put(ctx, rows)
	})
}

func (c *Client) itemRows(ctx context.Context, tx journal.HubTx, s itemSeen) (rows []circ.Row, err error) {
	it, known, err := itemBy(ctx, tx, s.barcode)
	if err != nil {
		return nil, err
	}
	if !known {
		it = c.itemOf(s.barcode, s)
		rows = append(rows, circ.Title{ID: it.Title, Title: s.title})
	}
	flies, err := flying(ctx, tx)
	if err != nil || flies[it.ID] {
		return nil, err
	}
	changed := !known
	loan, open, err := read[circ.Loan](ctx, tx, circ.KindLoan, string(it.Loan))
	if err != nil {
		return nil, err
	}
	kept, err := keptLoans(ctx, tx)
	if err != nil {
		return nil, err
	}
	switch {
	case !open || !loan.Open() || slices.Contains(kept, loan.ID):
	case !s.out():
		loan.In, loan.How, it.Loan, changed = c.Now().UTC(), circ.Evidence, "", true
		rows = append(rows, loan)
	case !s.due.IsZero() && !sameDay(loan.Due, s.due, loan.Out, c.Account.zone()):
		loan.Due = s.due
		rows = append(rows, loan)
	}
	if state := itemState(s.state); state != "" && it.Mark.State == "" {
		it.Mark.State, it.Mark.At, changed = state, c.Now().UTC(), true
	}
	if changed {
		rows = append(rows, it)
	}
	return rows, nil
}

// sameDay reports whether two due dates are the same to a patron: those of a loan
// of days are days, whatever hour the systems write.
func sameDay(a, b, lent time.Time, zone *time.Location) bool {
	if a.Sub(b).Abs() < time.Minute {
		return true
	}
	if a.Sub(lent) < 24*time.Hour {
		return false
	}
	ay, am, ad := a.In(zone).Date()
	by, bm, bd := b.In(zone).Date()
	return ay == by && am == bm && ad == bd
}

// day gives the day of a time as a library has it.
func day(t time.Time, zone *time.Location) string { return t.In(zone).Format(time.DateOnly) }

// itemBy reads an item by its barcode.
func itemBy(ctx context.Context, r journal.Reader, barcode string) (circ.Item, bool, error) {
	rows, err := r.Read(ctx, []circ.Want{circ.In(circ.ByBarcode, barcode, 1)})
	if err != nil {
		return circ.Item{}, false, err
	}
	for _, row := range rows[0] {
		if it, ok := row.(circ.Item); ok {
			return it, true, nil
		}
	}
	return circ.Item{}, false, nil
}

// patronBy reads a patron by a card.
func patronBy(ctx context.Context, r journal.Reader, number string) (p circ.Patron, ok bool, err error) {
	card, ok, err := read[circ.Card](ctx, r, circ.KindCard, number)
	if err != nil || !ok || card.State == circ.CardVoid {
		return p, false, err
	}
	p, ok, err = read[circ.Patron](ctx, r, circ.KindPatron, string(card.Patron))
	return p, ok && !p.Void, err
}

// keepPatron keeps what the system says of a patron: who it is, what stands against
// a loan, what is owed, and what is on loan.
func (c *Client) keepPatron(ctx context.Context, s patronSeen, items map[string]itemSeen) error {
	if !s.known {
		return nil
	}
	return c.update(ctx, func(tx journal.HubTx) error {
		var rows []circ.Row
		p, known, err := patronBy(ctx, tx, s.card)
		if err != nil {
			return err
		}
		if !known {
			p = circ.Patron{ID: patronIDOf(s.card)}
			rows = append(rows, circ.Card{Number: s.card, Patron: p.ID, State: circ.CardValid})
		}
		if now := c.as(s, p, known); now != p {
			rows = append(rows, now)
		}
		for _, more := range []func(context.Context, journal.HubTx, patronSeen, circ.PatronID) ([]circ.Row, error){c.blockRows, c.alertRows, c.feeRows, c.endedRows} {
			found, err := more(ctx, tx, s, p.ID)
			if err != nil {
				return err
			}
			rows = append(rows, found...)
		}
		lent, err := c.lentRows(ctx, tx, s, p.ID, items)
		if err != nil {
			return err
		}
		rows = append(rows, lent...)
		if err := c.noteSeen(ctx, tx, p.ID, !known); err != nil || len(rows) == 0 {
			return err
		}
		return tx.Put(ctx, rows)
	})
}

// as gives the patron as the system has them now. What it does not say stays.
func (c *Client) as(s patronSeen, p circ.Patron, known bool) circ.Patron {
	set := func(to *string, said string) {
		if said != "" && (!known || *to == "") {
			*to = said
		}
	}
	if p.Family == "" && p.Given == "" {
		p.Family, p.Given = names(s.name)
	}
	set(&p.Card, s.card)
	set(&p.Street, s.address)
	set(&p.Postcode, s.postal)
	set(&p.Email, s.email)
	set(&p.Phone, s.phone)
	set(&p.Birth, s.birth)
	if s.class != "" && p.Group == "" {
		p.Group = policy.Group(strings.ToLower(s.class))
	}
	if s.home != "" && p.Home == "" {
		p.Home = policy.LibraryID(s.home)
	}
	if !s.expires.IsZero() {
		p.Expires = s.expires
	}
	return p
}

// names cuts a name: behind the comma are the given names; without one the last
// word is the family name.
func names(s string) (family, given string) {
	if family, given, ok := strings.Cut(s, ","); ok {
		return strings.TrimSpace(family), strings.TrimSpace(given)
	}
	s = strings.TrimSpace(s)
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		return s[i+1:], strings.TrimSpace(s[:i])
	}
	return s, ""
}

// blockRows blocks the patron for each mark that stands against a loan, and lifts
// what stands no more.
func (c *Client) blockRows(ctx context.Context, tx journal.HubTx, s patronSeen, id circ.PatronID) (rows []circ.Row, err error) {
	because := s.marks&sipwire.NoLoan&^sipwire.ChargeDenied != 0
	for _, m := range marks {
		key := circ.NewID(circ.EntryID("sip2\n"+string(id)+"\n"+m.text), circ.KindBlock, 0)
		had, found, err := read[circ.Block](ctx, tx, circ.KindBlock, key)
		if err != nil {
			return nil, err
		}
		stands := s.marks&m.mark != 0 && (m.mark != sipwire.ChargeDenied || !because) // that it is denied says no more than why
		text := m.text
		if m.mark == sipwire.ChargeDenied && s.says != "" {
			text = "central: " + s.says
		}
		switch {
		case stands && (!found || !had.Lifted.IsZero() || had.Text != text):
			rows = append(rows, circ.Block{ID: circ.BlockID(key), Patron: id, Text: text, At: c.Now().UTC()})
		case !stands && found && had.Lifted.IsZero():
			had.Lifted = c.Now().UTC()
			rows = append(rows, had)
		}
	}
	return rows, nil
}

// alertRows makes what the system says of a patron an alert: it is for whoever has them
// before him. One that a clerk has ended stays so until the system says something else.
// That a loan is denied, and why, is a block already.
func (c *Client) alertRows(ctx context.Context, tx journal.HubTx, s patronSeen, id circ.PatronID) ([]circ.Row, error) {
	key := circ.AlertID(circ.NewID(circ.EntryID("sip2\n"+string(id)), circ.KindAlert, 0))
	had, found, err := read[circ.Alert](ctx, tx, circ.KindAlert, string(key))
	if err != nil {
		return nil, err
	}
	says := ""
	if s.says != "" && s.marks&sipwire.ChargeDenied == 0 {
		says = "central: " + s.says
	}
	switch now := c.Now().UTC(); {
	case had.Text == says:
		return nil, nil
	case says != "":
		return []circ.Row{circ.Alert{ID: key, Patron: id, Text: says, Shown: circ.AtLoan, At: now}}, nil
	case found:
		had.Text = ""
		if had.Ended.IsZero() {
			had.Ended = now
		}
		return []circ.Row{had}, nil
	}
	return nil, nil
}

// feeRows keeps what the patron owes as one fee, since the system names no single
// ones: so much more than was paid of it here.
func (c *Client) feeRows(ctx context.Context, tx journal.HubTx, s patronSeen, id circ.PatronID) ([]circ.Row, error) {
	if !s.counted {
		return nil, nil
	}
	key := circ.FeeID(circ.NewID(circ.EntryID("sip2\n"+string(id)), circ.KindFee, 0))
	had, found, err := read[circ.Fee](ctx, tx, circ.KindFee, string(key))
	if err != nil {
		return nil, err
	}
	payments, err := tx.Read(ctx, []circ.Want{circ.In(circ.PaymentsOf, string(id), mostLoans)})
	if err != nil {
		return nil, err
	}
	currency := s.owes.Currency
	if currency == "" {
		currency = c.Account.Currency
	}
	sum := money.Amount{Minor: s.owes.Minor, Currency: currency}
	for _, row := range payments[0] {
		if pay, ok := row.(circ.Payment); ok && pay.Fee == key && pay.Amount.Currency == currency {
			if pay.Kind == circ.GaveBack {
				sum.Minor -= pay.Amount.Minor
			} else {
				sum.Minor += pay.Amount.Minor
			}
		}
	}
	if found && had.Amount == sum || !found && sum.Minor == 0 {
		return nil, nil
	}
	if !found {
		had = circ.Fee{ID: key, Patron: id, Type: circ.FeeOther, At: c.Now().UTC(), Text: "owed at the central system"}
	}
	had.Amount = sum
	return []circ.Row{had}, nil
}

// endedRows ends the loans that the desk knows of a patron and the system does not
// list, where it has listed all; but for those that it never took.
func (c *Client) endedRows(ctx context.Context, tx journal.HubTx, s patronSeen, id circ.PatronID) (rows []circ.Row, err error) {
	if !s.whole {
		return nil, nil
	}
	found, err := tx.Read(ctx, []circ.Want{circ.In(circ.LoansOf, string(id), mostLoans)})
	if err != nil {
		return nil, err
	}
	kept, err := keptLoans(ctx, tx)
	if err != nil {
		return nil, err
	}
	flies, err := flying(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, row := range found[0] {
		loan, ok := row.(circ.Loan)
		if !ok || slices.Contains(kept, loan.ID) || flies[loan.Item] {
			continue
		}
		it, _, err := read[circ.Item](ctx, tx, circ.KindItem, string(loan.Item))
		if err != nil {
			return nil, err
		}
		if s.has(it.Barcode) {
			continue
		}
		loan.In, loan.How = c.Now().UTC(), circ.Evidence
		rows = append(rows, loan)
		if it.Loan == loan.ID {
			it.Loan = ""
			rows = append(rows, it)
		}
	}
	return rows, nil
}

// mostLoans bounds how many loans, or payments, of one patron are looked at.
const mostLoans = 10000

// noDate is the due date of a loan whose date the system does not say, or not so that
// it could be read.
var noDate = time.Date(9999, 12, 30, 12, 0, 0, 0, time.UTC)

// lentRows gives the loans that the system lists of a patron and the desk does not
// know. When they were lent nobody says.
func (c *Client) lentRows(ctx context.Context, tx journal.HubTx, s patronSeen, id circ.PatronID, items map[string]itemSeen) (rows []circ.Row, err error) {
	flies, err := flying(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, barcode := range s.charged {
		seen, asked := items[barcode]
		it, known, err := itemBy(ctx, tx, barcode)
		if err != nil {
			return nil, err
		}
		if !known {
			it = c.itemOf(barcode, seen)
			rows = append(rows, circ.Title{ID: it.Title, Title: seen.title})
		}
		old, ok, err := read[circ.Loan](ctx, tx, circ.KindLoan, string(it.Loan))
		if err != nil {
			return nil, err
		}
		theirs := ok && old.Open() && old.Patron == id
		if !asked && theirs || flies[it.ID] {
			continue
		}
		now := c.Now().UTC()
		if ok && old.Open() { // somebody else's, that has ended meanwhile
			old.In, old.How = now, circ.Evidence
			rows = append(rows, old)
		}
		loan := circ.Loan{
			ID:   circ.LoanID(circ.NewID(circ.EntryID("sip2\n"+barcode+"\n"+string(id)+"\n"+now.Format(time.RFC3339Nano)), circ.KindLoan, 0)),
			Item: it.ID, Patron: id, Out: now, Due: seen.due,
		}
		if it.Seen.At.After(loan.Out) {
			loan.Out = it.Seen.At
		}
		if loan.Due.IsZero() {
			loan.Due = noDate
		}
		it.Loan = loan.ID
		rows = append(rows, it, loan)
	}
	return rows, nil
}

// itemOf makes an item that was first seen at the system.
func (c *Client) itemOf(barcode string, s itemSeen) circ.Item {
	return circ.Item{
		ID: itemIDOf(barcode), Barcode: barcode, Type: itemType(s.media), Location: policy.LocationID(s.home), CallNumber: s.call,
		Title: circ.TitleID(circ.NewID(circ.EntryID("sip2\n"+barcode), circ.KindTitle, 0)),
	}
}

// keptLoans gives the loans that the system has refused, though they are.
func keptLoans(ctx context.Context, n journal.Notes) (kept []circ.LoanID, err error) {
	err = journal.ReadNote(ctx, n, noteKept, &kept)
	return kept, err
}

// forgetAfter is how long a patron is remembered who was learned of the system and
// not seen since.
const forgetAfter = 30 * 24 * time.Hour

// noteSeen notes that a patron was seen today; of those who came with a file nothing
// is noted, and nothing forgotten.
func (c *Client) noteSeen(ctx context.Context, n journal.Notes, id circ.PatronID, fresh bool) error {
	seen := map[circ.PatronID]string{}
	if err := journal.ReadNote(ctx, n, noteSeen, &seen); err != nil {
		return err
	}
	today := c.Now().UTC().Format(time.DateOnly)
	if was, ok := seen[id]; ok && was == today || !ok && !fresh {
		return nil
	}
	seen[id] = today
	return journal.WriteNote(ctx, n, noteSeen, seen)
}

// Forget forgets the patrons who were learned of the system and not seen for 30 days:
// their name and whatever else is theirs. Who has something on loan is remembered. It
// says how many were forgotten.
func (c *Client) Forget(ctx context.Context) (n int, err error) {
	before := c.Now().UTC().Add(-forgetAfter).Format(time.DateOnly)
	err = c.update(ctx, func(tx journal.HubTx) error {
		n = 0
		seen := map[circ.PatronID]string{}
		if err := journal.ReadNote(ctx, tx, noteSeen, &seen); err != nil {
			return err
		}
		var rows []circ.Row
		for id, day := range seen {
			if day >= before {
				continue
			}
			gone, err := forgotten(ctx, tx, id)
			if err != nil {
				return err
			}
			if gone == nil {
				continue
			}
			rows = append(rows, gone...)
			delete(seen, id)
			n++
		}
		if n == 0 {
			return nil
		}
		if err := tx.Put(ctx, rows); err != nil {
			return err
		}
		return journal.WriteNote(ctx, tx, noteSeen, seen)
	})
	return n, err
}

// forgotten gives a patron's records as they are without the patron; nil: something
// is on loan.
func forgotten(ctx context.Context, tx journal.HubTx, id circ.PatronID) ([]circ.Row, error) {
	found, err := tx.Read(ctx, []circ.Want{
		circ.In(circ.LoansOf, string(id), 1), circ.In(circ.CardsOf, string(id), 100),
		circ.In(circ.BlocksOf, string(id), 100), circ.In(circ.FeesOf, string(id), 100),
		circ.ByKey(circ.KindAlert, circ.NewID(circ.EntryID("sip2\n"+string(id)), circ.KindAlert, 0)),
	})
	if err != nil || len(found[0]) > 0 {
		return nil, err
	}
	rows := []circ.Row{circ.Patron{ID: id, Void: true}}
	for _, r := range found[1] {
		if card, ok := r.(circ.Card); ok {
			card.State = circ.CardVoid
			rows = append(rows, card)
		}
	}
	for _, r := range found[2] {
		if block, ok := r.(circ.Block); ok {
			block.Text, block.Lifted = "", block.At
			rows = append(rows, block)
		}
	}
	for _, r := range found[3] {
		if fee, ok := r.(circ.Fee); ok {
			fee.Text, fee.Amount.Minor = "", 0
			rows = append(rows, fee)
		}
	}
	for _, r := range found[4] {
		if alert, ok := r.(circ.Alert); ok {
			alert.Text, alert.Ended = "", alert.At
			rows = append(rows, alert)
		}
	}
	return rows, nil
}
