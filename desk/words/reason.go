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
	if !b.Has(key) {
		key = reasonOther
	}
	return b.count(key, r.N, func(name string) string { return b.ofRemark(name, r, n) })
}

// ReasonAlone gives a reason of which nothing else is known, as one that was said
// yes to: "too many loans".
func (b *Book) ReasonAlone(r circ.Reason) string {
	if key := Key("reason_alone." + string(r)); b.Has(key) {
		return b.Text(key)
	}
	return b.Reason(circ.Remark{Reason: r}, Names{})
}

// ofRemark gives the value of a name in a remark's row. Names are looked up
// only where a row has them.
func (b *Book) ofRemark(name string, r circ.Remark, n Names) string {
	switch name {
	case "who":
		return cmp.Or(n.patron(r.Who), b.Text(nameSomeone))
	case "item":
		return cmp.Or(n.item(r.Item), b.Text(nameItem))
	case "place":
		return cmp.Or(n.library(r.Where), n.desk(r.Desk))
	case "desk":
		return n.desk(r.Desk)
	case "max":
		return strconv.Itoa(r.Max)
	case "due":
		if r.Reason == circ.CardExpired {
			return b.LastDay(r.When, n)
		}
		return b.Due(r.When, n)
	case "at":
		return b.When(r.When, n)
	case "until":
		return b.Due(r.Until, n)
	case "amount":
		return b.some(r.Amount)
	case "limit":
		return b.some(r.Limit)
	case "operator":
		return string(r.By)
	case "text":
		return r.Text
	case "method":
		return b.Method(circ.PayMethod(r.Text))
	case "right":
		return b.Rights(r)
	case "code":
		return string(r.Reason)
	}
	return ""
}

// The rows that say a remark beside those of the reasons.
const (
	reasonOther Key = "name.reason"       // {code} {text}
	nameSomeone Key = "name.someone_else" //
	nameItem    Key = "name.item"         //
	nameOr      Key = "name.or"           // {one} {other}
)

// some gives an amount; empty for none at all.
func (b *Book) some(a money.Amount) string {
	if a.IsZero() {
		return ""
	}
	return b.Money(a)
}

// Rights gives the rights of which any will do: "override or override money".
// Empty when the remark names none.
func (b *Book) Rights(r circ.Remark) string {
	all := b.Right(r.Right)
	for _, one := range r.Or {
		all = b.Text(nameOr, "one", all, "other", b.Right(one))
	}
	return all
}

// Way gives the way out of a remark, what would lift it: "take a payment of 3.20
// (F6)", and without the sum where the remark does not say it. Empty when there
// is none.
func (b *Book) Way(r circ.Remark) string {
	if key := Key("lift." + string(r.Way.Do)); b.Has(key) {
		return b.count(key, r.Way.N, func(name string) string {
			if name == "amount" {
				return b.some(r.Way.Amount)
			}
			return ""
		})
	}
	key := Key("way." + string(r.Reason))
	if !b.Has(key) {
		return ""
	}
	return b.Text(key)
}
