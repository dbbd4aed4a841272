package policy

import "time"

// A Step is one line of an explanation. Which fields are set depends on the
// code. It is stored beside the loan: never renamed.
type Step struct {
	Code string    `json:"code"`
	N    int       `json:"n,omitempty"`
	Unit Unit      `json:"unit,omitempty"`
	At   time.Time `json:"at,omitzero"`
	Text string    `json:"text,omitempty"`
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

	StepWaitedPeriod  = "period_waited"  // N, Unit; none: as the period
	StepSchedule      = "schedule"       // Text: its id; "": none
	StepDueBy         = "due_by"         // Text: the schedule's id; "": none
	StepDueByExpiry   = "due_by_expiry"  // N: 1 yes, 0 no
	StepClosedDays    = "closed_days"    // Text: see [Closed]; "": as the library says
	StepClosedHours   = "closed_hours"   // Text: see [ClosedHours]; "": as the library says
	StepOvernightFrom = "overnight_from" // N: whole seconds before closing; 0: nothing goes overnight
	StepOvernightDue  = "overnight_due"  // N: whole seconds after the next opening
)

// The codes of the trace that [Set.Due] gives, in the order in which they can
// come. At is the due date after the step.
const (
	StepLent         = "lent"          // N, Unit: the period that was added
	StepUnknownUnit  = "unknown_unit"  // Unit: nothing was added, due at the end of the same day
	StepClosed       = "closed"        // the day falls on a closed one; Row: why it is closed, if that is written
	StepNextOpen     = "next_open"     // N: days forward
	StepSameWeekday  = "same_weekday"  // N: days forward, whole weeks
	StepOpenDays     = "open_days"     // closed days were not counted; N: how many they were
	StepPrevOpen     = "previous_open" // N: days back
	StepNoOpenDay    = "no_open_day"   // N: days searched in vain; the date stays
	StepTerm         = "term"          // the date of a term; Row: its name
	StepNoTerm       = "no_term"       // no term of a schedule holds the day: there is no date; Row: the schedule
	StepUntilClosing = "until_closing" // until the library closes
	StepNoHours      = "no_hours"      // nobody knows when it closes: by the end of the day
	StepOvernight    = "overnight"     // N, Unit: how long after the next opening
	StepEndOfHours   = "end_of_hours"  // in closed hours: the end of the opening in which it was lent
	StepNextHours    = "next_hours"    // in closed hours: the beginning of the next opening
	StepCapped       = "capped"        // shortened; Row: the cap's Why
	StepNotBefore    = "not_before"    // never before it was lent, though a cap was
	StepCalendarEnd  = "calendar_end"  // later than the year 9999
)

// The Why of caps. A later version may have more.
const (
	CapTerm = "term_ends"    // a schedule of terms
	CapCard = "card_expires" // the patron's card ends
)

// A Cap is a time a loan must not outlast, and why. It may only shorten.
type Cap struct {
	At  time.Time
	Why string // a code: it becomes the Row of the step
}
