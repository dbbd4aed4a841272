package slip

import (
	"cmp"
	"strings"
	"time"

	"circdesk/desk/money"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// Width is how many columns a slip has.
const Width = 40

// Loan is what stands on a loan slip. Texts may come from records as they are.
type Loan struct {
	Library string    // its name; empty: no line
	Patron  string    // the name, or [CardTail] where names are not printed; empty: no line
	Items   []Item    // as they are to be listed
	Money   []Money   // that changed hands, as it is to be listed
	Missing []Missing // what came back incomplete
	At      time.Time
	Zone    *time.Location // of the library; nil: UTC
	Feed    bool           // ends with a form feed, for printers that need one

	Recalled []Item // what is to be brought back sooner than was told; none: no line
}

// Item is one loan on a slip.
type Item struct {
	Title   string // empty: the barcode stands for it
	Barcode string // empty: not printed
	Due     time.Time
}

// Money is what was paid, or given back where it is below zero.
type Money struct {
	Amount  money.Amount
	Receipt string // its number; empty: not printed
}

// Missing is what a patron has still to bring of an item that came back incomplete.
type Missing struct {
	Title string
	Parts string // in one line
}

// Text gives the slip: lines of at most [Width] columns, each ended by a line
// feed, without spaces at their ends.
func (l Loan) Text(b *words.Book) string {
	var p page
	p.line(l.Library)
	p.line(b.DateTime(l.At, l.Zone))
	p.rule()
	p.line(l.Patron)
	p.line(b.Text(words.SlipTitle))
	p.rule()
	if len(l.Items)+len(l.Recalled)+len(l.Missing) == 0 {
		p.line(b.Text(words.SlipNone))
	}
	l.list(&p, b, l.Items)
	if len(l.Recalled) > 0 {
		p.line(b.Text(words.SlipRecalled))
		l.list(&p, b, l.Recalled)
	}
	for _, m := range l.Money {
		key := words.SlipPaid
		if m.Amount.Sign() < 0 {
			key, m.Amount.Minor = words.SlipGiven, -m.Amount.Minor
		}
		receipt := ""
		if no := clean(m.Receipt); no != "" {
			receipt = b.Text(words.SlipReceipt, "receipt", no)
		}
		p.line(b.Text(key, "amount", b.Money(m.Amount)))
		p.ends("", receipt)
	}
	p.rule()
	if len(l.Missing) > 0 {
		p.line(b.Text(words.SlipMissing))
		for _, m := range l.Missing {
			p.line(cmp.Or(m.Title, b.Text(words.SlipUntitled)))
			p.line(m.Parts)
		}
		p.rule()
	}
	if n := len(l.Items); n > 0 {
		p.line(b.N(words.SlipCount, n))
		p.line(b.Text(words.SlipThanks))
	}
	if l.Feed {
		p.WriteByte('\f')
	}
	return p.String()
}

// list writes items, each with its due date.
func (l Loan) list(p *page, b *words.Book, items []Item) {
	for _, it := range items {
		p.line(cmp.Or(clean(it.Title), clean(it.Barcode), b.Text(words.SlipUntitled)))
		p.ends("  "+barcode(it), l.due(b, it))
	}
}

// due gives the due date of an item; empty for none.
func (l Loan) due(b *words.Book, it Item) string {
	date := b.Due(it.Due, words.Names{Zone: l.Zone, Now: l.At})
	if date == "" {
		return ""
	}
	return b.Text(words.SlipDue, "due", date)
}

// barcode gives an item's barcode where it does not stand as the title.
func barcode(it Item) string {
	if clean(it.Title) == "" {
		return ""
	}
	return clean(it.Barcode)
}

// CardTail names a card by its last four characters, for slips without names:
// "card …4821". Empty for no card, and for one so short that the tail would be
// all of it.
func CardTail(b *words.Book, card string) string {
	runes := []rune(clean(card))
	if len(runes) < 8 {
		return ""
	}
	return b.Text(words.SlipCardTail, "tail", string(runes[len(runes)-4:]))
}

// page is the slip so far.
type page struct{ strings.Builder }

// line writes one line; an empty one is left out.
func (p *page) line(s string) {
	if s = text.Cut(clean(s), Width); s != "" {
		p.WriteString(s + "\n")
	}
}

// ends writes a line with a text at either end. The right one stays whole as
// far as it fits.
func (p *page) ends(left, right string) {
	right = text.Cut(right, Width)
	left = text.Pad(left, Width-text.Width(right)-len(" "))
	if left != "" {
		left += " "
	}
	if s := strings.TrimRight(left+right, " "); s != "" {
		p.WriteString(s + "\n")
	}
}

func (p *page) rule() { p.WriteString(strings.Repeat("-", Width) + "\n") }

// longest is how many characters of a text are looked at: no more fit.
const longest = 200

func clean(s string) string { return text.Clean(s, longest) }
