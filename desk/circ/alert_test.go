package circ_test

import (
	"testing"
	"time"

	"circdesk/desk/circ"
)

// alertOn writes an alert about a patron, or about an item where there is none.
func alertOn(alert, patron, item string, at circ.Moment, more ...func(*circ.Alert)) change {
	return func(w *world) {
		a := circ.Alert{ID: circ.AlertID(alert), Patron: circ.PatronID(patron), Item: circ.ItemID(item), Text: "text of " + alert, Shown: at, At: ago(5 * day), Operator: "ada"}
		for _, do := range more {
			do(&a)
		}
		w.put(a)
	}
}

func endedAlert(a *circ.Alert)               { a.Ended = ago(day) }
func until(at time.Time) func(a *circ.Alert) { return func(a *circ.Alert) { a.Until = at } }
func about(o outcome, is circ.Alert) circ.Alert {
	is.ID = circ.AlertID(o.made(circ.KindAlert))
	return is
}

func TestAlerts(t *testing.T) {
	lost := alertOn("a", "reader", "", circ.AtBoth)
	run(t, []row{
		{name: "an alert on a patron", do: circ.AddAlert{Patron: "reader", Text: "ask for the key", Shown: circ.AtLoan, Until: hence(day)}, events: []string{"alerted"}, then: func(t *testing.T, o outcome) {
			is(t, "alert", of[circ.Alert](o.after, circ.KindAlert, o.made(circ.KindAlert)), about(o, circ.Alert{
				Patron: "reader", Text: "ask for the key", Shown: circ.AtLoan, At: now, Operator: "clerk", Until: hence(day),
			}))
		}},
		{name: "an alert on an item, for both where nobody says when", do: circ.AddAlert{Barcode: "301", Text: "count the maps"}, events: []string{"alerted"}, then: func(t *testing.T, o outcome) {
			is(t, "alert", of[circ.Alert](o.after, circ.KindAlert, o.made(circ.KindAlert)), about(o, circ.Alert{
				Item: "item", Text: "count the maps", Shown: circ.AtBoth, At: now, Operator: "clerk",
			}))
		}},
		{name: "an alert where an item and a patron are named is on the item", do: circ.AddAlert{Patron: "reader", Item: "item", Text: "x"}, events: []string{"alerted"}, then: func(t *testing.T, o outcome) {
			is(t, "patron", of[circ.Alert](o.after, circ.KindAlert, o.made(circ.KindAlert)).Patron, "")
		}},
		{name: "an alert on a record that was merged", with: []change{merged("reader", "other")}, do: circ.AddAlert{Patron: "reader", Text: "x"}, events: []string{"alerted"}, then: func(t *testing.T, o outcome) {
			is(t, "whom", of[circ.Alert](o.after, circ.KindAlert, o.made(circ.KindAlert)).Patron, "other")
		}},
		{name: "without a word", do: circ.AddAlert{Patron: "reader"}, refused: why(circ.NothingGiven)},
		{name: "for a moment that does not exist", do: circ.AddAlert{Patron: "reader", Text: "x", Shown: "noon"}, refused: why(circ.NothingGiven)},
		{name: "until this very instant", do: circ.AddAlert{Patron: "reader", Text: "x", Until: now}, refused: why(circ.AlertPast)},
		{name: "about nobody known, without a word, until yesterday", do: circ.AddAlert{Until: ago(day)}, refused: why(circ.UnknownPatron, circ.NothingGiven, circ.AlertPast)},
		{name: "about an item that is not known", do: circ.AddAlert{Patron: "reader", Barcode: "999", Text: "x"}, refused: why(circ.UnknownItem)},

		{name: "an alert is ended", with: []change{lost}, do: circ.EndAlert{Alert: "a"}, events: []string{"alert_ended"}, then: func(t *testing.T, o outcome) {
			isAt(t, "ended", of[circ.Alert](o.after, circ.KindAlert, "a").Ended, now)
			same(t, "and is told no more", reasons(o.after.decide(t, act("entry-2", lend)).Tell), nil)
		}},
		{name: "an alert that was ended before", with: []change{alertOn("a", "reader", "", circ.AtBoth, endedAlert)}, do: circ.EndAlert{Alert: "a"}, refused: why(circ.AlertOver), then: func(t *testing.T, o outcome) {
			isAt(t, "when", o.remark(t, circ.AlertOver).When, ago(day))
		}},
		{name: "an alert that is over by itself may be ended", with: []change{alertOn("a", "reader", "", circ.AtBoth, until(ago(day)))}, do: circ.EndAlert{Alert: "a"}, events: []string{"alert_ended"}},
		{name: "an alert that is not known", do: circ.EndAlert{Alert: "a"}, refused: why(circ.UnknownThing)},
	})
}

// TestAlertsAreTold: alerts stand against nothing, and are told at the moments that
// they are for.
func TestAlertsAreTold(t *testing.T) {
	onReader := alertOn("a", "reader", "", circ.AtBoth)
	onItem := alertOn("b", "", "item", circ.AtBoth)
	lent := onLoan("item", "reader", 9*day)
	renewed, returned := []string{"renewed"}, []string{"checked_in", "seen"}
	both := why(circ.PatronAlert, circ.ItemAlert)
	run(t, []row{
		{name: "lent: of the patron and of the item, oldest first", with: []change{onReader, onItem, alertOn("c", "", "item", circ.AtLoan, func(a *circ.Alert) { a.At = ago(9 * day) })}, do: lend, tell: why(circ.ItemAlert, circ.PatronAlert, circ.ItemAlert), events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			p, i := o.Tell[1], o.Tell[0]
			is(t, "of the patron", p.Alert+" "+circ.AlertID(p.Text)+" "+circ.AlertID(p.Who)+circ.AlertID(p.Item), "a text of a reader")
			is(t, "of the item", i.Alert+" "+circ.AlertID(i.Text)+" "+circ.AlertID(i.Item)+circ.AlertID(i.Who), "c text of c item")
			isAt(t, "since", i.When, ago(9*day))
		}},
		{name: "lent, with alerts for returns", with: []change{alertOn("a", "reader", "", circ.AtReturn), alertOn("b", "", "item", circ.AtReturn)}, do: lend, events: []string{"checked_out"}},
		{name: "lent, with alerts about others", with: []change{alertOn("a", "other", "", circ.AtBoth), alertOn("b", "", "copy", circ.AtBoth)}, do: lend, events: []string{"checked_out"}},
		{name: "lent, with an alert that is ended, and one that is over", with: []change{alertOn("a", "reader", "", circ.AtBoth, endedAlert), alertOn("b", "", "item", circ.AtBoth, until(ago(time.Second)))}, do: lend, events: []string{"checked_out"}},
		{name: "lent at an alert's last instant", with: []change{alertOn("a", "reader", "", circ.AtBoth, until(now))}, do: lend, tell: why(circ.PatronAlert), events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			isAt(t, "until", o.Tell[0].Until, now)
		}},
		{name: "asked: the alerts are told beside the question", with: []change{onReader, blocked("x", "reader", "x")}, do: lend, ask: why(circ.PatronBlocked), tell: why(circ.PatronAlert)},
		{name: "to a patron with the id of an item", with: []change{func(w *world) {
			w.put(circ.Patron{ID: "item", Card: "card-item", Family: "F"}, circ.Card{Number: "card-item", Patron: "item", State: circ.CardValid})
		}, alertOn("a", "item", "", circ.AtBoth)}, do: lend, events: []string{"checked_out"}},

		{name: "renewed by telephone", with: []change{lent, onReader, onItem}, do: circ.Renew{Item: "item"}, tell: both, events: renewed},
		{name: "renewed, with alerts for returns", with: []change{lent, alertOn("a", "reader", "", circ.AtReturn), alertOn("b", "", "item", circ.AtReturn)}, do: circ.Renew{Item: "item"}, events: renewed},
		{name: "renewed by scanning again", with: []change{lent, onReader, onItem}, do: lend, tell: both, events: renewed},

		{name: "returned: of who had it and of the item", with: []change{lent, onReader, onItem}, do: back, tell: both, events: returned},
		{name: "returned, with alerts for loans", with: []change{lent, alertOn("a", "reader", "", circ.AtLoan), alertOn("b", "", "item", circ.AtLoan)}, do: back, events: returned},
		{name: "returned, with an alert about whoever is merged with the borrower", with: []change{lent, merged("reader", "other"), alertOn("a", "other", "", circ.AtReturn)}, do: back, tell: why(circ.PatronAlert), events: returned, then: func(t *testing.T, o outcome) {
			is(t, "whose", o.Tell[0].Who, "other")
		}},
		{name: "returned though it was not out: of the item", with: []change{onReader, onItem}, do: back, tell: why(circ.ItemAlert, circ.NotOnLoanTell), events: []string{"seen"}},
		{name: "requested: nothing is lent or returned", with: []change{onReader, onItem}, do: circ.Place{Patron: "reader", Barcode: "301"}, events: []string{"placed"}},
	})
}
