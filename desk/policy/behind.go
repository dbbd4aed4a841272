package policy

// NumberBehind gives the code of the number by which something comes to stand
// against an act; empty: there is none, or it is a number of other items than the
// one that the act is about.
func NumberBehind(reason string) string {
	switch reason {
	case "guarantor_missing":
		return StepGuarantor
	case "not_for_loan":
		return StepLoanable
	case "not_recallable":
		return StepRecallable
	case "owes_too_much":
		return StepMaxOwed
	case "renewals_used":
		return StepRenewals
	case "too_many_claims":
		return StepMaxClaims
	case "too_many_loans":
		return StepLoans
	case "too_many_overdue":
		return StepMaxOverdue
	case "too_many_requests":
		return StepRequests
	case "too_old":
		return StepMaxAge
	case "too_young":
		return StepMinAge
	}
	return ""
}

// RowBehind gives the row of the terms that gave the number behind a reason; empty:
// there is no such number, or no row gave it.
func (t Terms) RowBehind(reason string) string {
	step, _ := t.StepOf(NumberBehind(reason))
	return step.Row
}
