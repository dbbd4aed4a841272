package sip2

import (
	"context"
	"time"

	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/money"
	"circdesk/desk/text"
)

// itemSeen is what the system says of an item.
type itemSeen struct {
	barcode string
	known   bool
	state   sipwire.Circulation
	title   string
	media   string
	home    string // where it belongs
	call    string
	due     time.Time // zero: it cannot be read, or is not said
	rawDue  string
	renewed string // how often, where the system says so
}

func (s itemSeen) out() bool { return s.known && out(s.state) }

// item asks for an item.
func (c *Client) item(ctx context.Context, barcode string) (itemSeen, error) {
	m, err := c.Profile.ItemInfo(c.Account, c.Now(), barcode)
	if err != nil {
		return itemSeen{}, err
	}
	m, err = c.ask(ctx, m)
	if err != nil {
		return itemSeen{}, err
	}
	s := itemSeen{barcode: barcode, title: c.field(&m, sipwire.Title), media: c.field(&m, sipwire.MediaTag), call: c.field(&m, sipwire.CallNumber)}
	if b, ok := m.Part(sipwire.CirculationStatus); ok {
		s.state = sipwire.Circulation(b)
	}
	s.home = c.field(&m, sipwire.PermanentLocation)
	s.due, s.rawDue, _ = c.Profile.Due(&m, c.Account.zone())
	s.renewed = c.field(&m, c.Profile.Fields.Renewals)
	// a system that does not know an item says so in a text of its own, and has no
	// title for it
	s.known = s.title != "" || s.state != sipwire.CircOther && s.state != "00" && s.state != "  " && s.state != ""
	return s, nil
}

// ask asks, and notes how long that took.
func (c *Client) ask(ctx context.Context, m sipwire.Message) (sipwire.Message, error) {
	begun := time.Now()
	m, err := c.pool.Ask(ctx, m)
	if err == nil {
		c.measured(time.Since(begun))
	}
	return m, err
}

// field returns the first field of a tag as text that is safe to show.
func (c *Client) field(m *sipwire.Message, t sipwire.Tag) string {
	if t == "" {
		return ""
	}
	return text.Clean(c.Profile.Form.First(m, t), maxText)
}

// patronSeen is what the system says of a patron.
type patronSeen struct {
	card    string
	known   bool
	marks   sipwire.PatronStatus
	name    string
	address string
	email   string
	phone   string
	birth   string // 2006-01-02
	expires time.Time
	class   string
	home    string
	owes    money.Amount // zero: nothing, or not said
	counted bool         // owes was said
	says    string
	counts  map[sipwire.Part]int
	charged []string // barcodes, where they were asked for
	whole   bool     // charged is all that there is
}

// has reports whether a barcode is among the items that the patron has.
func (p patronSeen) has(barcode string) bool {
	for _, b := range p.charged {
		if b == barcode {
			return true
		}
	}
	return false
}

// pageSize is how many items of a list are asked for at once, and mostPages how
// often.
const (
	pageSize  = 50
	mostPages = 40
)

// patron asks for a patron; with lists, for all that they have, page by page. A
// system that knows no pages gives all at once, again and again: what comes twice is
// the end. One that gives no patron information (63) is asked for the patron's status
// (23), which says what stands against them and what they owe, and lists nothing.
func (c *Client) patron(ctx context.Context, card string, lists bool) (patronSeen, error) {
	var p patronSeen
	if !c.takes(sipwire.PatronInformation) {
		m, err := c.Profile.PatronStatus(c.Account, c.Now(), card)
		if err == nil {
			m, err = c.ask(ctx, m)
		}
		if err != nil {
			return p, err
		}
		return c.patronOf(&m, card), nil
	}
	list := sipwire.NoList
	if lists {
		list = sipwire.ChargedList
	}
	seen := map[string]bool{}
	for page := range mostPages {
		first := 0
		if lists {
			first = page*pageSize + 1
		}
		m, err := c.Profile.PatronInfo(c.Account, c.Now(), card, list, first, first+pageSize-1)
		if err != nil {
			return p, err
		}
		if m, err = c.ask(ctx, m); err != nil {
			return p, err
		}
		if page == 0 {
			p = c.patronOf(&m, card)
		}
		fresh := 0
		for _, b := range m.All(list.Tag()) {
			code := firstWord(c.Profile.Form.Text(b))
			if code != "" && !seen[code] {
				seen[code] = true
				p.charged = append(p.charged, code)
				fresh++
			}
		}
		n, counted := p.counts[sipwire.ChargedItems]
		switch {
		case !lists || !p.known:
			return p, nil
		case counted && len(p.charged) >= n:
			p.whole = true
			return p, nil
		case fresh == 0:
			p.whole = !counted
			return p, nil
		}
	}
	return p, nil
}

// firstWord gives a barcode out of an entry of a list: some systems write the title
// behind it.
func firstWord(s string) string {
	code, _ := text.Code(s)
	for i, r := range code {
		if r == ' ' || r == '\t' {
			return code[:i]
		}
	}
	return code
}

func (c *Client) patronOf(m *sipwire.Message, card string) patronSeen {
	f := c.Profile.Fields
	p := patronSeen{
		card: card, name: c.field(m, sipwire.PersonalName), address: c.field(m, sipwire.HomeAddress), email: c.field(m, sipwire.Email),
		phone: c.field(m, sipwire.HomePhone), birth: birthday(c.field(m, f.Birth)), class: c.field(m, f.Class), home: c.field(m, f.Home),
		says: c.Profile.Says(m), counts: map[sipwire.Part]int{},
	}
	p.marks, _ = m.PatronStatus()
	valid, said := m.FlagField(sipwire.ValidPatron)
	p.known = valid || !said && p.name != ""
	if at := c.field(m, f.Expiry); at != "" {
		if t, ok := sipwire.ReadDue([]byte(at), c.Account.zone(), "20060102", "2006-01-02 15:04:05-0700"); ok {
			p.expires = t
		}
	}
	for _, part := range []sipwire.Part{sipwire.ChargedItems, sipwire.HoldItems, sipwire.UnavailableHolds, sipwire.OverdueItems} {
		if n, ok := m.Count(part); ok {
			p.counts[part] = n
		}
	}
	if _, ok := m.First(sipwire.FeeAmount); ok {
		if a, err := m.Amount(sipwire.FeeAmount, c.Account.Currency); err == nil {
			p.owes, p.counted = a, true
		}
	}
	return p
}

// birthday reads a day as systems write birth dates: 20060102, 2006-01-02, with a time
// behind it or not. Empty: it is none.
func birthday(s string) string {
	for _, layout := range []string{"2006-01-02", "20060102", "02.01.2006"} {
		if len(s) >= len(layout) {
			if t, err := time.Parse(layout, s[:len(layout)]); err == nil {
				return t.Format(time.DateOnly)
			}
		}
	}
	return ""
}

// holds is how many requests the system counts of a patron; -1: it does not.
func (p patronSeen) holds() int {
	n := -1
	for _, part := range []sipwire.Part{sipwire.HoldItems, sipwire.UnavailableHolds} {
		if k, ok := p.counts[part]; ok {
			n = max(n, 0) + k
		}
	}
	return n
}

// itemIDOf and patronIDOf make the ids of what was first seen at the system. A file
// that is loaded afterwards makes the same.
func itemIDOf(barcode string) circ.ItemID {
	return circ.ItemID(circ.NewID(circ.EntryID("load\n"+barcode), circ.KindItem, 0))
}

func patronIDOf(card string) circ.PatronID {
	return circ.PatronID(circ.NewID(circ.EntryID("load\n"+card), circ.KindPatron, 0))
}
