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
	StepFinePerDay   = "fine_per_day"   // N: minor units; of an earlier version: now [StepFine] and [StepFineEvery]
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

	StepFine        = "fine"              // N: minor units for each interval that it is late
	StepFineEvery   = "fine_every"        // N, Unit: the interval
	StepFineCharged = "fine_charged"      // Text: see [Charged]
	StepFineGrace   = "fine_grace"        // N, Unit: so late costs nothing; N 0: any time does
	StepFineClosed  = "fine_when_closed"  // N: 1 closed time is charged, 0 it is not
	StepFinePrice   = "fine_up_to_price"  // N: 1 never more than the price, 0 it may be
	StepPrice       = "replacement_price" // N: minor units; -1: not known

	StepSuspendDays  = "suspend_days"       // N: for each interval late; 0: none
	StepSuspendEvery = "suspend_every"      // N, Unit: the interval
	StepSuspendMost  = "suspend_most"       // N: days
	StepProcessing   = "lost_processing"    // N: minor units
	StepRefund       = "lost_refund"        // N: percent
	StepRefundWithin = "lost_refund_within" // N, Unit; none: at any time
	StepMaxClaims    = "claims"             // N
	StepMaxOverdue   = "overdue"            // N
	StepMinAge       = "min_age"            // N: years; 0: any
	StepMaxAge       = "max_age"            // N: years
	StepGuarantor    = "guarantor_under"    // N: years; 0: nobody needs one
	StepLongOverdue  = "long_overdue"       // N, Unit; none: never

	StepRecallable      = "recallable"       // N: 1 yes, 0 no
	StepRecallReturn    = "recall_return"    // N, Unit: from the recall until it is due
	StepRecallGuarantee = "recall_guarantee" // N, Unit: from the loan on; none: it is due however new the loan is
	StepRecallFine      = "recall_fine"      // N: minor units for each interval late; -1: as any loan
	StepRecallGrace     = "recall_grace"     // N: 1 as for any loan, 0 there is none

	StepRequestFee         = "request_fee"          // N: minor units
	StepCardFee            = "card_fee"             // N: minor units, of who is registered
	StepCardRenewalFee     = "card_renewal_fee"     // N: minor units
	StepCardReplacementFee = "card_replacement_fee" // N: minor units
)

// The codes of [DeskTerms.Trace].
const (
	StepCheckOut    = "check_out"        // N: 1 yes, 0 no
	StepCheckIn     = "check_in"         // N: 1 yes, 0 no
	StepReshelve    = "reshelve"         // N: 1 yes, 0 no
	StepHoldShelf   = "hold_shelf"       // N: 1 yes, 0 no
	StepLongestStay = "longest_stay"     // N: open days; -1: as the terms say
	StepPicks       = "picks_from_shelf" // N: 1 yes, 0 no
)

// The codes of the trace that [Set.Due] gives, in the order in which they can
// come. At is the due date after the step.
const (
	StepOwnDate      = "own_date"      // an operator has set it
	StepDueSooner    = "due_sooner"    // a recall does not change the date: it is due as soon already
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

// The codes of the trace that [Set.Fine] gives, after the terms it charges by
// and in the order in which they can come.
const (
	StepLate        = "late"        // N, Unit: how late it is, in days or minutes; At: when it came back
	StepAmnesty     = "amnesty"     // Row: its name, which lets off what comes back in it; nothing is charged
	StepClosedTime  = "closed_time" // N, Unit: of that, not counted since the library was closed
	StepLetOff      = "let_off"     // N, Unit: of that, not counted since an amnesty says so; Row: its name, or their names
	StepInGrace     = "in_grace"    // N, Unit: the grace, which has not passed: nothing is charged
	StepIntervals   = "intervals"   // N: how many intervals are charged
	StepFineSum     = "fine_sum"    // N: minor units, what they come to
	StepFineMost    = "fine_most"   // N: minor units, the most for one item
	StepFineToPrice = "fine_price"  // N: minor units, the price of the item
	StepFineBound   = "fine_bound"  // N: minor units, more than that is never charged
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
