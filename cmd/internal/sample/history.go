package sample

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/money"
	"circdesk/desk/policy"
)

//go:embed data/history.tsv
var historyTSV string

//go:embed data/fees.tsv
var feesTSV string

var (
	historyColumns = []string{"day", "time", "desk", "command", "card", "item", "more", "comment"}
	feeColumns     = []string{"id", "day", "time", "card", "item", "type", "amount", "text", "comment"}
)

// A moment is one thing of the past: an act, or a fee that came to be.
type moment struct {
	at  time.Time
	row row
	act *circ.Act // nil: the fee
	fee circ.Fee
}

// desks are where things were done.
var desks = map[circ.DeskID]policy.LibraryID{Desk: Library, "east-1": "east"}

// A past reads the tables of what was done.
type past struct {
	today    time.Time // the beginning of the library's day
	currency string
	cards    map[string]circ.PatronID // as patrons.tsv has them
}

// moments reads both tables, in the order of time; of two at the same time that
// of the earlier line.
func (p *past) moments(history, fees string) ([]moment, error) {
	done, err := readTable("history.tsv", history, historyColumns...)
	if err != nil {
		return nil, err
	}
	owed, err := readTable("fees.tsv", fees, feeColumns...)
	if err != nil {
		return nil, err
	}
	all := make([]moment, 0, len(done.rows)+len(owed.rows))
	for _, r := range owed.rows {
		m, err := p.fee(r)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	for _, r := range done.rows {
		m, err := p.act(r)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	slices.SortStableFunc(all, func(a, b moment) int { return a.at.Compare(b.at) })
	return all, nil
}

// at reads so many days before today and a time of the day.
func (p *past) at(r row, day, clock string) (time.Time, error) {
	days, err := strconv.Atoi(day)
	if err != nil || days < 1 {
		return time.Time{}, r.wrong("day: %q is no number of days, at least 1", day)
	}
	t, err := time.Parse("15:04", clock)
	if err != nil {
		return time.Time{}, r.wrong("time: %q is no time of the day", clock)
	}
	y, m, d := p.today.Date()
	return time.Date(y, m, d-days, t.Hour(), t.Minute(), 0, 0, p.today.Location()).UTC(), nil
}

func (p *past) fee(r row) (moment, error) {
	f := r.fields
	at, err := p.at(r, f[1], f[2])
	if err != nil {
		return moment{}, err
	}
	who, err := p.patron(r, f[3])
	if err != nil {
		return moment{}, err
	}
	amount, err := money.Parse(f[6], p.currency)
	if err != nil {
		return moment{}, r.wrong("amount: %w", err)
	}
	fee := circ.Fee{ID: circ.FeeID(f[0]), Patron: who, Type: circ.FeeType(f[5]), Amount: amount, At: at, Text: f[7]}
	if f[4] != "" {
		fee.Item = itemID(f[4])
	}
	return moment{at: at, row: r, fee: fee}, nil
}

func (p *past) act(r row) (moment, error) {
	f := r.fields
	at, err := p.at(r, f[0], f[1])
	if err != nil {
		return moment{}, err
	}
	lib, ok := desks[circ.DeskID(f[2])]
	if !ok {
		return moment{}, r.wrong("desk: %q is none of the sample's", f[2])
	}
	a := &circ.Act{
		// The same line has the same id whenever it is played.
		ID:   circ.EntryID("sample " + strings.Join(f[:7], " ")),
		Desk: circ.DeskID(f[2]), Library: lib, Operator: "ana", At: at, Zone: p.today.Location().String(),
	}
	if a.Command, err = p.command(r, f[3], f[4], f[5], f[6]); err != nil {
		return moment{}, err
	}
	if f[3] == (circ.Pay{}).Name() { // what is more than owed was left as credit
		a.Over = []circ.Reason{circ.Surplus}
	}
	return moment{at: at, row: r, act: a}, nil
}

// command reads what was done. Commands have the engine's names.
func (p *past) command(r row, name, card, barcode, more string) (circ.Command, error) {
	switch name {
	case "check_out":
		return circ.CheckOut{Card: card, Barcode: barcode}, nil
	case "check_in":
		return circ.CheckIn{Barcode: barcode}, nil
	case "renew":
		return circ.Renew{Barcode: barcode}, nil
	case "request":
		return circ.Place{Card: card, Barcode: barcode, Pickup: policy.LibraryID(more)}, nil
	}
	who, err := p.patron(r, card)
	if err != nil {
		return nil, err
	}
	switch name {
	case "block":
		return circ.BlockPatron{Patron: who, Text: more}, nil
	case "replace_card":
		return circ.ReplaceCard{Patron: who, Number: more}, nil
	case "pay":
		amount, err := money.Parse(more, p.currency)
		if err != nil {
			return nil, r.wrong("more: %w", err)
		}
		return circ.Pay{Patron: who, Amount: amount}, nil
	case "link":
		kind, other, _ := strings.Cut(more, " ")
		with, err := p.patron(r, other)
		if err != nil {
			return nil, err
		}
		return circ.LinkPatrons{Patron: who, Other: with, Kind: circ.LinkKind(kind)}, nil
	}
	return nil, r.wrong("command: %q is not played here", name)
}

// patron gives whose card it is.
func (p *past) patron(r row, card string) (circ.PatronID, error) {
	id, ok := p.cards[card]
	if !ok {
		return "", r.wrong("card: nobody has %q", card)
	}
	return id, nil
}
