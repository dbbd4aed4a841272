package circ_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// The days on which the film of these stories is late: due on the 7th, and now it is the 10th.
const (
	forReturns = "\n[[amnesty]]\nname = \"bring it all back\"\nfrom = 2026-03-09\nto = 2026-03-11\nreturns = true\n"
	shut       = "\n[[amnesty]]\nname = \"no power\"\nfrom = 2026-03-08\nto = 2026-03-09\n"
)

// under is a case of the world by rules that say something more.
func (w *world) under(t *testing.T, a circ.Act, more string) *circ.Case {
	t.Helper()
	c := circ.NewCase(a, mustParse(string(rules.TOML())+more))
	w.gather(t, c)
	return c
}

// steps says what makes the fee of an item that is out and comes back now.
func (w *world) steps(c *circ.Case, item string) []policy.Step {
	l, it := w.loan("loan of "+item), w.item(item)
	terms := c.Rules.Terms(policy.Query{Group: w.patron(string(l.Patron)).Group, Type: it.Type, Library: l.Library, Location: it.Location, At: c.Act.At})
	_, steps := c.Rules.Fine(l.Library, terms, policy.Late{Due: l.Due, Back: now, Price: it.Price.Minor})
	return steps
}

// TestWhatIsLateFollowsTheAmnesties: what comes back costs what the rules in force say,
// the forecast says the same, and a row that is taken back has let off nothing since.
func TestWhatIsLateFollowsTheAmnesties(t *testing.T) {
	w := plain(film("item"), onLoan("item", "other", 17*day))
	for _, row := range []struct {
		name, more string
		costs      int64
		tell       []circ.Reason
		why        string // the step that says so
	}{
		{"no amnesty", "", 150, why(circ.WasLate, circ.FeeCharged), ""},
		{"an amnesty for returns", forReturns, 0, why(circ.WasLate, circ.FeeLetOff), policy.StepAmnesty},
		{"the library was shut for two of the days", shut, 50, why(circ.WasLate, circ.FeeCharged), policy.StepLetOff},
		{"both", shut + forReturns, 0, why(circ.WasLate, circ.FeeLetOff), policy.StepAmnesty},
		{"both taken back", "", 150, why(circ.WasLate, circ.FeeCharged), ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := w.under(t, act("entry-1", back), row.more)
			is(t, "forecast", circ.Accrued(c, w.loan("loan of item"), now).Minor, row.costs)
			d := circ.Decide(c)
			same(t, "told", reasons(d.Tell), row.tell)
			is(t, "charged", lateFee(w.apply(d.Events...), "item").Amount.Minor, row.costs)
			codes := []string{}
			for _, s := range w.steps(c, "item") {
				codes = append(codes, s.Code)
			}
			if row.why != "" && !slices.Contains(codes, row.why) {
				t.Errorf("the steps are %v, without %s", codes, row.why)
			}
		})
	}
}

// TestASuspensionIsLetOff: who would be suspended hears, once, of the amnesty that lets
// it off, whether the return would cost money, too, or not.
func TestASuspensionIsLetOff(t *testing.T) {
	w := plain(film("item"), onLoan("item", "other", 17*day))
	const days = "\n[[terms]]\nitem_type = \"film\"\nsuspend_days = 2\n"
	for _, row := range []struct {
		name, more string
		tell       []circ.Reason
	}{
		{"no amnesty", days, why(circ.WasLate, circ.FeeCharged, circ.SuspendedNow)},
		{"an amnesty", days + forReturns, why(circ.WasLate, circ.FeeLetOff)},
		{"days instead of money, no amnesty", days + "fine = \"0.00\"\n", why(circ.WasLate, circ.SuspendedNow)},
		{"days instead of money, an amnesty", days + "fine = \"0.00\"\n" + forReturns, why(circ.WasLate, circ.FeeLetOff)},
	} {
		t.Run(row.name, func(t *testing.T) {
			same(t, "told", reasons(circ.Decide(w.under(t, act("entry-1", back), row.more)).Tell), row.tell)
		})
	}
}

// TestWhatWasSaidInAnAmnestyStands: who has brought it back in the amnesty is not charged
// when the rules do not have it any more. An amnesty that the desk had not heard of lets off
// what it charged, and that is told; other new rules do not change what was told.
func TestWhatWasSaidInAnAmnestyStands(t *testing.T) {
	const films = "\n[[terms]]\nitem_type = \"film\"\nlibrary = \"main\"\n"
	const cheaper, dearer = films + "fine = \"0.10\"\n", films + "fine = \"1.00\"\n"
	const most, least, grace = films + "max_fine = \"1.00\"\n", films + "max_fine = \"0.30\"\n", films + "fine_grace = \"5 days\"\n"
	longer := strings.Replace(shut, "to = 2026-03-09", "to = 2026-03-10", 1)
	w := plain(film("item"), onLoan("item", "other", 17*day))
	for _, row := range []struct {
		name, told, now string
		costs           int64
		object          []circ.Reason
		by              string // whose amnesty is named
	}{
		{"told in the amnesty, and it is taken back", forReturns, "", 0, nil, ""},
		{"told while the library was shut, and that is taken back", shut, "", 50, nil, ""},
		{"told before there was an amnesty: it lets off all", "", forReturns, 0, why(circ.FeeLessened), "bring it all back"},
		{"told before it was known that the library was shut", "", shut, 50, why(circ.FeeLessened), "no power"},
		{"told before there was either", "", shut + forReturns, 0, why(circ.FeeLessened), "bring it all back"},
		{"told before it was cheaper", "", cheaper, 150, nil, ""},
		{"told before it was dearer, and the library shut", "", shut + dearer, 50, why(circ.FeeLessened), "no power"},
		{"told before it was cheaper, and the library shut", "", shut + cheaper, 50, why(circ.FeeLessened), "no power"},
		{"told before it was dearer, and there was either", "", shut + forReturns + dearer, 0, why(circ.FeeLessened), "bring it all back"},
		{"told before it was never as much, and the library shut", "", shut + least, 50, why(circ.FeeLessened), "no power"},
		{"told before there was a grace, and the library shut", "", shut + grace, 50, why(circ.FeeLessened), "no power"},
		{"told as the most for one item, before the library was shut", most, shut, 50, why(circ.FeeLessened), "no power"},
		{"told while the library was shut, and it is dearer now", shut, shut + dearer, 50, nil, ""},
		{"told while the library was shut, and it is cheaper now", shut, shut + cheaper, 50, nil, ""},
		{"told while the library was shut, and it was for longer", shut, longer + dearer, 0, why(circ.FeeLessened), "no power"},
		{"told while the library was shut, before all was let off", shut, shut + forReturns + dearer, 0, why(circ.FeeLessened), "bring it all back"},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := circ.Decide(w.under(t, act("entry-1", back), row.told))
			c := w.under(t, act("entry-1", back), row.now)
			c.Told, c.Under = d.Events, "older rules"
			events, objections := circ.Record(c)
			same(t, "objections", reasons(objections), row.object)
			for _, o := range objections {
				is(t, "by", o.Text, row.by)
				is(t, "told", o.Amount.Minor, lateFee(w.apply(d.Events...), "item").Amount.Minor)
				is(t, "comes to", o.Limit.Minor, row.costs)
			}
			f := lateFee(w.apply(events...), "item")
			is(t, "owes", f.Amount.Minor, row.costs)
			if row.costs > 0 && len(f.Why) == 0 {
				t.Error("nobody says why any more")
			}
		})
	}
}

// TestWhatWasPaidBeforeTheAmnestyWasHeardOf: a desk without a line charges what an amnesty
// lets off, and takes the money. The money is booked, and is credit.
func TestWhatWasPaidBeforeTheAmnestyWasHeardOf(t *testing.T) {
	morning := plain(film("item"), onLoan("item", "other", 17*day))
	took := act("entry-1", back)
	pays := act("entry-2", circ.Pay{Patron: "other", Amount: euro(150)})
	pays.At = hence(time.Minute)
	there, returned := morning.done(t, took)
	_, paid := there.done(t, pays)

	w := morning
	for _, told := range []circ.Story{returned, paid} {
		c := w.under(t, told.Act, forReturns)
		c.Told, c.Under = told.Events, "older rules"
		events, objections := circ.Record(c)
		if told.Act.ID == pays.ID {
			same(t, "objections", reasons(objections), why(circ.NothingOwed))
		}
		w = w.apply(events...)
	}
	is(t, "the fee", lateFee(w, "item").Amount.Minor, 0)
	is(t, "cash", cash(w), 150)
	is(t, "owes", w.account(t, "other").Owes, -150)
}

// TestARenewalBeforeTheAmnestyWasHeardOf: so does a renewal that was too late.
func TestARenewalBeforeTheAmnestyWasHeardOf(t *testing.T) {
	w := plain(film("item"), onLoan("item", "other", 17*day))
	d := circ.Decide(w.under(t, act("entry-1", circ.Renew{Barcode: "301"}), ""))
	same(t, "told", names(d.Events), []string{"renewed", "charged"})
	c := w.under(t, act("entry-1", circ.Renew{Barcode: "301"}), forReturns)
	c.Told, c.Under = d.Events, "older rules"
	events, objections := circ.Record(c)
	same(t, "objections", reasons(objections), why(circ.FeeLessened))
	is(t, "owes", w.apply(events...).account(t, "other").Owes, 0)
}
