package journal_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/money"
	"circdesk/desk/policy"
)

// short says a difference in one line.
func short(d journal.Difference) string {
	s := fmt.Sprintf("%s %s %s", d.Kind, d.Code, d.Rule)
	switch d.Kind {
	case journal.OtherDue:
		s += fmt.Sprintf(" %s %s", d.OurDue.Format(time.DateOnly), d.TheirDue.Format(time.DateOnly))
	case journal.OtherAmount:
		s += fmt.Sprintf(" %s %s", d.OurFee.Decimal(), d.TheirFee.Decimal())
	case journal.OtherEffects:
		s += fmt.Sprintf(" %d %d", d.OurTimes, d.TheirTimes)
	}
	return s
}

func TestAnswersAreCompared(t *testing.T) {
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	because := func(row string, n int, more ...policy.Step) []policy.Step {
		return append([]policy.Step{{Code: policy.StepPeriod, N: n, Unit: policy.Days, Row: row}}, more...)
	}
	closed := policy.Step{Code: policy.StepClosed, Row: "Easter", At: day(15)}
	out := func(due time.Time, why ...policy.Step) circ.Event {
		return circ.CheckedOut{Loan: "l", Item: "item", Patron: "reader", At: noon, Due: due, Why: why}
	}
	fee := func(minor int64) circ.Event {
		return circ.Charged{Fee: "f", Patron: "reader", Type: circ.FeeOverdue, Amount: money.Amount{Minor: minor, Currency: "EUR"}, Why: []policy.Step{{Code: policy.StepFine, N: 20, Row: "terms 2"}}}
	}
	many, waits, block := circ.Remark{Reason: circ.TooManyLoans, N: 20, Max: 20, Who: "reader"}, circ.Remark{Reason: circ.RequestedBy, N: 1}, circ.Remark{Reason: circ.PatronBlocked, Text: "lost a map"}
	lend := circ.CheckOut{Card: "201", Barcode: "301"}
	ours := []circ.Event{out(day(14), because("default", 14)...)}
	for _, row := range []struct {
		name   string
		mode   journal.Mode
		told   []circ.Event
		answer journal.Receipt
		want   []string
	}{
		{"the same", journal.Asked, ours, journal.Receipt{Verdict: journal.Applied, Events: ours}, nil},
		{"two that say no", journal.Asked, nil, journal.Receipt{Verdict: journal.Refused, Decision: circ.Decision{Refused: []circ.Remark{many}}}, nil},
		{"they refuse, for two reasons", journal.Asked, ours, journal.Receipt{Verdict: journal.Refused, Decision: circ.Decision{Refused: []circ.Remark{many, block}, Ask: []circ.Remark{waits}}},
			[]string{"they_refuse too_many_loans ", "they_refuse patron_blocked "}},
		{"they ask", journal.Asked, ours, journal.Receipt{Verdict: journal.Refused, Decision: circ.Decision{Ask: []circ.Remark{waits}}}, []string{"they_ask requested_other "}},
		{"they do it", journal.Asked, nil, journal.Receipt{Verdict: journal.Applied, Events: ours}, []string{"they_do check_out "}},
		{"another period", journal.Asked, ours, journal.Receipt{Verdict: journal.Applied, Events: []circ.Event{out(day(21), because("terms 3", 21)...)}},
			[]string{"other_due period default 2026-03-24 2026-03-31"}},
		{"another calendar", journal.Asked, []circ.Event{out(day(14), because("default", 14)...)}, journal.Receipt{Verdict: journal.Applied, Events: []circ.Event{out(day(15), because("default", 14, closed)...)}},
			[]string{"other_due closed default 2026-03-24 2026-03-25"}},
		{"a date without a reason", journal.Asked, ours, journal.Receipt{Verdict: journal.Applied, Events: []circ.Event{out(day(21))}}, []string{"other_due  default 2026-03-24 2026-03-31"}},
		{"the same date for another reason", journal.Asked, ours, journal.Receipt{Verdict: journal.Applied, Events: []circ.Event{out(day(14), because("terms 3", 14)...)}}, []string{"other_reckon period default"}},
		{"another fee", journal.Asked, []circ.Event{fee(120)}, journal.Receipt{Verdict: journal.Applied, Events: []circ.Event{fee(100)}}, []string{"other_amount overdue terms 2 1.20 1.00"}},
		{"a fee that the desk does not have", journal.Asked, ours, journal.Receipt{Verdict: journal.Applied, Events: append(slices.Clone(ours), fee(100))}, []string{"other_effects charged  0 1"}},
		{"another order", journal.Asked, []circ.Event{fee(100), ours[0]}, journal.Receipt{Verdict: journal.Applied, Events: []circ.Event{ours[0], fee(100)}}, []string{"other_effects   0 0"}},
		{"a fact with objections", journal.Fact, ours, journal.Receipt{Verdict: journal.Applied, Events: ours, Objections: []circ.Remark{{Reason: circ.NewerLoan, Who: "other"}}}, []string{"they_object newer_loan_stands "}},
		{"a fact that is rejected", journal.Fact, ours, journal.Receipt{Verdict: journal.Rejected, Objections: []circ.Remark{{Reason: circ.NoSuchOperator}}}, []string{"they_reject no_such_operator "}},
		{"what says only that an asked one stood", journal.Stood, ours, journal.Receipt{Verdict: journal.Applied, Events: nil}, nil},
		{"nothing left to do", journal.Fact, ours, journal.Receipt{Verdict: journal.Noop}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			e := entry("e", row.mode, 0, lend, row.told...)
			var got []string
			for _, d := range journal.Differences(e, row.answer) {
				got = append(got, short(d))
				if d.Remark.Who != "" || d.Remark.Text != "" {
					t.Errorf("it names somebody: %+v", d.Remark)
				}
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

// A desk keeps why it would not have done what it asked for, and that is compared
// with why they did not, or with that they did.
func TestReasonsOfBothAreCompared(t *testing.T) {
	refuses := func(rs ...circ.Reason) journal.No { return journal.No{Refused: rs} }
	asks := func(rs ...circ.Reason) journal.No { return journal.No{Ask: rs} }
	remarks := func(rs ...circ.Reason) (all []circ.Remark) {
		for _, r := range rs {
			all = append(all, circ.Remark{Reason: r, Who: "reader", Text: "lost a map"})
		}
		return all
	}
	refused := func(rs ...circ.Reason) journal.Receipt {
		return journal.Receipt{Verdict: journal.Refused, Decision: circ.Decision{Refused: remarks(rs...)}}
	}
	asked := func(rs ...circ.Reason) journal.Receipt {
		return journal.Receipt{Verdict: journal.Refused, Decision: circ.Decision{Ask: remarks(rs...)}}
	}
	did := journal.Receipt{Verdict: journal.Applied}
	numbers := map[circ.Reason]string{circ.TooManyLoans: "terms 3"}
	blocks := map[circ.Reason]string{circ.TooManyLoans: "block 1", circ.NotForLoan: "block 2"}
	for _, row := range []struct {
		name   string
		ours   journal.No
		answer journal.Receipt
		want   []string
	}{
		{"both refuse for the same", refuses(circ.PatronBlocked), refused(circ.PatronBlocked), nil},
		{"both ask the same, in another order", asks(circ.CardExpired, circ.RequestedBy), asked(circ.RequestedBy, circ.CardExpired), nil},
		{"both refuse, for other reasons", refuses(circ.PatronBlocked), refused(circ.UnknownPatron), []string{"their_reason unknown_patron ", "our_reason patron_blocked "}},
		{"they ask one thing more", asks(circ.CardExpired), asked(circ.CardExpired, circ.RequestedBy), []string{"their_reason requested_other "}},
		{"they only ask", refuses(circ.PatronBlocked), asked(circ.PatronBlocked), []string{"they_only_ask patron_blocked "}},
		{"they refuse where the desk asks", asks(circ.PatronBlocked), refused(circ.PatronBlocked), []string{"they_refuse patron_blocked "}},
		{"what is asked beside a refusal", journal.No{Refused: []circ.Reason{circ.PatronBlocked}, Ask: []circ.Reason{circ.CardExpired}}, refused(circ.PatronBlocked), nil},
		{"they do what the desk would refuse", refuses(circ.PatronBlocked), did, []string{"they_do patron_blocked "}},
		{"they do what the desk would ask about", asks(circ.CardExpired), did, []string{"they_do card_expired "}},
		{"both refuse, and the desk by rows", journal.No{Refused: []circ.Reason{circ.TooManyLoans, circ.NotForLoan}, Rows: numbers, Blocks: blocks}, refused(circ.PatronBlocked),
			[]string{"their_reason patron_blocked ", "our_reason too_many_loans terms 3", "our_reason not_for_loan block 2"}},
		{"they only ask, and the desk refuses by a row", journal.No{Refused: []circ.Reason{circ.TooManyLoans}, Rows: numbers, Blocks: blocks}, asked(circ.TooManyLoans), []string{"they_only_ask too_many_loans block 1"}},
		{"they do what the desk would ask about by a row", journal.No{Ask: []circ.Reason{circ.TooManyLoans}, Rows: numbers}, did, []string{"they_do too_many_loans terms 3"}},
		{"an entry that keeps no reasons, and they refuse", journal.No{}, refused(circ.PatronBlocked), nil},
		{"an entry that keeps no reasons, and they do it", journal.No{}, did, []string{"they_do check_out "}},
	} {
		t.Run(row.name, func(t *testing.T) {
			e := journal.Entry{Act: circ.Act{ID: "e", Desk: "d", At: noon, Command: circ.CheckOut{Card: "201", Barcode: "301"}}, Epoch: 1, Seq: 1, Mode: journal.Asked, No: row.ours}
			e, err := e.Finish()
			if err != nil {
				t.Fatal(err)
			}
			if e, err = journal.Decode(e.Frame()); err != nil { // as it is read again
				t.Fatal(err)
			}
			var got []string
			for _, d := range journal.Differences(e, row.answer) {
				got = append(got, short(d))
				if d.Remark.Who != "" || d.Remark.Text != "" {
					t.Errorf("it names somebody: %+v", d.Remark)
				}
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

// Whose key is destroyed, what they did can still be compared.
func TestWhatIsPrivateIsNotCompared(t *testing.T) {
	ours := circ.CheckedOut{Loan: "l", Item: "item", At: noon, Due: noon.AddDate(0, 0, 14)}
	theirs := ours
	theirs.Patron = "reader"
	e := entry("e", journal.Asked, 0, circ.CheckOut{Barcode: "301"}, ours)
	if got := journal.Differences(e, journal.Receipt{Verdict: journal.Applied, Events: []circ.Event{theirs}}); got != nil {
		t.Errorf("got %+v", got)
	}
}

// What is kept of a decision names rows, and nobody.
func TestWhyNotKeepsTheRowsBehindIt(t *testing.T) {
	got := journal.NoOf(circ.Decision{
		Refused: []circ.Remark{{Reason: circ.TooManyLoans, N: 3, Who: "reader", Row: "terms 3", Block: "block 1"}},
		Ask:     []circ.Remark{{Reason: circ.PatronBlocked, Text: "lost a map"}, {Reason: circ.NotForLoan, Block: "block 2"}},
	})
	want := journal.No{
		Refused: []circ.Reason{circ.TooManyLoans}, Ask: []circ.Reason{circ.PatronBlocked, circ.NotForLoan},
		Rows:   map[circ.Reason]string{circ.TooManyLoans: "terms 3"},
		Blocks: map[circ.Reason]string{circ.TooManyLoans: "block 1", circ.NotForLoan: "block 2"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := journal.NoOf(circ.Decision{}); !reflect.DeepEqual(got, journal.No{}) {
		t.Errorf("of one that goes through: %+v", got)
	}
}

// A reason of theirs names their row.
func TestTheirRowsAreTold(t *testing.T) {
	e := entry("e", journal.Asked, 0, circ.CheckOut{Card: "201", Barcode: "301"}, circ.CheckedOut{Loan: "l", Item: "item", At: noon, Due: noon})
	got := journal.Differences(e, journal.Receipt{Verdict: journal.Refused, Decision: circ.Decision{Refused: []circ.Remark{{Reason: circ.TooManyLoans, Row: "terms 9", Block: "block 1"}, {Reason: circ.PatronBlocked, Block: "block 2"}}}})
	if len(got) != 2 || got[0].TheirRule != "terms 9" || got[1].TheirRule != "block 2" || got[0].Rule != "" {
		t.Errorf("got %+v", got)
	}
}
