package words

// What a SIP2 terminal shows and prints.
const (
	Sip2SeeStaff    Key = "sip2.see_staff"
	Sip2NotPossible Key = "sip2.not_possible" // {why}
	Sip2NotHere     Key = "sip2.not_here"
	Sip2UnknownCard Key = "sip2.unknown_card"
	Sip2WrongPin    Key = "sip2.wrong_pin"
	Sip2PinWait     Key = "sip2.pin_wait"
	Sip2PinNeeded   Key = "sip2.pin_needed"
	Sip2Out         Key = "sip2.out"       // {due}
	Sip2Renewed     Key = "sip2.renewed"   // {due}
	Sip2SlipLoan    Key = "sip2.slip_loan" // {title} {due}
	Sip2Ready       Key = "sip2.ready"     // {n}
	Sip2FeeFirst    Key = "sip2.fee_first" // {amount}
	Sip2Paid        Key = "sip2.paid"      // {amount}
	Sip2PaidBefore  Key = "sip2.paid_before"
	Sip2ToReturn    Key = "sip2.to_return" // {amount} {why}
	Sip2Placed      Key = "sip2.placed"    // {library}
	Sip2Cancelled   Key = "sip2.cancelled"
	Sip2Changed     Key = "sip2.changed"
	Sip2NoRequest   Key = "sip2.no_request"
	Sip2NoPlace     Key = "sip2.no_place"
	Sip2Blocked     Key = "sip2.blocked" // {text}
	Sip2CardKept    Key = "sip2.card_kept"
	Sip2Unblocked   Key = "sip2.unblocked"
	Sip2RenewedAll  Key = "sip2.renewed_all" // {n}
	Sip2Unavailable Key = "sip2.unavailable"
	Sip2Version     Key = "sip2.version"
)
