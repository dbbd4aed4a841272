package circ

import (
	"cmp"
	"slices"
	"time"

	"circdesk/desk/money"
	"circdesk/desk/policy"
)

// Reason is why the answer is not simply yes. It is in journals and on the
// wire: never renamed. desk/words has a row for each.
type Reason string

// The reasons. What each remark carries beside the reason stands behind it.
const (
	UnknownPatron   Reason = "unknown_patron"    // Text: the card as read
	UnknownItem     Reason = "unknown_item"      // Text: the barcode as read
	UnknownTitle    Reason = "unknown_title"     // Text
	UnknownThing    Reason = "unknown_thing"     // a request, fee, block or entry that is not known; Text: its id
	OldFacts        Reason = "old_facts"         // When: of when the desk's facts are; N: how old, in hours
	CardIsLost      Reason = "card_lost"         // Text: the card
	CardExpired     Reason = "card_expired"      // When: since
	CardTaken       Reason = "card_taken"        // the new card's number is in use; Who: by whom
	PatronBlocked   Reason = "patron_blocked"    // Text: why; Until
	OwesTooMuch     Reason = "owes_too_much"     // Amount, Limit
	TooManyLoans    Reason = "too_many_loans"    // N, Max
	TooManyOverdue  Reason = "too_many_overdue"  // N, Max
	IsLongOverdue   Reason = "long_overdue"      // N: how many; When: the first was due
	TooYoung        Reason = "too_young"         // N: years, Max: of at least
	TooOld          Reason = "too_old"           // N: years, Max: of at most
	NoGuarantor     Reason = "guarantor_missing" // N: years, Max: who is younger needs one
	Suspended       Reason = "suspended"         // Until: for being late
	TooManyAsked    Reason = "too_many_requests"
	NotForLoan      Reason = "not_for_loan"       // the rules do not lend it
	OnLoanToOther   Reason = "on_loan_other"      // Who, When: due
	OnLoanToSame    Reason = "on_loan_same"       // When: due; it would be a renewal
	NotFromHere     Reason = "not_from_this_desk" // this desk does not lend the location; Desk: one that does, where one is listed
	DoubleScan      Reason = "double_scan"        // the same item for the same person within seconds
	HeldForOther    Reason = "held_for_other"     // Who
	RequestedBy     Reason = "requested_other"    // N: how many wait
	RenewalsUsed    Reason = "renewals_used"      // N, Max
	NoGain          Reason = "renewal_no_gain"    // When: due as before
	NoDate          Reason = "no_due_date"        // the rules give no date: no term holds the day
	NotOnLoan       Reason = "not_on_loan"
	NobodyWaits     Reason = "nobody_waits" // nothing to put on the hold shelf for
	NotHeld         Reason = "not_held"     // nothing to take off the hold shelf
	HeldAlready     Reason = "held_already"
	AskedAlready    Reason = "requested_already" // by the same person
	SeenSince       Reason = "seen_since"        // the item was seen after this; When
	RequestOver     Reason = "request_over"
	NothingGiven    Reason = "nothing_given"   // the command lacks what it needs
	NothingOwed     Reason = "nothing_owed"    //
	NoCredit        Reason = "no_credit"       // Amount: the credit that there is
	NoReason        Reason = "no_reason"       // it needs a reason in words
	FeesElsewhere   Reason = "fees_elsewhere"  // another system charges them
	NoSuchMethod    Reason = "no_such_method"  // Text: how money does not change hands here
	NoSuchChannel   Reason = "no_such_channel" // Text: how no notice is sent
	WaiveFee        Reason = "waive_fee"       // Amount: it needs the right to
	GiveBack        Reason = "give_back"       // Amount: it needs the right to
	MergeRecords    Reason = "merge_records"   // a question: are both one person? Who: of the record that ends; Text: its card; N: what stands under it
	DisputedNow     Reason = "disputed"        // When: since
	NotDisputed     Reason = "not_disputed"
	DrawerNotOpen   Reason = "drawer_not_open"  // Text: its name; When, Desk: closed
	DrawerIsOpen    Reason = "drawer_is_open"   // Text: its name; When, Desk: opened; Amount: the float
	ShiftOver       Reason = "shift_over"       // the shift is closed: Text: the drawer, N: the shift; When, Desk
	NotCounted      Reason = "not_counted"      // Text: the method
	DrawerOver      Reason = "drawer_over"      // more than is expected: Amount; Limit: what is; Text: the method
	DrawerShort     Reason = "drawer_short"     // less than is expected, as DrawerOver
	StaysClosed     Reason = "stays_closed"     // a closed shift is never opened by undo; When, Desk
	ChargeLost      Reason = "charge_lost"      // Amount: what the patron will owe for it
	LostAlready     Reason = "lost_already"     // When
	ClaimedAlready  Reason = "claimed_already"  // When
	FindItFirst     Reason = "find_it_first"    // it is lost: say first that it was found; When
	TooManyClaims   Reason = "too_many_claims"  // N, Max
	NotLost         Reason = "not_lost"         // it is not lost: say so first
	WritesOff       Reason = "write_off"        // When: lost since; Who
	NotMissed       Reason = "not_missed"       // it is neither lost nor claimed to be returned
	MarkedAlready   Reason = "marked_already"   // Text: the state; When
	RecalledNow     Reason = "recalled"         // When: since; Until: due
	RecalledAlready Reason = "recalled_already" // When
	NotRecallable   Reason = "not_recallable"   // the rules do not recall it
	NotRecalled     Reason = "not_recalled"
	OwnDate         Reason = "own_date"     // When: a due date that is not of the rules
	DueInPast       Reason = "due_in_past"  // When
	DueAlready      Reason = "due_already"  // When: as it is
	OtherReturn     Reason = "other_return" // When: as it is corrected to
	NeverReturned   Reason = "never_returned"
	BeforeItWasLent Reason = "before_it_was_lent" // When
	InHandBefore    Reason = "in_hand_before"     // When: it had come back by then
	NotInUse        Reason = "not_in_use"         // Text: damaged, withdrawn; When
	Surplus         Reason = "surplus"            // Amount: more than is owed, becomes credit
	AllThere        Reason = "all_there"          // a question: are these parts there? Text: the parts
	NotComplete     Reason = "not_complete"       // it is here incomplete: completed or given up first; Text: what is missing; When, Desk, Who
	NotIncomplete   Reason = "not_incomplete"     // nothing of it is missing
	BlockEnded      Reason = "block_ended"        // it would end before it begins; When
	BlockLifted     Reason = "block_lifted"       // it no longer stands
	UndoneAlready   Reason = "undone_already"     //
	ChangedSince    Reason = "changed_since"      // When, Desk: by whom
	MoneyStays      Reason = "money_stays"        // money is never taken back by undo
	NotUndone       Reason = "not_undone"         // an entry of this kind cannot be taken back
	NotUnderstood   Reason = "not_understood"     // a command of a later version; Text: its name
	FutureDate      Reason = "future_date"        // returned after now
	SamePerson      Reason = "same_person"        // a link to oneself
	LinkedAlready   Reason = "linked_already"
	AlertPast       Reason = "alert_past" // it would end before it begins; When
	AlertOver       Reason = "alert_over" // it is ended already; When

	// What the clerk should hear.
	ItemNote      Reason = "item_note"       // Text
	ItemAlert     Reason = "item_alert"      // Text; When: since; By; Until, Alert
	PatronAlert   Reason = "patron_alert"    // as ItemAlert; Who
	WasLate       Reason = "was_late"        // N: days
	NextWaits     Reason = "next_waits"      // taken off the shelf, or recalled: someone else waits; Who
	ShelfStill    Reason = "shelf_still"     // take it off the hold shelf; Item
	NotOnLoanTell Reason = "was_not_out"     // taken back though it was not on loan
	CreditLeft    Reason = "credit"          // Amount
	ChangeDue     Reason = "change"          // Amount: to give back of what was taken
	MoneyBefore   Reason = "money_before"    // N: movements before it was opened; Text: the drawer
	FeeCharged    Reason = "fee_charged"     // Amount, Who: the patron owes it now
	FeeLetOff     Reason = "fee_let_off"     // an amnesty lets off what comes back late; Text: its name, Who
	ClaimNoted    Reason = "claim_noted"     // N: how many the patron has claimed
	LostNoPrice   Reason = "lost_no_price"   // nobody knows what the item costs: nothing is charged for it; Who
	LostGivenBack Reason = "lost_given_back" // Amount: of the price of what was lost
	DueWhenClosed Reason = "due_when_closed" // When
	DueAfterCard  Reason = "due_after_card"  // When: the card ends
	SuspendedNow  Reason = "suspended_now"   // Until, Who
	AgeNotKnown   Reason = "age_not_known"   // Who
	NotTakenHere  Reason = "not_taken_here"  // this desk does not take the location back, and has; Desk: one that does
	WasMissing    Reason = "was_missing"     // When: since
	CameBack      Reason = "came_incomplete" // Text: what is missing; Who
	WasIncomplete Reason = "was_incomplete"  // Text: what was missing; When: since; Who
	WasLost       Reason = "was_lost"        // When: since
	FeeEstimate   Reason = "fee_estimate"    // Amount: another system charges it
	LentShorter   Reason = "lent_shorter"    // N: how many wait; When: due therefore
	ClosedOther   Reason = "closed_other"    // the other's loan was closed; Who
	TellThePerson Reason = "tell_the_person" // Who must be told that it is not so

	// What a fact met at the central system, beside the reasons above.
	NewerLoan      Reason = "newer_loan_stands"
	LoanUnknown    Reason = "loan_not_known_to_desk"
	OtherLoanOpen  Reason = "another_loan_open"
	OtherCopyHeld  Reason = "another_copy_held"
	RequestGone    Reason = "request_no_longer_waits"
	LoanEnded      Reason = "loan_ended_meanwhile"
	Overpaid       Reason = "overpaid"       // Amount
	FeeLessened    Reason = "fee_lessened"   // Amount: as it was told; Limit: what it comes to
	SuspensionOff  Reason = "suspension_off" // Until: as it is now; zero: there is none
	WaivedTwice    Reason = "waived_twice"   // Amount: what was left to waive
	CreditGone     Reason = "credit_gone"    // Amount: the credit that there was not any more
	ToldOtherwise  Reason = "told_otherwise"
	PatronKnown    Reason = "patron_known"  // Who: the card belongs to them
	ClockAhead     Reason = "clock_ahead"   // When: the desk's time
	RightMissing   Reason = "right_missing" // Right
	Unreadable     Reason = "unreadable"    // Text
	NoSuchOperator Reason = "no_such_operator"
	LateRefusal    Reason = "late_refusal"    // refused after the clerk had been told it was done
	SettledAlready Reason = "settled_already" // a conflict; When, Desk
	SimilarPatron  Reason = "patron_similar"  // Who: somebody with much the same name, born on the same day
	ItemKnown      Reason = "item_known"      // the item that was added is known as another title; Item, Text: as it was typed
	LostWasPaid    Reason = "lost_was_paid"   // Amount: what was paid for the item that is back; Who
	PromisedLater  Reason = "promised_later"  // the rules in force give an earlier date; When: as it was promised, Until: as they give it
	OperatorGone   Reason = "operator_gone"   // who did it may not sign in any more; When: since

	// What a central system says that keeps its own rules.
	SystemRefused  Reason = "system_refused"  // Text: what it says
	SystemSays     Reason = "system_says"     // Text: to be heard by the clerk
	SystemFee      Reason = "system_fee"      // it wants a fee for it; Amount; Text
	DateDiffers    Reason = "date_differs"    // When: due as it was told; Until: as the system has it
	NotBooked      Reason = "not_booked"      // Amount: taken, and not booked there; Text: why
	NotCarried     Reason = "not_carried"     // the way to the system has no words for it; Text: the command
	OutcomeUnknown Reason = "outcome_unknown" // nobody can find out whether it was done there; Text
	NewLoanThere   Reason = "new_loan_there"  // a return taken back is a new loan there, with a new date and whatever it costs
	NeverSent      Reason = "never_sent"      // nobody waited for the answer any more before it was asked
)

// Right is what an operator needs for something. It stands in operators.toml:
// never renamed.
type Right string

// The rights that the engine names in a question.
const (
	RightCirculate Right = "circulate"        // the ordinary work of a desk
	RightOverride  Right = "override"         // a yes against a rule
	RightMoney     Right = "override.money"   // a yes where money is concerned
	RightManager   Right = "override.manager" // a yes against a rule that is kept for managers
	RightSettle    Right = "settle"           // say how a conflict is settled, and see how its patron is reached
)

// RightOf gives the right behind a word of the block table.
func RightOf(o policy.Override) Right {
	switch o {
	case policy.ByOperator:
		return RightOverride
	case policy.ByManager:
		return RightManager
	case policy.ByMoney:
		return RightMoney
	}
	return RightCirculate
}

// A Remark is a reason with what belongs to it. Fields that a reason does not
// use are zero.
type Remark struct {
	Reason Reason           `json:"reason"`
	Right  Right            `json:"right,omitempty"` // needed for a yes
	Or     []Right          `json:"or,omitempty"`    // rights that do as well as Right; to read only
	Way    Way              `json:"way,omitzero"`    // what would lift it
	Amount money.Amount     `json:"amount,omitzero"`
	Limit  money.Amount     `json:"limit,omitzero"`
	N      int              `json:"n,omitempty"`
	Max    int              `json:"max,omitempty"`
	When   time.Time        `json:"when,omitzero"`
	Until  time.Time        `json:"until,omitzero"` // it ends by itself
	Since  time.Time        `json:"since,omitzero"` // when what stands against it was done
	Who    PatronID         `json:"who,omitempty"`
	Item   ItemID           `json:"item,omitempty"`
	Alert  AlertID          `json:"alert,omitempty"`
	By     OperatorID       `json:"by,omitempty"` // who wrote the alert
	Desk   DeskID           `json:"desk,omitempty"`
	Where  policy.LibraryID `json:"where,omitempty"`
	Text   string           `json:"text,omitempty"`

	// The rows of the rules behind it; empty: no row, or nobody knows.
	Row   string `json:"row,omitempty"`   // that gave the number, or the word of the desk
	Block string `json:"block,omitempty"` // of the block table, that says what it means
}

// Rights gives the rights of which any will do for a yes: never none.
func (r Remark) Rights() []Right {
	first := cmp.Or(r.Right, RightCirculate)
	return append([]Right{first}, r.Or...)
}

// Allows reports whether one of the rights will do for a yes.
func (r Remark) Allows(rights []Right) bool {
	return slices.ContainsFunc(r.Rights(), func(one Right) bool { return slices.Contains(rights, one) })
}

// lacks gives the remark that nobody who may say yes has said it.
func (r Remark) lacks() Remark { return Remark{Reason: RightMissing, Right: r.Rights()[0], Or: r.Or} }

// Lacks gives what is missing for a yes to a remark, by the rights that there
// are. False: nothing is.
func (r Remark) Lacks(rights []Right) (Remark, bool) {
	if r.Allows(rights) {
		return Remark{}, false
	}
	return r.lacks(), true
}

// WayOut is what would lift a reason. It is in journals and on the wire: never
// renamed.
type WayOut string

// The ways out.
const (
	WayPay         WayOut = "pay"            // Amount: at least
	WayReturn      WayOut = "return"         // N: how many items
	WayReturnLost  WayOut = "return_or_lost" // N: how many items: taken back, or marked lost
	WayCancel      WayOut = "cancel_request" // N: how many requests
	WayRenewCard   WayOut = "renew_card"
	WayLiftBlock   WayOut = "lift_block"
	WayCheckIn     WayOut = "check_in" // this item
	WayReplaceCard WayOut = "replace_card"
	WayLinkPatron  WayOut = "link_patron" // to a guarantor
	WayOtherCopy   WayOut = "other_copy"
	WayOtherDesk   WayOut = "other_desk"
)

// Way is a way out of a reason, with how much it takes. The zero Way is none.
type Way struct {
	Do     WayOut       `json:"do"`
	Amount money.Amount `json:"amount,omitzero"`
	N      int          `json:"n,omitempty"`
}

// RouteKind says where a returned item goes.
type RouteKind string

// The routes.
const (
	ToShelf     RouteKind = "shelve"     // back to its own place, here
	ToHoldShelf RouteKind = "hold_shelf" // for a person, here
	ToTransit   RouteKind = "transit"    // to another library
	ToDesk      RouteKind = "desk"       // to another desk of this library
	ToStaff     RouteKind = "staff"      // somebody must look at it
)

// Route is where an item goes now.
type Route struct {
	Kind     RouteKind         `json:"kind"`
	Library  policy.LibraryID  `json:"library,omitempty"`
	Location policy.LocationID `json:"location,omitempty"`
	Desk     DeskID            `json:"desk,omitempty"`    // empty: one that shelves it, or has a hold shelf
	Request  RequestID         `json:"request,omitempty"` // whose it is kept for
	Patron   PatronID          `json:"patron,omitempty"`
	Until    time.Time         `json:"until,omitzero"` // on the hold shelf
	Mark     ItemState         `json:"mark,omitempty"` // staff: damaged or withdrawn
	Why      string            `json:"why,omitempty"`  // staff: what to look at
}

// Decision is the engine's answer: all reasons at once, never a bool.
type Decision struct {
	Refused []Remark      `json:"refused,omitempty"` // cannot be
	Ask     []Remark      `json:"ask,omitempty"`     // needs the clerk's word, and the right named
	Tell    []Remark      `json:"tell,omitempty"`    // the clerk should hear
	Events  []Event       `json:"-"`                 // what happens, when nothing is refused or asked
	Route   *Route        `json:"route,omitempty"`   // of a returned item
	Trace   []policy.Step `json:"trace,omitempty"`   // why this due date
}

// Done reports whether the command goes through.
func (d Decision) Done() bool { return len(d.Refused) == 0 && len(d.Ask) == 0 }
