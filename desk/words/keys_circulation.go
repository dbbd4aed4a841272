package words

// Check out and check in.
const (
	CheckOutTitle          Key = "check_out.title"
	CheckOutScanCard       Key = "check_out.scan_card"
	CheckOutNobody         Key = "check_out.nobody"
	CheckOutDue            Key = "check_out.due"             // {due}
	CheckOutRenewed        Key = "check_out.renewed"         // {due}
	CheckOutSummaryOut     Key = "check_out.summary_out"     // {n}
	CheckOutSummaryOverdue Key = "check_out.summary_overdue" // {n}
	CheckOutSummaryReady   Key = "check_out.summary_ready"   // {n}
	CheckOutSummaryOwes    Key = "check_out.summary_owes"    // {amount}
	CheckOutReady          Key = "check_out.ready"
	CheckOutCardUntil      Key = "check_out.card_until"   // {date}
	CheckOutCardExpired    Key = "check_out.card_expired" // {date}
	CheckOutBlocked        Key = "check_out.blocked"      // {text}
	CheckOutAlert          Key = "check_out.alert"        // {text}
	CheckOutNote           Key = "check_out.note"         // {text}
	CheckOutGroup          Key = "check_out.group"        // {group}
	CheckOutVisitLines     Key = "check_out.visit_lines"  // {n}
)

// CheckIn.
const (
	CheckInTitle         Key = "check_in.title"
	CheckInScanItem      Key = "check_in.scan_item"
	CheckInForPerson     Key = "check_in.for_person" // {name}
	CheckInUntil         Key = "check_in.until"      // {until}
	CheckInLate          Key = "check_in.late"       // {n}
	CheckInBookdropTitle Key = "check_in.bookdrop_title"
	CheckInBookdropDate  Key = "check_in.bookdrop_date"
	CheckInBookdropNote  Key = "check_in.bookdrop_note" // {date}
	CheckInBookdropTyped Key = "check_in.bookdrop_typed"
)
