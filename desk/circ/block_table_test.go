package circ_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// withBlocks gives the plain rules with rows of the block table.
func withBlocks(t testing.TB, rows string) *policy.Set {
	t.Helper()
	s, err := policy.Parse([]byte(string(rules.TOML()) + "\n" + rows))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestBlockTable: the rules say what a reason means, and who may say yes.
func TestBlockTable(t *testing.T) {
	expired := editPatron("reader", func(p *circ.Patron) { p.Expires = ago(day) })
	rows := []row{
		{name: "the rules refuse an old card", blocks: "[[block]]\nreason = \"card_expired\"\ndo = \"refuse\"\n",
			with: []change{expired}, do: lend, over: why(circ.CardExpired), refused: why(circ.CardExpired), then: func(t *testing.T, o outcome) {
				is(t, "right", o.remark(t, circ.CardExpired).Right, "")
				is(t, "way", o.remark(t, circ.CardExpired).Way.Do, circ.WayRenewCard)
			}},
		{name: "the rules only tell of an old card", blocks: "[[block]]\nreason = \"card_expired\"\ndo = \"tell\"\n",
			with: []change{expired}, do: lend, tell: why(circ.CardExpired), events: []string{"checked_out"}},
		{name: "the rules only tell for loans, and it is a request", blocks: "[[block]]\nreason = \"card_expired\"\nacts = [\"loan\"]\ndo = \"tell\"\n",
			with: []change{expired}, do: circ.Place{Card: "card-reader", Title: "title"}, ask: why(circ.CardExpired)},
		{name: "scanned again for the same person it is a renewal", blocks: "[[block]]\nreason = \"card_expired\"\nacts = [\"renewal\"]\ndo = \"refuse\"\n",
			with: []change{expired, onLoan("item", "reader", 9*day)}, do: lend, refused: why(circ.CardExpired)},
		{name: "a lost card may be asked about", blocks: "[[block]]\nreason = \"card_lost\"\ndo = \"ask\"\n",
			with: []change{lostCard("old", "reader")}, do: circ.CheckOut{Card: "old", Barcode: "301"}, ask: why(circ.CardIsLost), then: func(t *testing.T, o outcome) {
				is(t, "right", o.remark(t, circ.CardIsLost).Right, circ.RightManager)
			}},
		{name: "any of two rights will do", blocks: "[[block]]\nreason = \"owes_too_much\"\noverride = [\"manager\", \"money\"]\n",
			with: []change{owes("f", "reader", 1320, day)}, do: lend, over: why(circ.OwesTooMuch),
			rights: []circ.Right{circ.RightCirculate, circ.RightMoney}, events: []string{"checked_out"}},
		{name: "none of two rights is there", blocks: "[[block]]\nreason = \"owes_too_much\"\noverride = [\"manager\", \"money\"]\n",
			with: []change{owes("f", "reader", 1320, day)}, do: lend, over: why(circ.OwesTooMuch),
			rights: []circ.Right{circ.RightCirculate, circ.RightOverride}, ask: why(circ.OwesTooMuch), tell: why(circ.RightMissing), then: func(t *testing.T, o outcome) {
				m := o.remark(t, circ.RightMissing)
				same(t, "missing", m.Rights(), []circ.Right{circ.RightManager, circ.RightMoney})
			}},
		{name: "what the other has is lent without a word but one", blocks: "[[block]]\nreason = \"on_loan_other\"\ndo = \"tell\"\n",
			with: []change{onLoan("item", "other", 9*day)}, do: lend, tell: why(circ.OnLoanToOther, circ.ClosedOther), events: []string{"checked_in", "checked_out"}},
		{name: "what the other has is lent, since their loan ends by itself", blocks: "[[block]]\nreason = \"on_loan_other\"\ndo = \"handle\"\nhandle = \"return\"\n",
			with: []change{onLoan("item", "other", 30*day), film("item")}, do: lend, tell: why(circ.ClosedOther), events: []string{"checked_in", "checked_out"}, then: func(t *testing.T, o outcome) {
				is(t, "told who", o.remark(t, circ.ClosedOther).Who, "other")
				is(t, "how it ended", o.after.loan("loan of item").How, circ.Evidence)
			}},
		{name: "the loan to the other would end by itself, but the card has expired", blocks: "[[block]]\nreason = \"on_loan_other\"\ndo = \"handle\"\nhandle = \"return\"\n",
			with: []change{onLoan("item", "other", 9*day), expired}, do: lend, ask: why(circ.CardExpired)},
		{name: "what others wait for is lent for shorter by itself", blocks: shorten,
			with: []change{bestseller, waiting("r", "other", day), waiting("q", "third", day)}, do: lend, tell: why(circ.LentShorter), events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
				m := o.remark(t, circ.LentShorter)
				is(t, "who wait", m.N, 2)
				isAt(t, "told", m.When, dayEnd(7))
				isAt(t, "due", o.after.loan(o.made(circ.KindLoan)).Due, dayEnd(7))
			}},
		{name: "nothing is said of shortening when it does not go through", blocks: shorten,
			with: []change{bestseller, expired, waiting("r", "other", day)}, do: lend, ask: why(circ.CardExpired)},
		{name: "nobody waits, and nothing is shortened", blocks: shorten, with: []change{bestseller}, do: lend, events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan(o.made(circ.KindLoan)).Due, dayEnd(14))
		}},
		{name: "there is no period to shorten to, so it is asked", blocks: shorten, with: []change{waiting("r", "other", day)}, do: lend, ask: why(circ.RequestedBy), then: func(t *testing.T, o outcome) {
			is(t, "right", o.remark(t, circ.RequestedBy).Right, circ.RightManager)
		}},
		{name: "a renewal of what others wait for is shorter", blocks: shorten,
			with: []change{bestseller, onLoan("item", "reader", 9*day), waiting("r", "other", day)}, do: circ.Renew{Barcode: "301"}, tell: why(circ.LentShorter), events: []string{"renewed"}, then: func(t *testing.T, o outcome) {
				isAt(t, "due", o.after.loan("loan of item").Due, dayEnd(7))
				is(t, "why", o.Trace[0].Code, policy.StepWaitedPeriod)
			}},
		{name: "a renewal that would be shorter than what there is, is none", blocks: shorten,
			with: []change{bestseller, onLoan("item", "reader", 2*day), waiting("r", "other", day)}, do: circ.Renew{Barcode: "301"}, refused: why(circ.NoGain)},
		{name: "what the patron has is no loan but a renewal", with: []change{onLoan("item", "reader", 9*day)}, do: lend, events: []string{"renewed"}},
		{name: "whether it is a renewal is asked", blocks: "[[block]]\nreason = \"on_loan_same\"\ndo = \"ask\"\n",
			with: []change{onLoan("item", "reader", 9*day)}, do: lend, ask: why(circ.OnLoanToSame), then: func(t *testing.T, o outcome) {
				isAt(t, "due", o.remark(t, circ.OnLoanToSame).When, o.before.loan("loan of item").Due)
			}},
		{name: "the clerk says that it is", blocks: "[[block]]\nreason = \"on_loan_same\"\ndo = \"ask\"\n",
			with: []change{onLoan("item", "reader", 9*day)}, do: lend, over: why(circ.OnLoanToSame), events: []string{"renewed"}},
		{name: "a scan for a loan renews nothing", blocks: "[[block]]\nreason = \"on_loan_same\"\ndo = \"refuse\"\n",
			with: []change{onLoan("item", "reader", 9*day)}, do: lend, refused: why(circ.OnLoanToSame)},
		{name: "but a renewal does", blocks: "[[block]]\nreason = \"on_loan_same\"\ndo = \"refuse\"\n",
			with: []change{onLoan("item", "reader", 9*day)}, do: circ.Renew{Barcode: "301"}, events: []string{"renewed"}},
	}
	run(t, rows)
}

const shorten = "[[block]]\nreason = \"requested_other\"\ndo = \"handle\"\nhandle = \"shorten\"\noverride = [\"manager\"]\n"

var bestseller = editItem("item", func(i *circ.Item) { i.Type = "bestseller" })

// TestWaysOut: everything that stands against a loan comes at once, each with how
// much would lift it; and that much does, where it can be done.
func TestWaysOut(t *testing.T) {
	expired := editPatron("reader", func(p *circ.Patron) { p.Expires = ago(day) })
	all := []change{expired, blocked("b", "reader", "has the key"), owes("f", "reader", 1320, day), manyLoans("reader", 4)}
	run(t, []row{
		{name: "expired, blocked, owes 3.20 too much, has one loan too many", with: all, do: lend,
			ask: why(circ.CardExpired, circ.PatronBlocked, circ.OwesTooMuch, circ.TooManyLoans), then: func(t *testing.T, o outcome) {
				is(t, "expired", o.remark(t, circ.CardExpired).Way, circ.Way{Do: circ.WayRenewCard})
				is(t, "blocked", o.remark(t, circ.PatronBlocked).Way, circ.Way{Do: circ.WayLiftBlock})
				is(t, "owes", o.remark(t, circ.OwesTooMuch).Way, circ.Way{Do: circ.WayPay, Amount: euro(320)})
				is(t, "loans", o.remark(t, circ.TooManyLoans).Way, circ.Way{Do: circ.WayReturn, N: 2})
			}},
		{name: "paid what was said", with: []change{owes("f", "reader", 1320, day), paid("p", "f", "reader", 320)}, do: lend, events: []string{"checked_out"}},
		{name: "paid a cent less", with: []change{owes("f", "reader", 1320, day), paid("p", "f", "reader", 319)}, do: lend, ask: why(circ.OwesTooMuch)},
		{name: "two of the four taken back", with: []change{manyLoans("reader", 2)}, do: lend, events: []string{"checked_out"}},
		{name: "one of the four taken back", with: []change{manyLoans("reader", 3)}, do: lend, ask: why(circ.TooManyLoans)},
	})
}

// TestBlockTableHasTheReasons: what a clerk can say yes to is in the table of the
// rules, but for what is no rule of the library.
func TestBlockTableHasTheReasons(t *testing.T) {
	var table []circ.Reason
	for _, r := range policy.BlockReasons() {
		table = append(table, circ.Reason(r))
	}
	noRule := why(circ.Surplus, circ.WaiveFee, circ.GiveBack, circ.ChargeLost, circ.OwnDate, circ.OtherReturn, circ.AllThere, circ.WritesOff, circ.MergeRecords, circ.DrawerNotOpen, circ.DrawerOver, circ.DrawerShort)
	want := slices.DeleteFunc(slices.Clone(everything), func(r circ.Reason) bool { return slices.Contains(noRule, r) })
	want = append(want, circ.CardIsLost, circ.OldFacts)
	slices.Sort(want)
	same(t, "reasons of the table", table, want)
}

// drawBlocks gives rules with a block table and desk terms of any rows.
func drawBlocks(r *rapid.T, t testing.TB) *policy.Set {
	var rows strings.Builder
	for range rapid.IntRange(0, 5).Draw(r, "block rows") {
		reason := rapid.SampledFrom(policy.BlockReasons()).Draw(r, "reason")
		rows.WriteString("[[block]]\nreason = \"" + reason + "\"\n")
		if rapid.Bool().Draw(r, "for one act") {
			rows.WriteString("acts = [\"" + string(rapid.SampledFrom(policy.BlockActs(reason)).Draw(r, "act")) + "\"]\n")
		}
		says := []string{"do = \"refuse\"\n", "do = \"tell\"\n", "do = \"ask\"\noverride = [\"limited\"]\n", "override = [\"manager\", \"money\"]\n"}
		for _, by := range policy.BlockHandlers(reason) {
			says = append(says, "do = \"handle\"\nhandle = \""+string(by)+"\"\n")
		}
		rows.WriteString(rapid.SampledFrom(says).Draw(r, "says"))
	}
	for range rapid.IntRange(0, 3).Draw(r, "desk rows") {
		word := rapid.SampledFrom([]string{"check_out", "check_in", "reshelve", "hold_shelf"}).Draw(r, "word")
		rows.WriteString("[[desk_terms]]\n" + word + " = false\n" + rapid.SampledFrom([]string{"", "desk = \"desk-1\"\n", "library = \"main\"\n"}).Draw(r, "desk"))
	}
	if rapid.Bool().Draw(r, "desks are listed") {
		rows.WriteString("[[circulation_desk]]\nid = \"desk-2\"\nlibrary = \"main\"\n")
	}
	return withBlocks(t, rows.String())
}

// TestAnyTableIsTheSameEverywhere: whatever the block table, the same facts give
// the same answer, and what was told under it is applied without an objection.
func TestAnyTableIsTheSameEverywhere(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		_, w := drawDeeds(r, t, lively(), "desk-1", now, 4)
		a := drawAct(r, w)
		here, there := w.gathered(t, a), travelled(r, w).gathered(t, a)
		here.Rules = drawBlocks(r, t)
		there.Rules = here.Rules
		if rapid.Bool().Draw(r, "by rights") {
			here.Rights = rapid.SliceOfDistinct(rapid.SampledFrom([]circ.Right{circ.RightCirculate, circ.RightOverride, circ.RightMoney, circ.RightManager}),
				func(one circ.Right) circ.Right { return one }).Draw(r, "rights")
			there.Rights = here.Rights
		}
		d := circ.Decide(here)
		if other := circ.Decide(there); !reflect.DeepEqual(d, other) {
			r.Fatalf("%+v\nhere\n%+v\nthere\n%+v", a.Command, d, other)
		}
		for _, m := range d.Ask {
			if !slices.Contains(a.Over, m.Reason) {
				continue
			}
			if m.Allows(here.Rights) {
				r.Fatalf("asked again though %v may: %+v", here.Rights, m)
			}
		}
		if !d.Done() {
			return
		}
		told := circ.NewCase(a, here.Rules)
		told.Told, told.Rights = d.Events, here.Rights
		w.gather(t, told)
		if events, objections := circ.Record(told); len(surprises(a, objections)) > 0 || !reflect.DeepEqual(events, d.Events) {
			r.Fatalf("%+v\ntold\n%+v\napplied\n%+v\nobjections %+v", a.Command, d.Events, events, objections)
		}
	})
}

// TestStanding: what stands against a person is there before any item is scanned,
// the same as a loan would be told.
func TestStanding(t *testing.T) {
	for _, row := range []struct {
		name   string
		with   []change
		blocks string
		want   []circ.Reason
	}{
		{"nothing stands against a plain reader", nil, "", nil},
		{"everything at once", []change{
			editPatron("reader", func(p *circ.Patron) { p.Expires = now }), blocked("b", "reader", "x"), owes("f", "reader", 1001, day), manyLoans("reader", 3),
		}, "", why(circ.CardExpired, circ.PatronBlocked, circ.OwesTooMuch, circ.TooManyLoans)},
		{"as many requests as the rules give", []change{waiting("r", "reader", day), waiting("q", "reader", day, onlyCopy("copy"))}, "", why(circ.TooManyAsked)},
		{"what is refused comes first", []change{blocked("b", "reader", "x"), owes("f", "reader", 1001, day)},
			"[[block]]\nreason = \"owes_too_much\"\ndo = \"refuse\"\n", why(circ.OwesTooMuch, circ.PatronBlocked)},
		{"what is only told is told", []change{blocked("b", "reader", "x")}, "[[block]]\nreason = \"patron_blocked\"\ndo = \"tell\"\n", why(circ.PatronBlocked)},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := plain(row.with...)
			c := w.gathered(t, act("entry-1", lend))
			c.Rules = withBlocks(t, row.blocks)
			p, _ := c.Patron("reader")
			got := circ.Standing(c, p)
			same(t, "stands", reasons(got), row.want)
			if d := circ.Decide(c); !slices.Contains(row.want, circ.TooManyAsked) {
				same(t, "as a loan is told", reasons(slices.Concat(d.Refused, d.Ask, d.Tell)), row.want)
			}
			if n := len(c.Changes()); n > 0 {
				t.Errorf("%d records changed", n)
			}
		})
	}
}
