package words

import (
	"cmp"
	"strconv"

	"circdesk/desk/circ"
	"circdesk/desk/money"
)

// Reason gives a remark as one line: "owes 13.20, limit 10.00". What a remark
// does not carry, and a name that is not known, is left out or said in general
// ("someone else"). A reason of a later version is named by its code.
func (b *Book) Reason(r circ.Remark, n Names) string {
	key := Key("reason." + string(r.Reason))
	args := []string{
		"who", cmp.Or(n.patron(r.Who), b.Text(nameSomeone)),
		"item", cmp.Or(n.item(r.Item), b.Text(nameItem)),
		"place", cmp.Or(n.library(r.Where), string(r.Desk)),
		"desk", string(r.Desk),
		"max", strconv.Itoa(r.Max),
		"due", b.Due(r.When, n),
		"at", b.When(r.When, n),
		"amount", b.some(r.Amount),
		"limit", b.some(r.Limit),
		"text", r.Text,
		"right", b.Right(r.Right),
	}
	if !b.Has(key) {
		key = reasonOther
		args = append(args, "code", string(r.Reason))
	}
	return b.N(key, r.N, args...)
}

// The rows that say a remark beside those of the reasons.
const (
	reasonOther Key = "name.reason"       // {code} {text}
	nameSomeone Key = "name.someone_else" //
	nameItem    Key = "name.item"         //
)

// some gives an amount; empty for none at all.
func (b *Book) some(a money.Amount) string {
	if a.IsZero() {
		return ""
	}
	return b.Money(a)
}

// Way gives the way out of a remark, what would lift it: "take a payment (F6)".
// Empty when there is none.
func (b *Book) Way(r circ.Remark) string {
	key := Key("way." + string(r.Reason))
	if !b.Has(key) {
		return ""
	}
	return b.Text(key)
}
