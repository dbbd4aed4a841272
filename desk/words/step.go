package words

import (
	"cmp"
	"strconv"

	"circdesk/desk/money"
	"circdesk/desk/policy"
)

// Step gives one line of an explanation: "period 14 days (rule adult books)". A
// step of a later version is named by its code.
func (b *Book) Step(s policy.Step, n Names) string {
	key := Key("step." + stepRow(s))
	args := []string{
		"number", b.number(s.N),
		"period", b.Period(policy.Period{N: s.N, Unit: s.Unit}),
		"money", b.limit(s.N, b.Money(money.Amount{Minor: int64(s.N), Currency: n.Currency})),
		"unit", string(s.Unit),
		"text", s.Text,
		"charged", b.coded("charged", cmp.Or(s.Text, string(policy.Begun))),
		"closed", b.coded("closed_rule", cmp.Or(s.Text, "as_library")),
		"span", b.span(s.N),
		"rule", b.rule(s.Row),
		"why", b.why(s),
		"at", b.Due(s.At, n),
	}
	if !b.Has(key) {
		key = stepOther
		args = append(args, "code", s.Code)
	}
	return b.N(key, s.N, args...)
}

// The rows that say a step beside those of the codes.
const (
	stepOther   Key = "name.step"     // {code} {why} {at}
	nameNoLimit Key = "name.no_limit" //
	nameRule    Key = "name.rule"     // {rule}
	nameDefault Key = "name.default"  //
	nameBuiltIn Key = "name.built_in" //
)

// stepRow gives the row of a step: where a rule says no, or says nothing, it
// has another text.
func stepRow(s policy.Step) string {
	switch {
	case s.Code == policy.StepLoanable && s.N == 0:
		return "not_loanable"
	case s.N == 0 && yesNo(s.Code):
		return "no_" + s.Code
	case s.Code == policy.StepRenewPeriod && s.Unit == "":
		return "renew_as_loan"
	case s.Code == policy.StepWaitedPeriod && s.Unit == "":
		return "waited_as_loan"
	case s.Code == policy.StepSchedule && s.Text == "":
		return "no_schedule"
	case s.Code == policy.StepDueBy && s.Text == "":
		return "no_due_by"
	case s.Code == policy.StepDueByExpiry && s.N == 0:
		return "not_due_by_expiry"
	case s.Code == policy.StepOvernightFrom && s.N == 0:
		return "no_overnight"
	case s.Code == policy.StepFineGrace && s.N == 0:
		return "no_grace"
	case s.Code == policy.StepFineClosed && s.N != 0:
		return "fine_any_time"
	case s.Code == policy.StepFinePrice && s.N == 0:
		return "fine_any_price"
	case s.Code == policy.StepPrice && s.N < 0:
		return "no_price"
	case s.Code == policy.StepSuspendDays && s.N == 0:
		return "no_suspension"
	case s.Code == policy.StepRecallable && s.N == 0:
		return "not_recallable"
	case s.Code == policy.StepRecallGuarantee && s.Unit == "":
		return "no_recall_guarantee"
	case s.Code == policy.StepRecallFine && s.N < 0:
		return "recall_fine_same"
	case s.Code == policy.StepRecallGrace && s.N == 0:
		return "no_recall_grace"
	case s.Code == policy.StepRefundWithin && s.Unit == "":
		return "refund_always"
	case s.Code == policy.StepLongOverdue && s.Unit == "":
		return "never_long_overdue"
	}
	return s.Code
}

// yesNo reports whether a step says what a desk does, or does not.
func yesNo(code string) bool {
	switch code {
	case policy.StepCheckOut, policy.StepCheckIn, policy.StepReshelve, policy.StepHoldShelf, policy.StepPicks:
		return true
	}
	return false
}

// span gives a length of time in whole hours, or else in minutes.
func (b *Book) span(seconds int) string {
	if seconds%3600 == 0 {
		return b.Period(policy.Period{N: seconds / 3600, Unit: policy.Hours})
	}
	return b.Period(policy.Period{N: seconds / 60, Unit: policy.Minutes})
}

// number gives a number; below zero there is no limit.
func (b *Book) number(n int) string { return b.limit(n, strconv.Itoa(n)) }

func (b *Book) limit(n int, said string) string {
	if n < 0 {
		return b.Text(nameNoLimit)
	}
	return said
}

// rule says which row of the rules gave a number.
func (b *Book) rule(row string) string {
	switch row {
	case "":
		return b.Text(nameBuiltIn)
	case "default":
		return b.Text(nameDefault)
	}
	return b.Text(nameRule, "rule", row)
}

// why says why a day is closed, as the library wrote it, or which cap
// shortened the loan.
func (b *Book) why(s policy.Step) string {
	if s.Code == policy.StepCapped {
		return b.coded("cap", s.Row)
	}
	return s.Row
}

// Period gives a length of time: "14 days", "1 hour". A unit of a later version
// is named as it is; empty for no period.
func (b *Book) Period(p policy.Period) string {
	if p.IsZero() {
		return ""
	}
	key := Key("unit." + string(p.Unit))
	if !b.Has(key) {
		return value(strconv.Itoa(p.N) + " " + string(p.Unit))
	}
	return b.N(key, p.N)
}
