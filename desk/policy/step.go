package policy

import "time"

// A Step is one line of an explanation. Which fields are set depends on the
// code. It is stored beside the loan: never renamed.
type Step struct {
	Code string    `json:"code"`
	N    int       `json:"n,omitempty"`
	Unit Unit      `json:"unit,omitempty"`
	At   time.Time `json:"at,omitzero"`
	Row  string    `json:"row,omitempty"`
}

// The codes of [Terms.Trace]. N is the number (-1: no limit), Row the row that
// gave it: its name, or "terms 3" for the third, or "default"; empty: nobody
// said, the number is [BuiltIn]'s.
const (
	StepLoanable     = "loanable"       // N: 1 yes, 0 no
	StepPeriod       = "period"         // N, Unit
	StepRenewals     = "renewals"       // N
	StepRenewPeriod  = "renew_period"   // N, Unit; none: as the period
	StepLoans        = "loans"          // N
	StepRequests     = "requests"       // N
	StepMaxOwed      = "max_owed"       // N: minor units
	StepFinePerDay   = "fine_per_day"   // N: minor units
	StepMaxFine      = "max_fine"       // N: minor units
	StepShelfDays    = "shelf_days"     // N
	StepDoubleScan   = "double_scan"    // N: whole seconds
	StepRenewMinGain = "renew_min_gain" // N: whole seconds
)

// The codes of the trace that [Set.Due] gives, in the order in which they can
// come. At is the due date after the step.
const (
	StepLent        = "lent"          // N, Unit: the period that was added
	StepUnknownUnit = "unknown_unit"  // Unit: nothing was added, due at the end of the same day
	StepClosed      = "closed"        // the day falls on a closed one; Row: why it is closed, if that is written
	StepNextOpen    = "next_open"     // N: days forward
	StepPrevOpen    = "previous_open" // N: days back
	StepNoOpenDay   = "no_open_day"   // N: days searched in vain; the date stays
	StepCapped      = "capped"        // shortened; Row: the cap's Why
	StepNotBefore   = "not_before"    // never before it was lent, though a cap was
	StepCalendarEnd = "calendar_end"  // later than the year 9999
)

// A Cap is a time a loan must not outlast, and why. It may only shorten.
type Cap struct {
	At  time.Time
	Why string // a code: it becomes the Row of the step
}
